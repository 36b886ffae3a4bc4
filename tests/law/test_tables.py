"""The dated tables: complete today, sourced, coherent with the decisions they come from, extended by one row."""

import re
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rules.law import DecompteFacts, builtin_tables, decompte, tables_from
from rules.law.days import next_semester, semester_of, semester_start
from rules.law.tables import EcbRate, Figure, LegalRate, Row, Seat
from rules.refusals import Refused
from tests.law.claims import TABLES, owed

# ECB main refinancing operations, by the day they took effect: official table of service-public.fr F23211 to 2016, ECB
# decisions since. Each semester's row must be the rate in force on its first day.
DECISIONS = """
2013-05-08 0.50, 2013-11-13 0.25, 2014-06-11 0.15, 2014-09-10 0.05, 2016-03-16 0.00, 2022-07-27 0.50, 2022-09-14 1.25,
2022-11-02 2.00, 2022-12-21 2.50, 2023-02-08 3.00, 2023-03-22 3.50, 2023-05-10 3.75, 2023-06-21 4.00, 2023-08-02 4.25,
2023-09-20 4.50, 2024-06-12 4.25, 2024-09-18 3.65, 2024-10-23 3.40, 2024-12-18 3.15, 2025-02-05 2.90, 2025-03-12 2.65,
2025-04-23 2.40, 2025-06-11 2.15, 2026-06-17 2.40, 2026-09-16 2.65
"""


def test_the_current_semester_has_its_rates() -> None:
    """Fails on 1 January and 1 July until a maintainer adds the rows: docs/rates.md says where they are published."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    start = semester_start(*semester_of(today))
    for kind in (EcbRate, LegalRate):
        found = [row.from_on for row in TABLES.of(kind) if row.confirmed]
        assert start in found, f"{kind.__name__}: no row from {start}; add it as docs/rates.md says"


@pytest.mark.parametrize("kind", [EcbRate, LegalRate])
def test_no_semester_is_skipped_or_twice(kind: type[Row]) -> None:
    starts = [row.from_on for row in TABLES.of(kind)]
    for before, after in pairwise(starts):
        assert after == semester_start(*next_semester(*semester_of(before)))


def test_each_row_is_the_rate_in_force_on_the_first_day_of_its_semester() -> None:
    decided = [
        (date.fromisoformat(day), Decimal(rate)) for day, rate in re.findall(r"(\d{4}-\d\d-\d\d) (\d\.\d\d)", DECISIONS)
    ]
    for row in TABLES.of(EcbRate):
        assert row.value == [rate for day, rate in decided if day <= row.from_on][-1], row.from_on


PUBLISHED_FLOORS = [
    # Three times the legal rate, as published: Lefebvre Dalloz, cga17, Shine.
    ("2024-01-01", "15.21"),
    ("2024-07-01", "14.76"),
    ("2025-01-01", "11.13"),
    ("2025-07-01", "8.28"),
    ("2026-01-01", "7.86"),
    ("2026-07-01", "8.25"),
]


@pytest.mark.parametrize(("start", "floor"), PUBLISHED_FLOORS)
def test_the_floor_is_three_times_the_legal_rate(start: str, floor: str) -> None:
    day = date.fromisoformat(start)
    row = TABLES.at(LegalRate, day)
    assert row is not None
    assert row.other * TABLES.amount("floor_multiple", day) == Decimal(floor)


def test_the_single_source_of_the_legal_rate_is_marked() -> None:
    assert [str(row.from_on) for row in TABLES.of(LegalRate) if row.single_source] == ["2026-07-01"]


def test_nothing_of_2027_is_known() -> None:
    for kind in (EcbRate, LegalRate):
        assert all(row.from_on.year < 2027 for row in TABLES.of(kind))


def test_every_row_has_its_source() -> None:
    rows = [row for found in TABLES.rows.values() for row in found]
    assert len(rows) > 150
    assert all(len(row.source) > 7 for row in rows)
    assert all(row.article for row in rows if isinstance(row, Figure))


def test_twelve_tae_and_seven_chambers() -> None:
    kinds = [row.kind for row in TABLES.of(Seat)]
    assert kinds.count("tribunal_des_activites_economiques") == 12
    assert kinds.count("chambre_commerciale_tribunal_judiciaire") == 7
    codes = [code for row in TABLES.of(Seat) for code in row.postal_codes]
    assert len(codes) == len(set(codes))


ROW = '[[ecb_rate]]\nfrom = 2027-01-01\nvalue = "{value}"\nconfidence = "A"\nsource = "BCE, décision du 17/12/2026"\n'


def test_one_row_opens_a_semester() -> None:
    facts = DecompteFacts.model_validate(
        {"owed": (owed("1000", "2026-12-31"),), "debtor_kind": "business", "as_of": date(2027, 1, 31)}
    )
    with pytest.raises(Refused, match="2027-S1"):
        decompte(facts, TABLES, strict=True)
    extended = tables_from({"2027.toml": ROW.format(value="2.65")}, TABLES)
    found = decompte(facts, extended, strict=True)
    assert str(found.lines[0].rate) == "12.65"
    assert found.tables == extended.version != TABLES.version


def test_a_later_row_of_the_same_day_replaces() -> None:
    once = tables_from({"a.toml": ROW.format(value="2.65")}, TABLES)
    twice = tables_from({"b.toml": ROW.format(value="2.40")}, once)
    assert [row.value for row in twice.of(EcbRate)][-1] == Decimal("2.40")
    assert len(twice.of(EcbRate)) == len(once.of(EcbRate))


def test_the_version_is_that_of_the_content() -> None:
    assert tables_from({}, TABLES).version == builtin_tables().version == TABLES.version
    assert builtin_tables() is TABLES


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("not toml =", "not a TOML table"),
        ("[[astrology]]\nfrom = 2026-01-01\n", "« astrology » is not a table"),
        (ROW.replace('source = "BCE, décision du 17/12/2026"\n', ""), "row 1, source"),
        (ROW.format(value="-1"), "row 1, value"),
        (ROW.format(value="2.65").replace("2027-01-01", '"2027-13-01"'), "row 1, from"),
    ],
)
def test_a_wrong_row_is_refused_by_name(text: str, wrong: str) -> None:
    with pytest.raises(Refused, match=re.escape(wrong)) as refused:
        tables_from({"my.toml": text}, TABLES)
    assert refused.value.sentence.startswith("my.toml")


def test_no_figure_that_changes_is_written_in_the_code() -> None:
    """Forty euros, ten points, five thousand euros live in the tables."""
    folder = Path(__file__).parents[2] / "rules" / "law"
    for file in folder.glob("*.py"):
        code = re.sub(r'""".*?"""|#.*|"[^"\n]*"', "", file.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\b(40|5_?000|10_?000|50_?000|12\.40|2\.40)\b", code), file.name
