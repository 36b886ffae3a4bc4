"""What the play of a book ends with: letters by rung, the file against the ledger, the audit, the time it took."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from benchmarks.machine import Spent, described
from demo.book.data import Settled
from demo.book.outcome import Outcome
from demo.book.play import LATE
from demo.book.proof import Proof
from demo.book.script import Script
from demo.picture import CHANNELS, Picture, amount, place_of
from rules.money import total


def letters_table(found: Outcome, picture: Picture) -> Table:
    """Invoices reminded by rung, and the messages that did it: one speaks for all of a debtor's invoices of a day."""
    table = Table(title="Relances", title_justify="left")
    table.add_column("étape")
    for column in ("factures relancées", "sautées", "messages"):
        table.add_column(column, justify="right")
    steps = {*found.rungs, *found.skipped, *(step for step, _ in picture.letters)}
    for step in sorted(steps, key=lambda step: (place_of(step), step)):
        sent = [(channel, number) for (own, channel), number in sorted(picture.letters.items()) if own == step]
        messages = ", ".join(f"{number} {CHANNELS[channel]}" for channel, number in sent)
        table.add_row(step, str(found.rungs[step]), str(found.skipped[step] or "–"), messages or "–")
    table.add_row("total", str(found.letters), "", str(picture.letters.total()), style="bold")
    return table


def file_table(book: Sequence[Settled], found: Outcome) -> Table:
    """The sums of the file beside those of the ledger."""
    table = Table(title="Le fichier et le grand livre", title_justify="left")
    table.add_column("")
    for column in ("fichier", "grand livre", "écart"):
        table.add_column(column, justify="right")
    owed = total(one.amount for one in book)
    rows = [("facturé", owed, found.invoiced), ("encaissé", owed, found.recovered)]
    for words, theirs, ours in rows:
        table.add_row(words, amount(theirs), amount(ours), amount(ours - theirs))
    table.add_row("factures", str(len(book)), str(len(found.rows)), str(len(found.rows) - len(book)))
    closed = len(found.rows) - len(found.open)
    table.add_row("payées, closes", str(len(book)), str(closed), str(closed - len(book)))
    return table


def lines(script: Script, found: Outcome, proof: Proof | None, behind: timedelta) -> list[str]:
    """The rest of the report, a sentence each."""
    ladders = ", ".join(f"{number} {name}" for name, number in found.policies.most_common())
    said = [
        f"Litiges : {script.disputes} ouverts le lendemain de la facture et rejetés la veille du paiement ; "
        f"{script.undisputed} laissés de côté, payés trop tôt pour cela.",
        f"Échelles, choisies d'après les paiements de chaque débiteur : {ladders}.",
        f"Courriers à qui avait déjà payé : {len(found.too_late)} ; croisés avec le paiement : {found.crossed}.",
        f"Dossiers non clos à la fin : {len(found.open)} ; faits refusés : {found.refused}.",
    ]
    if behind > LATE:
        said.append(_late(found, behind))
    if proof is not None:
        said.append(
            f"Audit : {proof.cases} dossiers, {proof.histories} historiques rejoués, {proof.decisions} décisions "
            f"redemandées, {len(proof.wrong)} constats, {proof.differences} différences."
        )
    return said


def _late(found: Outcome, behind: timedelta) -> str:
    """By how much the machine was late, and what came of it."""
    days = f"{behind / LATE:.1f}".replace(".", ",")
    told = f"La machine a eu jusqu'à {days} jours virtuels de retard sur l'horloge"
    if not (found.too_late or found.wrong or found.open or found.refused):
        return (
            f"{told}, sans conséquence : aucun courrier après le paiement, les sommes sont celles du fichier, "
            "tout est clos."
        )
    return f'{told} : ce qui diffère du fichier peut en venir. Jouez plus lentement, avec ARGS="--pace 1".'


def cost(spent: Spent, invoices: int, walls: dict[str, float]) -> str:
    """What it took, of the clock and of the processor."""
    parts = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in spent.by.items())
    whole = sum(spent.by.values())
    steps = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in walls.items())
    return (
        f"Durée : {sum(walls.values()):.0f} s ({steps}). Processeur pendant le jeu : {whole:.0f} s ({parts}), "
        f"{whole / invoices * 1e3:.0f} ms par facture ; d'autres programmes prenaient {spent.foreign:.0%} "
        f"de la machine ({described()})."
    )


def report(console: Console, tables: Sequence[Table], said: Sequence[str]) -> None:
    """Print it."""
    console.print()
    for table in tables:
        console.print(table)
    for line in said:
        console.print(f"  {line}", markup=False, soft_wrap=True)
