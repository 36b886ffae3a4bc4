"""``signal``: every field of every signal is an option; what is wrong is said before anything is sent."""

import json

import pytest

from commands.fields import COMMON, options_of
from commands.signal import command_of
from commands.signals import EFFECTS
from rules.reading import COMMANDS, read_command
from rules.refusals import Code, Refused
from tests.commands.conftest import House, Run, parsed
from tests.commands.fakes import FakeDoor, invoice, recorded


def test_every_signal_says_what_it_does() -> None:
    assert set(EFFECTS) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_field_of_a_signal_is_an_option(name: str) -> None:
    fields = {option.field for option in options_of(name)}
    assert fields == set(COMMANDS[name].model_fields) - set(COMMON)


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (
            ["paid", "--amount", "1 200,50", "--received-on", "02/03/2026"],
            {"kind": "paid", "amount": "1200.50", "received_on": "2026-03-02"},
        ),
        (["paid"], {"kind": "paid"}),
        (["hold", "--scope", "debtor", "--by", "nadia"], {"kind": "hold", "scope": "debtor", "by": "nadia"}),
        (
            ["payment_plan", "--instalments", "2026-04-01:500|2026-05-01:700", "--acceleration"],
            {
                "kind": "payment_plan",
                "acceleration": True,
                "instalments": [
                    {"due_on": "2026-04-01", "amount": "500.00"},
                    {"due_on": "2026-05-01", "amount": "700.00"},
                ],
            },
        ),
        (
            ["insolvency", "--kind", "liquidation", "--opened-on", "2026-03-01"],
            {"kind": "insolvency", "procedure": "liquidation", "opened_on": "2026-03-01"},
        ),
        (
            ["document", "--kind", "order", "--file", "po.pdf"],
            {"kind": "document", "piece": "order", "file": "po.pdf"},
        ),
        (["dispute", "--lines", "3|4", "--written"], {"kind": "dispute", "lines": ["3", "4"], "written": True}),
        (
            ["approve", "--step", "mise_en_demeure", "--passage", "2"],
            {"kind": "approve", "step": "mise_en_demeure", "passage": 2},
        ),
        (["paid", "--data", '{"amount": "5"}', "--note", "x"], {"kind": "paid", "amount": "5.00", "note": "x"}),
        (["paid", "--data", '{"amount": "5"}', "--amount", "6"], {"kind": "paid", "amount": "6.00"}),
    ],
)
def test_options_become_the_signals_body(words: list[str], body: dict[str, object]) -> None:
    _event_id, made = command_of(parsed("signal", "F-1", *words))
    assert made == body
    assert read_command(made).model_dump(exclude_unset=True)  # what is submitted is what the case reads


def test_an_address_is_written_in_one_option() -> None:
    _id, body = command_of(parsed("signal", "F-1", "contact_changed", "--address", "1 rue A|Bât. B|1000|Bruxelles|BE"))
    assert body["address"] == {
        "lines": ["1 rue A", "Bât. B"],
        "postal_code": "1000",
        "city": "Bruxelles",
        "country": "BE",
    }


def test_the_id_given_is_the_events_and_otherwise_a_new_one() -> None:
    given, body = command_of(parsed("signal", "F-1", "paid", "--id", "VIR-1"))
    assert given == "VIR-1"
    assert "id" not in body
    first, _ = command_of(parsed("signal", "F-1", "paid"))
    second, _ = command_of(parsed("signal", "F-1", "paid"))
    assert first != second


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["dispute_settled", "--outcome", "partial"], Code.MALFORMED),
        (["credit_note", "--amount", "5"], Code.MALFORMED),
        (["paid", "--data", '{"colour": "red"}'], Code.MALFORMED),
        (["paid", "--data", '{"amount": "-5"}'], Code.AMOUNT_INVALID),
        (["paid", "--amount", "0"], Code.AMOUNT_INVALID),
        (["paid", "--data", "[]"], Code.MALFORMED),
        (["paid", "--data", "{"], Code.MALFORMED),
    ],
)
def test_a_wrong_signal_is_refused_before_it_is_sent(words: list[str], code: Code) -> None:
    with pytest.raises(Refused) as caught:
        command_of(parsed("signal", "F-1", *words))
    assert caught.value.code is code


@pytest.mark.parametrize(
    "words",
    [
        ["paid", "--amount", "12,5O"],
        ["paid", "--received-on", "2026-02-30"],
        ["paid", "--reason", "x"],
        ["payed"],
        ["dispute_settled", "--outcome", "maybe"],
        ["payment_plan", "--instalments", "2026-04-01=500"],
        ["contact_changed", "--address", "Lyon"],
    ],
)
def test_what_cannot_be_typed_is_wrong_usage(run: Run, words: list[str]) -> None:
    said = run("signal", "F-1", *words)
    assert said.status == 2
    assert said.err


def test_a_signal_is_submitted_under_its_id_and_answered_with_the_case(run: Run, house: House) -> None:
    house.hold(recorded())
    said = run("signal", "F-1", "paid", "--amount", "200", "--id", "VIR-1", "--json")
    assert said.status == 0
    assert house.door.said == [("invoice/acme/F-1", {"kind": "paid", "amount": "200.00"}, "VIR-1")]
    assert said.json["id"] == "invoice/acme/F-1"


def test_a_person_reads_one_line(run: Run, house: House) -> None:
    house.hold(recorded())
    said = run("signal", "invoice/acme/F-1", "reconsider")
    assert "invoice/acme/F-1  amicable" in said.out
    assert said.out.count("\n") == 1


def test_a_number_of_two_creditors_is_refused_with_both_ids(run: Run, house: House) -> None:
    house.hold(recorded(), recorded(invoice(creditor="other")))
    said = run("signal", "F-1", "paid")
    assert said.status == 1
    assert "invoice/acme/F-1 or invoice/other/F-1" in said.err
    assert house.door.said == []


def test_an_unknown_number_is_refused(run: Run) -> None:
    said = run("signal", "F-9", "paid")
    assert (said.status, said.out) == (1, "")
    assert "« F-9 »" in said.err


def test_the_refusal_of_the_case_is_said(run: Run, house: House) -> None:
    house.hold(recorded())
    house.door = FakeDoor(Refused("paid: nothing is due.", Code.NOT_ALLOWED_NOW))
    said = run("signal", "F-1", "paid")
    assert (said.status, said.err) == (1, "paid: nothing is due.\n")


def test_the_body_is_json(run: Run, house: House) -> None:
    house.hold(recorded())
    run("signal", "F-1", "promise", "--pay-on", "2026-04-01", "--on", "01/03/2026")
    (_case, body, _id) = house.door.said[0]
    assert json.loads(json.dumps(body)) == {"kind": "promise", "pay_on": "2026-04-01", "on": "2026-03-01"}
