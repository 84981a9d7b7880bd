"""The rules of the programme as far as published texts tell them; what was not found there stays empty."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm import audit
from crm.db import db
from crm.funding.models import RuleSet

STANDARD: tuple[dict[str, Any], ...] = (
    {
        "name": "Regelwerk 2004 (Dienstleistungszentren)",
        "valid_from": date(2004, 4, 1),
        "valid_to": date(2008, 7, 31),
        "source": "Meldung der VLK Hessen zum Start der Förderung; Themenseite Standesamt auf ikz-hessen.de",
        "note": (
            "Je 75.000 € für die ersten 20 Kooperationen, zusammen 1,5 Mio. €. Nur Aufgaben der laufenden "
            "Verwaltung: Personal, Kasse, Abrechnung. Die Grenze von 15.000 Einwohnern ist ungefähr genannt. "
            "Mindestdauer und Mindesteinsparung: nicht gefunden."
        ),
        "least_partners": 3,
        "most_inhabitants": 15_000,
        "counties": False,
        "amount_three": Decimal(75_000),
        "amount_more": Decimal(75_000),
    },
    {
        "name": "Regelwerk 2008",
        "valid_from": date(2008, 8, 1),
        "valid_to": date(2011, 7, 31),
        "source": "Seite Förderprogramm des Innenministeriums (innen.hessen.de)",
        "note": (
            "In Kraft seit August 2008, der Tag ist nicht bekannt. Die Aufgaben wurden ausgeweitet. "
            "Beträge, Mindestdauer, Mindesteinsparung und Mindestzahl der Partner: nicht gefunden. Die Zahl "
            "drei steht hier, weil sie davor und danach gilt."
        ),
        "least_partners": 3,
        "most_inhabitants": 30_000,
        "counties": False,
    },
    {
        "name": "Regelwerk 2011",
        "valid_from": date(2011, 8, 1),
        "valid_to": date(2016, 12, 1),
        "source": (
            "Seite Förderprogramm des Innenministeriums (innen.hessen.de); Seiten Allgemeines und "
            "Einführung auf ikz-hessen.de"
        ),
        "note": (
            "Geändert am 01.08.2011 und am 02.12.2011. Die Grenze der Einwohnerzahl entfiel, Landkreise sind "
            "förderfähig, wenn sie sich mit Gemeinden zusammentun. Neu: Nr. 3.2 b (Soziales, Infrastruktur) "
            "und die Zusammenlegung von Ortsteilfeuerwehren. Die Zuwendung konnte sich nach dem Gewicht des "
            "Vorhabens richten. Beträge, Mindestdauer und Mindesteinsparung: nicht gefunden. Die Zahl der "
            "Partner ist wie in den späteren Fassungen angenommen."
        ),
        "least_partners": 3,
        "exceptional_partners": 2,
        "counties": True,
    },
    {
        "name": "Regelwerk 2016",
        "valid_from": date(2016, 12, 2),
        "valid_to": date(2021, 12, 1),
        "source": (
            "Seite Allgemeines auf ikz-hessen.de; Antwort auf die Kleine Anfrage 19/5291; Seite Förderhöhe "
            "des Kommunalen Beratungszentrums Hessen"
        ),
        "note": (
            "Die Antwort des Ministeriums nennt den 13.12.2016 als Beginn. Neu: Verbünde allein aus "
            "Landkreisen und Verbände mit eigener Rechtspersönlichkeit. Die Bedingung „Modellcharakter“ "
            "entfiel. Mindestdauer und Mindesteinsparung dieser Fassung: nicht gefunden."
        ),
        "least_partners": 3,
        "exceptional_partners": 2,
        "counties": True,
        "amount_two": Decimal(50_000),
        "amount_three": Decimal(75_000),
        "amount_more": Decimal(100_000),
        "amount_joint": Decimal(150_000),
        "amount_brigade": Decimal(15_000),
    },
    {
        "name": "Regelwerk 2021",
        "valid_from": date(2021, 12, 7),
        "valid_to": date(2026, 12, 31),
        "source": (
            "Seiten Förderprogramm, Fördervoraussetzung und Förderhöhe des Kommunalen Beratungszentrums "
            "Hessen; Pressemitteilung des Innenministeriums zur Fortsetzung der Förderung"
        ),
        "note": (
            "Datiert vom 07.12.2021, für fünf Jahre verlängert, also bis 2026. Das genaue Ende und eine "
            "Nachfolge sind nicht bekannt; hier steht der letzte Tag des Jahres. Zwei Partner genügen nur in "
            "begründeten Fällen. Für breite Kooperationen mit besonderem Modellcharakter gab es mehr als die "
            "Regelzuwendung, eine Obergrenze ist nicht veröffentlicht. 15.000 € je Ortsteilfeuerwehr gelten "
            "im Regelfall. Für Studien ist keine feste Summe veröffentlicht."
        ),
        "least_partners": 3,
        "exceptional_partners": 2,
        "least_years": 5,
        "least_gain": 15,
        "counties": True,
        "amount_two": Decimal(50_000),
        "amount_three": Decimal(75_000),
        "amount_more": Decimal(100_000),
        "amount_joint": Decimal(150_000),
        "amount_brigade": Decimal(15_000),
    },
)


def load_rules(by: Any = None) -> int:
    """Fill an empty table of rules; give their number. Rules that somebody entered or changed stay."""
    if db.session.scalar(select(RuleSet.id).limit(1)) is not None:
        return 0
    for values in STANDARD:
        made = RuleSet(**values)
        db.session.add(made)
        audit.record("funding.rules-created", made, by)
    return len(STANDARD)
