"""The five ratings in words; the best is 5."""

from flask_babel import lazy_gettext as _l

RATINGS = {
    5: _l("very helpful"),
    4: _l("helpful"),
    3: _l("partly helpful"),
    2: _l("hardly helpful"),
    1: _l("not helpful"),
}
