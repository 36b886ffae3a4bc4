"""The requête en injonction de payer (art. 54, 57 and 1405 to 1408 CPC), in the order of the official form. Pure."""

from collections.abc import Iterator

from evidence.acts import courts, parties
from evidence.acts.blocks import Act, Block, blank, choice, demands, fields, heading, paragraph
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import asked, sums
from evidence.manifest import Piece
from letters.typography import clean
from rules.brief import Brief
from rules.law.kinds import DebtorKind


def order(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The requête of a file; the boxes are those of the form of the judge (``proposal.form``)."""
    route, found = brief.proposal, Pieces(pieces)
    form = f" – rubriques du formulaire {route.form}" if route is not None and route.form else ""
    return Act(
        file="requete.pdf",
        title="Requête en injonction de payer",
        subtitle=f"articles 1405 à 1425 du code de procédure civile{form}",
        addressee=courts.president(route),
        blocks=(
            *_heads(brief),
            heading("Faits"),
            *facts(brief, found),
            heading("Fondement"),
            *(paragraph(text) for text in _grounds(brief)),
            heading("Sommes demandées"),
            *sums(brief, found),
            heading("Demande"),
            *_demand(brief),
            heading("Pièces jointes"),
            bordereau(pieces),
            signatory(brief),
        ),
    )


def _heads(brief: Brief) -> Iterator[Block]:
    route = brief.proposal
    yield heading("Demandeur")
    yield parties.creditor_fields(brief)
    yield heading("Débiteur")
    yield parties.debtor_fields(brief)
    yield heading("Juridiction")
    yield fields(("Juge saisi", courts.judge_of_order(route)), ("Ressort du débiteur", _home(brief)))
    why = next((reason for reason in route.reasons if "L721-3" in reason.article), None) if route else None
    matter = f" Compétence d’attribution : {why.text} ({why.article})." if why is not None else ""
    yield paragraph(
        "Le juge territorialement compétent est celui du lieu où demeure le débiteur, toute clause contraire étant "
        f"réputée non écrite (art. 1406 CPC).{matter}"
    )


def _home(brief: Brief) -> str:
    address = brief.debtor.address
    return f"{clean(address.postal_code)} {clean(address.city)}".strip() if address is not None else ""


def _grounds(brief: Brief) -> Iterator[str]:
    yield (
        "La créance a une cause contractuelle et s’élève à un montant déterminé (art. 1405 CPC). Les contrats "
        "légalement formés tiennent lieu de loi à ceux qui les ont faits (art. 1103 C. civ.)."
    )
    if brief.debtor.kind is DebtorKind.BUSINESS:
        yield (
            "Entre professionnels, les pénalités de retard sont exigibles sans rappel le jour suivant la date de "
            "règlement, avec l’indemnité forfaitaire pour frais de recouvrement (art. L441-10 II et D441-5 C. com.)."
        )
    else:
        yield (
            "Les dommages et intérêts dus à raison du retard consistent dans l’intérêt au taux légal à compter de la "
            "mise en demeure (art. 1231-6 et 1344-1 C. civ.)."
        )


def _demand(brief: Brief) -> Iterator[Block]:
    name = brief.debtor.legal_name or brief.debtor.name
    yield paragraph(
        "Le créancier soussigné a l’honneur d’exposer que le débiteur lui doit les sommes mentionnées ci-dessus et "
        f"demande qu’il soit enjoint à {name} de lui payer :"
    )
    yield demands((*(f"{text} ;" for text in asked(brief)), "les dépens."))
    yield choice(
        "En cas d’opposition, je demande que l’affaire soit immédiatement renvoyée devant la juridiction que j’estime "
        "compétente, désignée ci-dessous (art. 1408 CPC)."
    )
    yield blank("À remplir si la case est cochée", "Juridiction")
