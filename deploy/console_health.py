"""``python -m deploy.console_health``: whether the console of this container answers its login page."""

import argparse
import http.client

PATIENCE = 5.0


def main() -> int:
    """0 when it does, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m deploy.console_health", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/login")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    raise SystemExit(main())
