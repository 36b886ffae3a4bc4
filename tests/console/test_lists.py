"""Finding cases: accents, beginnings, filters, sorts, and addresses that ask for nonsense."""

from datetime import date

import pytest
from sqlalchemy import Connection, text, update

from ledger.debtors import Who, forget
from ledger.lists import VIEWS, Wanted
from ledger.search import folded
from ledger.tables import cases
from ledger.tasks_by_kind import combinations, ids_of
from tests.console.conftest import MARTIN
from tests.console.house import Console, invoice, open_case

QUESTIONS = [
    ("electricite", "F-2026-0043"),
    ("Électr", "F-2026-0043"),
    ("guérin fils", "F-2026-0043"),
    ("marti", "F-2026-0042"),
    ("F-2026-0042", "F-2026-0042"),
    ("0042", "F-2026-0042"),
    ("F 0042", "F-2026-0042"),
    ("c 104", "F-2026-0042"),
    ("C-105", "F-2026-0043"),
]


@pytest.mark.parametrize("many", [0, 1500])
async def test_a_case_is_found_by_the_beginnings_of_its_words(
    console: Console, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("ledger.lists.MANY", many)
    async with console.browser("nadia") as nadia:
        for question, found in QUESTIONS:
            page = (await nadia.get(f"/cases?q={question}")).text
            assert found in page, question
            assert page.count('scope="row"') == 1, question


NONSENSE = ['"', "* OR 1", "NEAR(", 'a" OR "b', "';--", "&|!", "%", "\\", "🙂", "a:b", "-"]


async def test_no_question_breaks_the_search(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        for question in NONSENSE:
            answer = await nadia.client.get("/cases", params={"q": question})
            assert answer.status_code == 200, question
            assert "Martin" not in answer.text, question


ADDRESSES = ["sort=name;drop", "page=-1", "page=x", "page=99999", "view=x", "age=x", "state=%27"]


async def test_no_address_breaks_the_list(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        for address in ADDRESSES:
            assert (await nadia.get(f"/cases?{address}")).status_code == 200, address


async def test_the_search_box_opens_the_only_case_it_finds(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        answer = await nadia.get("/cases?q=martin&go=1")
    assert answer.headers["location"] == f"/cases/{MARTIN}"


async def test_the_ledgers_file_holds_no_name_in_clear(console: Console) -> None:
    raw = await console.house.ledger.read(
        lambda connection: " ".join(connection.execute(text("SELECT words FROM case_search")).scalars())
    )
    assert "0042" in raw
    assert "martin" not in raw.lower()
    assert folded("Électricité Guérin & Fils") == ["electricite", "guerin", "fils"]


async def test_a_debtor_that_is_forgotten_is_no_longer_found(console: Console) -> None:
    await console.house.ledger.write(lambda connection: forget(connection, Who("acme", "C-104")))
    async with console.browser("nadia") as nadia:
        assert "F-2026-0042" not in (await nadia.get("/cases?q=martin")).text
        assert "[effacé]" in (await nadia.get("/cases?view=all")).text


async def test_the_list_sorts_by_balance_and_filters_by_age(console: Console) -> None:
    await open_case(console.engine, invoice("BIG-1", "Grand Compte SA", debtor="C-200", total="99000.00"))
    async with console.browser("nadia") as nadia:
        page = (await nadia.get("/cases?sort=-outstanding")).text
        assert page.index("BIG-1") < page.index("F-2026-0042")
        assert 'aria-sort="descending"' in page
        assert "BIG-1" in (await nadia.get("/cases?age=1")).text
        assert "BIG-1" not in (await nadia.get("/cases?age=91")).text


async def test_a_view_is_kept_under_a_name(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        await nadia.send("/cases", "/views", {"name": "Gros soldes", "query": "?sort=-outstanding"})
        assert 'href="/cases?sort=-outstanding" class="mine">Gros soldes' in (await nadia.get("/cases")).text
    async with console.browser("claire") as claire:
        assert "Gros soldes" not in (await claire.get("/cases")).text


@pytest.mark.parametrize(("question", "count"), [("", 3), ("2026", 2)])
async def test_the_pages_of_a_list_hold_every_case_once_whatever_the_order(
    console: Console, monkeypatch: pytest.MonkeyPatch, question: str, count: int
) -> None:
    monkeypatch.setattr("ledger.lists.MANY", 0)
    monkeypatch.setattr("ledger.lists.AT_ONCE", 2)
    await console.engine.take(MARTIN, {"kind": "dispute", "reason": "Deux palettes manquent."}, "d-1")
    lists = console.house.ledger.lists
    for sort in ("next_at", "-next_at", "number", "-outstanding", "due_on", "state"):
        wanted = Wanted(today=console.house.today, view="all", sort=sort, rows=1, q=question)
        pages = [await lists.page(wanted.model_copy(update={"page": number})) for number in (1, 2, 3, 4)]
        found = [row.id for page in pages for row in page.rows]
        assert (len(found), len(set(found)), pages[0].count) == (count, count, count), sort
        whole = await lists.page(wanted.model_copy(update={"rows": 50}))
        assert [row.id for row in whole.rows] == found, sort


async def test_a_filtered_list_is_the_same_whichever_index_it_is_read_by(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    await console.engine.take(MARTIN, {"kind": "dispute", "reason": "Deux palettes manquent."}, "d-1")
    await console.engine.take("invoice/zenith/Z-1", {"kind": "paid", "amount": "1200.00"}, "p-1")
    lists, today = console.house.ledger.lists, console.house.today
    filters: list[dict[str, object]] = [
        {"state": "dispute"},
        {"age": "not_due"},
        {"age": "1"},
        {"creditors": frozenset({"acme"})},
        {},
    ]
    asked = [
        Wanted(today=today, view=view, sort=sort).model_copy(update=one)
        for view in VIEWS for sort in ("next_at", "-state", "number") for one in filters
    ]  # fmt: skip
    few = [await lists.page(wanted) for wanted in asked]
    monkeypatch.setattr("ledger.lists.MANY", 0)
    assert [await lists.page(wanted) for wanted in asked] == few
    whole = Wanted(today=today).model_copy
    counted = {view: (await lists.page(whole(update={"view": view}))).count for view in VIEWS}
    assert counted == {"open": 2, "todo": 1, "promise": 0, "dispute": 1, "old": 0, "stuck": 0, "closed": 1, "all": 3}


async def test_what_waits_for_a_person_is_found_by_its_kind_alone_or_beside_others(console: Console) -> None:
    third = await open_case(console.engine, invoice("Z-9", "Grand Compte SA", debtor="C-200"))
    waiting = {MARTIN: ("call,sms", "2026-03-03"), "invoice/zenith/Z-1": ("sms_again", "2026-03-01"),
               third: ("call", "2026-03-02")}  # fmt: skip

    def asking(connection: Connection) -> None:
        for case, (kinds, day) in waiting.items():
            changed = (
                update(cases).where(cases.c.id == case).values(task_kinds=kinds, task_due_on=date.fromisoformat(day))
            )
            assert connection.execute(changed).rowcount == 1
        assert {"call", "call,sms", "sms_again"} <= set(combinations(connection))
        found = ids_of(["call", "call,sms"], [cases.c.creditor == "acme"], 2)
        assert list(connection.execute(found).scalars()) == [third, MARTIN]
        assert list(connection.execute(found.limit(1).offset(1)).scalars()) == [MARTIN]

    await console.house.ledger.write(asking)
    work = await console.house.ledger.worklist.page(Wanted(today=date(2026, 3, 2)), "sms")
    assert (work.cases, work.pages) == (1, 1)
