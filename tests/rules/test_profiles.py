"""Profiles: computed from how a debtor paid, shown with their inputs, kept in the decision; ladder and tone follow."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from rules.creditor import Creditor
from rules.decide import decide
from rules.decision import DebtorFacts, Send
from rules.law.kinds import DebtorKind
from rules.policy_file import parse_policy
from rules.precedence import ladder_of, policy_of
from rules.profile import Habits, PaymentRecord, Profile, profiled, record_of
from rules.refusals import Refused
from rules.voice import variant_of
from tests.rules.samples import fresh
from tests.scenarios import ACME, HOUSE, Play

STANDARD = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "record", "broken", "profile", "because"),
    [
        ("business", None, 0, "standard", "nouveau client : aucune facture payée connue"),
        ("business", (12, 12, 0, 0), 0, "fidele", "12 factures payées, 12 à l'heure, retard moyen 0 jour"),
        ("business", (12, 1, 276, 0), 0, "retardataire", "12 factures payées, 1 à l'heure, retard moyen 23 jours"),
        ("business", (12, 12, 0, 1), 1, "retardataire", "2 promesses non tenues"),
        ("business", (12, 12, 0, 1), 0, "standard", "1 promesse non tenue"),
        ("business", (2, 2, 0, 0), 0, "standard", "2 factures payées"),
        ("unknown", (12, 12, 0, 0), 0, "fidele", "12 à l'heure"),
        ("consumer", (12, 12, 0, 0), 0, "sensible", "particulier"),
        ("public_body", (12, 0, 900, 5), 0, "public", "personne publique"),
    ],
)
def test_a_profile_says_what_it_was_computed_from(
    kind: str, record: tuple[int, int, int, int] | None, broken: int, profile: str, because: str
) -> None:
    names = ("paid", "on_time", "days_late", "promises_broken")
    known = None if record is None else PaymentRecord.model_validate(dict(zip(names, record, strict=True)))
    found = profiled(DebtorKind(kind), known, broken, Habits())
    assert found.name == profile
    assert because in found.because


def test_a_transfer_ordered_on_the_due_date_is_on_time() -> None:
    due = date(2026, 1, 5)
    record = record_of(
        ((due, due + timedelta(days=3)), (due, due + timedelta(days=4)), (due, due - timedelta(days=9))), 0
    )
    assert record == PaymentRecord(paid=3, on_time=2, days_late=7)


def test_the_decision_keeps_the_profile_and_the_record_it_came_from() -> None:
    played = fresh()
    record = PaymentRecord(paid=12, on_time=1, days_late=276)
    known = played.context.model_copy(update={"debtor": DebtorFacts(record=record)})
    decision = decide(played.case, known, played.decision.facts.now)
    assert decision.profile is not None
    assert (decision.profile.name, decision.profile.mean_delay) == (Profile.RETARDATAIRE, 23)
    assert decision.facts.debtor.record == record


def test_a_profile_chooses_the_ladder_as_a_case_opens_unless_one_was_named_for_it() -> None:
    policy = parse_policy(STANDARD + '\n[profile.fidele]\nladder = "fidele"\n', file="p.toml")
    faithful = profiled(DebtorKind.BUSINESS, PaymentRecord(paid=12, on_time=12), 0, policy.habits)
    invoice = fresh().case.invoice
    usual = policy_of(invoice, ACME)
    assert ladder_of(usual, policy, faithful).name == "fidele"
    exact = policy_of(invoice.model_copy(update={"policy": "standard"}), ACME)
    assert ladder_of(exact, policy, faithful).name == "standard"


def test_invoice_before_debtor_before_segment_before_creditor() -> None:
    creditor = Creditor.model_validate(
        ACME.model_dump() | {"debtors": {"C-104": "ne_pas_relancer"}, "segments": {"boulangeries": "fidele"}}
    )
    invoice = fresh().case.invoice.model_copy(update={"segment": "boulangeries"})
    named: list[Any] = [
        policy_of(invoice.model_copy(update={"policy": "retardataire"}), creditor),
        policy_of(invoice, creditor),
        policy_of(invoice, creditor.model_copy(update={"debtors": {}})),
        policy_of(invoice, ACME),
    ]
    assert [chosen.name for chosen in named] == ["retardataire", "ne_pas_relancer", "fidele", "standard"]


def test_a_profile_changes_the_tone_of_a_step() -> None:
    policy = parse_policy(STANDARD + '\n[profile.standard]\ntone = { relance_1 = "bienveillant" }\n', file="p.toml")
    played = Play.start(fresh().case.invoice, fresh().case.opened_at, policy)
    while not (isinstance(played.decision.step, Send) and played.decision.step.step == "relance_1"):
        assert played.decision.moment is not None
        played.act(played.decision.moment)
    assert played.decision.step.tone == "bienveillant"


def with_variants(step: str = "relance_1") -> str:
    return STANDARD.replace(f'step = "{step}"\n', f'step = "{step}"\nvariants = ["usuel", "bref"]\n', 1)


def test_a_debtor_keeps_its_wording_and_wordings_are_drawn_evenly() -> None:
    rung = parse_policy(with_variants(), file="p.toml").at("relance_1")
    assert rung is not None
    drawn = [variant_of("acme", f"C-{number}", rung) for number in range(1000)]
    assert drawn == [variant_of("acme", f"C-{number}", rung) for number in range(1000)]
    assert 450 < Counter(drawn)["bref"] < 550
    other = rung.model_copy(update={"step": "relance_2"})
    assert [variant_of("acme", f"C-{number}", other) for number in range(1000)] != drawn


@pytest.mark.parametrize("step", ["appel", "mise_en_demeure", "dossier_judiciaire"])
def test_only_a_reminder_has_variants(step: str) -> None:
    with pytest.raises(Refused, match="only a reminder"):
        parse_policy(with_variants(step), file="p.toml")
