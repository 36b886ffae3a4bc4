"""The declaration of a claim in the debtor's insolvency (art. L622-24, L622-25, R622-23 C. com.). Pure."""

from collections.abc import Iterator

from evidence.acts import parties
from evidence.acts.blocks import Act, Block, blank, choice, fields, heading, note, paragraph, table
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import due
from evidence.manifest import Piece
from evidence.sentences import PROCEEDINGS
from evidence.wording import short_day
from letters.typography import amount, long_date
from rules.brief import Brief
from rules.money import ZERO


def declaration(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The declaration, addressed to the mandataire or liquidateur when his name is known."""
    opened = brief.insolvency
    who = opened.representative if opened is not None and opened.representative else ""
    ends = opened is not None and opened.procedure == "liquidation"
    title = "liquidateur" if ends else "mandataire judiciaire"
    return Act(
        file="declaration_de_creance.pdf",
        title="Déclaration de créance",
        subtitle="articles L622-24, L622-25 et R622-23 du code de commerce",
        addressee=(who, title) if who else (f"Au {title}", "(nom et adresse à compléter)"),
        blocks=(
            *procedure(brief),
            heading("Créancier"),
            parties.creditor_fields(brief),
            heading("Débiteur"),
            parties.debtor_fields(brief),
            heading("Créance au jour du jugement d’ouverture"),
            *claim(brief),
            heading("Origine de la créance"),
            *facts(brief, Pieces(pieces)),
            heading("Sûretés et instances en cours"),
            *_securities(),
            heading("Pièces jointes"),
            bordereau(pieces),
            paragraph("Le créancier certifie sincère la créance déclarée ci-dessus."),
            signatory(brief, "Signature du créancier ou de son préposé ou mandataire"),
            note(
                "À envoyer par lettre recommandée avec avis de réception : c’est la date d’envoi qui compte, et la "
                "preuve de l’envoi comme de son contenu est à conserver."
            ),
        ),
    )  # fmt: skip


def procedure(brief: Brief, *, late: bool = False) -> Iterator[Block]:
    """The debtor's insolvency; ``late``: the last day to declare has gone by."""
    opened = brief.insolvency
    yield heading("Procédure")
    if opened is None:
        yield blank("À compléter", "Nature de la procédure", "Tribunal et date du jugement", "Publication au BODACC")
        return
    by = "Était à déclarer le" if late else "À déclarer au plus tard le"
    yield fields(
        ("Nature", PROCEEDINGS.get(opened.procedure, opened.procedure)),
        ("Tribunal", opened.court or ""),
        ("Jugement d’ouverture", long_date(opened.opened_on, "fr")),
        ("Publication au BODACC", long_date(opened.published_on, "fr") if opened.published_on else ""),
        (by, long_date(opened.declare_by, "fr") if opened.declare_by else ""),
    )


def claim(brief: Brief) -> Iterator[Block]:
    """What was due, what is to fall due and when, how interest was counted and why it stopped."""
    counted, currency = brief.decompte, brief.invoice.currency
    rows = [["Principal échu", amount(due(counted), currency, "fr")]]
    later = [debt for debt in counted.balances if debt.due_on > counted.as_of and debt.principal > ZERO]
    rows += [[f"À échoir le {short_day(debt.due_on)}", amount(debt.principal, currency, "fr")] for debt in later]
    rows.append(["Intérêts et pénalités courus", amount(counted.interest, currency, "fr")])
    rows.append(["Indemnité forfaitaire", amount(counted.indemnity, currency, "fr")])
    yield table(("Somme", "Montant"), ("left", "right"), rows, ("Total déclaré", amount(counted.total, currency, "fr")))
    articles = " ; ".join(dict.fromkeys(line.article for line in counted.lines))
    basis = f", calculés ligne à ligne au décompte joint ({articles})" if articles else ""
    yield paragraph(
        f"Les intérêts sont arrêtés au {long_date(counted.interest_to, 'fr')}{basis} : leur cours s’arrête au jugement "
        "d’ouverture, sauf prêt ou paiement différé d’un an ou plus (art. L622-28 C. com.)."
    )


def _securities() -> Iterator[Block]:
    yield choice(
        "Créance chirographaire, sans sûreté.",
        "Créance privilégiée ou assortie d’une sûreté (réserve de propriété, gage, nantissement …) : nature et "
        "assiette ci-dessous.",
    )
    yield blank("Le cas échéant", "Nature et assiette de la sûreté", "Juridiction saisie, si une instance est en cours")
