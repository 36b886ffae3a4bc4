from pathlib import Path

import pytest

from privacy.copies import Copies


def test_the_folder_of_a_creditor_is_walked_once_however_many_messages_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = ["0123456789ab", "ba9876543210"]
    for creditor in ("acme", "autre"):
        (tmp_path / creditor).mkdir()
        for mark in marks:
            (tmp_path / creditor / f"relance_1-{mark}.pdf").touch()
    walked: list[Path] = []
    walk = Path.rglob

    def counting(folder: Path, pattern: str) -> object:
        walked.append(folder)
        return walk(folder, pattern)

    monkeypatch.setattr(Path, "rglob", counting)
    copies = Copies(tmp_path)
    for creditor in ("acme", "autre"):
        for mark in marks:
            assert copies.of(creditor, f"<{mark}@acme.fr>") == [tmp_path / creditor / f"relance_1-{mark}.pdf"]
    assert walked == [tmp_path / "acme", tmp_path / "autre"]
