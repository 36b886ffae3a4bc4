"""``judicial`` and ``export`` over a real ledger: the standing of a case, its file, the sheets of a hand-over."""

import asyncio
import base64
import csv
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import starter
from ledger.chain import canonical
from ledger.store import SqlLedger
from rules.events import FilePrepared
from sealing.documents import DocumentSeal
from sealing.keys import parse_ring
from settings import HOUSE
from tests.empty_ledger import empty_ledger_at
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
    ledger = await SqlLedger.open(await empty_ledger_at(keep / "ledger.db"))
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


def test_the_file_that_was_prepared_is_handed_out_opened_and_only_as_it_was(
    keep: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sealed in the store, plain where the operator asks for it, byte for byte; changed, it is refused."""
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    asyncio.run(entered(keep, its))
    starter.main(["export", NUMBER, "-o", str(keep / "built")])
    plain = (keep / "built" / f"{NUMBER}.zip").read_bytes()
    manifest = hashlib.sha256((keep / "built" / NUMBER / "manifest.json").read_bytes()).hexdigest()
    stands = keep / "store" / "dossiers" / "acme" / NUMBER / "1"
    said = {"path": str(stands), "manifest": manifest}
    its.history = [one.model_copy(update=said) if isinstance(one, FilePrepared) else one for one in its.history]
    monkeypatch.setenv("RELANCE_DATABASE_URL", f"sqlite:///{keep / 'second' / 'ledger.db'}")
    key = base64.urlsafe_b64encode(bytes(32)).decode()
    monkeypatch.setenv("RELANCE_PAYLOAD_KEYS", f"k1:{key}")
    (keep / "second").mkdir()
    asyncio.run(entered(keep / "second", its))
    stands.parent.mkdir(parents=True)
    archive = stands.with_name("1.zip")
    asked = ["export", NUMBER, "-o", str(keep / "out"), "--prepared"]
    assert starter.main(asked) == 1
    assert "is not in the store" in capsys.readouterr().err
    archive.write_bytes(DocumentSeal(parse_ring(f"k1:{key}")).seal(plain))
    assert b"requete.pdf" not in archive.read_bytes()
    assert starter.main(asked) == 1  # as the export above: blocking pieces are missing, and said
    assert "pieces, manifest" in capsys.readouterr().out
    assert (keep / "out" / f"{NUMBER}.zip").read_bytes() == plain
    for path in (keep / "built" / NUMBER).rglob("*.pdf"):
        assert (keep / "out" / path.relative_to(keep / "built")).read_bytes() == path.read_bytes()
    place = plain.index(b"%PDF") + 200
    archive.write_bytes(plain[:place] + bytes([plain[place] ^ 1]) + plain[place + 1 :])
    assert starter.main(asked) == 1
    assert "somebody changed it" in capsys.readouterr().err


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
