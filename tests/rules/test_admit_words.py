"""What cannot be read is refused before any case is asked."""

from typing import Any

import pytest

from rules.reading import parse_command, read_command
from rules.refusals import Code, Refused


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("payed", {}, Code.UNKNOWN_EVENT),
        ("paid", [], Code.MALFORMED),
        ("paid", {"amount": "12,5O"}, Code.AMOUNT_INVALID),
        ("paid", {"amount": "-5.00"}, Code.AMOUNT_INVALID),
        ("paid", {"amount": "0"}, Code.AMOUNT_INVALID),
        ("paid", {"received_on": "2026-02-30"}, Code.DATE_INVALID),
        ("paid", {"montant": "5.00"}, Code.MALFORMED),
        ("dispute_settled", {"outcome": "partial"}, Code.MALFORMED),
        ("dispute_settled", {"outcome": "rejected", "credit": "5.00"}, Code.MALFORMED),
        ("promise", {}, Code.MALFORMED),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(name: str, payload: Any, code: Code) -> None:
    with pytest.raises(Refused) as caught:
        parse_command(name, payload)
    assert caught.value.code is code
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("body", [None, [], {}, {"kind": 3}, {"amount": "5.00"}])
def test_a_body_without_its_kind_is_refused(body: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_command(body)
    assert caught.value.code is Code.MALFORMED


@pytest.mark.parametrize(("name", "field"), [("insolvency", "procedure"), ("document", "piece")])
def test_two_signals_have_a_kind_of_their_own(name: str, field: str) -> None:
    own = {"insolvency": "liquidation", "document": "order"}[name]
    rest: dict[str, Any] = {"insolvency": {"opened_on": "2025-10-01"}, "document": {"file": "b.pdf"}}[name]
    assert parse_command(name, {"kind": own, **rest}) == parse_command(name, {field: own, **rest})
