"""What programs log names nobody: ids, counts and codes, even when something goes wrong."""

import asyncio
import io
import logging
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from connection import ENGINE_LOG, runtime
from log_lines import LogLines
from rules.dispatch import NotNow, NotTaken, Refusal
from tests.audit.book import invoice
from tests.workflow.house import house

PERSONAL = ("Martin", "martin.example", "Lilas", "1200", "1 200", "incompl", "1,200")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a program would write to its error stream, at its own level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogLines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("wrong", [RuntimeError("550 Martin <compta@martin.example> unknown, 1200.00 due"), None])
async def test_the_logs_of_a_case_hold_no_name_and_no_amount(
    client: Client, tmp_path: Path, lines: io.StringIO, wrong: Exception | None
) -> None:
    async with house(client, tmp_path, origin="2025-09-06T08:00:00+02:00") as its:
        its.post.failures = [] if wrong is None else [wrong]
        its.post.refuse = NotTaken(Refusal.ADDRESS, "compta@martin.example is unknown") if wrong is None else None
        handle = await its.start(invoice("F-LOGS"))
        await handle.signal("paid", "no object at all: Martin, 1200.00")
        await handle.signal("dispute", {"reason": "livraison incomplète", "on": "2025-09-20"})
        await handle.signal("write_off", {"reason": "Martin a disparu", "on": "2025-10-03"})
        async with its.open(), asyncio.timeout(60):
            await handle.result()
    said = lines.getvalue()
    assert [word for word in PERSONAL if word in said] == [], said
    if wrong is not None:
        assert "RuntimeError" in said, "what failed is still said"


async def test_a_letter_that_waits_its_turn_is_no_warning(client: Client, tmp_path: Path, lines: io.StringIO) -> None:
    async with house(client, tmp_path, origin="2025-09-06T08:00:00+02:00") as its:
        its.post.failures = [NotNow("the domain's turn comes later", timedelta(seconds=1))]
        handle = await its.start(invoice("F-TURN"))
        await handle.signal("write_off", {"reason": "ouverture", "on": "2025-10-03"})
        async with its.open(), asyncio.timeout(60):
            await handle.result()
    assert its.post.failures == [], "it was told to wait"
    assert "WARNING" not in lines.getvalue()


def test_what_the_servers_own_code_logs_names_nobody_either(capfd: pytest.CaptureFixture[str]) -> None:
    script = (
        "import logging, logging.config, log_lines\n"
        "logging.config.dictConfig(log_lines.SERVER_LOGS)\n"
        "logging.getLogger('relance.api').error('POST failed', exc_info=ValueError('550 Martin'))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=20)
    said = capfd.readouterr().err
    assert "ERROR relance.api POST failed" in said
    assert "ValueError" in said
    assert "Martin" not in said


@workflow.defn(sandboxed=False)
class Slow:
    """Takes longer for its one workflow task than it was given."""

    @workflow.run
    async def run(self) -> None:
        """Once too slow; it is asked again and has the time."""
        if Slow.first:
            Slow.first = False
            time.sleep(1.6)  # noqa: ASYNC251 - holding up the worker is what it is for

    first = True


async def test_the_engines_library_speaks_through_our_log_and_leaves_the_answers_of_commands_alone(
    client: Client, lines: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    ours = await Client.connect(client.service_client.config.target_host, runtime=runtime())
    queue = f"slow-{uuid.uuid4()}"
    async with Worker(ours, task_queue=queue, workflows=[Slow]), asyncio.timeout(20):
        handle = await ours.start_workflow(Slow.run, id=queue, task_queue=queue, task_timeout=timedelta(seconds=1))
        await handle.result()
        for _ in range(100):  # the library hands over what it has to say a moment later
            if "Task not found" in lines.getvalue():
                break
            await asyncio.sleep(0.05)
    (line,) = [line for line in lines.getvalue().splitlines() if "Task not found" in line]
    assert f"WARNING {ENGINE_LOG} Task not found when completing (run {handle.result_run_id}" in line
    assert capfd.readouterr().out == ""


def test_an_error_stream_that_nobody_reads_stops_no_program() -> None:
    script = (
        "import logging, log_lines\n"
        "log_lines.log_to_stderr()\n"
        "for number in range(3 * log_lines.LINES): logging.warning('a line of some length, number %06d', number)\n"
        "print('went on', logging.getLogger().handlers[0].lost > 0, flush=True)\n"
        "input()\n"
        "logging.getLogger().handlers[0].flush()\n"
        "logging.warning('there is room again')\n"
    )
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe)
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdin is not None
    with child.stdout, child.stderr, child.stdin:
        assert child.stdout.readline() == b"went on True\n"
        assert child.stderr.readline().endswith(b"WARNING root a line of some length, number 000000\n")
        child.stdin.write(b"\n")
        child.stdin.flush()
        gap, last = child.stderr.read().splitlines()[-2:]
        assert gap.endswith(b" lines are lost")
        assert last.endswith(b"there is room again")
        assert child.wait(timeout=20) == 0


def test_the_last_lines_of_a_program_are_written() -> None:
    script = "import logging, log_lines\nlog_lines.log_to_stderr()\nlogging.critical('this is the end')\n"
    said = subprocess.run([sys.executable, "-c", script], check=True, timeout=20, capture_output=True).stderr
    assert said.endswith(b"CRITICAL root this is the end\n")
