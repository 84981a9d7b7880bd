"""What is typed and chosen about boundaries."""

from flask_babel import lazy_gettext as _l

from crm.fields import TextField, UploadField, must
from crm.forms import Form
from crm.geography.geojson import LONGEST_SOURCE


class UploadForm(Form):
    """The file."""

    file = UploadField(
        _l("File with boundaries"),
        [must(_l("Choose a file."))],
        accept=".geojson,.json,application/geo+json",
        description=_l("GeoJSON in WGS 84, at most 20 MB; every area bears its key (AGS or ARS)."),
    )


class TakeOverForm(Form):
    """Where the boundaries come from; shown under every map."""

    attribution = TextField(
        _l("Source"),
        [must(_l("Enter the source; the licence of the data demands it."))],
        limit=LONGEST_SOURCE,
        description=_l("Stands under every map, as the licence of the data wants it."),
    )
