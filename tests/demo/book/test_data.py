"""A book of settled invoices: read from its file, moved twelve years on, told day by day."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from demo.book.data import COLUMNS, read_book
from demo.book.outcome import Outcome
from demo.book.report import lines
from demo.book.script import script_of
from rules.money import total
from rules.refusals import Refused

SMALL = Path(__file__).parent / "small.csv"
LINE = {
    "customerID": "C-1",
    "invoiceNumber": "F-1",
    "InvoiceDate": "2/29/2012",
    "DueDate": "3/30/2012",
    "InvoiceAmount": "60.86",
    "Disputed": "No",
    "SettledDate": "3/28/2012",
}


def written(folder: Path, *lines: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A file of these lines."""
    file = folder / "livre.csv"
    rows = [",".join(line[column] for column in columns) for line in lines]
    file.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")
    return file


def test_dates_are_moved_twelve_years_on_and_amounts_kept_to_the_cent(tmp_path: Path) -> None:
    one = read_book(written(tmp_path, LINE))[0]
    assert (one.issued_on, one.due_on, one.settled_on) == (date(2024, 2, 29), date(2024, 3, 30), date(2024, 3, 28))
    assert one.amount == Decimal("60.86")


def test_the_first_weeks_alone_can_be_asked_for(tmp_path: Path) -> None:
    later = {**LINE, "invoiceNumber": "F-2", "InvoiceDate": "3/7/2012"}
    file = written(tmp_path, later, LINE)
    assert [one.number for one in read_book(file, weeks=1)] == ["F-1"]
    assert [one.number for one in read_book(file, weeks=2)] == ["F-1", "F-2"]


def test_invoices_come_by_day_of_issue() -> None:
    book = read_book(SMALL)
    assert [one.number for one in book][:3] == ["F-101", "F-401", "F-102"]
    assert total(one.amount for one in book) == Decimal("518.51")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"InvoiceDate": "2012-02-29"}, "line 2: InvoiceDate: « 2012-02-29 » is not a date such as 4/6/2013"),
        ({"SettledDate": "2/30/2012"}, "SettledDate: « 2/30/2012 » is not a date"),
        ({"SettledDate": ""}, "SettledDate is empty"),
        ({"SettledDate": "2/28/2012"}, "cannot be before InvoiceDate"),
        ({"InvoiceAmount": "sixty"}, "InvoiceAmount"),
        ({"InvoiceAmount": "0.00"}, "not above zero"),
        ({"Disputed": "perhaps"}, "neither Yes nor No"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, changed: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_book(written(tmp_path, {**LINE, **changed}))


def test_a_file_that_is_no_book_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="column SettledDate is missing; needed: customerID"):
        read_book(written(tmp_path, LINE, columns=COLUMNS[:-1]))
    with pytest.raises(Refused, match="F-1 is in the file already"):
        read_book(written(tmp_path, LINE, LINE))
    with pytest.raises(Refused, match="holds no invoice"):
        read_book(written(tmp_path))
    with pytest.raises(Refused, match="give the path of a CSV file"):
        read_book(tmp_path / "absent.csv")


def test_a_dispute_comes_the_day_after_the_invoice_and_its_answer_the_day_before_the_payment() -> None:
    script = script_of(read_book(SMALL))
    assert (script.first, script.last) == (date(2024, 1, 16), date(2024, 3, 8))
    told = [
        (day, body["kind"])
        for day, happens in sorted(script.days.items())
        for number, body in happens.said
        if number == "F-201"
    ]
    assert told == [
        (date(2024, 1, 19), "dispute"),
        (date(2024, 2, 27), "dispute_settled"),
        (date(2024, 2, 28), "paid"),
    ]


def test_a_dispute_that_does_not_fit_before_the_payment_is_left_out_and_counted() -> None:
    script = script_of(read_book(SMALL))
    assert (script.disputes, script.undisputed) == (2, 1)
    kinds = [body["kind"] for happens in script.days.values() for number, body in happens.said if number == "F-202"]
    assert kinds == ["paid"]
    same_day = script.days[date(2024, 1, 17)].said
    assert [body["kind"] for number, body in same_day if number == "F-401"] == ["dispute", "dispute_settled"]


def test_a_delay_of_the_machine_is_told_with_what_came_of_it() -> None:
    script, ten = script_of(read_book(SMALL)), timedelta(days=9, hours=19)
    assert not [line for line in lines(script, Outcome(), None, timedelta(hours=20)) if "retard" in line]
    (harmless,) = [line for line in lines(script, Outcome(), None, ten) if "retard" in line]
    assert "9,8 jours virtuels de retard sur l'horloge, sans conséquence" in harmless
    late = Outcome(too_late=["F-101 : relance_1 le 2024-03-29, payée le 2024-03-28."])
    (told,) = [line for line in lines(script, late, None, ten) if "retard" in line]
    assert "peut en venir" in told
    assert "--pace 1" in told
