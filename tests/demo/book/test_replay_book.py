"""``make replay-book`` from end to end: a small made-up file always, the real one where its path is given."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import settings

ROOT = Path(settings.__file__).resolve().parent
SMALL = Path(__file__).parent / "small.csv"
REAL = os.environ.get("REPLAY_BOOK_DATA")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The program, to its end."""
    line = [sys.executable, "-m", "demo.book", *words]
    return subprocess.run(line, check=False, cwd=ROOT, capture_output=True, text=True, timeout=110)


def test_without_a_file_it_says_how_to_give_one() -> None:
    said = run()
    assert said.returncode == 2
    assert "make replay-book DATA=FILE" in said.stderr
    assert "invoiceNumber" in said.stderr


def test_a_file_that_is_no_book_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    said = run(str(file))
    assert said.returncode == 1
    assert "the column customerID is missing" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


@pytest.mark.slow
def test_a_small_book_is_played_reported_and_audited() -> None:
    said = run(str(SMALL), "--pace", "0.25")
    assert said.returncode == 0, said.stdout + said.stderr
    # A busy machine wakes some a few played days later, when a rung is no longer due: what left is at least this.
    assert re.search(r"relance_1 +│ +[23] │ +[^│]+ │ +[23] e-mail", said.stdout), said.stdout
    assert re.search(r"total +│ +[3-6] │", said.stdout), said.stdout
    assert re.search(r"encaissé +│ +518,51 € │ +518,51 € │ +0,00 €", said.stdout), said.stdout
    for sentence in (
        "Litiges : 2 ouverts le lendemain de la facture et rejetés la veille du paiement ; 1 laissés de côté",
        "Courriers à qui avait déjà payé : 0",
        "Dossiers non clos à la fin : 0 ; faits refusés : 0",
        "8 historiques rejoués",
        "0 constats, 0 différences",
    ):
        assert sentence in said.stdout, said.stdout


@pytest.mark.slow
@pytest.mark.skipif(REAL is None, reason="no book of real invoices: REPLAY_BOOK_DATA names none")
def test_the_first_weeks_of_the_real_book_agree_with_their_file() -> None:
    said = run(str(REAL), "--weeks", "3", "--pace", "0.4")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Courriers à qui avait déjà payé : 0" in said.stdout
    assert "Dossiers non clos à la fin : 0" in said.stdout
