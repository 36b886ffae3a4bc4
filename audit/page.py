"""The report of an audit as a PDF for a court, in the house style. Pure but for the typesetter."""

from datetime import datetime
from typing import Any

from audit.findings import Check, Finding
from audit.report import Line, Report
from evidence.wording import PARIS
from letters.labels import LABELS
from letters.parties import address_lines, legal_line
from letters.typeset import Typesetter
from letters.typography import clean, french, long_date
from rules.creditor import Creditor

CHECKS = {
    Check.REPLAY: "l’historique, rejoué par le programme d’aujourd’hui, donne les mêmes commandes",
    Check.CHAIN: "la chaîne d’empreintes du registre est entière, et tout ce qui la répète y est conforme",
    Check.EVENTS: "l’historique et le registre disent la même chose, événement par événement",
    Check.DECISIONS: "chaque décision, redemandée aux règles sur ses propres faits, est la même",
    Check.PROMISES: "aucun courrier hors de l’ordre, des heures ou des distances annoncés, ni après paiement",
}


def report_pdf(report: Report, creditor: Creditor, setter: Typesetter | None = None) -> bytes:
    """The PDF/A of a report; the same report gives the same bytes."""
    at = report.as_of.astimezone(PARIS)
    mine = [clean(creditor.name), *address_lines(creditor.address, abroad_from="FR", language="fr")]
    data = {
        "title": "Rapport de vérification",
        "subtitle": french(f"au {long_date(at.date(), 'fr')} à {at:%H:%M} – dossier {clean(report.case)}"),
        "draft": "",
        "creditor": clean(creditor.name),
        "legal": legal_line(creditor, "fr"),
        "label": LABELS["fr"],
        "parties": [
            {"role": "Créancier", "lines": [line for line in mine if line]},
            {"role": "Débiteur", "lines": [clean(report.debtor)]},
        ],
        "blocks": [*_verdict(report), *_findings(report), *_differences(report), *_timeline(report), *_method(report)],
    }
    return (setter or Typesetter()).pdf("document", data, report.as_of)


def _paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "text": french(text)}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": french(text)}


def _verdict(report: Report) -> list[dict[str, Any]]:
    wrong = {one.check for one in report.findings}
    said = "Toutes les vérifications concordent." if report.ok else "Des discordances ont été trouvées ; voir plus bas."
    rows = [[french(what), "non conforme" if check in wrong else "conforme"] for check, what in CHECKS.items()]
    table = {
        "kind": "table",
        "head": ["Vérification", "Résultat"],
        "widths": ["fill", "auto"],
        "aligns": ["left", "left"],
        "rows": rows,
    }
    return [_paragraph(said), table]


def _findings(report: Report) -> list[dict[str, Any]]:
    if not report.findings:
        return []
    return [_heading("Discordances"), *(_paragraph(f"– {_finding(one)}") for one in report.findings)]


def _finding(one: Finding) -> str:
    where = f"événement n° {one.position}" if one.position else "dossier"
    values = f" : « {clean(one.here or '–')} » d’un côté, « {clean(one.there or '–')} » de l’autre"
    shown = values if one.here is not None or one.there is not None else ""
    return f"{where}, champ {clean(one.field)}{shown}."


def _differences(report: Report) -> list[dict[str, Any]]:
    if not report.differences:
        return []
    lead = "Décisions que les règles d’aujourd’hui prendraient autrement ; les règles ou les taux ont changé depuis."
    lines = [
        f"– événement n° {one.position} : alors « {clean(one.because_recorded)} », "
        f"aujourd’hui « {clean(one.because_today)} »."
        for one in report.differences
    ]
    return [_heading("Décisions et règles d’aujourd’hui"), _paragraph(lead), *map(_paragraph, lines)]


def _timeline(report: Report) -> list[dict[str, Any]]:
    table = {
        "kind": "table",
        "head": ["N°", "Date", "Qui", "Quoi", "Dû"],
        "widths": ["auto", "auto", "auto", "fill", "auto"],
        "aligns": ["right", "left", "left", "left", "right"],
        "rows": [_row(line) for line in report.timeline],
    }
    return [_heading("Chronologie"), table] if report.timeline else []


def _row(line: Line) -> list[Any]:
    at: datetime = line.at.astimezone(PARIS)
    under = " – ".join(part for part in (french(line.why or ""), ", ".join(line.articles)) if part)
    entered = at.strftime("%H:%M") if at.date() == line.on else f"saisi le {at:%d/%m/%Y}"
    return [
        str(line.position),
        {"text": f"{line.on:%d/%m/%Y}", "under": entered},
        {"text": french(clean(line.who)), "under": french(clean(line.door))},
        {"text": line.what, "under": under},
        line.owed or "",
    ]


def _method(report: Report) -> list[dict[str, Any]]:
    runs = [
        f"– exécution {run.run} ({run.status}) : {run.events} événements, {run.decisions} décisions, "
        + ("archive." if run.source == "archive" else "serveur.")
        for run in report.runs
    ]
    return [
        _heading("Ce qui a été vérifié, et comment"),
        _paragraph(
            f"Le registre compte {report.position} événements ; l’empreinte (SHA-256) du dernier est {report.head}. "
            "Chaque empreinte couvre l’événement et l’empreinte du précédent : rien ne peut être ajouté, retiré ou "
            "changé sans que la suite ne concorde plus. L’historique est tenu à part, par le moteur d’exécution. "
            f"Règles {report.rules}, tables {report.tables}."
        ),
        *map(_paragraph, runs),
        *(_paragraph(remark) for remark in _remarks(report)),
    ]


def _remarks(report: Report) -> list[str]:
    return ["Des remarques de vérification figurent dans le rapport électronique."] if report.remarks else []
