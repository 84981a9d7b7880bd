"""What follows from the dated rows of a body: its newest name, the line beneath it, keys to sort and find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm.folding import search_text, sort_key
from crm.organisations.models import Kind

WORDS = {
    Kind.GEMEINDE: "Gemeinde",
    Kind.TOWN: "Stadt",
    Kind.SPECIAL_STATUS: "Sonderstatusstadt",
    Kind.COUNTY_FREE: "kreisfreie Stadt",
    Kind.COUNTY: "Landkreis",
    Kind.REGION: "Regierungsbezirk",
    Kind.AREA: "gemeindefreies Gebiet",
    Kind.ZWECKVERBAND: "Zweckverband",
    Kind.ASSOCIATION: "Verband",
    Kind.AUTHORITY: "Behörde",
    Kind.IT_PROVIDER: "IT-Dienstleister",
    Kind.UNIVERSITY: "Hochschule",
    Kind.CONSULTANT: "Beratungsgesellschaft",
    Kind.OTHER: "andere Stelle",
}


@dataclass(frozen=True, slots=True)
class Called:
    """Name, name with official additions and kind."""

    name: str
    official_name: str
    kind: Kind

    @property
    def short(self) -> str:
        """Name it in few letters, as where something lies: Lahn-Dill-Kreis, LK Fulda, Reg.-Bez. Kassel."""
        bare = self.kind is Kind.COUNTY and self.name != self.official_name
        return f"LK {self.official_name}" if bare else self.official_name


def described(
    names: Sequence[Called],
    keys: Sequence[str],
    parent: Called | None = None,
    more: Iterable[str | None] = (),
    state: str = "",
) -> dict[str, str]:
    """Give the derived columns of a body; `names` and `keys` oldest first, `more` only to find by."""
    newest = names[-1]
    word = WORDS[newest.kind]
    texts = [text for one in names for text in (one.name, one.official_name)]
    where = parent.short if parent and newest.kind is not Kind.COUNTY_FREE else word
    line = " · ".join(part for part in (where, state, keys[-1] if keys else "") if part)
    upper = parent.official_name if parent else ""
    return {
        "name": newest.name,
        "note": line[:200],
        "sort_key": sort_key(newest.name)[:200],
        "search_text": search_text(*texts, *more, *keys, word, upper, state),
    }
