"""One typesetter for all, a desk per test: where pieces lie, where the store is, a cabinet that files there."""

from pathlib import Path
from typing import Any

import pytest

from evidence.cabinet import FolderCabinet
from letters.render import Renderer
from letters.typeset import Typesetter
from rules.brief import Brief
from tests.evidence import samples
from tests.evidence.desk import Desk


@pytest.fixture(scope="session")
def setter() -> Typesetter:
    """The fonts are read once."""
    return Typesetter()


@pytest.fixture(scope="session")
def renderer(setter: Typesetter) -> Renderer:
    """The letters of the house."""
    return Renderer(typesetter=setter)


@pytest.fixture
def desk(tmp_path: Path, setter: Typesetter, renderer: Renderer) -> Desk:
    """A folder of scans, a store, a cabinet."""
    inbox, store = tmp_path / "scans" / "acme", tmp_path / "store"
    inbox.parent.mkdir()

    def brief(**more: Any) -> Brief:
        return samples.brief(inbox, store, renderer, **more)

    return Desk(inbox, store, FolderCabinet(store, typesetter=setter, roots=(inbox.parent,)), brief)
