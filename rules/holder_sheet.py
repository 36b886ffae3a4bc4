"""The sheet on which whoever holds a case reports what happened: its columns, its words, and what each event may say.
Pure; documented in docs/judicial.md."""

from typing import NamedTuple

COLUMNS = ("Dossier", "Facture", "Événement", "Nature", "Date", "Échéance", "Montant", "Référence", "Texte")


class Told(NamedTuple):
    """How a line is said to a case: the signal's name, and its field for each column. ``natures``: the words of
    « Nature »; ``needs``: the columns that must be filled in. « Date » is always the day it happened."""

    name: str
    columns: dict[str, str]
    natures: dict[str, str]
    needs: tuple[str, ...] = ()


_COSTS = {
    "greffe": "court_fee",
    "signification": "service",
    "exécution": "enforcement",
    "avocat": "lawyer",
    "commission": "agency",
    "affranchissement": "postage",
}
_INSOLVENCIES = {
    "sauvegarde": "safeguard",
    "redressement": "reorganisation",
    "liquidation": "liquidation",
    "surendettement": "consumer_over_indebtedness",
}
_ACTS = {
    "dépôt": "filed",
    "ordonnance": "ordered",
    "signification": "served",
    "opposition": "opposed",
    "non-opposition": "not_opposed",
    "exécutoire": "enforceable",
    "rejet": "rejected",
    "désistement": "withdrawn",
    "caducité": "lapsed",
    "audience": "hearing",
    "appel": "appealed",
}
_PAYMENT = {"Montant": "amount", "Date": "received_on", "Référence": "reference"}
_PROMISE = {"Échéance": "pay_on", "Montant": "amount"}
_PLAN = {"Nature": "instalments", "Référence": "document"}
_SETTLEMENT = {"Montant": "amount", "Échéance": "pay_by", "Référence": "document"}
_INSOLVENCY = {"Nature": "procedure", "Date": "opened_on", "Échéance": "published_on", "Référence": "court"}
_ACT = {"Nature": "event", "Échéance": "hearing_on", "Montant": "principal", "Référence": "reference"}
_COST = {"Nature": "nature", "Montant": "amount", "Référence": "document"}

EVENTS = {
    "paiement": Told("paid", _PAYMENT, {}, ("Montant",)),
    "promesse": Told("promise", _PROMISE, {}, ("Échéance",)),
    "échéancier": Told("payment_plan", _PLAN, {}, ("Nature",)),
    "transaction": Told("settlement", _SETTLEMENT, {}, ("Montant", "Échéance")),
    "contestation": Told("dispute", {"Montant": "amount", "Texte": "reason"}, {}),
    "procédure collective": Told("insolvency", _INSOLVENCY, _INSOLVENCIES, ("Nature",)),
    "acte": Told("judicial_event", _ACT, _ACTS, ("Nature",)),
    "frais": Told("cost", _COST, _COSTS, ("Nature", "Montant")),
    "note": Told("note", {}, {}, ("Texte",)),
    "retour": Told("recall", {"Texte": "reason"}, {}),
}
"""What may be reported, by its word in « Événement »; the signal's own name means the same."""

AFTER_THE_RETURN = frozenset({"paid", "cost", "note"})
"""What may still come in when the case is the creditor's own again."""


def told_by(word: str) -> Told | None:
    """What a word of « Événement » means, in French or as the signal's name; None when it is neither."""
    wanted = word.strip().lower()
    named = {told.name: told for told in EVENTS.values()}
    return EVENTS.get(wanted) or named.get(wanted)
