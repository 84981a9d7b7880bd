"""What people say in the demo data. All of it is invented; only the places are real."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from crm.consultations.models import ConsultationKind

K = ConsultationKind


@dataclass(frozen=True)
class Topic:
    """A shared task and what is said on the way to it: (note, agreement, next step) for every stage."""

    field: str
    stages: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Stage:
    """What kind of talk belongs to a stage, and how it is usually held."""

    kind: ConsultationKind
    channels: tuple[str, ...]
    minutes: int

    @property
    def is_together(self) -> bool:
        """Tell whether the whole group sits at the table."""
        return self.kind in (K.INITIATION, K.GROUP)


STAGES = (
    Stage(K.INITIATION, ("on-site", "on-site", "video"), 90),
    Stage(K.GROUP, ("on-site", "video"), 120),
    Stage(K.SINGLE, ("phone", "phone", "video"), 30),
    Stage(K.GROUP, ("video", "on-site"), 90),
    Stage(K.COMMITTEE, ("on-site",), 75),
    Stage(K.COUNCIL, ("on-site",), 60),
    Stage(K.GROUP, ("on-site", "video"), 105),
)


def _topics() -> tuple[Topic, ...]:
    stages: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    with Path(__file__).with_name("demo_topics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            stages[row["field"]].append((row["note"], row["agreements"], row["next_step"]))
    return tuple(Topic(name, tuple(found)) for name, found in stages.items())


TOPICS = _topics()

CALLS = (
    "Kurze Rückfrage zur Rahmenvereinbarung. Zwei Partner reichen nur mit schriftlicher Begründung.",
    "Bittet um Beispiele gemeinsamer Ordnungsbehörden mit ähnlicher Einwohnerzahl.",
    "Fragt nach dem Stand des Förderantrags. Die Unterlagen liegen beim Regierungspräsidium.",
    "Möchte wissen, ob eine Verlängerung der Vereinbarung neu angezeigt werden muss.",
    "Neue Leitung im Haus, stellt sich vor und bittet um eine Übersicht der laufenden Vorhaben.",
    "Hinweis auf den Wegfall eines Partners. Die Gruppe will zu zweit weitermachen.",
    "Terminabsprache für die nächste Runde, Vorschläge kommen per E-Mail.",
    "Fragt nach Erfahrungen mit gemeinsamer Beschaffung von Atemschutzgeräten.",
)

PRIVATE = (
    "Intern noch keine Mehrheit, bitte nicht drängen.",
    "Die Kämmerei rechnet mit Gegenwind aus dem Personalrat.",
    "Würde auch ohne die anderen mit einem Nachbarn allein beginnen.",
    "Wechsel in der Leitung steht bevor, noch nicht öffentlich.",
    "Sieht die Federführung lieber bei sich.",
)

WAITING = (
    "Rückmeldung der Kämmerei",
    "Beschluss der Vertretung",
    "Unterlagen vom Landkreis",
    "Angebot des Büros",
)

WOMEN = (
    "Petra",
    "Sabine",
    "Anke",
    "Claudia",
    "Ilse",
    "Birgit",
    "Katrin",
    "Heike",
    "Nicole",
    "Melanie",
    "Ayşe",
    "Lena",
)
MEN = (
    "Thomas",
    "Jürgen",
    "Stefan",
    "Holger",
    "Bernd",
    "Markus",
    "Uwe",
    "Frank",
    "Dirk",
    "Jan",
    "Mehmet",
    "Philipp",
)
NAMES = (
    "Henkel",
    "Rupp",
    "Döring",
    "Ziegler",
    "Grebe",
    "Lotz",
    "Hofmann",
    "Seibert",
    "Opper",
    "Kraft",
    "Schäfer",
    "Weigand",
    "Bechtel",
    "Nau",
    "Damm",
    "Schütz",
    "Wagner",
    "Heuser",
    "Wicke",
    "Michel",
    "Trapp",
    "Eckhardt",
    "Yıldız",
    "von der Au",
    "Kuhn",
    "Peil",
    "Stöhr",
    "Groß",
    "Möller",
    "Preis",
    "Naumann",
    "Löwer",
)
