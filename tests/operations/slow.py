"""The program with a page that takes its time, to be stopped meanwhile."""

import os
import tempfile
import time

from crm import create_app
from crm.home import routes

app = create_app()


def slowly():
    """Say that the answer begins; give it after a while."""
    tempfile.mkstemp(dir=os.environ["SLOW_BEGUN"])
    time.sleep(float(os.environ["SLOW_SECONDS"]))
    return "ok"


slowly.permission = routes.imprint.permission
app.view_functions["home.imprint"] = slowly
