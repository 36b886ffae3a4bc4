"""The small language of ``when``: what it says, and the sentence when it says nothing."""

import pytest

from rules.when import Anchor, parse_when


@pytest.mark.parametrize(
    ("text", "anchor", "days", "step", "business"),
    [
        ("due", Anchor.DUE, 0, None, False),
        ("due + 5", Anchor.DUE, 5, None, False),
        ("due - 5", Anchor.DUE, -5, None, False),
        ("due − 5", Anchor.DUE, -5, None, False),
        ("due+5", Anchor.DUE, 5, None, False),
        ("  due + 5  ", Anchor.DUE, 5, None, False),
        ("issued + 10", Anchor.ISSUED, 10, None, False),
        ("month_end(due)", Anchor.MONTH_END, 0, None, False),
        ("month_end(due + 45)", Anchor.MONTH_END, 45, None, False),
        ("month_end( due - 3 )", Anchor.MONTH_END, -3, None, False),
        ("after(relance_1) + 10", Anchor.AFTER, 10, "relance_1", False),
        ("after(relance_1)", Anchor.AFTER, 0, "relance_1", False),
        ("unanswered(mise_en_demeure) + 3 business_days", Anchor.UNANSWERED, 3, "mise_en_demeure", True),
        ("unanswered(mise_en_demeure)", Anchor.UNANSWERED, 0, "mise_en_demeure", False),
    ],
)
def test_a_moment_is_read(text: str, anchor: Anchor, days: int, step: str | None, business: bool) -> None:
    when = parse_when(text)
    assert (when.anchor, when.days, when.step, when.business) == (anchor, days, step, business)


@pytest.mark.parametrize("text", ["", "demain", "due + ", "due + 5 weeks", "after() + 3", "month_end(issued)"])
def test_what_is_no_moment_is_refused_with_the_forms_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a moment; write due \+ n, issued \+ n"):
        parse_when(text)


@pytest.mark.parametrize("text", ["after(relance_1) - 1", "unanswered(mise_en_demeure) − 2"])
def test_a_rung_never_comes_before_the_one_it_follows(text: str) -> None:
    with pytest.raises(ValueError, match="lies before the step it follows"):
        parse_when(text)


@pytest.mark.parametrize("text", ["due + 3 business_days", "after(relance_1) + 3 business_days"])
def test_business_days_count_only_after_an_answer_period(text: str) -> None:
    with pytest.raises(ValueError, match="business_days"):
        parse_when(text)


def test_only_a_rung_ahead_of_the_due_date_is_a_courtesy() -> None:
    assert parse_when("due - 1").before_due
    assert not parse_when("due").before_due
    assert not parse_when("month_end(due - 1)").before_due
    assert parse_when("after(relance_1)").follows_step
    assert not parse_when("issued + 1").follows_step
