"""``returned``: what an agency reports on its sheet reaches the case, line by line, once."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from intake.lines import Rejected
from intake.returned import Reported, read_returned
from ledger.reads import Recorded
from rules import events as e
from rules.admit import admit
from rules.calendars import noon_of
from rules.case import Pause
from rules.holder_sheet import COLUMNS
from rules.reading import parse_command
from rules.view import CaseView, view
from settings import HOUSE
from tests.commands.conftest import House, Run
from tests.commands.fakes import FakeLedger
from tests.rules.test_judicial import OPENED, claim
from tests.scenarios import Play

CASE = "invoice/acme/F-1"
Report = Callable[..., Path]


class PlayedDoor:
    """A case played by the pure rules, behind the door; the ledger shows it as it then stands."""

    def __init__(self, house: House, its: Play) -> None:
        self._house, self.its = house, its
        self._show()

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        assert case_id == CASE
        its, command = self.its, parse_command(str(body["kind"]), dict(body))
        now = max(its.case.last_at, noon_of(command.on or OPENED.date(), its.context.policy.zone))
        its.enter(*admit(its.case, command, its.context, now, said_id=event_id, door="update"))
        its.settle(now)
        self._show()
        return view(its.case, its.decision, "h")

    def _show(self) -> None:
        known = Recorded(self.its.case, self.its.decision, "h", tuple(self.its.history))
        text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
        self._house.ledger = FakeLedger([known], {self.its.case.version: text})


@pytest.fixture
def agency(house: House) -> PlayedDoor:
    """12 000 € handed over to an agency on 2 March 2026."""
    its = Play.start(claim(), OPENED)
    terms = {"commission": "12 % du recouvré", "mandate": "file:///srv/mandat.pdf"}
    its.say("handed_over", on="2026-03-02", to="Recouvrance SARL", role="collection_agency", **terms)
    house.door = PlayedDoor(house, its)  # type: ignore[assignment]
    return house.door  # type: ignore[return-value]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A sheet as the agency sends it back."""

    def written(*lines: dict[str, str], encoding: str = "utf-8-sig") -> Path:
        text = io.StringIO(newline="")
        sheet = csv.DictWriter(text, COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
        sheet.writeheader()
        sheet.writerows({"Dossier": CASE, "Facture": "F-1"} | line for line in lines)
        path = tmp_path / "retour.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return written


PAID = {"Événement": "paiement", "Date": "10/03/2026", "Montant": "4 000,00", "Référence": "REC-1"}
ALL = (
    PAID,
    {"Événement": "frais", "Nature": "commission", "Date": "10/03/2026", "Montant": "480,00"},
    {"Événement": "échéancier", "Nature": "2026-04-01:4000,00|2026-05-01:4000,00", "Date": "12/03/2026"},
    {"Événement": "note", "Date": "13/03/2026", "Texte": "le gérant a changé"},
    {"Événement": "retour", "Date": "20/03/2026", "Texte": "plan signé"},
)


def states(said: Any) -> list[str]:
    return [line["state"] for line in said.json["lines"]]


def test_what_an_agency_reports_is_entered_once(run: Run, agency: PlayedDoor, report: Report) -> None:
    sheet = str(report(*ALL, {}))
    assert run("returned", sheet, "--json").status == 0
    case = agency.its.case
    assert (case.received, case.costs[0].nature, case.costs[0].amount) == (
        Decimal("4000.00"),
        "agency",
        Decimal("480.00"),
    )
    assert case.plan is not None
    assert [part.due_on for part in case.plan.instalments] == [date(2026, 4, 1), date(2026, 5, 1)]
    assert case.handed is None
    assert {event.by for event in agency.its.history if isinstance(event, e.PaymentReceived)} == {"Recouvrance SARL"}
    assert agency.its.decision.suspended is not None
    assert agency.its.decision.suspended.by is Pause.PAYMENT_PLAN
    before = len(agency.its.history)
    again = run("returned", sheet, "--json")
    assert (again.status, states(again)) == (0, ["already known"] * 5)
    assert len(agency.its.history) == before


def test_after_the_return_only_money_costs_and_notes_come_in(run: Run, agency: PlayedDoor, report: Report) -> None:
    run("returned", str(report(ALL[-1])))
    said = run("returned", str(report(PAID, {"Événement": "promesse", "Date": "21/03/2026", "Échéance": "01/04/2026"})))
    assert said.status == 1
    assert "the creditor's own again" in " ".join(said.out.split())
    assert agency.its.case.received == Decimal("4000.00")


def test_a_dry_run_enters_nothing_and_foretells_a_refusal(run: Run, agency: PlayedDoor, report: Report) -> None:
    before = len(agency.its.history)
    too_much = {"Événement": "échéancier", "Nature": "2026-04-01:99,00", "Date": "12/03/2026"}
    said = run("returned", str(report(PAID, too_much)), "--dry-run", "--json")
    assert (said.status, states(said)) == (1, ["would be entered", "refused"])
    assert len(agency.its.history) == before


def test_a_case_that_was_never_handed_over_hears_nothing(run: Run, house: House, report: Report) -> None:
    house.door = door = PlayedDoor(house, Play.start(claim(), OPENED))  # type: ignore[assignment]
    said = run("returned", str(report(PAID, {**PAID, "Facture": "F-9"}, {**PAID, "Dossier": "F-7"})), "--json")
    assert said.status == 1
    refused = [line["refused"] for line in said.json["lines"]]
    assert "never handed over" in refused[0]
    assert "and not F-9" in refused[1]
    assert "neither a case nor an invoice" in refused[2]
    assert door.its.case.received == 0


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ({"Événement": "versement"}, "Événement", "is not one of paiement"),
        ({"Événement": "paiement"}, "Montant", "needs it"),
        ({"Événement": "paiement", "Montant": "quatre mille"}, "Montant", "quatre mille"),
        ({"Événement": "paiement", "Montant": "-1,00"}, "Montant", "not above zero"),
        ({"Événement": "paiement", "Montant": "1,00", "Nature": "x"}, "Nature", "says nothing there"),
        ({"Événement": "paiement", "Montant": "1,00", "Date": "31/02/2026"}, "Date", "not a day of the calendar"),
        ({"Événement": "", "Montant": "1,00"}, "Événement", "is missing"),
        ({"Événement": "frais", "Nature": "repas", "Montant": "1,00"}, "Nature", "is not one of greffe"),
        ({"Événement": "échéancier", "Nature": "bientôt"}, "Nature", "DATE:AMOUNT"),
        ({"Événement": "procédure collective", "Nature": "faillite"}, "Nature", "is not one of sauvegarde"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_column(
    report: Report, line: dict[str, str], field: str, reason: str
) -> None:
    with report({"Date": "10/03/2026"} | line).open("rb") as stream:
        (found,) = read_returned(stream, "retour.csv")
    assert isinstance(found, Rejected)
    assert (found.field, found.line) == (field, 2)
    assert reason in found.reason


def test_two_lines_that_say_the_same_want_a_reference_each(report: Report) -> None:
    with report(PAID, PAID, {**PAID, "Référence": "REC-2"}).open("rb") as stream:
        first, second, third = read_returned(stream, "retour.csv")
    assert isinstance(second, Rejected)
    assert "says the same as line 2" in second.reason
    assert isinstance(first, Reported)
    assert isinstance(third, Reported)
    assert first.id != third.id


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_sheet_that_is_not_utf_8_is_refused_whole(report: Report, encoding: str) -> None:
    with report(PAID, encoding=encoding).open("rb") as stream:
        (found,) = read_returned(stream, "retour.csv")
    assert isinstance(found, Rejected)
    assert "UTF-8" in found.reason


def test_a_cell_shielded_from_the_spreadsheet_is_read_as_it_was(report: Report) -> None:
    """``=1+1`` leaves as ``'=1+1`` and comes back as the number of the invoice."""
    with report({**PAID, "Facture": "'=1+1", "Événement": "paid"}).open("rb") as stream:
        (found,) = read_returned(stream, "retour.csv")
    assert isinstance(found, Reported)
    assert (found.number, found.kind) == ("=1+1", "paid")
