"""The report of an audit as a PDF for a court, in the house style. Pure but for the typesetter."""

from datetime import datetime
from typing import Any

from audit.findings import Finding
from audit.report import Line, Report
from audit.wording import CHECKS, run_in_french, wrong_in_french
from evidence.wording import PARIS
from letters.labels import LABELS
from letters.parties import address_lines, legal_line
from letters.typeset import Typesetter
from letters.typography import clean, french, long_date
from rules.creditor import Creditor

_WIDEST = 24  # characters


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
    table = {
        "kind": "table", "head": ["N°", "Ce qui ne concorde pas", "Au registre", "Confronté à"],
        "widths": ["auto", "fill", "auto", "auto"], "aligns": ["right", "left", "left", "left"],
        "rows": [_finding(one) for one in report.findings],
    }  # fmt: skip
    return [_heading("Discordances"), table]


def _finding(one: Finding) -> list[Any]:
    return [
        "–" if one.position is None else str(one.position),
        {"text": french(wrong_in_french(one)), "under": clean(one.field)},
        _value(one.here),
        _value(one.there),
    ]


def _value(said: str | None) -> str:
    """A value, cut to what a column bears; the electronic report has it whole."""
    text = clean(said or "")
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


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
    rows = [
        ["Registre", f"{report.position} événements"],
        ["Empreinte du dernier (SHA-256)", report.head],
        *([f"Exécution {run.run}", run_in_french(run)] for run in report.runs),
        ["Règles et tables du jour", f"règles {report.rules}, tables {report.tables}"],
    ]
    table = {
        "kind": "table", "head": ["Ce qui a été lu", ""], "widths": ["auto", "fill"], "aligns": ["left", "left"],
        "rows": [[french(name), french(clean(said))] for name, said in rows],
    }  # fmt: skip
    return [
        _heading("Ce qui a été vérifié, et comment"),
        _paragraph(
            "Chaque empreinte du registre couvre l’événement et l’empreinte du précédent : rien ne peut être ajouté, "
            "retiré ou changé sans que la suite ne concorde plus. L’historique est tenu à part, par le moteur "
            "d’exécution, et porte les mêmes empreintes."
        ),
        table,
        *(_paragraph(f"Remarque : {remark.fr}") for remark in report.remarks),
    ]
