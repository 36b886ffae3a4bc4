"""French names of steps, channels, days, hours and actors; reasons and references as a sentence ends with. Pure."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from letters.labels import CHANNELS
from letters.typography import NBSP, clean, short_date

PARIS = ZoneInfo("Europe/Paris")

Money = Callable[[Decimal], str]
"""An amount in the currency of the case, as a letter writes it."""

STEPS = {
    "rappel": ("Rappel avant échéance", "du rappel avant échéance"),
    "relance_1": ("Première relance", "de la première relance"),
    "relance_2": ("Deuxième relance", "de la deuxième relance"),
    "appel": ("Appel téléphonique", "de l’appel téléphonique"),
    "derniere_relance": ("Dernière relance", "de la dernière relance"),
    "mise_en_demeure": ("Mise en demeure", "de la mise en demeure"),
    "dossier_judiciaire": ("Dossier judiciaire", "du dossier judiciaire"),
    "declaration_de_creance": ("Déclaration de créance", "de la déclaration de créance"),
    "releve_de_forclusion": ("Relevé de forclusion", "du relevé de forclusion"),
    "plan_reminder": ("Rappel d’échéance du plan", "du rappel d’échéance du plan"),
    "plan_missed": ("Avis d’échéance impayée du plan", "de l’avis d’échéance impayée du plan"),
    "dispute_answer": ("Réponse motivée à la contestation", "de la réponse motivée à la contestation"),
}
"""The steps of the standard ladders: their name, and « of » them."""

_DAY = re.compile(r"_\d{8}$")
"""The day that ends the name of a letter about a plan's instalment or an answered dispute."""

DOORS = {
    "signal": "signal",
    "update": "mise à jour",
    "command": "ligne de commande",
    "file": "import de fichier",
    "api": "API",
    "console": "console",
}


def step_name(step: str) -> str:
    """« Mise en demeure »; a creditor's own step under the name it gave."""
    known = STEPS.get(_DAY.sub("", step))
    if known is not None:
        return known[0]
    return clean(step, 80).replace("_", " ").capitalize()


def of_step(step: str) -> str:
    """« de la mise en demeure », « du courrier « avis » » for a creditor's own step."""
    known = STEPS.get(_DAY.sub("", step))
    return known[1] if known is not None else f"du courrier « {step_name(step)} »"


def channel_name(channel: str | None) -> str:
    """« lettre recommandée »; a channel that is not known under its own name."""
    return CHANNELS["fr"].get(channel or "", clean(channel or "canal inconnu", 40))


def motive(text: str | None, word: str = "motif") -> str:
    """« , motif : … », or nothing."""
    return f", {word} : {clean(text, 4000)}" if text else ""


def reference(text: str | None, word: str = "référence") -> str:
    """« , référence … », or nothing."""
    return f", {word} {clean(text, 200)}" if text else ""


def short_day(day: date) -> str:
    """04/02/2026."""
    return short_date(day, "fr")


def local_day(moment: datetime) -> date:
    """The day in Paris."""
    return moment.astimezone(PARIS).date()


def hour(moment: datetime) -> str:
    """« 10 h 05 », in Paris."""
    local = moment.astimezone(PARIS)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def actor(by: str | None, door: str | None) -> str:
    """Who said so and by which door; « Relance » when the product acted by itself."""
    way = DOORS.get(door, clean(door, 40)) if door else ""
    if by:
        return f"{clean(by, 120)} ({way})" if way else clean(by, 120)
    return f"auteur non précisé ({way})" if way else "Relance"
