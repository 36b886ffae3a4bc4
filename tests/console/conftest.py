"""A console for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.house import Console, invoice, open_case, standing

MARTIN = "invoice/acme/F-2026-0042"


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    """A console with three cases of two creditors."""
    async with standing(tmp_path) as made:
        await open_case(made.engine, invoice("F-2026-0042", "Boulangerie Martin SARL"))
        await open_case(made.engine, invoice("F-2026-0043", "Électricité Guérin & Fils", debtor="C-105"))
        await open_case(made.engine, invoice("Z-1", "Garage du Parc", creditor="zenith", debtor="C-9"))
        yield made
