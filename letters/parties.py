"""Who writes and to whom, as the lines of a letterhead, an address window, a contact and a footer. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr

from babel import Locale

from letters.labels import LABELS
from letters.typography import LOCALES, NBSP, clean, iban_groups, phone_groups, siren_groups
from rules.creditor import Creditor
from rules.invoice import Address, Debtor
from rules.letter import Letter

CODE_LAST = frozenset({"GB", "IE", "US", "CA", "AU", "NZ"})
"""Countries whose post wants the code after the town (UPU addressing)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the debtor may turn to; an empty string where nothing is known."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay: account in groups of four, its holder, the reference to quote, a mention of the factor."""

    iban: str
    bic: str
    holder: str
    reference: str
    mention: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: name and capacity, either may be empty."""

    name: str
    capacity: str


def country_name(code: str, language: str) -> str:
    """The country in capitals, as the post wants the last line; the code itself when it is unknown."""
    return str(Locale.parse(LOCALES[language]).territories.get(code.upper(), code)).upper()


def address_lines(address: Address | None, *, abroad_from: str, language: str) -> tuple[str, ...]:
    """The lines of an address below the name; the country only when it is not ``abroad_from``."""
    if address is None:
        return ()
    lines = [clean(line) for line in address.lines]
    town = (address.city, address.postal_code) if address.country in CODE_LAST else (address.postal_code, address.city)
    lines.append(clean(" ".join(town)))
    if address.country.upper() != abroad_from.upper():
        lines.append(country_name(address.country, language))
    return tuple(line for line in lines if line)


def recipient(debtor: Debtor, creditor: Creditor, language: str) -> tuple[str, ...]:
    """The address block of the window: the debtor's exact name, then its address."""
    name = clean(debtor.legal_name or debtor.name, 120)
    where = address_lines(debtor.address, abroad_from=creditor.address.country, language=language)
    return (name, *where)


def identity_of(debtor: Debtor) -> str:
    """The debtor's legal identity in one line, of what is known: form, SIREN, RCS."""
    parts = [clean(debtor.legal_form or "")]
    if debtor.siren:
        parts.append(f"SIREN{NBSP}{siren_groups(clean(debtor.siren))}")
    if debtor.rcs:
        parts.append(f"RCS{NBSP}{clean(debtor.rcs)}")
    return ", ".join(part for part in parts if part)


def letterhead(creditor: Creditor, language: str) -> tuple[str, ...]:
    """What stands under the creditor's name at the head of a letter."""
    lines = list(address_lines(creditor.address, abroad_from=creditor.address.country, language=language))
    if creditor.phone:
        lines.append(phone_groups(clean(creditor.phone)))
    lines.append(clean(creditor.email))
    return tuple(lines)


def legal_line(creditor: Creditor, language: str) -> str:
    """The footer: name, form, capital, register, VAT number, seat (art. R123-237 and R123-238 C. com.)."""
    words = LABELS[language]
    parts = [clean(creditor.name)]
    if creditor.legal_form:
        form = clean(creditor.legal_form)
        parts.append(f"{form} {words['capital']} {capital_of(creditor.capital)}" if creditor.capital else form)
    if creditor.siren:
        siren = siren_groups(clean(creditor.siren))
        parts.append(f"{siren} RCS {clean(creditor.rcs)}" if creditor.rcs else f"SIREN {siren}")
    if creditor.vat:
        parts.append(f"{words['vat']}{NBSP}{clean(creditor.vat)}")
    seat = address_lines(creditor.address, abroad_from=creditor.address.country, language=language)
    if seat:
        parts.append(
            f"{words['seat']}{NBSP}: {', '.join(seat)}" if language == "fr" else f"{words['seat']}: {', '.join(seat)}"
        )
    return " – ".join(parts)


def capital_of(text: str) -> str:
    """« 50 000 € » of a plain number; any other text as the creditor wrote it."""
    bare = clean(text).replace(" ", "").removesuffix("€").replace(",", ".")
    if not bare.replace(".", "", 1).isdigit():
        return clean(text)
    value = Decimal(bare)
    grouped = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
    return grouped.replace(",", "\u202f").replace(".", ",") + f"{NBSP}€"


def contact_of(creditor: Creditor) -> Contact:
    """The creditor's contact: ``contact`` may be a name, an address, or « Name <address> »."""
    given = creditor.contact or ""
    name, email = parseaddr(given) if "@" in given else (given, "")
    return Contact(
        name=clean(name, 120),
        phone=phone_groups(clean(creditor.phone or "")),
        email=clean(email or creditor.email),
    )


def sender_name(creditor: Creditor) -> str:
    """The service that writes: the display name of the sender, else the creditor's."""
    return clean(parseaddr(creditor.sender)[0] or creditor.name, 120)


def payment_of(letter: Letter) -> Payment:
    """How to pay what the letter asks for. The BIC is the creditor's own account's, so a factor has none."""
    numbers = [clean(item.number) for item in letter.items]
    payee, creditor = letter.payee, letter.creditor
    return Payment(
        iban=iban_groups(letter.iban) if letter.iban else "",
        bic=clean(creditor.bic or "") if payee is None else "",
        holder=clean(payee.name if payee else creditor.name, 120),
        reference=numbers[0] if len(numbers) == 1 else clean(letter.debtor.id),
        mention=clean(payee.mention or "", 600) if payee else "",
    )


def signature_of(letter: Letter) -> Signature:
    """A formal letter is signed by the representative with the capacity; any other by the signatory or the service."""
    creditor = letter.creditor
    if letter.formal and creditor.representative is not None:
        return Signature(clean(creditor.representative.name), clean(creditor.representative.capacity))
    return Signature(clean(creditor.signatory or contact_of(creditor).name), "")
