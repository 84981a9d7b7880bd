"""The door for the server: `wsgi:app`."""

import gc
import sys

from config import ConfigError
from crm import create_app

try:
    app = create_app()
except ConfigError as wrong:
    sys.exit(f"Start nicht möglich. {wrong}")

# What is loaded by now stays for good; to search it for garbage again and again makes single pages slow.
gc.freeze()
