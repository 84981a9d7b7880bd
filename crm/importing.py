"""How every import speaks: what was found in which line, the counts, and the refusal as a whole."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

import click
from flask_babel import gettext as _

MOST_SHOWN = 100
LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong or doubtful in a file: where it stands, what stands there, what would be right."""

    line: int | None
    column: str
    value: str
    message: str

    @property
    def text(self) -> str:
        """Say it in one sentence: Zeile 17, Spalte „Einwohner“: „12.34A“ ist keine ganze Zahl."""
        cut = self.value if len(self.value) <= LONGEST_VALUE else self.value[: LONGEST_VALUE - 1] + "…"
        said = f"„{cut}“ {self.message}" if self.value else self.message
        if self.line and self.column:
            return _(
                "Line %(line)s, column „%(column)s“: %(said)s", line=self.line, column=self.column, said=said
            )
        return _("Line %(line)s: %(said)s", line=self.line, said=said) if self.line else said


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did or would do; every count is a whole number."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    doubtful: int = 0
    errors: int = 0

    def as_json(self) -> dict[str, int]:
        """Give the counts by name."""
        return asdict(self)


class Refused(Exception):
    """The file is not taken over; the findings say why, all of them."""

    def __init__(self, findings: Sequence[Finding]):
        super().__init__("; ".join(finding.text for finding in findings[:3]))
        self.findings = list(findings)

    @classmethod
    def because(cls, message: str) -> "Refused":
        """Refuse the file as a whole."""
        return cls([Finding(None, "", "", message)])


def shown(findings: Sequence[Finding]) -> list[str]:
    """Give the sentences of the first hundred findings, then how many more there are."""
    said = [finding.text for finding in findings[:MOST_SHOWN]]
    more = len(findings) - MOST_SHOWN
    return [*said, _("and %(num)s more", num=more)] if more > 0 else said


def give_up(refused: Refused, as_json: bool = False, **more: Any) -> NoReturn:
    """End a command that took nothing over: the counts where they are wanted, then why."""
    if as_json:
        click.echo(json.dumps(Summary(errors=len(refused.findings)).as_json() | more))
    for line in shown(refused.findings):
        click.echo(line, err=True)
    click.echo("Es wurde nichts übernommen.", err=True)
    sys.exit(1)
