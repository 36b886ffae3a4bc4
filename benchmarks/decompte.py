"""Décomptes per second of one core's time: one invoice five years late, ten payments, eleven semesters. Aim: 2 000."""

from datetime import date
from decimal import Decimal
from time import process_time

from rules.law import DebtorKind, Decompte, DecompteFacts, Owed, Paid, Tables, builtin_tables, decompte

AIM = 2_000
SECONDS = 2.0
ROUNDS = 5


def facts() -> DecompteFacts:
    """The case: 20 000 € due on 30 September 2021, ten payments, drawn up five years later."""
    return DecompteFacts(
        owed=(Owed(invoice="F-2021-0042", due_on=date(2021, 9, 30), amount=Decimal(20_000)),),
        payments=tuple(
            Paid(on=date(2022 + n // 2, 3 + n % 2 * 6, 11), amount=Decimal(700 + n), reference=f"VIR {n}")
            for n in range(10)
        ),
        debtor_kind=DebtorKind.BUSINESS,
        as_of=date(2026, 9, 30),
    )


def measure() -> dict[str, float]:
    """Décomptes per second, the best of five rounds, and the aim."""
    case, tables = facts(), builtin_tables()
    check(decompte(case, tables, strict=True))
    best = max(_rate(case, tables, SECONDS / ROUNDS) for _ in range(ROUNDS))
    return {"decomptes_per_second": round(best), "aim": AIM}


def check(found: Decompte) -> None:
    """The case measured is the one announced."""
    if (len(found.payments), len({line.from_on.year for line in found.lines})) != (10, 6):
        raise AssertionError("the benchmark's case has changed")


def _rate(case: DecompteFacts, tables: Tables, seconds: float) -> float:
    count, start = 0, process_time()
    while process_time() - start < seconds:
        for _ in range(20):
            decompte(case, tables, strict=True)
        count += 20
    return count / (process_time() - start)


if __name__ == "__main__":
    print(measure()["decomptes_per_second"])
