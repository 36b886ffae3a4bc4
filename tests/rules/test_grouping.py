"""One debtor, one voice: what a message speaks for, each invoice at its own rung, and what it names as left out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rules.compose import compose
from rules.decision import Decision, Send
from rules.grouping import APART, DISPUTED, PLAN, REVIEWED, joins, lead_of, left_out
from rules.invoice import InvoiceIssued
from rules.money import ZERO, total
from rules.policy import Policy
from rules.policy_file import parse_policy
from tests.rules.samples import fresh
from tests.rules.test_admission import tell
from tests.scenarios import HOUSE, Play

NOON = datetime(2025, 10, 10, 12, tzinfo=UTC)


def grouped() -> Policy:
    """The standard ladder with its mises en demeure in one letter, unasked."""
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
    text = text.replace('entry = "sequential"', 'entry = "sequential"\nformal_notice = "grouped"', 1)
    text = text.replace('approval = "operator"\n', "").replace(
        'approval_above = { amount = "10000", by = "manager" }', ""
    )
    return parse_policy(text, file="grouped.toml")


def case(number: str, policy: Policy | None = None, **changed: Any) -> Play:
    one = fresh().case
    data = one.invoice.model_dump(mode="json") | {"number": number} | changed
    return Play.start(InvoiceIssued.model_validate(data), one.opened_at, policy)


def at(number: str, step: str, policy: Policy | None = None, **changed: Any) -> Play:
    """A case whose next letter is that step."""
    played = case(number, policy, **changed)
    while not (isinstance(played.decision.step, Send) and played.decision.step.step == step):
        assert played.decision.moment is not None
        played.act(played.decision.moment)
    return played


def spoken(played: Play) -> tuple[Any, Send]:
    assert isinstance(played.decision.step, Send)
    return played.case, played.decision.step


def together(lead: Play, other: Play, now: datetime | None = None) -> bool:
    moment = now or lead.decision.at
    assert moment is not None
    zone = lead.context.policy.zone
    return joins(spoken(lead), (other.case, other.decision, other.context.policy), moment, zone)


def test_letters_due_that_day_to_the_same_address_are_one() -> None:
    assert together(at("F-1", "relance_1"), at("F-2", "relance_1"))
    assert not together(at("F-1", "relance_1"), at("F-2", "relance_1", due_on="2025-10-20"))


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "CHF"},
        {"debtor": {"email": "autre@martin.example"}},
        {"debtor": {"language": "en"}},
        {"payee": {"name": "Factor SA", "iban": "FR1420041010050500013M02606"}},
    ],
)
def test_another_currency_address_language_or_account_is_another_message(other: dict[str, Any]) -> None:
    debtor = fresh().case.invoice.debtor.model_dump(mode="json") | other.get("debtor", {})
    assert not together(at("F-1", "relance_1"), at("F-2", "relance_1", **(other | {"debtor": debtor})))


def test_a_message_takes_the_most_severe_tone_and_each_invoice_stays_at_its_own_rung() -> None:
    severe, mild = at("F-1", "derniere_relance"), at("F-2", "relance_1", due_on="2025-10-31")
    pairs = [spoken(mild), spoken(severe)]
    assert lead_of([(pair, mild.context.policy) for pair in pairs]) == 1
    now = severe.decision.at
    assert now is not None
    letter = compose(pairs[1], [pairs[0]], severe.context, now, message_id="<m@acme.example>")
    assert (letter.step, letter.tone) == ("derniere_relance", "pressant")
    assert [(item.number, item.step, item.claims) for item in letter.items] == [
        ("F-1", "derniere_relance", "all"),
        ("F-2", "relance_1", "principal"),
    ]
    assert letter.asked == total(item.asked for item in letter.items)
    assert letter.items[1].asked == letter.items[1].balance


def test_a_grouped_formal_notice_demands_only_what_was_warned_of() -> None:
    policy = grouped()
    first, second = at("F-1", "mise_en_demeure", policy), at("F-2", "mise_en_demeure", policy)
    assert together(first, second)
    behind = at("F-3", "relance_2", policy)
    now = first.decision.at
    assert now is not None
    assert not together(first, behind, now)
    unwarned = second.case.model_copy(
        update={"steps": tuple(s for s in second.case.steps if s.step != "derniere_relance")}
    )
    assert not joins(spoken(first), (unwarned, second.decision, policy), now, policy.zone)
    aside = left_out(spoken(first)[1], [(behind.case, behind.decision)], now.date())
    assert [(one.invoice.number, why) for one, why in aside] == [("F-3", APART)]
    letter = compose(spoken(first), [spoken(second)], first.context, now, message_id="<m@acme.example>", aside=aside)
    assert [item.number for item in letter.items] == ["F-1", "F-2"]
    assert letter.asked == letter.items[0].asked + letter.items[1].asked
    assert [(item.number, item.asked) for item in letter.set_aside] == [("F-3", ZERO)]
    assert behind.case.taken("mise_en_demeure") is None


def test_alone_is_the_usual_way_of_a_formal_notice() -> None:
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8").replace('approval = "operator"\n', "")
    alone = parse_policy(text, file="alone.toml")
    assert not together(at("F-1", "mise_en_demeure", alone), at("F-2", "mise_en_demeure", alone))


def test_invoices_disputed_under_a_plan_or_awaiting_an_approval_are_named_and_not_asked_for() -> None:
    lead = at("F-0", "relance_1")
    disputed, planned = case("F-1"), case("F-2", issued_on="2025-09-04")
    tell(disputed, "dispute", reason="farine humide")
    tell(planned, "payment_plan", instalments=[{"due_on": "2025-12-01", "amount": "1200.00"}])
    approving = case("F-3")
    while approving.case.approval is None:
        assert approving.decision.moment is not None
        approving.act(approving.decision.moment)
    others: list[tuple[Any, Decision]] = [(one.case, one.decision) for one in (disputed, planned, approving)]
    named = left_out(spoken(lead)[1], others, date(2025, 12, 5))
    assert {one.invoice.number: why for one, why in named} == {"F-1": DISPUTED, "F-2": PLAN, "F-3": REVIEWED}
    assert left_out(spoken(lead)[1], others, date(2025, 10, 1)) == (), "what is not late is not spoken of"
