"""A mail server that takes everything, in a process of its own: ``python -m benchmarks.sink``. It says its port, then a
line for each message: when it came and its Message-ID."""

import asyncio
import re
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

GREETING = "EHLO"
_ID = re.compile(rb"^Message-ID:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)


class Taking:
    """Every message is taken and told, and so is every greeting."""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Say that a connection was opened."""
        session.host_name = hostname
        print(f"{time.time():.3f} {GREETING}", flush=True)
        return responses

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Say when it came and which it is."""
        found = _ID.search(envelope.content[:20_000])
        name = found[1].decode() if found else "<>"
        print(f"{time.time():.3f} {name}", flush=True)
        return "250 OK"


@dataclass
class Sink:
    """The sink as its user sees it: what came, by Message-ID, with the moment of each."""

    process: asyncio.subprocess.Process
    port: int
    came: list[tuple[float, str]] = field(default_factory=list)
    greetings: int = 0

    @property
    def url(self) -> str:
        """Where messages go."""
        return f"smtp://127.0.0.1:{self.port}"

    async def listen(self) -> None:
        """Keep what it says, to the end."""
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode():
            moment, _, name = line.strip().partition(" ")
            if name == GREETING:
                self.greetings += 1
            else:
                self.came.append((float(moment), name))

    async def until(self, messages: int, patience: float, sender: asyncio.subprocess.Process | None = None) -> None:
        """Wait for so many messages, and a little more: one too many would be told. Raises TimeoutError, and
        RuntimeError when the ``sender`` ended before."""
        end = time.monotonic() + patience
        while len(self.came) < messages:
            if sender is not None and sender.returncode is not None:
                raise RuntimeError(f"the sender ended after {len(self.came)} of {messages} messages")
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.came)} of {messages} messages came in {patience:.0f} s")
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)


@asynccontextmanager
async def open_sink() -> AsyncIterator[Sink]:
    """The sink, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.sink", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    sink = Sink(process, int(await process.stdout.readline()))
    listening = asyncio.create_task(sink.listen())
    try:
        yield sink
    finally:
        listening.cancel()
        process.terminate()
        await process.wait()


def main() -> None:
    """Serve until the standard input ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    controller = Controller(Taking(), hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    main()
