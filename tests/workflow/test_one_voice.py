"""One debtor, one voice: a message speaks for all his cases, and what is true of him reaches them all."""

import asyncio
import time
from copy import copy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from clocks import PlayedClock
from rules.decision import Send
from rules.dispatch import NotTaken, OutcomeUnknown, Refusal
from rules.events import NoticeSent
from settings import ClockSetting
from tests.workflow.house import House, house
from tests.workflow.test_acts import Doubtful, eventually, kinds
from tests.workflow.test_doors import ORIGIN, an_invoice, submit
from tests.workflow.test_registered_acts import Provider

NINE = datetime.fromisoformat("2025-10-13T09:00:00+02:00").astimezone(UTC)
ONCE = """
name = "once"
limitation_alerts = []
[[rung]]
step = "relance_1"
when = "due + 5"
channel = ["email"]
"""


async def woken_at_nine(
    its: House,
    environment: WorkflowEnvironment,
    cases: int,
    *,
    currencies: tuple[str, ...] = ("EUR",),
    policy: str = "once",
) -> None:
    """Cases of one debtor, all asleep until 09:00, which comes when the workers have had the time to open them: as much
    more than the starting took as a case costs them more."""
    begun = time.monotonic()
    with environment.with_time_skipping_disabled():
        for number in range(cases):
            currency = currencies[number % len(currencies)]
            await its.start(an_invoice(number=f"F-{number}", policy=policy, currency=currency))
    lead = timedelta(seconds=min(20.0, 3 + 8 * (time.monotonic() - begun)))
    its.desk.clock = PlayedClock(ClockSetting(NINE - lead, 1.0, datetime.now(UTC)))


async def second_client(client: Client) -> Client:
    """Another connection: one serves a queue only once."""
    address = client.service_client.config.target_host
    return await Client.connect(address, namespace=client.namespace, data_converter=client.data_converter)


async def spoken_for(its: House, cases: int) -> set[str]:
    """The messages that speak for the cases, once each has its own event."""
    said = set()
    await asyncio.sleep(max(0.0, (its.desk.clock.real(NINE) - datetime.now(UTC)).total_seconds()))
    for number in range(cases):
        said.add((await eventually(its, "notice_sent", case_id=f"invoice/acme/F-{number}")).message_id)
        events = await its.ledger.reads.case_events(f"invoice/acme/F-{number}")
        assert [event.kind for event in events].count("notice_sent") == 1
    return said


@pytest.mark.slow
async def test_fifty_cases_of_one_debtor_are_spoken_for_by_one_message(
    environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with house(environment.client, tmp_path, origin=None, extra=[ONCE]) as its:
        await woken_at_nine(its, environment, 50)
        other = copy(its)
        other.client = await second_client(its.client)
        async with its.open(), other.open():  # two workers on each queue
            said = await spoken_for(its, 50)
        assert [len(letter.items) for letter in its.post.letters] == [50]
        assert said == {its.post.letters[0].message_id}


TWO_WORDINGS = ONCE.replace('step = "relance_1"', 'step = "relance_1"\nvariants = ["usuel", "bref"]')


async def test_each_currency_has_its_message_and_all_speak_in_the_debtors_own_wording(
    environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with house(environment.client, tmp_path, origin=None, extra=[TWO_WORDINGS]) as its:
        await woken_at_nine(its, environment, 6, currencies=("EUR", "CHF"))
        async with its.open():
            assert len(await spoken_for(its, 6)) == 2
        assert sorted((letter.currency, len(letter.items)) for letter in its.post.letters) == [("CHF", 3), ("EUR", 3)]
        (variant,) = {letter.variant for letter in its.post.letters}
        assert variant in ("usuel", "bref")
        for message in await its.ledger.reads.messages():
            assert (message.rung, message.variant, message.profile) == ("relance_1", variant, "standard")
        events = await its.ledger.reads.case_events("invoice/acme/F-3")
        (sent,) = [event for event in events if isinstance(event, NoticeSent)]
        assert (sent.variant, sent.profile) == (variant, "standard")


async def test_a_grouped_message_in_doubt_goes_again_with_all_its_invoices_and_its_bounce_reaches_them_all(
    environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with house(environment.client, tmp_path, origin=None, extra=[ONCE]) as its:
        its.post = post = Doubtful(repeatable=False)
        post.failures = [OutcomeUnknown("the answer to DATA was lost")]
        await woken_at_nine(its, environment, 5)
        async with its.open():
            said = await spoken_for(its, 5)
            assert [len(letter.items) for letter in post.letters] == [5]
            (message_id,) = said
            handle = its.client.get_workflow_handle("invoice/acme/F-1")
            await submit(handle, kind="notice_bounced", message_id=message_id, diagnostic="5.1.1")
            for number in range(5):
                await eventually(its, "notice_bounced", case_id=f"invoice/acme/F-{number}")
                recorded = await its.ledger.reads.case(f"invoice/acme/F-{number}")
                assert recorded is not None
                assert recorded.decision is not None
                assert isinstance(recorded.decision.step, Send)
                assert (recorded.decision.name, recorded.decision.step.channel) == ("relance_1", "letter")
                assert f"{recorded.decision.at:%Y-%m-%d}" == "2025-10-14"
                assert "signal_refused" not in await kinds(its, f"invoice/acme/F-{number}")
        assert post.tried == [message_id] * 2


async def test_an_address_that_refuses_is_tried_once_for_all_the_invoices_of_a_message(
    environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with house(environment.client, tmp_path, origin=None, extra=[ONCE]) as its:
        its.post = post = Doubtful(repeatable=False)
        post.failures = [NotTaken(Refusal.ADDRESS, "550 5.1.1 no such user")]
        await woken_at_nine(its, environment, 3)
        async with its.open():
            await spoken_for(its, 3)
            assert [(letter.channel, len(letter.items)) for letter in post.letters] == [("letter", 3)]
            assert len(post.tried) == 2
            for number in range(3):
                assert (await kinds(its, f"invoice/acme/F-{number}")).count("notice_bounced") == 1


DEMANDED = """
name = "demanded"
limitation_alerts = []
formal_notice = "grouped"
[[rung]]
step = "mise_en_demeure"
when = "due + 5"
channel = ["registered_letter"]
"""


async def test_a_registered_letter_that_came_back_came_back_for_all_its_invoices(
    environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    """Told of one, it is entered in each; an address given once has them all demanded again, at one moment."""
    async with house(environment.client, tmp_path, origin=None, extra=[DEMANDED]) as its:
        its.post = post = Provider(repeatable=False)
        await woken_at_nine(its, environment, 3, policy="demanded")
        async with its.open():
            (first,) = await spoken_for(its, 3)
            assert [len(letter.items) for letter in post.letters] == [3]
            handle = its.client.get_workflow_handle("invoice/acme/F-1")
            await submit(handle, kind="letter_returned", step="mise_en_demeure", cause="unknown_address")
            for number in range(3):
                back = await eventually(its, "letter_returned", case_id=f"invoice/acme/F-{number}")
                assert (back.step, back.cause) == ("mise_en_demeure", "unknown_address")
            address = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin"}
            await submit(handle, kind="contact_changed", address=address)
            again = set()
            for number in range(3):
                await eventually(its, "contact_changed", case_id=f"invoice/acme/F-{number}")
                again.add(await decided(its, f"invoice/acme/F-{number}"))
                assert "signal_refused" not in await kinds(its, f"invoice/acme/F-{number}")
            assert len(again) == 1
            message = await its.ledger.message(first)
            assert message is not None
            assert message.covers == ()


async def decided(its: House, case_id: str) -> tuple[str, datetime | None]:
    """What a case decided last, and for when."""
    recorded = await its.ledger.reads.case(case_id)
    assert recorded is not None
    assert recorded.decision is not None
    return recorded.decision.name, recorded.decision.at


async def held_twice(its: House, case_id: str) -> list[str]:
    """The events of a case once the second hold has reached it, and a moment later."""
    for _ in range(200):
        if (await kinds(its, case_id)).count("hold_placed") == 2:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.3)
    return await kinds(its, case_id)


async def test_what_concerns_the_person_reaches_all_his_cases_once_and_those_to_come(
    client: Client, tmp_path: Path
) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handles = [await its.start(an_invoice(number=f"F-{number}")) for number in range(3)]
        for handle in handles:
            await handle.signal("hold", {"on": "2025-09-06"})
        async with its.open():
            for number in range(3):
                await eventually(its, "hold_placed", case_id=f"invoice/acme/F-{number}")
            body = {"procedure": "liquidation", "opened_on": "2025-09-01", "published_on": "2025-09-05"}
            await submit(handles[0], kind="insolvency", **body)
            await submit(handles[1], kind="hold", scope="debtor", reason="attendre le mandataire")
            for number in range(3):
                await eventually(its, "insolvency_opened", case_id=f"invoice/acme/F-{number}")
            for number in range(3):
                events = await held_twice(its, f"invoice/acme/F-{number}")
                assert events.count("insolvency_opened") == 1
                assert events.count("hold_placed") == 2
                assert "signal_refused" not in events
            await its.start(an_invoice(number="F-9", performed_on="2025-08-20"))
            known = await eventually(its, "insolvency_opened", case_id="invoice/acme/F-9")
            assert (known.procedure, known.opened_on, known.door) == ("liquidation", date(2025, 9, 1), None)
            await eventually(its, "file_prepared", case_id="invoice/acme/F-9")
