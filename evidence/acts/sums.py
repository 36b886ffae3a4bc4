"""What is claimed: the table of sums with basis and pieces, and the demands drawn from it. Pure.

Every amount is the décompte's; nothing is summed here but what it sums.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from evidence.acts.blocks import Block, paragraph, table
from evidence.acts.pieces import Pieces
from letters.typography import NBSP, amount, long_date
from rules.brief import Brief
from rules.law import Decompte
from rules.law.kinds import DebtorKind

CONTRACT = "1103 C. civ."
PUBLIC_CONTRACT = "contrat"
"""Against a public body the contract is the ground, and no article of the civil code."""


def sums(brief: Brief, pieces: Pieces) -> list[Block]:
    """The boxes « sommes demandées » of the form: amount, basis, supporting documents."""
    counted = brief.decompte
    proof = pieces.numbers("invoice")
    ground = PUBLIC_CONTRACT if brief.debtor.kind is DebtorKind.PUBLIC_BODY else CONTRACT
    rows = [["Principal", _money(brief, due(counted)), ground, proof]]
    if counted.interest:
        name = f"{interest_name(brief)} arrêtés au {long_date(counted.interest_to, 'fr')}"
        articles = " ; ".join(dict.fromkeys(line.article for line in counted.lines))
        rows.append([name, _money(brief, counted.interest), articles, pieces.numbers("decompte")])
    if counted.indemnity:
        count = len(counted.indemnities)
        each = f" ({count}{NBSP}× {_money(brief, counted.indemnities[0].amount)})" if count > 1 else ""
        article = counted.indemnities[0].article if counted.indemnities else "L441-10 II C. com."
        rows.append([f"Indemnité forfaitaire{each}", _money(brief, counted.indemnity), article, proof])
    rows += [["Clause pénale", "néant", "–", "–"], ["Frais accessoires", "néant", "–", "–"]]
    total = ["Total", _money(brief, counted.exigible), "", ""]
    shown = table(
        ("Somme", "Montant", "Fondement", "Pièces"), ("left", "right", "left", "left"), rows, total, fill=2
    )  # fmt: skip
    return [shown, *(paragraph(text) for text in _remarks(brief))]


def due(counted: Decompte) -> Decimal:
    """The principal that may be asked for: what is not yet due stays out."""
    return counted.principal - counted.not_yet_due


def interest_name(brief: Brief) -> str:
    """Penalties between professionals, interest for all others."""
    return "Intérêts" if brief.debtor.kind is DebtorKind.CONSUMER else "Intérêts et pénalités de retard"


def running_rate(brief: Brief) -> str:
    """The rate at which interest goes on after the décompte, in words."""
    match brief.debtor.kind:
        case DebtorKind.BUSINESS if brief.creditor.agreed_rate is not None:
            return f"au taux convenu de {_percent(brief.creditor.agreed_rate)} l’an (art. L441-10 II C. com.)"
        case DebtorKind.BUSINESS:
            return "au taux de refinancement de la BCE majoré de dix points, par semestre (art. L441-10 II C. com.)"
        case DebtorKind.PUBLIC_BODY:
            return "au taux de refinancement de la BCE majoré de huit points (art. R2192-31 CCP)"
        case _:
            return "au taux légal (art. 1231-6 et 1344-1 C. civ.)"


def asked(brief: Brief) -> Iterator[str]:
    """The sums, one demand each, without the verb."""
    counted = brief.decompte
    yield f"{_money(brief, due(counted))} en principal"
    if counted.interest:
        yield (
            f"{_money(brief, counted.interest)} au titre des intérêts arrêtés au {long_date(counted.interest_to, 'fr')}"
        )
    after = long_date(counted.interest_to + timedelta(days=1), "fr")
    yield (
        f"les intérêts sur le principal restant dû, à compter du {after} et jusqu’à parfait paiement, "
        f"{running_rate(brief)}"
    )
    if counted.indemnity:
        yield f"{_money(brief, counted.indemnity)} au titre de l’indemnité forfaitaire pour frais de recouvrement"


def _remarks(brief: Brief) -> Iterator[str]:
    counted = brief.decompte
    if counted.daily:
        yield (
            f"Au-delà du {long_date(counted.interest_to, 'fr')}, les intérêts courent à raison de "
            f"{_money(brief, counted.daily)} par jour, au taux en vigueur à cette date."
        )
    if counted.not_yet_due:
        yield f"Ne sont pas demandés : {_money(brief, counted.not_yet_due)} non encore échus."


def _money(brief: Brief, value: Decimal) -> str:
    return amount(value, brief.invoice.currency, "fr")


def _percent(rate: Decimal) -> str:
    return f"{rate:f}".replace(".", ",") + f"{NBSP}%"
