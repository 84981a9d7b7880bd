"""The program as it runs for an office, and the yardstick beside its pages: what the load program starts."""

from benchmarks.stage import EMPTY, empty_page
from crm.access import Permission, requires
from wsgi import app

app.add_url_rule(EMPTY, "leer", requires(Permission.SIGNED_IN)(empty_page))
