"""``judicial`` and ``export`` over a real ledger: the standing of a case, its file, the sheets of a hand-over."""

import asyncio
import csv
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import starter
from ledger.chain import canonical
from ledger.migrate import migrate
from ledger.store import SqlLedger
from settings import HOUSE
from tests.rules.test_judicial import OPENED, claim, lodged, to_the_file
from tests.scenarios import Play

NUMBER = "F-1"


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of this test alone."""
    for name, value in (
        ("DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}"),
        ("CREDITORS", str(HOUSE / "examples" / "creditors.toml")),
        ("STORE", str(tmp_path / "store")),
    ):
        monkeypatch.setenv(f"RELANCE_{name}", value)
    return tmp_path


async def entered(keep: Path, its: Play) -> None:
    """A played case, in the ledger."""
    await migrate(f"sqlite:///{keep / 'ledger.db'}")
    ledger = await SqlLedger.open(f"sqlite:///{keep / 'ledger.db'}")
    try:
        case = its.case
        text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
        await ledger.keep_policy(case.version, case.policy, text)
        async with ledger.book(case.id, debtor=(case.invoice.creditor, case.invoice.debtor.id)) as book:
            for event in its.history:
                book.append(event)
            book.project(its.decision)
    finally:
        await ledger.close()


def test_a_case_on_its_way_to_a_title_is_told_in_one_value(keep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    its = lodged()
    its.say("judicial_event", on="2026-05-04", event="ordered", court="TAE de Lyon", reference="2026IP00042")
    its.say("judicial_event", on="2026-05-18", event="served", costs="62.50", served_to_person=True)
    asyncio.run(entered(keep, its))

    assert starter.main(["judicial", NUMBER, "--as-of", "2026-05-20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["procedure"] == "injonction_de_payer"
    assert [event["event"] for event in told["events"]] == ["filed", "ordered", "served"]
    assert [clock["name"] for clock in told["clocks"]] == ["opposition", "order_enforceable"]
    assert told["advanced"] == told["recoverable"] == "62.50"

    assert starter.main(["judicial", NUMBER, "--as-of", "2026-05-20"]) == 0
    shown = capsys.readouterr().out
    assert "2026IP00042" in shown
    assert "Aucun avocat" in shown


def test_an_export_is_a_whole_file_whose_chain_ends_where_the_ledger_does(
    keep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    asyncio.run(entered(keep, its))

    status = starter.main(["export", NUMBER, "-o", str(keep / "out"), "--json"])
    told = json.loads(capsys.readouterr().out)

    assert status == 1  # the invoice itself and the order were never brought: said, not hidden
    assert told["complete"] is False
    with zipfile.ZipFile(keep / "out" / f"{NUMBER}.zip") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        history = json.loads(packed.read("history/evenements.json"))
    assert {"requete.pdf", "identite_debiteur.pdf", "manifest.json", "bordereau.pdf"} <= set(names)
    assert history["head"] == _end_of(history)
    assert sorted(path.name for path in (keep / "out").iterdir()) == [NUMBER, f"{NUMBER}.zip"]


def test_a_hand_over_says_who_holds_the_case_and_on_which_terms(keep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    its = Play.start(claim(), OPENED)
    terms = {"commission": "12 % du recouvré", "mandate": "file:///srv/mandat.pdf"}
    its.say("handed_over", on="2026-03-02", to="Recouvrance SARL", role="collection_agency", **terms)
    asyncio.run(entered(keep, its))
    out = str(keep / "out")

    assert starter.main(["export", NUMBER, "-o", out, "--to", "avocat"]) == 1
    assert "held by Recouvrance SARL" in capsys.readouterr().err
    starter.main(["export", NUMBER, "-o", out, "--to", "collection_agency"])
    with (keep / "out" / f"{NUMBER}-remise.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file, delimiter=";")
    assert (line["Confié à"], line["Commission"], line["Principal dû"]) == (
        "Recouvrance SARL",
        "12 % du recouvré",
        "12000,00",
    )
    with (keep / "out" / f"{NUMBER}-retour.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file, delimiter=";"))["Facture"] == NUMBER


def _end_of(history: dict[str, object]) -> str:
    """The last hash, from what the file holds; the ciphertext enters the chain by its digest alone."""
    rows, before = history["chain"], None
    assert isinstance(rows, list)
    for row in rows:
        text = (
            f'{{"case":{canonical(history["case"])},"position":{row["position"]},"previous":{canonical(before)}'
            f',"readable":{row["readable"]},"sealed":{canonical(row["sealed"])}}}'
        )
        before = hashlib.sha256(text.encode()).hexdigest()
        assert before == row["hash"]
    return str(before)
