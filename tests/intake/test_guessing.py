"""A mapping proposed for an export: by whole names, and open where it is not certain."""

import io
from dataclasses import replace

import pytest

from commands.mapping import written
from intake.checks import Known
from intake.columns import COLUMNS
from intake.csv_file import open_csv, read_csv
from intake.guessing import NAMES, WINDOWS, Proposal, encoding_of, plain_name, propose
from intake.lines import UTF_8, Accepted
from intake.mapping import parse_mapping
from rules.refusals import Refused

EXPORT = """N° facture;Date de facture;Échéance;Montant HT;Montant TTC;Code client;Raison sociale;Type client;CP;Ville
F-1;01/09/2026;01/10/2026;1 000,00;1 200,00;C1;Martin SARL;Société;69001;Lyon
F-2;02/09/2026;01/10/2026;100,00;120,00;C2;Élise Durand;Particulier;69001;Lyon
"""


def proposed(text: str, creditors: tuple[str, ...] = ("acme",)) -> Proposal:
    header, rows = open_csv(io.BytesIO(text.encode()), "export.csv")
    return propose(header, (row.cells for row in rows), creditors)


def test_an_ordinary_export_goes_in_with_the_mapping_that_is_proposed() -> None:
    found = proposed(EXPORT)
    assert found.open == ()
    assert found.aside == ("Montant HT",)
    mapping = parse_mapping(written(found, "export.csv", ["acme"]), file="m.toml", fields=tuple(COLUMNS))
    lines = list(read_csv(io.BytesIO(EXPORT.encode()), "export.csv", mapping, Known()))
    invoices = [line.invoice for line in lines if isinstance(line, Accepted)]
    assert [(one.number, str(one.total), one.debtor.kind) for one in invoices] == [
        ("F-1", "1200.00", "business"),
        ("F-2", "120.00", "consumer"),
    ]


def test_an_amount_without_vat_or_a_balance_never_passes_for_the_total() -> None:
    found = proposed("N° facture;Montant HT;Solde;Reste dû;Montant\n")
    assert "total" not in found.columns
    assert "total" in found.open


def test_whether_debtors_are_consumers_is_asked_and_not_guessed() -> None:
    found = proposed("Facture;Date;TTC;Client;Code client\n")
    assert found.open == ("debtor_kind",)
    assert '# debtor_kind = "business"  # required' in written(found, "export.csv", ["acme"])
    unknown = proposed("Type\nSociété\nAssociation\n")
    assert unknown.kinds == {"Association": "", "Société": "business"}
    assert '# "Association" = ""' in written(unknown, "export.csv", ["acme"])


def test_two_columns_of_one_name_are_left_to_a_person() -> None:
    found = proposed("N° facture;No facture;Numéro de facture\n")
    assert found.columns["number"] == "Numéro de facture"
    assert "number" not in proposed("Facture;facture\n").columns


def test_who_claims_is_asked_when_there_are_several() -> None:
    found = proposed("number\n", ("acme", "other"))
    assert "creditor" in found.open
    assert "(acme, other)" in written(found, "export.csv", ["acme", "other"])


def test_what_a_header_says_is_text_in_the_file_written() -> None:
    found = proposed('"N° ""facture""";=cmd();Ville\n')
    text = written(found, "x\n[constants].csv", ["acme"])
    assert parse_mapping(text, file="m.toml", fields=tuple(COLUMNS)).columns["debtor_city"] == "Ville"
    assert "\n[constants].csv" not in text


def test_every_name_is_written_as_it_is_compared_and_fills_one_field() -> None:
    names = [name for names in NAMES.values() for name in names]
    assert [name for name in names if plain_name(name) != name] == []
    assert len(names) == len(set(names))
    assert set(NAMES) <= set(COLUMNS)
    assert plain_name("InvoiceDate") == "invoice date"
    assert plain_name("  N° de la FACTURE : ") == "n facture"


def test_what_a_french_spreadsheet_writes_is_read_as_it_was_written() -> None:
    written_by_it = EXPORT.encode("windows-1252")
    assert encoding_of(written_by_it) == WINDOWS
    assert encoding_of(EXPORT.encode()[:-3]) == UTF_8
    header, rows = open_csv(io.BytesIO(written_by_it), "export.csv", WINDOWS)
    found = replace(propose(header, (row.cells for row in rows), ["acme"]), encoding=WINDOWS)
    mapping = parse_mapping(written(found, "export.csv", ["acme"]), file="m.toml", fields=tuple(COLUMNS))
    lines = list(read_csv(io.BytesIO(written_by_it), "export.csv", mapping, Known()))
    assert [line.invoice.debtor.name for line in lines if isinstance(line, Accepted)] == ["Martin SARL", "Élise Durand"]


def test_a_line_that_is_utf_8_after_all_is_not_spoilt() -> None:
    found = replace(proposed(EXPORT), encoding=WINDOWS)
    mapping = parse_mapping(written(found, "export.csv", ["acme"]), file="m.toml", fields=tuple(COLUMNS))
    lines = list(read_csv(io.BytesIO(EXPORT.encode()), "export.csv", mapping, Known()))
    assert [line.invoice.debtor.name for line in lines if isinstance(line, Accepted)][1] == "Élise Durand"


def test_an_encoding_that_is_not_read_here_is_refused() -> None:
    with pytest.raises(Refused, match="utf-16"):
        parse_mapping('encoding = "utf-16"\n[columns]\n', file="m.toml", fields=tuple(COLUMNS))
