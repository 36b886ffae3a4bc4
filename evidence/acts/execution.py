"""What a commissaire de justice is given to enforce a title: the parties, the title, the sums with its costs. Pure."""

from collections.abc import Iterator
from datetime import date

from evidence.acts import parties
from evidence.acts.blocks import Act, Block, fields, heading, note, paragraph, table
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import due, interest_name
from evidence.manifest import Piece
from letters.typography import amount, long_date
from rules.brief import Brief, TitleHeld
from rules.law import Procedure
from rules.money import total

_TITLES: dict[str, str] = {
    Procedure.ORDER: "ordonnance d’injonction de payer",
    Procedure.INTERIM: "ordonnance de référé, exécutoire par provision",
    Procedure.SUMMONS: "jugement",
    Procedure.SMALL_CLAIM: "titre délivré par un commissaire de justice (art. L125-1 CPCE)",
    Procedure.UNCONTESTED: "procès-verbal de non-contestation rendu exécutoire (art. L126-1 à L126-5 CPCE)",
}


def execution(brief: Brief, title: TitleHeld, pieces: tuple[Piece, ...]) -> Act:
    """The demand, with the account on the day of the file."""
    found = Pieces(pieces)
    return Act(
        file="demande_d_execution.pdf",
        title="Demande d’exécution",
        subtitle="titre exécutoire à remettre avec ce dossier",
        addressee=("À un commissaire de justice", "(étude à choisir)"),
        blocks=(
            heading("Créancier"),
            parties.creditor_fields(brief),
            heading("Débiteur"),
            parties.debtor_fields(brief),
            heading("Titre exécutoire"),
            *_title(title, found),
            heading("Sommes dues"),
            *_sums(brief, title),
            heading("Rappel des faits"),
            *facts(brief, found),
            heading("Pièces jointes"),
            bordereau(pieces),
            signatory(brief, "Signature du créancier"),
        ),
    )  # fmt: skip


def _title(title: TitleHeld, pieces: Pieces) -> Iterator[Block]:
    def day(value: date | None) -> str:
        return long_date(value, "fr") if value is not None else ""

    yield fields(
        ("Nature", _TITLES.get(title.procedure, "décision")),
        ("Rendu par", title.court or ""),
        ("Le, sous le numéro", ", ".join(part for part in (day(title.ruled_on), title.reference or "") if part)),
        ("Signifié le", day(title.served_on)),
        ("Exécutoire le", day(title.enforceable_on)),
        ("À exécuter au plus tard le", f"{day(title.until)} (art. L111-4 CPCE)" if title.until else ""),
    )
    yield paragraph("Le créancier demande au commissaire de justice de procéder à l’exécution de ce titre.")
    if not pieces.of("judicial"):
        yield note("Le titre n’est pas au dossier : y joindre l’original et son acte de signification.")


def _sums(brief: Brief, title: TitleHeld) -> Iterator[Block]:
    counted, currency = brief.decompte, brief.invoice.currency
    owed = [
        ("Principal", due(counted)),
        (f"{interest_name(brief)} arrêtés au {long_date(counted.interest_to, 'fr')}", counted.interest),
        ("Indemnité forfaitaire", counted.indemnity),
        ("Frais accordés (art. L111-8 CPCE)", title.costs),
    ]
    rows = [[name, amount(value, currency, "fr")] for name, value in owed if value]
    sums = ("Total", amount(total(value for _, value in owed), currency, "fr"))
    yield table(("Somme", "Montant"), ("left", "right"), rows, sums)
    if counted.daily:
        daily = amount(counted.daily, currency, "fr")
        yield paragraph(f"Les intérêts courent ensuite à raison de {daily} par jour, au taux en vigueur à cette date.")
    yield note("Vérifier chaque somme sur le titre : seul ce qu’il accorde s’exécute.")
