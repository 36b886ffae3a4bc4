"""``api``: serve the programming interface alone, without the console."""

from argparse import Namespace

from commands.arguments import Commands, a_count, add_command
from commands.output import complain
from commands.running import run_async
from log_lines import SERVER_LOGS
from settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "api",
        "serve the programming interface (/api/v1) alone, without the console",
        "starter.py api --port 8787",
        more="Its documentation is at /api/docs. Put a proxy with TLS before it: tokens travel with each request.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=a_count, default=8787, help="the port (default: 8787)")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Serve until told to stop."""
    return run_async(_serve(args, read_settings()))


async def _serve(args: Namespace, settings: Settings) -> int:
    # Loading these takes a second that no other command needs.
    import uvicorn  # noqa: PLC0415
    from fastapi import FastAPI  # noqa: PLC0415

    from commands import office  # noqa: PLC0415
    from commands.api_house import open_api  # noqa: PLC0415

    async with office.open_shelf(settings) as shelf, open_api(settings, shelf) as api:
        outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        outer.mount("/api", api)
        complain(f"The API answers at http://{args.host}:{args.port}/api/docs")
        config = uvicorn.Config(outer, host=args.host, port=args.port, log_config=SERVER_LOGS, server_header=False)
        await uvicorn.Server(config).serve()
    return 0
