"""A mapping proposed for somebody else's export, by the names that accounting gives its columns in French and in
English. Pure.

A proposal, for a person to read. Only whole names are known, never parts of them: « Montant HT » must not pass for the
total, and what is not certain is left open rather than guessed.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.columns import COLUMNS, REQUIRED
from intake.lines import UTF_8

SAMPLE = 1000
"""Rows that are looked at for the words of a column."""
WINDOWS = "windows-1252"
_MOST_WORDS = 20
_SMALL = frozenset(["a", "au", "d", "de", "des", "du", "l", "la", "le", "les", "of", "the"])
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

NAMES: dict[str, tuple[str, ...]] = {
    "number": (
        "numero facture", "n facture", "no facture", "num facture", "reference facture", "ref facture",
        "facture", "numero piece", "n piece", "no piece", "num piece", "piece", "invoice number", "invoice no",
        "invoice id", "invoice", "number", "numero",
    ),
    "issued_on": (
        "date facture", "date facturation", "date emission", "emise", "date piece", "invoice date", "issue date",
        "issued on", "issued", "date",
    ),
    "due_on": ("date echeance", "echeance", "echeance facture", "date limite paiement", "due date", "due on", "due"),
    "total": (
        "montant ttc", "total ttc", "ttc", "montant facture ttc", "montant total ttc", "total facture ttc",
        "invoice amount", "total amount", "gross amount", "amount incl vat", "total incl vat", "total",
    ),
    "already_paid": ("deja regle", "deja paye", "montant regle", "montant paye", "acompte", "acomptes", "paid amount",
                     "amount paid", "already paid"),
    "currency": ("devise", "monnaie", "code devise", "currency"),
    "order_reference": ("bon commande", "numero commande", "n commande", "no commande", "reference commande",
                        "commande", "purchase order", "order number", "order reference", "po"),
    "performed_on": ("date livraison", "date prestation", "delivery date", "performed on"),
    "owner": ("commercial", "charge clientele", "gestionnaire", "owner", "account manager"),
    "segment": ("segment", "categorie client", "famille client"),
    "debtor_id": ("code client", "numero client", "n client", "no client", "num client", "compte client",
                  "compte tiers", "code tiers", "customer id", "customer number", "customer no", "customer code",
                  "client id", "id client"),
    "debtor_name": ("raison sociale", "nom client", "client", "intitule client", "intitule tiers", "nom", "societe",
                    "customer name", "customer", "company", "company name", "name"),
    "debtor_kind": ("type client", "type tiers", "nature client", "type", "customer type", "kind"),
    "debtor_siren": ("siren", "n siren", "numero siren", "siren client"),
    "debtor_email": ("email", "e mail", "mail", "courriel", "adresse mail", "adresse email", "adresse e mail",
                     "email client", "email facturation", "email address"),
    "debtor_phone": ("telephone", "tel", "tel client", "telephone client", "phone", "phone number"),
    "debtor_language": ("langue", "language"),
    "debtor_legal_form": ("forme juridique", "legal form"),
    "debtor_address_lines": ("adresse", "adresse facturation", "rue", "adresse 1", "address", "street", "address 1"),
    "debtor_postal_code": ("code postal", "cp", "postal code", "postcode", "zip", "zip code"),
    "debtor_city": ("ville", "commune", "city", "town"),
    "debtor_country": ("pays", "code pays", "country", "country code"),
}  # fmt: skip
"""Each field's names, the surest first, without accents, small words and marks."""

KINDS = {
    "business": "societe entreprise professionnel professionnels pro b2b business company",
    "consumer": "particulier particuliers consommateur b2c consumer individual",
    "public_body": "public collectivite administration mairie etat b2g public_body",
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}


@dataclass(frozen=True)
class Proposal:
    """``columns``: the header that fills each field; ``aside``: headers that fill none; ``open``: required fields that
    nothing fills; ``kinds``: what the words of the kind's column mean, "" where nobody knows; ``encoding``: how the
    text is written."""

    columns: dict[str, str]
    aside: tuple[str, ...]
    open: tuple[str, ...]
    constants: dict[str, str]
    kinds: dict[str, str]
    encoding: str = UTF_8


def encoding_of(start: bytes) -> str:
    """How a text that begins so is written: UTF-8, else what French spreadsheets write."""
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(start)
    except UnicodeDecodeError:
        return WINDOWS
    return UTF_8


def propose(header: Sequence[str], rows: Iterable[Sequence[str]], creditors: Sequence[str]) -> Proposal:
    """The mapping that the names of the columns suggest; ``creditors``: the keys that the creditors file knows."""
    columns = _columns([name for name in header if name])
    kind = columns.get("debtor_kind")
    words = _words(rows, header.index(kind)) if kind is not None else []
    constants = {"creditor": creditors[0]} if len(creditors) == 1 else {}
    return Proposal(
        columns=columns,
        aside=tuple(name for name in header if name and name not in columns.values()),
        open=tuple(field for field in REQUIRED if field not in {*columns, *constants}),
        constants=constants,
        kinds={word: _KIND_OF.get(plain_name(word), "") for word in words},
    )


def plain_name(name: str) -> str:
    """A column's name without accents, capitals, marks and small words: « N° de la facture » is « n facture »."""
    spaced = _CAMEL.sub(" ", name)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", spaced.lower()) if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", bare.replace("n°", "n ").replace("°", " "))
    return " ".join(word for word in words if word not in _SMALL)


def _columns(header: Sequence[str]) -> dict[str, str]:
    """Each field's column: the surest of its names that a column bears. No column fills two fields."""
    plain = {name: plain_name(name) for name in header}
    known = {name: name.lower() for name in header if name.lower() in COLUMNS}
    found = {field: name for name, field in known.items()}
    for field, names in NAMES.items():
        taken = set(found.values())
        for wanted in names if field not in found else ():
            bearing = [name for name in header if plain[name] == wanted and name not in taken]
            if len(bearing) == 1:
                found[field] = bearing[0]
                break
    return {field: found[field] for field in COLUMNS if field in found}


def _words(rows: Iterable[Sequence[str]], place: int) -> list[str]:
    """The words of a column, as often as they come; none when they are too many to be kinds."""
    seen: dict[str, int] = {}
    for row in rows:
        word = row[place].strip() if place < len(row) else ""
        if word:
            seen[word] = seen.get(word, 0) + 1
    return sorted(seen, key=lambda word: (-seen[word], word)) if len(seen) <= _MOST_WORDS else []
