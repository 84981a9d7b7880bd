"""The list of follow-ups on screen: one's own, the overdue, all open, the done."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.db import count
from crm.fields import coerce_number, record_choices
from crm.follow_ups import queries
from crm.follow_ups.forms import DeskForm
from crm.follow_ups.routes import follow_ups
from crm.paging import page_of

TABS = {"meine": "mine", "ueberfaellig": "late", "offen": "open", "erledigt": "done"}


def _asked():
    """What the address asks for: tab, form, owner and words."""
    tab = request.args.get("stand", "")
    tab = tab if tab in TABS else "meine" if current_user.may(Permission.WRITE_FOLLOW_UPS) else "offen"
    form = DeskForm(request.args)
    form.zustaendig.choices = record_choices(((one.id, one.name) for one in accounts.staff()), empty=_("all"))
    right = form.validate()
    owner, text = (form.zustaendig.data, form.q.data or "") if right else (None, "")
    return tab, form, owner, text


def _listed():
    tab, _form, owner, text = _asked()
    return queries.listing(current_user, owner, TABS[tab], text)


picks.offer("wiedervorlagen", _listed)


@follow_ups.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List follow-ups: one's own, the overdue, all open, the done."""
    tab, form, owner, text = _asked()
    page = page_of(queries.listing(current_user, owner, TABS[tab], text))
    undone = queries.just_done(current_user, request.args.get("getan", type=coerce_number))
    return render_template(
        "follow_ups/index.html", form=form, tab=tab, tabs=_tabs(owner, text), page=page, undone=undone
    )


def _tabs(owner, text):
    """Tabs with their numbers, under the filter of the moment."""
    names = {
        "meine": _("Mine"),
        "ueberfaellig": _("Overdue"),
        "offen": _("All open ones"),
        "erledigt": _("Done"),
    }
    kept = {"zustaendig": owner, "q": text or None}
    counted = {
        key: queries.listing(current_user, owner, state, text)
        for key, state in TABS.items()
        if key != "erledigt"
    }
    return [
        (
            key,
            name,
            count(counted[key]) if key in counted else "",
            url_for("follow_ups.index", stand=key, **kept),
        )
        for key, name in names.items()
    ]
