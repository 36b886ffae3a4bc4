"""``make pilot``: one's own invoices on one machine. Nothing leaves unless it was said, and what it keeps stays."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from demo import pilot
from demo.house import House
from demo.pilot import CAUGHT, SENT, creditors_of, environment_of, kept_house, started, write_environment
from demo.services import Broken
from settings import read_settings

INVOICE = (
    "creditor,number,issued_on,due_on,total,debtor_id,debtor_kind,debtor_name,debtor_email,"
    "debtor_address_lines,debtor_postal_code,debtor_city\n"
    "acme,F-1,2026-09-01,2026-10-01,1200.00,C-1,business,Exemple SARL,compta@client.example,"
    "1 rue de la Paix,75002,Paris\n"
)


def test_a_house_whose_letters_were_caught_never_sends(tmp_path: Path) -> None:
    """It holds for written what no debtor has received: the next letter would be the debtor's first."""
    with kept_house(tmp_path / "pilot", CAUGHT):
        pass
    with pytest.raises(Broken, match="were caught"), kept_house(tmp_path / "pilot", SENT):
        pass
    with kept_house(tmp_path / "pilot", CAUGHT) as house:
        assert house.store.is_dir()


def test_two_pilots_do_not_share_a_house(tmp_path: Path) -> None:
    with (
        kept_house(tmp_path / "pilot", CAUGHT),
        pytest.raises(Broken, match="in use"),
        kept_house(tmp_path / "pilot", CAUGHT),
    ):
        pass


def test_while_letters_are_caught_no_provider_posts_a_registered_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELANCE_REGISTERED_URL", "https://provider.example")
    monkeypatch.setenv("RELANCE_SMTP_URL", "smtps://u:p@mail.example:465")
    monkeypatch.setenv("RELANCE_RATES", "/rates")
    monkeypatch.setenv("RELANCE_CLOCK", "2025-01-01@1@2026-01-01")
    house, file = House(tmp_path), tmp_path / "creditors.toml"
    caught = environment_of(house, "127.0.0.1:7233", "smtp://127.0.0.1:1025", file, CAUGHT)
    assert caught["RELANCE_SMTP_URL"] == "smtp://127.0.0.1:1025"
    assert caught["RELANCE_RATES"] == "/rates"
    assert "RELANCE_REGISTERED_URL" not in caught
    assert "RELANCE_CLOCK" not in caught
    sent = environment_of(house, "127.0.0.1:7233", "smtp://127.0.0.1:1025", file, SENT)
    assert sent["RELANCE_SMTP_URL"] == "smtps://u:p@mail.example:465"
    assert sent["RELANCE_REGISTERED_URL"] == "https://provider.example"


def test_what_a_shell_reads_is_quoted_and_its_owners_alone(tmp_path: Path) -> None:
    file = write_environment(House(tmp_path), {"RELANCE_STORE": "/un dossier/$HOME", "PATH": "/bin"})
    assert file.read_text(encoding="utf-8") == "RELANCE_STORE='/un dossier/$HOME'\n"
    assert file.stat().st_mode & 0o077 == 0


def test_the_creditors_file_begins_as_the_examples_and_is_then_yours(tmp_path: Path) -> None:
    own = creditors_of(House(tmp_path), None)
    own.write_text("# mine\n", encoding="utf-8")
    assert creditors_of(House(tmp_path), None).read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.slow
async def test_a_pilot_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    file, said = tmp_path / "factures.csv", [io.StringIO(), io.StringIO()]
    file.write_text(INVOICE, encoding="utf-8")
    for turn, terminal in enumerate(said):
        with kept_house(tmp_path / "un pilote", CAUGHT) as house:
            async with started(house, None, CAUGHT, Console(file=terminal, width=200)) as services:
                if turn == 0:
                    await services.run("starter.py", "import", str(file))
                async with asyncio.timeout(60):
                    while (known := json.loads(await services.run("starter.py", "list", "--json"))) == []:
                        services.check()
                assert [row["id"] for row in known] == ["invoice/acme/F-1"]
                assert read_settings(services.env).clock is None
    assert "dit cette seule fois" in said[0].getvalue()
    assert "dit cette seule fois" not in said[1].getvalue()
    assert f"{pilot.LOGIN} et vos comptes" in said[1].getvalue()
