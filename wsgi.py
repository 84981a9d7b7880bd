"""The door for the server: `wsgi:app`."""

import os
import sys

from config import ConfigError

try:
    from crm import create_app
    from crm.garbage import settle
    from crm.operations import standing

    app = create_app()
    # The command line also runs while the database is older: to bring it up to date.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        standing.check(app)
except ConfigError as wrong:
    sys.exit(f"Start nicht möglich. {wrong}")

settle()
