"""The simulated people: they work on working days, take each task up once, and the post has its ways."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from temporalio.client import Client

from demo.people import People
from demo.speech import Speech
from intake.door import Door
from ledger.reads import OpenTask, Reads
from rules.case import Stage
from rules.refusals import Code, Refused

MONDAY, SATURDAY, ARMISTICE = date(2025, 11, 3), date(2025, 11, 8), date(2025, 11, 11)


class Heard:
    """A speech that only listens."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, dict[str, Any]]] = []

    def submit(self, case_id: str, body: dict[str, Any], _event_id: str, *, by_hand: bool) -> None:
        assert by_hand
        self.bodies.append((case_id, body))

    def kinds(self) -> list[str]:
        return [body["kind"] for _case, body in self.bodies]


class Shelf:
    """Reads with a task list of one's own."""

    def __init__(self, *tasks: OpenTask) -> None:
        self.open = list(tasks)
        self.stage = Stage.AMICABLE
        self.case_now = SimpleNamespace(
            approval=SimpleNamespace(step="mise_en_demeure", passage=1),
            taken=lambda _step, _passage: SimpleNamespace(message_id="<m@x>"),
            returns=0,
        )

    async def row(self, _case_id: str) -> Any:
        return SimpleNamespace(stage=self.stage)

    async def tasks(self, **_options: Any) -> list[OpenTask]:
        return self.open

    async def case(self, _case_id: str) -> Any:
        return SimpleNamespace(case=self.case_now)


def task(
    kind: str, number: str = "F-1", name: str | None = None, owner: str = "operator", due_on: date = MONDAY
) -> OpenTask:
    row = SimpleNamespace(id=f"invoice/acme/{number}", number=number)
    what = SimpleNamespace(
        id=name or f"{kind}/relance/7", kind=kind, owner=owner, due_on=due_on, summary="frais de greffe"
    )
    return cast(OpenTask, SimpleNamespace(case=row, task=what))


def people(*tasks: OpenTask) -> tuple[People, Heard]:
    heard = Heard()
    return People(cast(Reads, Shelf(*tasks)), cast(Speech, heard)), heard


async def test_an_approval_is_given_once_by_whom_it_is_asked_of() -> None:
    simulated, heard = people(task("approve", owner="manager"))
    await simulated.morning(MONDAY)
    await simulated.morning(date(2025, 11, 4))
    ((case, body),) = heard.bodies
    assert case == "invoice/acme/F-1"
    assert (body["kind"], body["step"], body["on"]) == ("approve", "mise_en_demeure", "2025-11-03")
    assert body["by"] == "responsable simulée"


async def test_nobody_works_on_a_day_off() -> None:
    simulated, heard = people(task("approve"))
    await simulated.morning(SATURDAY)
    await simulated.morning(ARMISTICE)
    assert heard.bodies == []


async def post(number: str, *days: date) -> list[dict[str, Any]]:
    simulated, heard = people(task("post_letter", number, "post_letter/1/mise_en_demeure"))
    for day in days:
        await simulated.morning(day)
    return [body for _case, body in heard.bodies]


async def test_a_letter_is_posted_and_delivered_three_business_days_later() -> None:
    posted, delivered = await post("F-1", MONDAY, date(2025, 11, 6), date(2025, 11, 7))
    assert (posted["kind"], posted["posted_on"]) == ("letter_posted", "2025-11-03")
    assert (delivered["kind"], delivered["delivered_on"]) == ("letter_delivered", "2025-11-06")
    assert posted["tracking"] == delivered["tracking"]


async def test_some_letters_are_refused_or_never_fetched() -> None:
    _, refused = await post("F-2025-0757", MONDAY, date(2025, 11, 6))
    assert (refused["kind"], refused["cause"], refused["presented_on"]) == ("letter_returned", "refused", "2025-11-06")
    early = await post("F-2025-0783", MONDAY, date(2025, 11, 6))
    assert len(early) == 1
    _, unclaimed = await post("F-2025-0783", MONDAY, date(2025, 11, 28))
    assert (unclaimed["cause"], unclaimed["presented_on"]) == ("unclaimed", "2025-11-06")


async def test_a_letter_written_anew_is_posted_again_and_arrives() -> None:
    heard, shelf = Heard(), Shelf(task("post_letter", "F-2025-0757", "post_letter/1/mise_en_demeure"))
    simulated = People(cast(Reads, shelf), cast(Speech, heard))
    await simulated.morning(MONDAY)
    await simulated.morning(date(2025, 11, 6))
    assert heard.kinds() == ["letter_posted", "letter_returned"]
    shelf.case_now.returns = 1
    shelf.open = [task("post_letter", "F-2025-0757", "post_letter/1/mise_en_demeure", due_on=date(2025, 11, 17))]
    await simulated.morning(date(2025, 11, 17))
    await simulated.morning(date(2025, 11, 20))
    assert heard.kinds()[2:] == ["letter_posted", "letter_delivered"]


async def test_calls_files_and_addresses() -> None:
    simulated, heard = people(task("call"), task("lodge_file", owner="manager"), task("fix_contact"))
    await simulated.morning(MONDAY)
    assert heard.kinds() == ["task_done"]
    await simulated.morning(date(2025, 11, 17))
    assert sorted(heard.kinds()) == ["contact_changed", "judicial_event", "task_done"]


async def test_nobody_goes_to_court_for_a_debt_that_was_paid() -> None:
    heard, shelf = Heard(), Shelf(task("lodge_file"))
    simulated = People(cast(Reads, shelf), cast(Speech, heard))
    await simulated.morning(MONDAY)
    shelf.stage = Stage.CLOSED
    await simulated.morning(date(2025, 11, 17))
    assert heard.bodies == []


async def test_what_is_for_others_is_left_alone() -> None:
    simulated, heard = people(task("declare_claim"), task("refund"), task("answer_dispute"))
    await simulated.morning(MONDAY)
    assert heard.bodies == []


async def test_a_word_that_comes_too_late_is_no_fault_of_the_house_and_another_refusal_is() -> None:
    class Busy:
        async def submit(self, _case: str, body: dict[str, Any], _event_id: str) -> None:
            raise Refused("the case has gone on.", body["code"])

    late, wrong = Code.NOT_ALLOWED_NOW, Code.AMOUNT_INVALID
    door, client = cast(Door, Busy()), cast(Client, None)
    async with Speech(door, client) as speech:
        for code, by_hand in ((late, True), (late, False), (wrong, True)):
            speech.submit("invoice/acme/F-1", {"kind": "approve", "code": code}, "people/x", by_hand=by_hand)
        await speech.finished()
    assert (len(speech.overtaken), len(speech.refused)) == (1, 2)
