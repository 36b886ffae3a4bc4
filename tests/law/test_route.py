"""Which judge, which procedure, what it needs and costs."""

from typing import Any

import pytest

from rules.law import Route, RouteFacts, competence, route, tables_from
from rules.law.kinds import DebtorKind, Subject
from rules.refusals import Refused
from tests.law.claims import TABLES, on


def of(amount: str, debtor: str = "business", **facts: Any) -> Route:
    """The route of a claim on 22 November 2026."""
    asked = {"amount": amount, "debtor_kind": debtor, "as_of": on("2026-11-22"), **facts}
    return route(RouteFacts.model_validate(asked), TABLES)


COURTS = [
    # Loi 2023-1059, arrêté du 5/07/2024: the TAE is found by commune.
    ("business", {"merchant": True, "postal_code": "69003"}, "tribunal_des_activites_economiques", "Lyon", True),
    ("business", {"merchant": True, "postal_code": "75116"}, "tribunal_des_activites_economiques", "Paris", True),
    ("business", {"merchant": True, "postal_code": "92400"}, "tribunal_des_activites_economiques", "Nanterre", False),
    ("business", {"merchant": True, "postal_code": "69400"}, "tribunal_de_commerce", "Villefranche-sur-Saône", False),
    ("business", {"merchant": True, "postal_code": "69100"}, "tribunal_de_commerce", "ressort du 69100", False),
    ("business", {"merchant": True, "postal_code": "31000"}, "tribunal_de_commerce", "Toulouse", False),
    # Alsace-Moselle: service-public.fr F1792.
    ("business", {"postal_code": "67000"}, "chambre_commerciale_tribunal_judiciaire", "Strasbourg", True),
    ("business", {"postal_code": "57450"}, "chambre_commerciale_tribunal_judiciaire", "ressort du 57450", False),
    # L721-3 C. com. a contrario.
    ("business", {"merchant": False, "postal_code": "69003"}, "tribunal_judiciaire", "ressort du 69003", False),
    ("consumer", {"postal_code": "69003"}, "tribunal_judiciaire", "ressort du 69003", False),
    ("unknown", {}, "tribunal_judiciaire", None, False),
    ("consumer", {"subject": "rent"}, "juge_des_contentieux_de_la_protection", None, False),
    ("consumer", {"subject": "consumer_credit"}, "juge_des_contentieux_de_la_protection", None, False),
    ("business", {"subject": "rent"}, "tribunal_judiciaire", None, False),
    ("public_body", {"postal_code": "69003"}, "tribunal_administratif", "ressort du 69003", False),
]


@pytest.mark.parametrize(("debtor", "facts", "court", "place", "confirmed"), COURTS)
def test_each_claim_has_its_judge(
    debtor: str, facts: dict[str, Any], court: str, place: str | None, confirmed: bool
) -> None:
    found = of("3000", debtor, **facts)
    assert (found.court, found.place, found.court_confirmed) == (court, place, confirmed)
    assert confirmed or "court_name" in found.missing or "postal_code" in found.missing


def test_the_pilot_of_the_tae_ends() -> None:
    before = competence(DebtorKind.BUSINESS, Subject.TRADE, TABLES, on("2024-12-31"), postal_code="69003")
    after = competence(DebtorKind.BUSINESS, Subject.TRADE, TABLES, on("2029-01-01"), postal_code="69003")
    assert before.court == after.court == "tribunal_de_commerce"


def test_a_creditor_who_is_no_merchant_may_choose() -> None:
    found = competence(
        DebtorKind.BUSINESS, Subject.TRADE, TABLES, on("2026-11-22"), creditor_merchant=False, postal_code="69003"
    )
    assert (found.court, found.alternative) == ("tribunal_des_activites_economiques", "tribunal_judiciaire")


def test_undisputed_it_starts_with_an_order_to_pay() -> None:
    found = of("12000", merchant=True, postal_code="69003", limitation_on=on("2030-01-31"))
    assert found.procedure == "injonction_de_payer"
    assert (found.lawyer_required, found.amicable_attempt_required, found.appeal) == (False, False, True)
    assert (found.form, found.missing) == ("Cerfa 12946*02", ())
    assert any("3 mois" in reason.text for reason in found.reasons)
    assert {reason.article for reason in found.reasons} >= {"1405 et 1406 CPC", "1406 CPC", "1409 CPC"}


@pytest.mark.parametrize(
    ("debtor", "facts", "form"),
    [("consumer", {}, "Cerfa 12948*06"), ("consumer", {"subject": "rent"}, "Cerfa 16040*01")],
)
def test_each_judge_has_his_form(debtor: str, facts: dict[str, Any], form: str) -> None:
    assert of("900", debtor, **facts).form == form


CHOICES = [
    ({"disputed": "weak"}, "refere_provision"),
    ({"disputed": "serious"}, "assignation"),
    ({"insolvent": True}, "declaration_de_creance"),
    ({"limitation_on": on("2027-03-21")}, "assignation"),
    ({"limitation_on": on("2027-03-22")}, "injonction_de_payer"),
    ({"limitation_on": on("2026-11-21")}, "none"),
    ({"country": "BE"}, "refere_provision"),
]


@pytest.mark.parametrize(("facts", "procedure"), CHOICES)
def test_what_is_known_of_the_claim_chooses_the_procedure(facts: dict[str, Any], procedure: str) -> None:
    found = of("12000", merchant=True, postal_code="69003", **facts)
    assert found.procedure == procedure
    assert found.reasons


def test_an_insolvency_closes_everything_else() -> None:
    found = of("12000", insolvent=True)
    assert found.court is None
    assert not any(other.available for other in found.alternatives)
    assert found.missing == ("publication_bodacc",)


def test_a_way_whose_tariffs_are_not_confirmed_says_so() -> None:
    assert "fees" in of("5000", disputed="weak").missing
    assert "fees" not in of("5000").missing


def test_no_order_to_pay_against_a_public_body() -> None:
    found = of("12000", "public_body")
    assert found.procedure == "refere_provision"
    assert "demande_prealable" in found.missing
    assert found.lawyer_required is None
    assert of("12000", "public_body", disputed="serious").procedure == "none"
    assert not any(other.available for other in found.alternatives)


THRESHOLDS = [
    # 761 and 853 CPC above 10 000 €; 750-1 before the tribunal judiciaire up to 5 000 €; appeal above 5 000 €.
    ("5000.00", {"merchant": False}, (False, True, False)),
    ("5000.01", {"merchant": False}, (False, False, True)),
    ("10000.00", {"merchant": True}, (False, False, True)),
    ("10000.01", {"merchant": True}, (True, False, True)),
    ("4000.00", {"merchant": True}, (False, False, False)),
]


@pytest.mark.parametrize(("amount", "facts", "needs"), THRESHOLDS)
def test_what_a_summons_needs(amount: str, facts: dict[str, Any], needs: tuple[bool, bool, bool]) -> None:
    found = of(amount, disputed="serious", postal_code="33000", **facts)
    assert (found.lawyer_required, found.amicable_attempt_required, found.appeal) == needs


def test_small_claims_stop_at_five_thousand_euros() -> None:
    """R125-1 CPCE, principal and interest."""
    assert _other(of("5000"), "petites_creances").available
    assert not _other(of("5000.01"), "petites_creances").available


def test_l126_waits_for_its_decree() -> None:
    """Loi 2026-307: between merchants, switched off until its decree is published."""
    closed = _other(of("5000", merchant=True), "l126")
    assert not closed.available
    assert "décret" in closed.because
    row = '[[switch]]\nname = "l126"\nfrom = 2026-04-24\narticle = "L126-1 CPCE"\nlabel = "x"\nconfidence = "A"\n'
    published = tables_from({"decree.toml": row + 'source = "JORF"\n'}, TABLES)
    facts = RouteFacts.model_validate({"amount": "5000", "debtor_kind": "business", "as_of": on("2026-11-22")})
    assert _other(route(facts, published), "l126").available
    assert not _other(of("5000", "consumer"), "l126").available


CONTRIBUTIONS = [
    # Décret 2024-1225: 3 % capped at 50 000 €, 5 % capped at 100 000 €.
    ("60000", 300, "60000000", "4000000", "1800.00"),
    ("9000000", 300, "60000000", "4000000", "50000.00"),
    ("60000", 300, "2000000000", "1", "3000.00"),
    ("9000000", 300, "2000000000", "1", "100000.00"),
]


@pytest.mark.parametrize(("amount", "employees", "turnover", "profit", "due"), CONTRIBUTIONS)
def test_a_large_claimant_contributes(amount: str, employees: int, turnover: str, profit: str, due: str) -> None:
    found = of(amount, postal_code="75002", employees=employees, turnover=turnover, profit=profit)
    assert [str(fee.amount) for fee in found.fees if "Contribution" in fee.name] == [due]


@pytest.mark.parametrize(
    "facts",
    [
        {"employees": 249, "turnover": "60000000", "profit": "4000000"},
        {"employees": 300, "turnover": "60000000", "profit": "3000000"},
        {"employees": 300, "turnover": "40000000", "profit": "4000000"},
        {"employees": 300, "turnover": "60000000", "profit": "4000000", "postal_code": "33000"},
    ],
)
def test_others_do_not(facts: dict[str, Any]) -> None:
    found = of("60000", **{"postal_code": "75002", **facts})
    assert not [fee for fee in found.fees if "Contribution" in fee.name]


def test_what_the_contribution_needs_is_asked() -> None:
    assert set(of("60000", postal_code="75002").missing) >= {"employees", "turnover", "profit"}
    assert "employees" not in of("50000", postal_code="75002").missing


def test_an_amount_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="not a positive amount"):
        of("0")


def _other(found: Route, procedure: str) -> Any:
    return next(other for other in found.alternatives if other.procedure == procedure)
