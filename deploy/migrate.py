"""Brings the ledger's schema up to date: the one-shot container that runs before the workers."""

import asyncio
import sys

from sqlalchemy.exc import SQLAlchemyError

from ledger.migrate import migrate
from rules.refusals import Refused
from settings import read_settings


def main() -> int:
    """The command: 0 when the schema is up to date, 1 with a sentence when it could not be brought there."""
    try:
        asyncio.run(migrate(read_settings().database_url))
    except Refused as refused:
        sys.stderr.write(f"{refused.sentence}\n")
        return 1
    except (OSError, SQLAlchemyError) as error:
        sys.stderr.write(f"The ledger's database could not be migrated: {error}\n")
        return 1
    sys.stdout.write("The ledger's schema is up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
