"""A console on a port of its own and a real browser that complains of everything a page does wrong."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.console.house import PASSWORD, Console

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
HEAVIEST = 40_000


@dataclass
class Visitor:
    """A person in a browser. ``wrong``: what the pages did that they must not."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        """Open a page and wait until it is quiet."""
        answer = await self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        body = await answer.body()
        if len(body) > HEAVIEST:
            self.wrong.append(f"{path} weighs {len(body)} bytes")
        await self.page.wait_for_load_state("networkidle")

    async def log_in(self, login: str) -> None:
        """By the form."""
        await self.go("/login")
        await self.page.fill("#login", login)
        await self.page.fill("#password", PASSWORD)
        await self.page.click("button.primary")
        await self.page.wait_for_url(self.address + "/")


@contextlib.asynccontextmanager
async def serving(console: Console) -> AsyncIterator[str]:
    """The application over TCP, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(console.app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    # The tests' own signal handlers stay.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, and no event
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@contextlib.asynccontextmanager
async def browsing(address: str, **how: Any) -> AsyncIterator[Visitor]:
    """A browser on a console; ``how``: language, colours, size."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        try:
            context: BrowserContext = await browser.new_context(**({"locale": "fr-FR"} | how))
            visitor = Visitor(await context.new_page(), address)
            _listen(visitor)
            yield visitor
        finally:
            await browser.close()


def _listen(visitor: Visitor) -> None:
    own = (visitor.address, "data:", "chrome")
    visitor.page.on(
        "console", lambda said: visitor.wrong.append(said.text) if said.type in ("error", "warning") else None
    )
    visitor.page.on("pageerror", lambda error: visitor.wrong.append(str(error)))
    visitor.page.on(
        "request", lambda request: None if request.url.startswith(own) else visitor.wrong.append(request.url)
    )
