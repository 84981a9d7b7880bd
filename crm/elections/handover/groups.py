"""What the handover page says of groups: partners, resolutions, grants and duties.

Of other partners only the name is given, and how far they are where a council or a contract made that public.
"""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.cooperations.kinds import EXITS, Step
from crm.cooperations.models import Partner
from crm.cooperations.of_place import Line
from crm.db import db, today
from crm.elections.handover.items import MOST, Item, Known, Part
from crm.funding.models import Application, Obligation
from crm.i18n import day, euros
from crm.resolutions import queries
from crm.resolutions.models import Resolution
from crm.resolutions.services import body_name


def groups(known: Known) -> Part:
    """Running and planned cooperations with the Kommune's own state."""
    others = _other_partners(known)
    items = [
        Item(
            f"vorhaben-{line.part.group_id}",
            [
                "\n".join([line.part.title, *line.fields[:3]]),
                "\n".join(others.get(line.part.group_id, [])) or "–",
                str(line.part.stage.label), _own_state(line), _waited_for(line),
            ],
        )
        for line in known.lines
    ]  # fmt: skip
    columns = [_("Cooperation"), _("With"), _("Stage"), _("Your state"), _("Asked of you")]
    title = _("Running and planned cooperations")
    return Part("vorhaben", title, columns, [4, 4, 2, 3, 3], items, _("There is none at present."))


def _other_partners(known: Known) -> dict[int, list[str]]:
    query = select(Partner.cooperation_id, Partner.organisation_name, Partner.step).where(
        Partner.cooperation_id.in_(known.group_ids),
        Partner.organisation_id.not_in(known.ids),
        Partner.step.not_in(EXITS),
    )
    found: dict[int, list[str]] = {}
    rows = db.session.execute(query.order_by(Partner.position, Partner.id)) if known.lines else ()
    for number, name, step in rows:
        said = f"{name} ({step.label})" if step.rank >= Step.RESOLVED.rank else name
        found.setdefault(number, []).append(said)
    return found


def _own_state(line: Line) -> str:
    since = day(line.part.step_on)
    state = str(line.part.step.label)
    state = _("%(state)s since %(day)s", state=state, day=since) if since else state
    return f"{state} ({line.via})" if line.via else state


def _waited_for(line: Line) -> str:
    if not line.is_waited_for:
        return "–"
    return {
        Step.CANDIDATE: _("Say whether you want to take part"),
        Step.INTERESTED: _("Resolution of your council"),
        Step.RESOLVED: _("Signature of the contract"),
    }.get(line.part.step, _("Start of the joint work"))


def resolutions(known: Known) -> Part:
    """What bodies of the Kommune still decide."""
    items = [Item(f"beschluss-{one.id}", _session(one)) for one in queries.undecided(known.ids, MOST)]
    columns = [_("Session"), _("Body"), _("What is decided?"), _("Paper number"), _("State")]
    title = _("Open and coming resolutions")
    return Part("beschluss", title, columns, [2, 3, 5, 2, 2], items, _("None is known."))


def _session(one: Resolution) -> list[str]:
    what = f"{one.partner.cooperation.title}: {one.kind.label}"
    state = str(one.result.label) if one.result else _("to be decided")
    return [day(one.session_on) or _("day open"), body_name(one), what, one.paper_number or "–", state]


def grants(known: Known) -> Part:
    """What was granted to its groups, and what they owe for it."""
    found = _applications(known.group_ids)
    items = [
        Item(f"zuwendung-{one.id}", [one.cooperation.title, _granted(one), day(one.granted_on) or "–"])
        for one in found
        if one.granted is not None or one.granted_on is not None
    ]
    owed = [(duty, one) for one in found for duty in one.obligations if duty.done_on is None]
    items += [
        Item(f"pflicht-{duty.id}", [one.cooperation.title, _owed(duty), _due(duty.due_on)])
        for duty, one in sorted(owed, key=lambda pair: (pair[0].due_on, pair[0].id))
    ]
    columns = [_("Cooperation"), _("What"), _("Day")]
    return Part("zuwendung", _("Grants and duties"), columns, [4, 4, 2], items, _("There is none."))


def _applications(group_ids: list[int]) -> list[Application]:
    query = select(Application).where(Application.cooperation_id.in_(group_ids))
    whole = joinedload(Application.cooperation), joinedload(Application.obligations)
    query = query.options(*whole).order_by(Application.granted_on, Application.id).limit(MOST)
    return list(db.session.scalars(query).unique()) if group_ids else []


def _granted(application: Application) -> str:
    return _("Grant of %(sum)s", sum=euros(application.granted))


def _owed(duty: Obligation) -> str:
    return " ".join(part for part in (str(duty.kind.label), duty.clause) if part)


def _due(last: date) -> str:
    return _("due on %(day)s", day=day(last)) + (f" ({_('overdue')})" if last < today() else "")
