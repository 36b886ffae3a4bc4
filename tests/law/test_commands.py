"""The five commands, run as a person types them."""

import argparse
import json
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from commands import law_deadline, law_decompte, law_limitation, law_route, law_terms
from rules.refusals import Refused

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command, get what it printed; a refusal is raised as it is for the caller that prints it."""
    parser = argparse.ArgumentParser(prog="starter.py")
    commands = parser.add_subparsers(required=True)
    for module in (law_decompte, law_terms, law_deadline, law_limitation, law_route):
        module.add(commands)
        monkeypatch.setattr(module, "console", lambda: Console(width=100))

    def typed(*words: str) -> str:
        args = parser.parse_args(words)
        assert args.run(args) == 0
        return capsys.readouterr().out

    return typed


def data(run: Run, *words: str) -> Any:
    """What a command prints for programs."""
    return json.loads(run(*words, "--json"))


def test_the_decompte_for_programs(run: Run) -> None:
    found = data(run, "decompte", "--invoice", "12000@2025-05-15", "--as-of", "2025-09-10")
    assert {name: found[name] for name in ("principal", "interest", "indemnity", "total", "daily")} == {
        "principal": "12000.00",
        "interest": "486.48",
        "indemnity": "40.00",
        "total": "12526.48",
        "daily": "3.99",
    }
    first = {name: found["lines"][0][name] for name in ("from", "to", "days", "base", "rate", "interest", "article")}
    assert first == {
        "from": "2025-05-16",
        "to": "2025-06-30",
        "days": 46,
        "base": "12000.00",
        "rate": "13.15",
        "interest": "198.87",
        "article": "L441-10 II C. com.",
    }
    assert found["warnings"] == []


def test_the_decompte_of_a_page(run: Run) -> None:
    printed = run(
        "decompte", "--invoice", "F-1=10000@2025-03-31", "F-2=500@2025-04-30", "--invoice", "F-3=20,50@2025-05-31",
        "--payment", "2500@2025-08-15", "--credit-note", "F-2=100@2025-06-30", "--as-of", "2025-12-31",
    )  # fmt: skip
    assert "Décompte arrêté au 31/12/2025" in printed
    assert "L441-10 II C. com." in printed
    assert "D441-5 C. com." in printed
    assert "F-3" in printed
    assert "480,97" in printed
    assert all(len(line) <= 100 for line in printed.splitlines())


def test_options_repeated_or_listed_are_the_same(run: Run) -> None:
    listed = run("decompte", "--invoice", "100@2025-03-31", "200@2025-04-30", "--as-of", "2025-12-31")
    repeated = run("decompte", "--invoice", "100@2025-03-31", "--invoice", "200@2025-04-30", "--as-of", "2025-12-31")
    assert listed == repeated


def test_the_decompte_of_every_kind(run: Run) -> None:
    one = ("decompte", "--invoice", "1500@2026-01-10", "--as-of", "2026-08-20")
    consumer = data(run, *one, "--debtor", "consumer", "--formal-notice", "2026-02-10")
    assert (consumer["interest"], consumer["indemnity"]) == ("20.83", "0.00")
    assert [warning["code"] for warning in consumer["warnings"]] == ["rate_single_source"]
    assert data(run, *one, "--debtor", "public_body")["lines"][0]["rate"] == "10.15"
    assert data(run, *one, "--rate", "15")["lines"][0]["rate"] == "15"
    assert data(run, *one, "--rate", "BCE+12")["lines"][0]["rate"] == "14.15"
    assert data(run, *one, "--rate", "15@2026-03-01", "16@2026-05-01")["lines"][1]["rate"] == "15"
    judged = data(run, "decompte", "--invoice", "20000@2026-03-16", "--as-of", "2026-10-31", "--judgment", "2026-03-16")
    assert judged["interest"] == "797.79"
    paid = data(run, *one, "--payment", "500@2026-03-01", "--principal-first")["payments"][0]
    assert (paid["to_interest"], paid["to_principal"]) == ("0.00", "500.00")


REFUSED = [
    ("decompte --invoice 100@2026-02-30", "2026-02-30"),
    ("decompte --invoice -100@2026-01-31", "not a positive amount"),
    ("decompte --invoice 0@2026-01-31", "not a positive amount"),
    ("decompte --invoice 100", "no date"),
    ("decompte --invoice ten@2026-01-31", "not an amount"),
    ("decompte --invoice 1000@2026-01-31 --rate 5 --as-of 2026-06-30", "below the legal floor"),
    ("decompte --invoice 1000@2026-01-31 --rate x --as-of 2026-06-30", "not a rate"),
    ("decompte --invoice 1000@2026-01-31 --rate 200 --as-of 2026-06-30", "between 0 and 100"),
    ("decompte --invoice 1000@2026-01-31 --as-of 2027-01-01", "2027-S1"),
    ("decompte --invoice 1000@2026-01-31 --payment -5@2026-03-01", "not a positive amount"),
    ("decompte --invoice 1000@2026-01-31 --debtor martian", "business, consumer"),
    ("decompte --invoice 1000@2026-01-31 --creditor martian", "professional or private"),
    ("decompte --invoice 1000@2026-01-31 --judgment-rate 5", "date of the decision"),
    ("terms --issued 2026-02-30", "2026-02-30"),
    ("terms --issued 2026-01-02 --days -3", "between 0 and 3650"),
    ("terms --issued 2026-01-02 --days 999999999", "between 0 and 3650"),
    ("deadline --from 2026-01-01 --days 999999999", "hundred years"),
    ("deadline --from 2026-01-01 --days 3 --region BE", "region of France"),
    ("decompte --invoice 100@9999-12-31", "not a date"),
    ("terms --issued 2026-01-02 --days x", "whole number"),
    ("terms --issued 2026-01-02 --sector astrology", "transport"),
    ("terms --issued 2026-01-02 --end-of-month 45 --method sideways", "before or after"),
    ("deadline --from 2026-02-30 --days 3", "2026-02-30"),
    ("deadline --from 2026-01-01 --days -3", "positive number"),
    ("deadline --from 2026-01-01 --days 3 --region FR-99", "no calendar"),
    ("limitation --due 2026-02-30", "2026-02-30"),
    ("limitation --due 2026-01-31 --event 2026-03-01", "no kind"),
    ("limitation --due 2026-01-31 --event 2026-03-01:telepathy", "telepathy"),
    ("route --amount -5", "not a positive amount"),
    ("route", "--amount"),
    ("route --amount 100 --limitation 2026-02-30", "2026-02-30"),
]


@pytest.mark.parametrize(("typed", "reason"), REFUSED)
def test_what_is_wrong_is_refused_with_its_reason(run: Run, typed: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        run(*typed.split())
    assert reason in refused.value.sentence


def test_terms(run: Run) -> None:
    found = data(run, "terms", "--issued", "2026-01-02", "--end-of-month", "45", "--method", "after")
    assert (found["due_on"], found["default"], found["cap_on"], found["warnings"]) == (
        "2026-03-17", False, "2026-03-17", [],
    )  # fmt: skip
    printed = run("terms", "--issued", "2026-01-02", "--received", "2026-01-05", "--days", "90")
    assert "02/04/2026" in printed
    assert "L441-16" in printed


def test_deadline(run: Run) -> None:
    found = data(run, "deadline", "--from", "2024-02-07", "--days", "10")
    assert (found["theoretical"], found["expires_on"], found["article"]) == (
        "2024-02-17", "2024-02-19", "641 et 642 CPC",
    )  # fmt: skip
    assert data(run, "deadline", "--from", "2024-02-07", "--days", "10", "--private")["expires_on"] == "2024-02-17"
    assert "26/12/2025" in run("deadline", "--from", "2025-12-11", "--days", "15")


def test_limitation(run: Run) -> None:
    found = data(
        run, "limitation", "--due", "2021-11-30", "--as-of", "2026-12-01",
        "--event", "2022-01-10:mise_en_demeure", "2022-03-10:filed",
    )  # fmt: skip
    assert (found["last_day"], found["years"], found["article"]) == ("2026-11-30", 5, "L110-4 I C. com.")
    assert found["barred"] is True
    assert [item["interrupts"] for item in found["interruptions"]] == [False, False]
    printed = run("limitation", "--due", "2021-11-30", "--performed", "2021-09-30", "--event", "2024-01-10:payment")
    assert "10/01/2029" in printed
    assert "2240 C. civ." in printed
    assert "2 ans" in run("limitation", "--due", "2025-11-30", "--debtor", "consumer", "--as-of", "2026-01-01")


def test_route(run: Run) -> None:
    found = data(
        run, "route", "--amount", "12000", "--debtor", "business", "--merchant", "--postal-code", "69003",
        "--as-of", "2026-11-22",
    )  # fmt: skip
    assert (found["procedure"], found["court"], found["place"]) == (
        "injonction_de_payer", "tribunal_des_activites_economiques", "Lyon",
    )  # fmt: skip
    assert set(found) >= {
        "procedure", "court", "place", "lawyer_required", "amicable_attempt_required", "appeal", "fees",
        "alternatives", "missing", "reasons",
    }  # fmt: skip
    assert found["fees"][0]["amount"] == "25.79"
    printed = run("route", "--amount", "60 000", "--no-merchant", "--disputed", "serious", "--as-of", "2026-11-22")
    assert "Assignation au fond" in printed
    assert "obligatoire" in printed
    assert all(len(line) <= 100 for line in printed.splitlines())


def test_the_day_of_a_command_is_today_when_not_given(run: Run) -> None:
    found = data(run, "limitation", "--due", "2021-11-30")
    assert isinstance(found["barred"], bool)
