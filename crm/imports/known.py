"""Compare rows with what an earlier import wrote: only what nobody changed by hand may change."""

from collections.abc import Sequence

from flask_babel import gettext as _

from crm.cooperations.kinds import PartnerRole, Stage
from crm.cooperations.models import Cooperation
from crm.field_names import LABELS, OWN_LABELS
from crm.folding import fold
from crm.funding.models import Application
from crm.importing import Finding
from crm.imports import groups, runs
from crm.imports.columns import Field
from crm.imports.models import ImportedRecord
from crm.imports.plan import Action, Line
from crm.imports.states import IDS, PARTNER, State, different, stored
from crm.proceedings.models import Study

_LEAD = PartnerRole.LEAD.value
_HEADINGS = {"application": "funding", "study": "studies"}


def compare(lines: Sequence[Line]) -> None:
    """Say for every row whether it is new, changed or unchanged, and what of it."""
    again = [line for line in lines if line.known is not None]
    gone = groups.removed(line.known.record_id for line in again if line.known)
    for line in again:
        _compare(line, gone.get(line.record_id or 0))
    changing = [line for line in again if line.action is Action.CHANGED]
    _keep_what_people_did(changing, groups.load(line.record_id or 0 for line in changing))


def _compare(line: Line, gone: bool | None) -> None:
    """What the row asks for against what it asked for last time."""
    if gone is None:
        line.known = line.record_id = None
        return
    assert line.known is not None  # noqa: S101 for the type checker
    line.action = Action.UNCHANGED
    if gone:
        line.entry.doubt(Field.TITLE, line.entry.title, _("lies in the trash and stays there."))
        return
    old = line.known.after
    if _is_another(old, line.state):
        said = _(
            "belongs to another cooperation already: %(title)s. Give the row a mark of its own.",
            title=old["title"],
        )
        line.entry.wrong(Field.SOURCE_ID, line.entry.source_id, said)
        line.action = Action.ERROR
        return
    if different(old, line.state):
        line.action = Action.CHANGED


def _is_another(old: State, new: State) -> bool:
    """A mark that now stands at another title and other partners is the mark of something else."""
    mine, other = groups.parts(old), groups.parts(new)
    return fold(old["title"]) != fold(new["title"]) and bool(mine or other) and not set(mine) & set(other)


def _keep_what_people_did(lines: Sequence[Line], found: dict[int, Cooperation]) -> None:
    """Leave out what somebody changed since; what then is left changes, if anything is."""
    numbers = [line.record_id for line in lines if line.record_id]
    touched = runs.touched_since(groups.TABLE, numbers) if numbers else set()
    kept = [line.known.after.get(IDS, {}) for line in lines if line.known]
    applications = groups.children(Application, (ids["application"] for ids in kept if "application" in ids))
    studies = groups.children(Study, (ids["study"] for ids in kept if "study" in ids))
    for line in lines:
        ids = line.known.after.get(IDS, {}) if line.known else {}
        group = found[line.record_id or 0]
        application = applications.get(ids.get("application", 0))
        now = stored(group, application, studies.get(ids.get("study", 0)))
        _settle(line, now, group.id in touched)


def _settle(line: Line, now: State, touched: bool) -> None:
    record: ImportedRecord = line.known  # type: ignore[assignment]
    for key in different(record.after, line.state):
        wanted, written, stands = line.state.get(key), record.after.get(key), now.get(key)
        if stands == wanted:
            continue
        if (
            stands != written
            or (touched and wanted is None and _hangs(key))
            or _second_lead(key, wanted, now, record.after)
        ):
            line.entry.doubts.append(_by_hand(line, key))
            continue
        line.before[key], line.after[key] = stands, wanted
    if not line.after:
        line.action = Action.UNCHANGED
    elif line.after.get("halt") == Stage.ENDED.value and line.before.get("halt") is None:
        line.action = Action.CLOSED


def _hangs(key: str) -> bool:
    """Records of their own may have grown by what people added."""
    return key in ("application", "study") or key.startswith(PARTNER)


def _second_lead(key: str, wanted: object, now: State, written: State) -> bool:
    """Whoever was made the lead by hand goes on leading."""
    if not (key.startswith(PARTNER) and isinstance(wanted, list) and wanted[0] == _LEAD):
        return False
    leads = [one for one, part in now.items() if one.startswith(PARTNER) and part[0] == _LEAD]
    return any(one != key and written.get(one, [""])[0] != _LEAD for one in leads)


def _by_hand(line: Line, key: str) -> Finding:
    said = _("was changed by hand since and stays: %(what)s.", what=label_of(key))
    return Finding(line.entry.line, line.entry.mapping.heading(Field.TITLE), line.entry.title, said)


def label_of(key: str, names: dict[int, str] | None = None) -> str:
    """Name what a key of a state is about."""
    if key.startswith(PARTNER):
        number = int(key.removeprefix(PARTNER))
        return (names or {}).get(number) or str(LABELS["partners"])
    own = OWN_LABELS.get((Cooperation.__tablename__, key))
    return str(own or LABELS[_HEADINGS.get(key, key)])
