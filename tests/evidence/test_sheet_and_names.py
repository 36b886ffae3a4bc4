"""The décompte as a sheet, names of folders and files, signs that fonts lack."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.csv_sheet import COLUMNS, decompte_csv
from evidence.manifest import canonical
from evidence.naming import extension, folder_name, slug
from letters.documents import ChronologyRow, Paper, chronologie_pdf
from letters.legible import legible
from letters.typeset import Typesetter
from rules.law import Decompte, Imputed, Warning_
from tests.evidence import samples


def _rows(counted: Decompte) -> list[dict[str, str]]:
    text = decompte_csv(counted, "EUR").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_sheet_opens_in_a_french_excel() -> None:
    content = decompte_csv(samples.counted(), "EUR")

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    rows = _rows(samples.counted())
    assert tuple(rows[0]) == COLUMNS
    interest = [row for row in rows if row["Nature"] == "Intérêts"]
    assert [(row["Du"], row["Au"], row["Jours"], row["Taux annuel (%)"], row["Montant"]) for row in interest] == [
        ("05/02/2026", "20/02/2026", "16", "12,15", "6,39"),
        ("21/02/2026", "20/04/2026", "59", "12,15", "17,80"),
    ]


def test_the_sheet_adds_up() -> None:
    amounts: dict[str, Decimal] = {}
    for row in _rows(samples.counted()):
        value = Decimal(row["Montant"].replace(",", ".") or "0")
        amounts[row["Nature"]] = amounts.get(row["Nature"], Decimal(0)) + value

    details = amounts["Créance"] + amounts["Intérêts"] + amounts["Indemnité forfaitaire"] + amounts["Paiement"]
    assert details == amounts["Total"] == samples.counted().total


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "\r\n=1"])
def test_no_cell_computes(text: str) -> None:
    paid = Imputed(on=date(2026, 2, 20), amount=Decimal("1.00"), reference=text, invoice=text)
    warned = Warning_(code="x", text=text)
    counted = samples.counted().model_copy(update={"payments": (paid,), "warnings": (warned,)})

    cells = [cell for row in _rows(counted) for cell in row.values() if cell]
    assert not [cell for cell in cells if cell[0] in "=+@\t\r" or (cell[0] == "-" and cell != "-1,00")]


def test_what_is_not_due_is_told_apart() -> None:
    later = samples.counted().model_copy(update={"not_yet_due": Decimal("500.00")})

    assert [row["Montant"] for row in _rows(later) if row["Nature"] == "dont non échu"] == ["500,00"]
    assert not [row for row in _rows(samples.counted()) if row["Nature"] == "dont non échu"]


@given(st.text(max_size=200))
def test_any_text_names_one_plain_folder(text: str) -> None:
    name = folder_name(text, str.upper)

    assert name
    assert name not in (".", "..")
    assert not set(name) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~")
    assert len(name.encode()) <= 100
    assert ".." not in name


@given(st.text(max_size=40), st.text(max_size=40))
def test_two_numbers_never_share_a_folder_even_where_capitals_do_not_count(one: str, other: str) -> None:
    if one != other:
        assert folder_name(one, str.upper).lower() != folder_name(other, str.upper).lower()


def test_ordinary_numbers_keep_their_name() -> None:
    assert folder_name("F-2026-0042", str.upper) == "F-2026-0042"
    assert folder_name("2026.0042", str.upper) == "2026.0042"
    assert folder_name("acme", str.lower) == "acme"
    assert folder_name("f-1", str.upper).lower() != folder_name("F-1", str.upper).lower()


def test_titles_become_file_names() -> None:
    assert slug("Procès-verbal de réception, n° 3/4") == "proces-verbal-de-reception-n-3-4"
    assert slug("😀") == "piece"
    assert extension("SCAN.PDF", b"") == "pdf"
    assert extension("scan", b"%PDF-1.4") == "pdf"
    assert extension("run.sh", b"#!/bin/sh") == "bin"


def test_one_value_has_one_writing() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}\n'.encode()
    assert json.loads(canonical({"b": [1, {"z": None}]})) == {"b": [1, {"z": None}]}


def test_every_sign_that_is_let_through_can_be_shown(setter: Typesetter) -> None:
    signs = "".join(chr(code) for code in range(0x20, 0x3000))
    paper = Paper(creditor=samples.ACME, debtor=samples.MARTIN, case="c", on=samples.AS_OF)
    rows = tuple(
        ChronologyRow(on=samples.AS_OF, what="x" + signs[at : at + 200], detail="signes")
        for at in range(0, len(signs), 200)
    )

    assert chronologie_pdf(setter, paper, rows).startswith(b"%PDF-")
    assert legible("é 中 😀 €") == "é ? ? €"
