"""From a CSV file to a closed case through everything that is real, with the plain Temporal command line as client."""

import asyncio
import hashlib
import json
from collections import Counter
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

import devserver
from tests.e2e.premises import Premises, kill, premises, server_at, until

HEADER = "creditor;number;issued_on;due_on;total;debtor_id;debtor_name;debtor_kind;debtor_email\n"
ROWS = [
    "acme;F-1;2025-08-25;2025-09-24;1 200,00;C-1;Boulangerie Martin SARL;business;compta@martin.example\n",
    "acme;F-2;2025-08-25;2025-09-24;2400.50;C-2;Garage de l’Étoile;business;garage@etoile.example\n",
    "acme;F-3;2025-09-26;2025-10-31;3600.00;C-3;Librairie Plume SAS;business;contact@plume.example\n",
]
BAD = "acme;F-9;2025-08-25;2025-02-30;12,5O;C-9;Sans Date;business;x@y.example\n"
MONDAY = "2025-09-29T08:00:00+02:00"
ONE, TWO, THREE = (f"invoice/acme/F-{number}" for number in (1, 2, 3))


def message_id(case: str, step: str) -> str:
    """The Message-ID names the act: case, passage, step, channel and the number of dead addresses before it."""
    act = "\x1f".join((case, "1", step, "email", "0"))
    return f"<{hashlib.sha256(act.encode()).hexdigest()[:32]}@acme.example>"


@pytest.mark.slow
async def test_a_book_is_recovered_through_everything_real(tmp_path: Path) -> None:
    with devserver.claimed_port() as port:
        address = f"127.0.0.1:{port}"
    ahead = timedelta(seconds=20)
    async with premises(tmp_path, address, origin=MONDAY, speed=3600, ahead=ahead) as its, its.worker() as first:
        await until(lambda: "does not answer" in its.log, "the worker says that Temporal is away")
        assert address in its.log
        assert first.returncode is None
        async with server_at(tmp_path, address):
            await until(lambda: "serving recovery" in its.log, "the worker goes on when Temporal comes")
            await imported_once(its)
            await reminders_arrive(its)
            await told_by_the_command_line(its)
            await kill(first)
            await told_while_the_worker_is_dead(its)
            async with its.worker() as second:
                await goes_on_after_a_crash(its)
                assert second.returncode is None
            await shown(its)


async def imported_once(its: Premises) -> None:
    file = its.folder / "clients.csv"
    file.write_text(HEADER + "".join(ROWS[:2]) + BAD, encoding="utf-8")
    said = (await its.starter("import", str(file), "--json", status=1)).json
    assert (said["accepted"], said["already_known"], said["refused"]) == (2, 0, 1)
    assert {(fault["line"], fault["field"]) for fault in said["refusals"]} == {(4, "due_on"), (4, "total")}
    again = (await its.starter("import", str(file), "--json", status=1)).json
    assert (again["accepted"], again["already_known"]) == (0, 2)


async def reminders_arrive(its: Premises) -> None:
    await until(lambda: len(its.messages()) >= 2, "two reminders arrive at nine")
    one, two = sorted(its.messages(), key=lambda message: str(message["To"]))
    assert [str(one["To"]), str(two["To"])] == [
        "Boulangerie Martin SARL <compta@martin.example>",
        "Garage de l’Étoile <garage@etoile.example>",
    ]
    assert [one["Message-ID"], two["Message-ID"]] == [message_id(ONE, "relance_1"), message_id(TWO, "relance_1")]
    assert "compta@acme.example" in one["From"]
    assert "F-1" in one["Subject"]
    for message in (one, two):
        # At nine, or as soon after as a slow machine had the case open: never outside hours, in the creditor's time.
        dated = parsedate_to_datetime(message["Date"]).isoformat()
        assert "2025-09-29T09:00:00+02:00" <= dated < "2025-09-29T18:00:00+02:00"
    assert {part.get_content_type() for part in one.walk()} >= {"text/plain", "text/html"}


async def told_by_the_command_line(its: Premises) -> None:
    part = json.dumps({"amount": "200.00", "reference": "VIR-1", "on": "2025-09-29"})
    await its.temporal("workflow", "signal", "--workflow-id", ONE, "--name", "paid", "--input", part)
    view = await its.view_when(ONE, lambda view: view["paid"] == "200.00")
    # Article 1343-1 of the civil code: five days of interest (2,00 €) are paid first.
    assert view["claim"]["principal"] == "1002.00"
    assert [step["message_id"] for step in view["steps"] if step["outcome"] == "sent"] == [message_id(ONE, "relance_1")]

    update = ("workflow", "update", "execute", "--workflow-id", ONE, "--name", "submit", "--output", "json", "--input")
    refused = await its.temporal(*update, '{"kind": "approve", "step": "mise_en_demeure"}', status=1)
    assert "mise_en_demeure" in refused.err
    rest = await its.temporal(*update, '{"kind": "paid", "reference": "VIR-2"}')
    assert rest.json["result"]["stage"] == "closed"
    assert rest.json["result"]["outcome"] == "paid"

    await its.temporal("workflow", "signal", "--workflow-id", TWO, "--name", "paid", "--input", '{"amount": "lots"}')
    view = await its.view_when(TWO, lambda view: view["tasks"])
    assert [task["kind"] for task in view["tasks"]] == ["signal_refused"]


async def told_while_the_worker_is_dead(its: Premises) -> None:
    """What is said and announced meanwhile waits in the engine."""
    file = its.folder / "clients.csv"
    file.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    said = (await its.starter("import", str(file), "--json")).json
    assert (said["accepted"], said["already_known"], said["refused"]) == (1, 2, 0)
    hold = json.dumps({"reason": "avoir attendu"})
    await its.temporal("workflow", "signal", "--workflow-id", TWO, "--name", "hold", "--input", hold)


async def goes_on_after_a_crash(its: Premises) -> None:
    await until(lambda: its.log.count("serving recovery") == 2, "the second worker serves")
    await its.view_when(TWO, lambda view: view["suspended"] == {"by": "hold", "until": None})
    await its.view_when(THREE, lambda view: view["next"])
    assert set(Counter(str(message["Message-ID"]) for message in its.messages()).values()) == {1}


async def shown(its: Premises) -> None:
    """The ledger tells it all without a worker."""
    show, listed, tasks = await asyncio.gather(
        its.starter("show", "F-1", "--json"), its.starter("list", "--json"), its.starter("tasks", "--json")
    )
    assert (show.json["stage"], show.json["paid"]) == ("closed", "1200.00")
    assert show.json["ledger"]["hash"]
    assert {row["number"]: row["stage"] for row in listed.json} == {
        "F-1": "closed",
        "F-2": "amicable",
        "F-3": "not_due",
    }
    assert {(task["number"], task["kind"]) for task in tasks.json} >= {("F-2", "signal_refused")}
    assert "Traceback" not in its.log
