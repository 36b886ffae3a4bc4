"""The statement, the sums and the account as lines of plain text that read well in any font. Pure."""

from letters.claim import Claim
from letters.parties import Contact, Payment
from letters.tables import Row, Table

Labels = dict[str, str]


def statement(table: Table, label: Labels, language: str) -> list[str]:
    """Two lines for each invoice, and the totals when there are several."""
    lines: list[str] = []
    for row in table.rows:
        lines += [_head(row, label, language), "  " + _figures(row, table, label, language)]
        if row.details:
            lines.append("  " + row.details)
    if table.summed:
        lines.append(f"{label['sum']}")
        lines.append("  " + _figures(table.sums, table, label, language))
    return lines


def listed(label: Labels, count: str, *, attached: bool) -> str:
    """What stands where the statement would, when its many invoices are listed after the message."""
    return label["below_attached" if attached else "below"].format(count)


def parts(row: Row, table: Table, label: Labels) -> list[str]:
    """What stands under a balance: of which amount, paid, disputed, asked; only what differs from the balance."""
    asked = row.asked if table.has_asked and row.asked != row.balance else ""
    pairs = [
        (label["of"], row.total if row.total != row.balance else ""),
        (label["settled"], row.settled if table.has_settled else ""),
        (label["disputed"], row.disputed if table.has_disputed else ""),
        (label["asked"], asked),
    ]
    return [f"{name} {value}" for name, value in pairs if value]


def sums(claim: Claim, label: Labels, language: str) -> list[str]:
    """The claim part by part, with its total."""
    pairs = [(label["principal"], claim.principal)]
    if claim.interest:
        pairs.append((f"{label['interest']} {claim.interest_to}", claim.interest))
    if claim.indemnity:
        counted = f" ({claim.indemnity_count})" if claim.indemnity_count else ""
        pairs.append((label["indemnity"] + counted, claim.indemnity))
    if claim.others:
        pairs.append((label["others"], claim.others))
    pairs.append((f"{label['grand_total']} {claim.total_on}", claim.total))
    return [f"  {_pair(name, value, language)}" for name, value in pairs]


def payment(how: Payment, label: Labels, language: str) -> list[str]:
    """Account, holder, reference: what a transfer needs, and the factor's mention."""
    pairs = [("IBAN", how.iban), ("BIC", how.bic), (label["holder"], how.holder if how.iban else "")]
    pairs.append((label["reference"], how.reference))
    lines = [f"  {_pair(name, value, language)}" for name, value in pairs if value]
    return [*lines, *([how.mention] if how.mention else [])]


def contact(who: Contact, signed: str) -> str:
    """Name, telephone and address on one line, of what is known; the name not again under a signature of it."""
    name = "" if who.name == signed else who.name
    return " – ".join(part for part in (name, who.phone, who.email) if part)


def _head(row: Row, label: Labels, language: str) -> str:
    of = " du " if language == "fr" else " of "
    due = f"{label['due'].lower()} {row.due}"
    return f"{label['invoice']} {row.number}{of}{row.issued}, {due} ({row.late_long})"


def _figures(row: Row, table: Table, label: Labels, language: str) -> str:
    pairs = [
        (label["total"], row.total),
        (label["settled"], row.settled if table.has_settled else ""),
        (label["disputed"], row.disputed if table.has_disputed else ""),
        (label["balance"], row.balance),
        (label["asked"], row.asked if table.has_asked else ""),
    ]
    return " | ".join(_pair(name.replace(" ", "\u00a0"), value, language) for name, value in pairs if value)


def _pair(name: str, value: str, language: str) -> str:
    return f"{name}\u00a0:\u00a0{value}" if language == "fr" else f"{name}:\u00a0{value}"
