"""The door for the server: `wsgi:app`."""

import sys

from config import ConfigError
from crm import create_app

try:
    app = create_app()
except ConfigError as wrong:
    sys.exit(f"Start nicht möglich. {wrong}")
