"""The scripts of the one-shot containers and the health check of the worker, run as far as they can be here."""

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

import devserver
import settings
from deploy.worker_health import last_seen
from standstill import asks_for_work

HOUSE = Path(settings.__file__).resolve().parent
DEPLOY = HOUSE / "deploy"


@pytest_asyncio.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[devserver.DevServer]:
    async with devserver.running(tmp_path_factory.mktemp("temporal")) as found:
        yield found


async def run(line: list[str], **environment: str) -> tuple[int, str]:
    """Run a command; its exit status and all it said."""
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    child = await asyncio.create_subprocess_exec(
        *line,
        cwd=HOUSE,
        env={**os.environ, "PATH": tools, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    return child.returncode or 0, said.decode()


def test_the_scripts_are_sound_shell() -> None:
    for script in DEPLOY.glob("*.sh"):
        subprocess.run(["sh", "-n", str(script)], check=True)


def test_the_search_attributes_are_one_list() -> None:
    text = (DEPLOY / "temporal-namespace.sh").read_text(encoding="utf-8")
    assert dict(re.findall(r"(\w+):(Keyword|Datetime|Double)", text)) == devserver.SEARCH_ATTRIBUTES


def test_the_dynamic_config_says_what_the_dev_server_does() -> None:
    text = (DEPLOY / "temporal-dynamic-config.yaml").read_text(encoding="utf-8")
    assert re.search(r"^matching\.enableFairness:\n  - value: true$", text, re.MULTILINE)


@pytest.mark.slow
async def test_the_namespace_script_makes_what_is_missing_and_then_nothing(
    server: devserver.DevServer,
) -> None:
    script = ["sh", str(DEPLOY / "temporal-namespace.sh")]
    where = {
        "TEMPORAL_ADDRESS": server.address,
        "TEMPORAL_NAMESPACE": "relance",
        "TEMPORAL_RETENTION": "400d",
    }
    for _ in range(2):
        status, said = await run(script, **where)
        assert status == 0, said
    _, listed = await run(["temporal", "operator", "search-attribute", "list"], **where)
    for name, kind in devserver.SEARCH_ATTRIBUTES.items():
        assert re.search(rf"^\s*{name}\s+{kind}\s*$", listed, re.MULTILINE), listed
    _, described = await run(["temporal", "operator", "namespace", "describe", "-n", "relance"], **where)
    assert "9600h" in described or "400d" in described, described


async def test_the_schema_script_sets_up_both_databases(tmp_path: Path) -> None:
    """The tool itself is only in its image; a stand-in notes what it is asked."""
    tool, notes = tmp_path / "temporal-sql-tool", tmp_path / "notes"
    tool.write_text(f'#!/bin/sh\necho "$@" >> "{notes}"\n', encoding="utf-8")
    tool.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    where = {"PATH": path, "POSTGRES_SEEDS": "postgres", "DB_PORT": "5432", "POSTGRES_USER": "temporal"}
    status, said = await run(["sh", str(DEPLOY / "temporal-schema.sh")], **where)
    assert status == 0, said
    asked = notes.read_text(encoding="utf-8").splitlines()
    base = "--plugin postgres12 --ep postgres -p 5432 -u temporal --db"
    versions = "/etc/temporal/schema/postgresql/v12"
    assert asked == [
        f"{base} temporal create",
        f"{base} temporal setup-schema -v 0.0",
        f"{base} temporal update-schema -d {versions}/temporal/versioned",
        f"{base} temporal_visibility create",
        f"{base} temporal_visibility setup-schema -v 0.0",
        f"{base} temporal_visibility update-schema -d {versions}/visibility/versioned",
    ]


async def test_the_schema_script_stops_at_the_first_failure(tmp_path: Path) -> None:
    tool = tmp_path / "temporal-sql-tool"
    tool.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    tool.chmod(0o755)
    where = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "POSTGRES_SEEDS": "p", "DB_PORT": "5432"}
    status, _ = await run(["sh", str(DEPLOY / "temporal-schema.sh")], POSTGRES_USER="temporal", **where)
    assert status == 3


@activity.defn
async def nothing() -> None:
    """Work for a queue."""


@workflow.defn(sandboxed=False)
class Nothing:
    """A workflow for a queue."""

    @workflow.run
    async def run(self) -> None:
        """Nothing."""


async def test_the_health_check_knows_a_worker_at_work_from_none(server: devserver.DevServer) -> None:
    check = [sys.executable, "-m", "deploy.worker_health", "--queue", "recovery"]
    where = {"TEMPORAL_ADDRESS": server.address}
    status, said = await run(check, **where)
    assert (status, "asked the queue recovery" in said) == (1, True), said
    client = await Client.connect(server.address)
    async with Worker(client, task_queue="correspondence", activities=[nothing]):
        for _ in range(100):
            seen = await last_seen(client, "correspondence", socket.gethostname())
            if seen is not None:
                break
            await asyncio.sleep(0.1)
        assert seen is not None
    async with Worker(client, task_queue="recovery", activities=[nothing]):
        await asyncio.sleep(1)  # long enough to be seen asking for activities, which is not enough on this queue
        status, said = await run(check, **where)
        assert (status, "asked the queue recovery" in said) == (1, True), said
        assert not await asks_for_work(client)
    async with Worker(client, task_queue="recovery", activities=[nothing], workflows=[Nothing]):
        for _ in range(50):
            status, said = await run(check, **where)
            if status == 0:
                break
        assert status == 0, said
        assert await asks_for_work(client)
        status, said = await run([*check, "--host", "elsewhere"], **where)
        assert status == 1
    status, said = await run(check, TEMPORAL_ADDRESS="127.0.0.1:9")
    assert (status, "does not answer" in said) == (1, True), said
