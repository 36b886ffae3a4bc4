"""Who asks and who owes, with the particulars an act must give (art. 54, 57 and 648 CPC). Pure."""

from evidence.acts.blocks import Block, blank, fields
from letters.parties import address_lines, capital_of
from letters.typography import phone_groups, siren_groups
from rules.brief import Brief
from rules.creditor import Creditor
from rules.invoice import Address, Debtor
from rules.law.kinds import DebtorKind


def creditor_fields(brief: Brief) -> Block:
    """The boxes « demandeur » of the form: form, name, capital, register, seat, representative."""
    creditor = brief.creditor
    who = creditor.representative
    return fields(
        ("Dénomination", creditor.name),
        ("Forme et capital", _form(creditor)),
        ("Immatriculation", register_of(creditor.siren, creditor.rcs)),
        ("Siège social", one_line(creditor.address, creditor.address.country)),
        ("Organe qui la représente", f"{who.name}, {who.capacity}" if who is not None else ""),
        (
            "Téléphone et courriel",
            " – ".join(part for part in (phone_groups(creditor.phone or ""), creditor.email) if part),
        ),
        ("Mandataire, s’il y a lieu", ""),
    )


def debtor_fields(brief: Brief) -> Block:
    """The boxes « débiteur ». Of a natural person, birth and occupation are left open: Relance does not know them."""
    debtor, home = brief.debtor, brief.creditor.address.country
    name = debtor.legal_name or debtor.name
    if debtor.kind is DebtorKind.CONSUMER:
        return fields(
            ("Nom et prénoms", name),
            ("Domicile", one_line(debtor.address, home)),
            ("Date et lieu de naissance", ""),
            ("Profession, nationalité", ""),
        )
    return fields(
        ("Dénomination", name),
        ("Forme", debtor.legal_form or ""),
        ("Immatriculation", register_of(debtor.siren, debtor.rcs)),
        ("Siège", one_line(debtor.address, home)),
        ("Organe qui la représente", ""),
    )


def creditor_sentence(creditor: Creditor) -> str:
    """The creditor as an act names it in running text."""
    parts = [creditor.name, _form(creditor), register_of(creditor.siren, creditor.rcs)]
    seat = one_line(creditor.address, creditor.address.country)
    who = creditor.representative
    parts.append(f"dont le siège est {seat}" if seat else "")
    parts.append(f"représentée par {who.name}, {who.capacity}" if who is not None else "")
    return ", ".join(part for part in parts if part)


def debtor_sentence(debtor: Debtor, home: str) -> str:
    """The debtor as an act names it in running text."""
    where = one_line(debtor.address, home)
    person = debtor.kind is DebtorKind.CONSUMER
    name, form = debtor.legal_name or debtor.name, debtor.legal_form or ""
    parts = [name, "" if form in name.split() else form, register_of(debtor.siren, debtor.rcs)]
    parts.append("" if not where else f"demeurant {where}" if person else f"dont le siège est {where}")
    return ", ".join(part for part in parts if part)


def lawyer_blank(required: bool | None) -> Block:
    """The avocat's part; whether one is needed stands in the reasons of the route."""
    said = {True: "obligatoire", False: "facultatif", None: "à confirmer"}[required]
    return blank(f"Avocat ({said})", "Nom et barreau", "Adresse")


def register_of(siren: str | None, rcs: str | None) -> str:
    """« 732 829 320 RCS Lyon »; « SIREN 732 829 320 » when no register is known."""
    if not siren:
        return f"RCS {rcs}" if rcs else ""
    return f"{siren_groups(siren)} RCS {rcs}" if rcs else f"SIREN {siren_groups(siren)}"


def one_line(address: Address | None, home: str) -> str:
    """An address in one line, the country only when it is not ``home``."""
    return ", ".join(address_lines(address, abroad_from=home, language="fr"))


def _form(creditor: Creditor) -> str:
    if not creditor.legal_form:
        return ""
    return (
        f"{creditor.legal_form} au capital de {capital_of(creditor.capital)}"
        if creditor.capital
        else creditor.legal_form
    )
