"""The timeline names the articles of this case: its debtor, its procedure, its day."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from audit.articles import articles_of
from audit.findings import Check, Finding
from audit.page import report_pdf
from audit.redecide import Today
from audit.report import Remark, Report, RunSeen
from audit.wording import wrong_in_french
from rules import events as e
from rules.case import Case
from rules.creditor import parse_creditors
from rules.fold import fold, open_case
from rules.law.kinds import DebtorKind
from rules.law.tables import builtin_tables
from tests.audit.book import CREDITORS, invoice
from tests.letters.pages import text_of

TODAY = Today(parse_creditors(CREDITORS, file="creditors.toml")["acme"], builtin_tables(), {})
AT = datetime(2025, 11, 3, 9, tzinfo=UTC)
SAID: dict[str, Any] = {"id": "one", "on": date(2025, 11, 3), "at": AT}


def case_of(kind: DebtorKind = DebtorKind.BUSINESS) -> Case:
    issued = invoice("F-1")
    whose = issued.debtor.model_copy(update={"kind": kind})
    opened = e.CaseOpened(
        id="open", on=date(2025, 9, 1), at=datetime(2025, 9, 1, tzinfo=UTC), policy="standard", version="1",
        invoice=issued.model_copy(update={"debtor": whose}),
    )  # fmt: skip
    return open_case("invoice/acme/F-1", opened)


def told(event: e.Event, kind: DebtorKind = DebtorKind.BUSINESS) -> tuple[str, ...]:
    return articles_of(event, fold(case_of(kind), event), TODAY)


def paid(amount: str) -> e.PaymentReceived:
    return e.PaymentReceived(**SAID, amount=Decimal(amount), reference="VIR-1", received_on=date(2025, 11, 3))


def test_only_a_part_payment_recognises_the_debt() -> None:
    assert told(paid("1200.00")) == ("1343-1 C. civ.",)
    assert told(paid("500.00")) == ("1343-1 C. civ.", "2240 C. civ.")


@pytest.mark.parametrize(
    ("kind", "article"),
    [
        (DebtorKind.BUSINESS, "L110-4"),
        (DebtorKind.CONSUMER, "L218-2"),
        (DebtorKind.PUBLIC_BODY, "68-1250"),
    ],
)
def test_a_limitation_is_that_of_this_debtor(kind: DebtorKind, article: str) -> None:
    near = e.LimitationNear(**SAID, distance="12m", last_day=date(2030, 9, 5))
    (named,) = told(near, kind)
    assert article in named


@pytest.mark.parametrize(
    ("kind", "procedure", "article"),
    [
        (DebtorKind.BUSINESS, "injonction_de_payer", "1405 à 1425 CPC"),
        (DebtorKind.BUSINESS, "assignation", "54 et 56 CPC"),
        (DebtorKind.PUBLIC_BODY, "refere_provision", "R541-1 CJA"),
    ],
)
def test_a_file_names_the_texts_of_its_own_procedure(kind: DebtorKind, procedure: str, article: str) -> None:
    file = e.FilePrepared(**SAID, step="file", passage=1, path="x", manifest="y", procedure=procedure)
    assert told(file, kind) == (article,)


@pytest.mark.parametrize(("kind", "expected"), [(DebtorKind.BUSINESS, True), (DebtorKind.PUBLIC_BODY, False)])
def test_a_letter_names_what_its_claim_rests_on(kind: DebtorKind, expected: bool) -> None:
    letter = e.NoticeSent(
        **SAID, step="relance_2", passage=1, channel="email", message_id="<m@x>", principal=Decimal("1200.00"),
        claim=Decimal("1260.00"),
    )  # fmt: skip
    found = told(letter, kind)
    assert found
    assert ("L441-10 II C. com." in found) is expected


def test_what_is_wrong_is_said_in_french() -> None:
    assert wrong_in_french(Finding(check=Check.PROMISES, field="hours", said="x")).startswith("le courrier est parti")
    assert "empreinte" in wrong_in_french(Finding(check=Check.CHAIN, field="hash", said="x"))


def test_the_report_for_a_court_names_what_differs_in_french_with_both_values() -> None:
    found = Finding(check=Check.EVENTS, position=4, field="claim", said="the ledger and the history differ",
                    here="1300.00", there="1284.83")  # fmt: skip
    report = Report(
        case="invoice/acme/F-1", as_of=AT, rules="1", tables="t", position=9, head="ab" * 32, stage="closed",
        currency="EUR", debtor="Boulangerie Martin SARL (C-104)", creditor="acme", opened_on=None, findings=(found,),
        runs=(RunSeen(run="r-1", status="completed", source="archive", events=53, decisions=7),),
        differences=(), remarks=(Remark(en="It was burnt.", fr="Il a été détruit."),), timeline=(),
    )  # fmt: skip
    text = text_of(report_pdf(report, TODAY.creditor)).replace("\u200b", "")
    for said in ("le registre et l’historique diffèrent", "1300.00", "1284.83", "non conforme", "ab" * 32,
                 "terminée, lue de l’archive", "Remarque : Il a été détruit."):  # fmt: skip
        assert said in text, text
    assert "burnt" not in text
