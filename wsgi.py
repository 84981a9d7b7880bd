"""The door for the server: `wsgi:app`."""

import gc
import os
import sys

from config import ConfigError

# While the program is loaded next to nothing becomes garbage; to look for it took a quarter of the start.
gc.disable()

try:
    from crm import create_app
    from crm.garbage import settle
    from crm.operations import migrating, standing

    app = create_app()
    # The command line also runs while the database is older: to bring it up to date.
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        migrating.prepare(app)
    else:
        standing.check(app)
except ConfigError as wrong:
    sys.exit(f"Start nicht möglich. {wrong}")

settle()
