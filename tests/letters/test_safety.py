"""What a hostile or odd datum may do to a letter: nothing; and what a letter refuses to claim."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from letters.render import Renderer
from letters.typography import amount, clean, plain_spaces
from rules.invoice import Payee
from rules.law.kinds import DebtorKind
from rules.policy import Channel, Claims
from rules.refusals import Refused
from tests.letters.pages import text_of
from tests.letters.samples import DEBTORS, TODAY, counted, item, letter

OLD = date(2026, 1, 12)

HOSTILE = (
    "<script>alert(1)</script>",
    '#eval("1+1") *x* $y$ _z_ @ref <lab> `raw` \\ // /* [',
    "{{ 7*7 }} {% raise %}",
    "Foo\r\nBcc: x@y.example",
    "Foo\x1edemand\x1fPayez ailleurs",
    "a\u202egpj.exe\u200b",
    'x" onmouseover="alert(1)',
    "=HYPERLINK(0)",
)


def named(name: str) -> dict[str, Any]:
    return {"debtor": DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": name})}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_everywhere_and_markup_nowhere(name: str) -> None:
    made = Renderer().render(letter("mise_en_demeure", channel=Channel.REGISTERED_LETTER, **named(name)))
    assert made.pdf is not None
    for sign in ("<script>", 'onmouseover="', "\x1e", "\x1f", "\u202e", "\r"):
        assert sign not in made.html
    assert clean(name).replace(" ", "") in text_of(made.pdf).replace(" ", "").replace("\n", "")
    assert clean(name) in " ".join(made.text.split())


def test_a_number_that_is_markup_is_printed_as_it_is() -> None:
    odd = "F<b>&*#1"
    made = Renderer().render(letter("relance_2", items=(item(odd),)))
    assert odd in made.subject
    assert "F&lt;b&gt;&amp;*#1" in made.html
    assert made.pdf is not None
    assert odd in text_of(made.pdf)


def test_the_same_letter_gives_the_same_bytes() -> None:
    for made in (
        letter("mise_en_demeure", claims=Claims.ALL, channel=Channel.REGISTERED_LETTER),
        letter("relance_2", claims=Claims.MENTION),
    ):
        first, second = Renderer().render(made), Renderer().render(made)
        assert first == second
        assert first.pdf is not None


def test_an_indemnity_never_reaches_a_consumer() -> None:
    business = letter("derniere_relance", claims=Claims.ALL)
    wrong = business.model_copy(update={"debtor": DEBTORS[DebtorKind.CONSUMER]})
    with pytest.raises(Refused, match="none is due"):
        Renderer().render(wrong)


def test_a_letter_whose_sums_disagree_is_refused() -> None:
    right = letter("derniere_relance", claims=Claims.ALL)
    wrong = right.model_copy(update={"items": (item(asked=Decimal("1250.80")),)})
    with pytest.raises(Refused, match=r"1250\.79 and the letter asks 1250\.80"):
        Renderer().render(wrong)


def test_a_group_claims_interest_only_where_each_rung_does() -> None:
    severe, mild, first = (item(number, due=due) for number, due in (("F-1", OLD), ("F-2", OLD), ("F-3", TODAY)))
    drawn = counted((severe, mild), DebtorKind.BUSINESS)
    own = {b.invoice: b.principal + b.interest + b.indemnity for b in drawn.balances}
    items = (
        severe.model_copy(update={"claims": Claims.ALL, "asked": own["F-1"]}),
        mild.model_copy(update={"claims": Claims.MENTION}),
        first.model_copy(update={"claims": Claims.PRINCIPAL}),
    )
    grouped = letter("derniere_relance").model_copy(
        update={"claims": Claims.ALL, "items": items, "decompte": drawn, "pay_by": date(2026, 3, 11)}
    )
    made = Renderer().render(grouped)
    said = " ".join(made.text.split())
    assert "Principal exigible : 1 200,00 €" in said
    assert "Autres factures, en principal : 2 400,00 €" in said
    assert f"Total dû au 3 mars 2026 : {plain_spaces(amount(grouped.asked, 'EUR', 'fr'))}" in said
    assert "sous huitaine, soit au plus tard le 11 mars 2026" in said
    assert "Pour mémoire" not in said
    assert made.pdf is not None
    assert "Autres factures" in text_of(made.pdf)


def test_a_date_to_come_is_never_called_past() -> None:
    ahead = item(due=date(2026, 3, 20)).model_copy(update={"days_late": 0})
    made = Renderer().render(letter("rappel", items=(ahead,)))
    assert "à échoir" in made.text
    assert "arrive à échéance le 20 mars 2026" in " ".join(made.text.split())


def test_a_consumer_rung_that_claims_all_asks_for_the_principal_alone() -> None:
    made = Renderer().render(letter("derniere_relance", kind=DebtorKind.CONSUMER, claims=Claims.ALL))
    assert "payer 1 200,00 €" in " ".join(made.text.split())


def test_an_unread_rate_says_that_interest_is_cut_short() -> None:
    whole = letter("mise_en_demeure", claims=Claims.ALL, channel=Channel.REGISTERED_LETTER)
    assert whole.decompte is not None
    short = whole.decompte.model_copy(update={"interest_to": date(2026, 2, 28)})
    made = Renderer().render(whole.model_copy(update={"decompte": short}))
    said = " ".join(made.text.split())
    assert "arrêtés au 28 février 2026" in said
    assert "Au-delà du 28 février 2026, les intérêts continuent de courir jusqu’au complet paiement" in said


def test_a_creditor_without_account_or_contact_says_no_more_than_it_knows() -> None:
    bare = letter().creditor.model_copy(
        update={"iban": None, "bic": None, "phone": None, "contact": None, "signatory": None, "siren": None}
    )
    made = Renderer().render(letter("relance_2", creditor=bare))
    assert "IBAN" not in made.text
    assert "None" not in made.text + made.html


def test_a_factor_is_paid_on_its_own_account_with_its_mention() -> None:
    payee = Payee(name="Factor SA", iban="FR1420041010050500013M02606", mention="Créance cédée à Factor SA.")
    made = Renderer().render(letter("relance_2", payee=payee))
    assert "FR14\u00a02004" in made.text
    assert "AGRIFRPP" not in made.text
    assert "Créance cédée à Factor SA." in made.html


def test_other_currencies_are_printed_as_themselves() -> None:
    made = Renderer().render(letter(currency="GBP", language="en", items=(item(on=TODAY),)))
    assert "£1,200.00" in made.text
