"""What the deployment's files say, parsed once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

HOUSE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """docker-compose.yml with its anchors and merges resolved."""
    parsed: dict[str, Any] = yaml.safe_load((HOUSE / "docker-compose.yml").read_text(encoding="utf-8"))
    return parsed


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found
