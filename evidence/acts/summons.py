"""The assignation, on the merits or en référé-provision (art. 54, 56, 648, 835 and 873 CPC). Pure.

The hearing's date and the commissaire de justice's own part are left open: nobody but he can fill them in.
"""

from collections.abc import Iterator

from evidence.acts import courts, parties
from evidence.acts.blocks import Act, Block, blank, demands, formula, heading, note, paragraph
from evidence.acts.closing import bordereau
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import asked, sums
from evidence.manifest import Piece
from letters.typography import long_date
from rules import events as e
from rules.brief import Brief
from rules.law import Procedure
from rules.law.courts import CIVIL, COMMERCIAL, Court
from rules.law.kinds import DebtorKind


def summons(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The assignation of a file: en référé when that is its procedure, else on the merits."""
    interim = brief.procedure == Procedure.INTERIM
    found = Pieces(pieces)
    articles = f"article {_article(brief)}" if interim else "articles 54 et 56"
    return Act(
        file="assignation_refere.pdf" if interim else "assignation.pdf",
        title="Assignation en référé-provision" if interim else "Assignation en paiement",
        subtitle=f"{articles} du code de procédure civile",
        addressee=courts.before(brief.proposal, interim=interim),
        blocks=(
            *_service(brief, interim=interim),
            heading("Faits"),
            *facts(brief, found),
            heading("Discussion"),
            *(paragraph(text) for text in _law(brief, interim=interim)),
            *sums(brief, found),
            heading("Diligences en vue d’une résolution amiable"),
            *_amicable(brief, found),
            formula("PAR CES MOTIFS"),
            *_demands(brief, interim=interim),
            heading("Bordereau des pièces sur lesquelles la demande est fondée"),
            bordereau(pieces),
        ),
    )  # fmt: skip


def _service(brief: Brief, *, interim: bool) -> Iterator[Block]:
    """The commissaire's part, the parties, the hearing, and what the defendant must know of it."""
    yield blank(
        "Réservé au commissaire de justice (art. 648 CPC)",
        "L’an et le jour",
        "Commissaire de justice, étude",
        "Modalités de remise de l’acte",
    )
    yield heading("À la demande de")
    yield paragraph(f"{parties.creditor_sentence(brief.creditor)}.")
    yield parties.lawyer_blank(brief.proposal.lawyer_required if brief.proposal is not None else None)
    yield heading("Il est donné assignation à")
    yield paragraph(f"{parties.debtor_sentence(brief.debtor, brief.creditor.address.country)}.")
    yield heading("À comparaître")
    judge = courts.before(brief.proposal, interim=interim)[0]
    yield paragraph(f"{judge}{', statuant en référé' if interim else ''}, à l’audience :")
    yield blank("Date communiquée par le greffe", "Le", "À (heure)", "Lieu et salle")
    yield from _warnings(brief)


def _warnings(brief: Brief) -> Iterator[Block]:
    """How to appear (56 CPC), and the days the claimant must keep."""
    lawyer = brief.proposal.lawyer_required if brief.proposal is not None else None
    how = {
        True: "Le défendeur est tenu de constituer avocat pour comparaître.",
        False: "Le défendeur peut comparaître en personne, se faire assister ou se faire représenter.",
        None: "La représentation par avocat est à vérifier avant la délivrance de l’acte.",
    }[lawyer]
    yield paragraph(
        f"{how} À défaut de comparaître, il s’expose à ce qu’une décision soit rendue contre lui sur les seuls "
        "éléments fournis par le demandeur (art. 56 CPC). Les pièces invoquées sont énumérées à la fin du présent acte."
    )
    if _court(brief) in COMMERCIAL - CIVIL:
        yield note(
            "À délivrer quinze jours au moins avant l’audience (art. 856 CPC), copie remise au greffe huit jours au "
            "moins avant elle, à peine de caducité (art. 857 CPC) ; en référé, délais à confirmer."
        )


def _law(brief: Brief, *, interim: bool) -> Iterator[str]:
    yield (
        "Les contrats légalement formés tiennent lieu de loi à ceux qui les ont faits (art. 1103 C. civ.). Celui qui "
        "réclame l’exécution d’une obligation doit la prouver, et celui qui se prétend libéré doit justifier le "
        "paiement (art. 1353 C. civ.) : le débiteur ne justifie d’aucun paiement autre que ceux portés ci-dessus."
    )
    if interim:
        yield (
            "L’existence de l’obligation n’est pas sérieusement contestable : une provision peut être accordée, "
            f"jusqu’à la totalité de la somme, sans que l’urgence ait à être établie (art. {_article(brief)} CPC)."
        )
    if brief.debtor.kind is DebtorKind.BUSINESS:
        yield (
            "Les pénalités de retard et l’indemnité forfaitaire sont dues de plein droit entre professionnels "
            "(art. L441-10 II et D441-5 C. com.)."
        )
    else:
        yield "Les intérêts sont dus au taux légal à compter de la mise en demeure (art. 1231-6 et 1344-1 C. civ.)."


def _amicable(brief: Brief, pieces: Pieces) -> Iterator[Block]:
    """54 5° CPC: what was tried, or why nothing had to be."""
    yield paragraph(
        "Avant d’agir, le créancier a relancé le débiteur et l’a mis en demeure, en l’invitant à faire connaître toute "
        f"difficulté {pieces.of('reminder', 'formal_notice')}.".replace(" .", ".")
    )
    ended = [x for one in brief.claims for x in one.events if isinstance(x, e.MediationEnded)]
    for event in ended:
        outcome = "par un accord" if event.outcome == "agreement" else "sans accord"
        yield paragraph(f"Une médiation ou conciliation a pris fin {outcome} le {long_date(event.ended_on, 'fr')}.")
    if brief.proposal is not None and brief.proposal.amicable_attempt_required and not ended:
        yield note(
            "Demande d’un montant pour lequel une conciliation, une médiation ou une procédure participative doit "
            "précéder l’acte, à peine d’irrecevabilité (art. 750-1 CPC) : la tentative ou le motif de dispense est à "
            "indiquer ci-dessous."
        )
        yield blank("Tentative amiable préalable ou motif de dispense (art. 54 5° CPC)", "Nature et date", "Issue")


def _demands(brief: Brief, *, interim: bool) -> Iterator[Block]:
    name, how = brief.debtor.legal_name or brief.debtor.name, ", à titre de provision" if interim else ""
    judge = "au juge des référés" if interim else "à la juridiction"
    yield paragraph(f"Il est demandé {judge} de condamner {name} à payer à {brief.creditor.name}{how} :")
    yield demands(f"{text} ;" for text in asked(brief))
    yield paragraph(
        "de condamner le défendeur aux dépens et de rappeler que l’exécution provisoire est de droit (art. 514 CPC)."
    )
    yield note(
        "L’article 700 CPC, la capitalisation des intérêts (art. 1343-2 C. civ.) et toute demande de dommages et "
        "intérêts relèvent du choix de l’avocat ou du créancier : ils ne sont pas ajoutés ici."
    )


def _court(brief: Brief) -> Court | None:
    return Court(brief.proposal.court) if brief.proposal is not None and brief.proposal.court else None


def _article(brief: Brief) -> str:
    return "873 alinéa 2" if _court(brief) in COMMERCIAL - CIVIL else "835 alinéa 2"
