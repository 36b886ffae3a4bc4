"""What programs log names nobody: ids, counts and codes, even when something goes wrong."""

import asyncio
import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from log_lines import LogLines
from rules.dispatch import NotTaken, Refusal
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
