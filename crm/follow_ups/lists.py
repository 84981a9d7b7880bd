"""The list of follow-ups on screen: one's own, the overdue, all open, the done, and saved views of them."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.db import count
from crm.fields import coerce_number, record_choices
from crm.filters import wished_sort
from crm.follow_ups import queries
from crm.follow_ups.forms import DeskForm
from crm.follow_ups.routes import follow_ups
from crm.paging import page_of
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, views_of

TABS = {"meine": "mine", "woche": "week", "ueberfaellig": "late", "offen": "open", "erledigt": "done"}
SORTABLE = ("due", "owner", "place")


def _form(args=None, like=None):
    """Read the filters of the address, or of `args` with the choices of the form at hand."""
    form = DeskForm(request.args if args is None else args)
    if like is not None:
        return form.share(like)
    form.zustaendig.choices = record_choices(
        ((one.id, one.name) for one in accounts.staff_ever()), empty=_("all")
    )
    form.validate()
    return form


def _in_tab(args):
    """The tab the address names; who has a desk begins with the own one."""
    tab = args.get("stand", "")
    return tab if tab in TABS else "meine" if current_user.may(Permission.WRITE_FOLLOW_UPS) else "offen"


def _listing(form, tab):
    # A wrong owner is named and left out, and so are the words beside it.
    right = not form.errors
    owner, text = (form.chosen("zustaendig"), form.chosen("q") or "") if right else (None, "")
    return queries.listing(current_user, owner, TABS[tab], text)


def _ordered(form, tab):
    """The rows of a tab in the order asked for, and that order."""
    sort = wished_sort(SORTABLE, "-done" if tab == "erledigt" else "due")
    return queries.ordered(_listing(form, tab), sort.key, sort.descending), sort


def _listed():
    return _ordered(_form(), _in_tab(request.args))[0]


picks.offer("wiedervorlagen", _listed)


@follow_ups.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List follow-ups: one's own, the overdue, all open, the done."""
    tab, form = _in_tab(request.args), _form()
    query, sort = _ordered(form, tab)
    page = page_of(query)
    undone = queries.just_done(current_user, request.args.get("getan", type=coerce_number))
    return render_template(
        "follow_ups/index.html", form=form, tab=tab, page=page, undone=undone, sort=sort,
        views=_views(form, tab), arguments=arguments_of_file(form) | {"stand": tab},
    )  # fmt: skip


def _views(form, tab):
    """Tabs with their numbers, under the filter of the moment, and the saved views."""
    names = {
        "meine": _("Mine"),
        "woche": _("This week"),
        "ueberfaellig": _("All overdue ones"),
        "offen": _("All open ones"),
        "erledigt": _("Done"),
    }
    kept = {name: value for name, value in arguments_of_file(form).items() if name in form}
    built_in = [
        (
            key,
            name,
            count(_listing(form, key)) if key != "erledigt" else "",
            url_for("follow_ups.index", **(kept | {"stand": key})),
        )
        for key, name in names.items()
    ]

    def select_for(args):
        return _listing(_form(args, form), _in_tab(args))

    return views_of(ListName.FOLLOW_UPS, built_in, tab, select_for, form, ("stand",))
