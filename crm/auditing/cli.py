"""The audit from the command line: is it still what was written?"""

import json
import sys
from collections import Counter

import click
from flask import Blueprint

from crm.audit import sealing, verifying
from crm.audit.verifying import Finding, Verdict
from crm.db import db
from crm.i18n import moment

audit_log = Blueprint("audit_cli", __name__, cli_group="audit")
MOST = 20
WORDS = {
    "row": "Werte oder Prüfsumme verändert",
    "inserted": "nachträglich zwischen zwei Siegel gesetzt",
    "missing": "Zeilen fehlen",
    "added": "Zeilen sind hinzugekommen",
    "seal": "Siegel und Zeilen passen nicht zusammen",
    "chain": "das Siegel schließt nicht an das vorige an",
    "unreadable": "nicht lesbar",
    "unsealed": "älter als eine Stunde und nicht versiegelt (läuft „flask worker“?)",
}


@audit_log.cli.command("verify")
@click.option(
    "--known", multiple=True, metavar="PRÜFWERT", help="früher notierter Prüfwert, muss noch da sein"
)
@click.option("--json", "as_json", is_flag=True, help="Ergebnis als JSON")
def verify(known, as_json):
    """Prüft, ob am Änderungsprotokoll etwas verändert, gelöscht oder eingefügt wurde."""
    verdict = verifying.verify()
    lost = [one for one in known if one not in verdict.hashes]
    click.echo(_as_json(verdict, lost) if as_json else _in_words(verdict, lost))
    db.session.rollback()
    if verdict.findings or lost:
        sys.exit(1)


def _as_json(verdict: Verdict, lost: list[str]) -> str:
    last = verdict.newest
    found = [{"kind": one.kind, "seal": one.seal, "rows": [one.first, one.last]} for one in verdict.findings]
    told = {
        "ok": not found and not lost,
        "events": verdict.events,
        "sealed": verdict.sealed,
        "redacted": verdict.redacted,
        "seals": verdict.seals,
        "newest": {"seal": last.id, "hash": last.hash, "sealed_at": last.sealed_at.isoformat()}
        if last
        else None,
        "unknown": lost,
        "findings": found,
    }
    return json.dumps(told, indent=1)


def _in_words(verdict: Verdict, lost: list[str]) -> str:
    counts = f"davon versiegelt: {verdict.sealed}, geleert: {verdict.redacted}. Siegel: {verdict.seals}."
    lines = [f"Zeilen: {verdict.events}, {counts}"]
    lines += [_said(one) for one in verdict.findings[:MOST]]
    if len(verdict.findings) > MOST:
        kinds = Counter(WORDS[one.kind] for one in verdict.findings[MOST:])
        lines += [f"… und {number}-mal: {kind}" for kind, number in kinds.items()]
    lines += [f"Der notierte Prüfwert {one[:64]} kommt nicht mehr vor." for one in lost]
    if verdict.newest:
        last = verdict.newest
        lines.append(f"Neuester Prüfwert: {last.hash} (Siegel {last.id}, {moment(last.sealed_at)})")
    wrong = verdict.findings or lost
    lines.append("Das Protokoll wurde verändert oder ist lückenhaft." if wrong else "In Ordnung.")
    return "\n".join(lines)


def _said(one: Finding) -> str:
    rows = f"Zeile {one.first}" if one.first == one.last else f"Zeilen {one.first} bis {one.last}"
    return f"{f'Siegel {one.seal}, ' if one.seal else ''}{rows}: {WORDS[one.kind]}"


@audit_log.cli.command("seal")
def seal():
    """Versiegelt sofort, was sonst der Helfer im Hintergrund jede Minute versiegelt."""
    sealing.seal_all()
    last, rest = sealing.newest(), sealing.waiting()
    if rest:
        click.echo(f"Noch offen: {rest}. Es wird gerade geschrieben; der Helfer im Hintergrund holt es nach.")
    click.echo(
        f"Neuester Prüfwert: {last.hash} (bis Zeile {last.last_id})" if last else "Nichts zu versiegeln."
    )
