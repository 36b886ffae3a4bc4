"""A provider of registered letters over real HTTP, that misbehaves on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Provider:
    """What came, and how to answer: ``answers`` are given in turn, then 202; ``hang_up`` reads and says nothing."""

    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    hang_up: bool = False
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def letters(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.came]


@contextmanager
def open_provider(provider: Provider) -> Iterator[str]:
    """The server's URL on a free port of the loopback, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.came.append((dict(self.headers), body))
            if provider.hang_up:
                self.connection.close()
                return
            status, headers, said = provider.answers.pop(0) if provider.answers else (202, {}, {"id": "L-1"})
            content = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/letters"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
