"""Laws of the décompte that hold whatever the facts."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.law import AgreedRate, Credited, DebtorKind, Decompte, DecompteFacts, Owed, Paid, Waived, decompte
from rules.law.imputation import spread
from rules.law.tables import EcbRate
from rules.money import ZERO
from tests.law.claims import TABLES

CENT = Decimal("0.01")
FIRST = date(2021, 6, 1)
LAST = date(2026, 12, 30)

days = st.dates(FIRST, LAST)
amounts = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)
invoices = st.sampled_from(["A", "B", "C"])
debts = st.lists(st.builds(Owed, invoice=invoices, due_on=days, amount=amounts), min_size=1, max_size=4)
payments = st.lists(
    st.builds(Paid, on=days, amount=amounts, invoice=st.none() | invoices, reference=st.sampled_from(["x", "y"])),
    max_size=5,
)
notes = st.lists(st.builds(Credited, on=days, amount=amounts, invoice=st.none() | invoices), max_size=2)

given_up = st.builds(Waived, on=days, interest=amounts, indemnity=amounts, invoice=st.none() | invoices)
waivers = st.lists(given_up, max_size=1)


@st.composite
def facts(draw: st.DrawFn) -> DecompteFacts:
    """Any claim of up to four debts, with payments and credit notes in any order."""
    return DecompteFacts(
        owed=tuple(draw(debts)),
        payments=tuple(draw(payments)),
        credits=tuple(draw(notes)),
        debtor_kind=draw(st.sampled_from(["business", "consumer", "public_body", "unknown"])),
        as_of=draw(days),
        waived=tuple(draw(waivers)),
        principal_first=draw(st.booleans()),
        formal_notice_on=draw(st.none() | days),
        insolvency_on=draw(st.none() | days),
        capitalise=draw(st.booleans()),
        indemnity_place=draw(st.sampled_from(["first", "after_interest", "last"])),
        tolerance=draw(st.sampled_from([ZERO, Decimal(1)])),
    )


def draw_up(claim: DecompteFacts) -> Decompte:
    """The décompte of a running case."""
    return decompte(claim, TABLES, strict=False)


@given(facts())
@settings(max_examples=250, deadline=None)
def test_every_sum_is_the_sum_of_what_is_displayed(claim: DecompteFacts) -> None:
    found = draw_up(claim)
    assert found.total == found.principal + found.interest + found.indemnity
    assert found.accrued == sum((line.interest for line in found.lines), ZERO)
    gone = found.given_up
    assert found.accrued == found.interest + sum((paid.to_interest for paid in found.payments), ZERO) + sum(
        (item.interest for item in gone), ZERO
    )
    assert sum((balance.amount for balance in found.balances), ZERO) == (
        found.principal
        + sum((paid.to_principal for paid in found.payments), ZERO)
        + sum((note.to_principal for note in found.credits), ZERO)
        + sum((item.principal for item in gone), ZERO)
    )
    assert sum((item.amount for item in found.indemnities), ZERO) == (
        found.indemnity
        + sum((paid.to_indemnity for paid in found.payments), ZERO)
        + sum((item.indemnity for item in gone), ZERO)
    )
    assert found.principal == sum((balance.principal for balance in found.balances), ZERO)
    for line in found.lines:
        assert line.days == (line.to_on - line.from_on).days + 1
        exact = line.base * line.rate * line.days / 36500
        assert abs(exact - line.interest) <= CENT / 2


@given(facts())
@settings(max_examples=250, deadline=None)
def test_payments_and_credit_notes_are_conserved(claim: DecompteFacts) -> None:
    found = draw_up(claim)
    for paid in found.payments:
        assert paid.to_interest + paid.to_principal + paid.to_indemnity + paid.remainder == paid.amount
        assert sum((s.to_interest + s.to_principal + s.to_indemnity for s in paid.shares), ZERO) == (
            paid.amount - paid.remainder
        )
    for note in found.credits:
        assert note.to_principal + note.remainder == note.amount
    for balance in found.balances:
        assert min(balance.principal, balance.interest, balance.indemnity) >= 0


@given(facts(), st.integers(1, 400))
@settings(max_examples=250, deadline=None)
def test_more_delay_never_claims_less(claim: DecompteFacts, more: int) -> None:
    later = min(claim.as_of + timedelta(days=more), LAST)
    kept = [paid for paid in claim.payments if paid.on <= claim.as_of]
    credited = [note for note in claim.credits if note.on <= claim.as_of]
    same = {"payments": tuple(kept), "credits": tuple(credited), "waived": ()}
    before = draw_up(claim.model_copy(update=same))
    after = draw_up(claim.model_copy(update={"as_of": later, **same}))
    if later >= claim.as_of:
        assert after.total >= before.total


@given(facts(), st.data())
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_facts_changes_nothing(claim: DecompteFacts, data: st.DataObject) -> None:
    shuffled = claim.model_copy(
        update={
            "owed": tuple(data.draw(st.permutations(claim.owed))),
            "payments": tuple(data.draw(st.permutations(claim.payments))),
            "credits": tuple(data.draw(st.permutations(claim.credits))),
        }
    )
    assert draw_up(shuffled) == draw_up(claim)


@given(facts(), st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.dates(date(1950, 1, 1), date(2150, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_a_running_case_is_never_refused(claim: DecompteFacts, due: date, as_of: date) -> None:
    odd = (Owed(invoice="Z", due_on=due, amount=Decimal("-5")), Owed(invoice="Z", due_on=due, amount=Decimal(5)))
    rates = (AgreedRate(rate=Decimal("0.1"), since=due),)
    found = draw_up(claim.model_copy(update={"owed": claim.owed + odd, "as_of": as_of, "rates": rates}))
    assert found.interest_to <= as_of
    assert len([warning for warning in found.warnings if warning.code == "rate_missing"]) <= 4
    assert all(line.to_on <= found.as_of for line in found.lines)


def test_payments_of_one_day_may_come_in_any_order() -> None:
    debt = (Owed(invoice="A", due_on=date(2026, 1, 31), amount=Decimal(1000)),)
    same_day = [
        Paid(on=date(2026, 5, 4), amount=Decimal(amount), invoice=invoice, reference=reference)
        for amount, invoice, reference in (("300", None, "x"), ("20.50", "A", "y"), ("300", None, "z"))
    ]
    found = {
        draw_up(
            DecompteFacts.model_validate(
                {"owed": debt, "payments": order, "debtor_kind": "business", "as_of": date(2026, 11, 22)}
            )
        ).model_dump_json()
        for order in permutations(same_day)
    }
    assert len(found) == 1


@given(amounts, days, days, days)
@settings(max_examples=100, deadline=None)
def test_splitting_a_period_changes_nothing_but_rounding(amount: Decimal, a: date, b: date, c: date) -> None:
    due, middle, end = sorted((a, b, c))
    debt = (Owed(invoice="A", due_on=due, amount=amount),)
    claim = DecompteFacts.model_validate({"owed": debt, "debtor_kind": "business", "as_of": end})
    split = claim.model_copy(update={"as_of": middle})
    rest = claim.model_copy(update={"owed": (Owed(invoice="A", due_on=middle, amount=amount),)})
    whole, parts = draw_up(claim), [draw_up(split), draw_up(rest)]
    lines = len(whole.lines) + sum(len(part.lines) for part in parts)
    assert abs(whole.accrued - sum((part.accrued for part in parts), ZERO)) <= lines * CENT / 2


@given(amounts, st.lists(amounts, min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_pro_rata_share_is_whole_and_never_too_much(amount: Decimal, wants: list[Decimal]) -> None:
    shares = spread(amount, wants)
    assert sum(shares, ZERO) == min(amount, sum(wants, ZERO))
    assert all(ZERO <= share <= want for share, want in zip(shares, wants, strict=True))


@given(facts())
@settings(max_examples=60, deadline=None)
def test_a_decompte_survives_its_history(claim: DecompteFacts) -> None:
    found = draw_up(claim)
    assert Decompte.model_validate_json(found.model_dump_json(by_alias=True)) == found
    assert Decompte.model_validate_json(found.model_dump_json()) == found
    assert DecompteFacts.model_validate_json(claim.model_dump_json()) == claim


@given(amounts, days, st.lists(st.tuples(days, amounts), max_size=4), days)
@settings(max_examples=60, deadline=None)
def test_a_count_day_by_day_agrees(
    amount: Decimal, due: date, received: list[tuple[date, Decimal]], as_of: date
) -> None:
    """An independent reckoning, in fractions of a cent, of one invoice and its payments."""
    found = draw_up(
        DecompteFacts(
            owed=(Owed(invoice="A", due_on=due, amount=amount),),
            payments=tuple(Paid(on=day, amount=paid) for day, paid in received),
            debtor_kind=DebtorKind.BUSINESS,
            as_of=as_of,
        )
    )
    principal, interest = _day_by_day(amount, due, received, as_of)
    slack = CENT * (len(found.lines) + 1)
    assert abs(principal - found.principal) <= slack
    assert abs(interest - found.interest) <= slack


def _day_by_day(
    principal: Decimal, due: date, received: list[tuple[date, Decimal]], as_of: date
) -> tuple[Decimal, Decimal]:
    rates = {(row.from_on.year, row.from_on.month): row.value + 10 for row in TABLES.of(EcbRate)}
    interest, day = ZERO, FIRST
    while day <= as_of:
        if day > due:
            interest += principal * rates[day.year, 1 if day.month < 7 else 7] / 36500
        for _, paid in filter(lambda one: one[0] == day, received):
            to_interest = min(paid, interest)
            interest -= to_interest
            principal = max(ZERO, principal - (paid - to_interest))
        day += timedelta(days=1)
    return principal, interest
