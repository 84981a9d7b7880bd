"""The program with a page that takes its time, to be stopped meanwhile."""

import os
import time

from crm import create_app
from crm.home import routes

app = create_app()


def slowly():
    """Answer after a while."""
    time.sleep(float(os.environ["SLOW_SECONDS"]))
    return "ok"


slowly.permission = routes.imprint.permission
app.view_functions["home.imprint"] = slowly
