"""What the rules and the doors refuse, in the reader's language. They say it in English, for programs and terminals; a
sentence that has no words here is shown as they say it, and marked as English."""

import re
from collections.abc import Callable
from typing import Any, Final

from markupsafe import Markup, escape

from console.formats import Formats, french_values
from console.i18n import noted as _

_MONEY, _DAY = r"-?\d+(?:\.\d+)?", r"\d{4}-\d\d-\d\d"
_KNOWN: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"account: is not said by the file",
            _("Le fichier ne dit pas de quel compte il est : saisissez-le dans « Compte »."),
        ),
        (r"the file (?:is empty|holds no line)", _("Le fichier ne contient aucune ligne.")),
        (
            r"no column is the booking date",
            _("Aucune colonne du fichier n’est la date comptable, comme « Date comptable »."),
        ),
        (r"no column is the amount", _("Aucune colonne du fichier n’est le montant, comme « Montant » ou « Crédit ».")),
        (r"is not a camt\.053 statement", _("Ce fichier n’est pas un relevé camt.053.")),
        (r"the camt\.053 holds no statement", _("Ce camt.053 ne contient aucun relevé.")),
        (r"line (?P<line>\d+), amount: is empty", _("Ligne %(line)s : le montant manque.")),
        (r"line (?P<line>\d+)[^:]*: .*is not a date", _("Ligne %(line)s : la date ne se lit pas.")),
        (r"line (?P<line>\d+)[^:]*: .*is not an amount", _("Ligne %(line)s : le montant ne se lit pas.")),
        (
            r"account: (?P<account>\S+) is (?:no creditor's|an) account",
            _("Le compte %(account)s n’est pas celui d’un seul créancier : choisissez-le."),
        ),
        (
            rf"the parts add up to (?P<sum>{_MONEY}), not to the line's (?P<whole>{_MONEY})",
            _("Les parts font %(sum)s, et la ligne %(whole)s."),
        ),
        (r"was dealt with meanwhile", _("Cette ligne a été traitée entre-temps : regardez-la de nouveau.")),
        (rf"on (?P<day>{_DAY}) lies ahead of today", _("Le %(day)s est à venir.")),
        (rf"until (?P<day>{_DAY}) is not after today", _("Le %(day)s n’est pas après aujourd’hui.")),
        (rf"pay_by (?P<day>{_DAY}) is before today", _("Le %(day)s est déjà passé.")),
        (r"is not of this age; check the year", _("Cette date est d’un autre temps : vérifiez l’année.")),
        (
            rf"(?:credit |principal )?(?P<sum>{_MONEY}) is more than is open, (?P<open>{_MONEY})",
            _("%(sum)s est plus que le principal ouvert, %(open)s."),
        ),
        (
            rf"credit_note: (?P<sum>{_MONEY}) is more than the invoice, (?P<whole>{_MONEY})",
            _("%(sum)s est plus que la facture, %(whole)s."),
        ),
        (
            rf"(?P<sum>{_MONEY}) is not less than the (?P<open>{_MONEY}) owed",
            _("%(sum)s n’est pas moins que ce qui est dû, %(open)s : un paiement suffit."),
        ),
        (r"payment_reversed: no payment of this case matches", _("Aucun paiement du dossier n’a ce montant.")),
        (
            rf"payment_reversed: (?P<sum>{_MONEY}) is more than the (?P<open>{_MONEY}) still standing",
            _("%(sum)s est plus que ce qui reste de ce paiement, %(open)s."),
        ),
        (r"dispute_settled: no dispute is open", _("Aucun litige n’est ouvert sur ce dossier.")),
        (r"resume: nothing that resume could end", _("Rien de ce qui suspend ce dossier ne peut être levé ainsi.")),
    )
)  # fmt: skip


def told(formats: Formats, translate: Callable[..., Any], sentence: str) -> Markup:
    """The refusal as a piece of the page."""
    for pattern, words in _KNOWN:
        found = pattern.search(sentence)
        if found is not None:
            return escape(translate(words, **{name: _shown(formats, said) for name, said in found.groupdict().items()}))
    return Markup('<span lang="en">{}</span>').format(sentence)


def _shown(formats: Formats, said: str) -> str:
    """A value of the sentence as the language writes it."""
    return french_values(said) if formats.language == "fr" else said
