"""The rows of a talk's form: one organisation each, in the order of the chips, merged one by one."""

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as _PlainForm

from crm.chips import Chip, ChipsField, ChipSource
from crm.consultations.models import COUNTED, Presence
from crm.cooperations.kinds import Step
from crm.fields import ChoiceField, DayField, LongTextField, TextField, enum_choices, must_choose
from crm.forms import Form, mark_of

Row = dict[str, Any]
# What a partner can say in a talk; a candidate is somebody who has said nothing yet.
TOLD = [one for one in Step if one is not Step.CANDIDATE]


class PartyForm(_PlainForm):
    """One organisation: presence, people, and what only concerns it."""

    class Meta(Form.Meta):
        """The talk's form carries the token."""

        csrf = False

    place = Chip("", "")
    told = ""

    organisation = HiddenField()
    presence = ChoiceField(
        _l("Presence"), [must_choose(_l("Choose the presence."))], kind=Presence, default=Presence.PRESENT,
        render_kw={"data-presence": " ".join(one.value for one in COUNTED)},
    )  # fmt: skip
    represented_by = TextField(_l("Represented by"))
    role = TextField(_l("Role in the talk"), limit=100)
    people = ChipsField(_l("People"), create=True)
    private_note = LongTextField(
        _l("Private note"),
        rows=3,
        description=_l("Only advisers and managers see it, only on this organisation's page."),
    )
    follow_up_on = DayField(_l("Follow-up on"), lean="future")
    follow_up_text = TextField(_l("What is to be done?"), limit=500)
    step = ChoiceField(
        _l("Report a step"),
        kind=Step,
        choices=enum_choices(TOLD, ""),
        description=_l("In the cooperation of this talk."),
    )


class PartyRows(FieldList):
    """The rows, in the order of the chips; chips are the truth, rows only say more about them."""

    def __init__(self, **kw: Any):
        super().__init__(FormField(PartyForm), _l("Organisations"), **kw)

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        """Take rows with plain numbers; endless numbers and digits of other scripts are no rows."""
        found = (re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})-.*", key) for key in formdata)
        return [int(match[1]) for match in found if match]

    @property
    def by_place(self) -> dict[str, Any]:
        """The rows by the number of their organisation."""
        return {str(entry.form.organisation.data): entry for entry in self.entries}

    def align(self, chips: list[Chip], stored: dict[str, Row]) -> None:
        """Give every chip its row and drop rows without a chip; a row not sent comes as it is stored."""
        rows = self.by_place
        found = []
        for chip in chips:
            row = stored.get(chip.value) or {"organisation": chip.value}
            entry = rows.get(chip.value) or self.append_entry(row)
            entry.form.place, entry.form.told = chip, row.get("told", "")
            found.append(entry)
        self.entries = found

    def connect(self, people: Callable[[int], ChipSource]) -> None:
        """Let every row find the people of its organisation, once."""
        for entry in self.entries:
            if not entry.form.people.source:
                entry.form.people.use(people(int(entry.form.place.value)))

    @property
    def marks(self) -> dict[str, str]:
        """A mark of each row by organisation; what would make a new person counts too."""
        return {
            place: mark_of([entry.form.data, entry.form.people.created, entry.form.people.text])
            for place, entry in self.by_place.items()
        }

    @property
    def values(self) -> list[Row]:
        """The rows as plain values for the service."""
        found = []
        for entry in self.entries:
            row = {name: value for name, value in entry.form.data.items() if name != "organisation"}
            people = entry.form.people
            row |= {"new_people": people.created, "answers": people.answers}
            found.append(row | {"organisation_id": int(entry.form.place.value)})
        return found


def in_words(entry: Any) -> str:
    """Say a row in words, for comparing two versions."""
    if entry is None:
        return ""
    form = entry.form
    parts = [str(form.presence.data.label) if form.presence.data else "", form.represented_by.data]
    parts += [", ".join(chip.text for chip in form.people.chips), form.role.data, form.private_note.data]
    parts += [_("step: %(step)s", step=form.step.data.label) if form.step.data else ""]
    return " · ".join(part for part in parts if part)


def merged(mine: dict[str, str], stored: dict[str, str], base: dict[str, str]) -> tuple[set[str], set[str]]:
    """Compare the marks of rows: give (organisations to take as stored, organisations both changed)."""
    take: set[str] = set()
    both: set[str] = set()
    for place in mine.keys() | stored.keys():
        here, there, before = mine.get(place), stored.get(place), base.get(place)
        if here == there or there == before:
            continue
        (take if here == before else both).add(place)
    return take, both
