"""A mapping file reads somebody else's export."""

from decimal import Decimal
from pathlib import Path

import pytest

from intake.columns import COLUMNS
from intake.lines import Accepted
from intake.mapping import Mapping, parse_mapping
from intake.reading import read_mapping
from rules.refusals import Refused
from tests.intake.files import Reading, rejected

MAPPING = """
[columns]
number = "N° facture"
issued_on = "Date"
total = "TTC"
debtor_id = "Code"
debtor_name = "Raison sociale"
debtor_kind = "Type"
[constants]
creditor = "acme"
[values.debtor_kind]
"Société" = "business"
"Particulier" = "consumer"
"""
HEADER = "Code;Raison sociale;Type;N° facture;Date;HT;TTC"


def mapping(text: str = MAPPING) -> Mapping:
    return parse_mapping(text, file="m.toml", fields=tuple(COLUMNS))


def test_columns_constants_and_words_are_translated(reading: Reading) -> None:
    rows = ("C1;Martin;Société;F-1;05/01/2026;1 000,00;1 200,00", "C2;Durand;Autre;F-2;05/01/2026;1;1")
    lines = reading(*rows, header=HEADER, mapping=mapping())
    assert isinstance(lines[0], Accepted)
    invoice = lines[0].invoice
    assert (invoice.creditor, invoice.debtor.kind, invoice.total) == ("acme", "business", Decimal("1200.00"))
    assert [(fault.line, fault.field) for fault in rejected(lines)] == [(3, "debtor_kind")]


def test_a_mapped_column_that_the_file_lacks_refuses_the_file(reading: Reading) -> None:
    (refused,) = rejected(reading("a;b", header=HEADER.replace("TTC", "Total TTC"), mapping=mapping()))
    assert (refused.line, refused.field) == (1, "TTC")


def test_a_mapping_without_a_required_field_refuses_the_file(reading: Reading) -> None:
    (refused,) = rejected(reading("a", header=HEADER, mapping=mapping(MAPPING.replace('creditor = "acme"', ""))))
    assert refused.field == "creditor"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[columns", "m.toml, line 1:"),
        ("", "[columns] is missing"),
        ('[columns]\nnumero = "N"', "[columns] numero is not a field"),
        ("[columns]\nnumber = 3", "must be a text"),
        ('[colums]\nnumber = "N"', "[colums] is not a table"),
        ('[columns]\nnumber = "N"\n[constants]\nnumber = "1"', "number stands in columns and in constants"),
        ('values = 3\n[columns]\nnumber = "N"', "values must be tables"),
    ],
)
def test_a_wrong_mapping_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        mapping(text)
    assert says in caught.value.sentence


def test_a_mapping_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot read"):
        read_mapping(tmp_path / "none.toml")


def test_a_mapping_is_for_csv_only(reading: Reading) -> None:
    (refused,) = rejected(reading("{}", header="", name="f.jsonl", mapping=mapping()))
    assert refused.field == "file"
