"""``python -m console``: the console's server. Stateless: as many workers as wanted, behind a proxy or not."""

import argparse
import gc

if __name__ == "__main__":
    gc.set_threshold(50_000)  # see worker.py

import uvicorn

from console.oidc.arrangement import read_arrangement
from log_lines import SERVER_LOGS
from rules.refusals import Refused
from settings import read_settings

PORT = 8000


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m console", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine alone)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    parser.add_argument(
        "--behind-proxy", metavar="ADDRESSES", default=None, help="proxies whose X-Forwarded headers are believed"
    )
    options = parser.parse_args()
    try:
        read_arrangement(read_settings())
    except Refused as refused:
        parser.exit(1, f"{refused.sentence}\n")
    uvicorn.run(
        "console.app:served",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        proxy_headers=options.behind_proxy is not None,
        forwarded_allow_ips=options.behind_proxy,
        server_header=False,
        access_log=False,
        log_config=SERVER_LOGS,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
