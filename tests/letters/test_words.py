"""Every letter of every ladder: read as text, kept as snapshots, held to what each kind of debtor may be told."""

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from letters.render import Renderer
from letters.typography import fold
from letters.wording import objections
from rules.law.kinds import DebtorKind
from rules.letter import Letter
from rules.policy import Channel, Claims
from rules.refusals import Refused
from tests.letters.samples import ACME, item, letter, plan

SNAPSHOTS = Path(__file__).parent / "snapshots"
LANGUAGES = ("fr", "en")
TONES = ("bienveillant", "courtois", "ferme")
PROFESSIONAL = (DebtorKind.BUSINESS, DebtorKind.PUBLIC_BODY)
CLAIMS = {
    "rappel": Claims.PRINCIPAL,
    "relance_1": Claims.PRINCIPAL,
    "relance_2": Claims.MENTION,
    "derniere_relance": Claims.ALL,
    "rappel_telephone_reste_sans_reponse": Claims.MENTION,
    "mise_en_demeure": Claims.ALL,
}
REASONS = "Le bon de livraison du 9 janvier, signé sans réserve, porte sur les douze caisses facturées."


def every_letter() -> Iterator[tuple[str, Letter]]:
    """A name and a letter for each rung, tone, kind and language, and for the special cases."""
    for language in LANGUAGES:
        for kind in DebtorKind:
            for step, claims in CLAIMS.items():
                claimed = claims if kind in PROFESSIONAL else Claims.PRINCIPAL
                formal = step == "mise_en_demeure"
                for tone in ("formel",) if formal else TONES:
                    channel = Channel.REGISTERED_LETTER if formal else Channel.EMAIL
                    made = letter(step, kind=kind, tone=tone, language=language, claims=claimed, channel=channel)
                    yield f"{language}/{step}/{kind}-{fold(tone)}", made
            yield from special_letters(language, kind)


def special_letters(language: str, kind: DebtorKind) -> Iterator[tuple[str, Letter]]:
    claimed = Claims.ALL if kind in PROFESSIONAL else Claims.PRINCIPAL
    several = (item(paid="200.00"), item("F-2026-0051", "840.50"), item("F-2026-0060", "315.00", disputed="15.00"))
    for step in ("plan_reminder", "plan_missed"):
        yield f"{language}/{step}/{kind}", letter(step, kind=kind, language=language, plan=plan(step))
    yield f"{language}/dispute_answer/{kind}", letter("dispute_answer", kind=kind, language=language, reasons=REASONS)
    aside = item("F-9", "77.00", aside="disputed")
    for step in ("relance_1", "derniere_relance", "mise_en_demeure"):
        claims = Claims.PRINCIPAL if step == "relance_1" else claimed
        made = letter(
            step,
            kind=kind,
            language=language,
            claims=claims,
            items=several,
            set_aside=(aside,),
            channel=Channel.REGISTERED_LETTER if step == "mise_en_demeure" else Channel.EMAIL,
        )
        yield f"{language}/{step}/{kind}-several", made
    copy = letter("mise_en_demeure", kind=kind, language=language, claims=claimed, copy_of=Channel.REGISTERED_LETTER)
    yield f"{language}/mise_en_demeure/{kind}-copy-by-email", copy
    ahead = letter("rappel", kind=kind, language=language, items=(item(due=letter().on.replace(day=8)),))
    yield f"{language}/rappel/{kind}-before-due", ahead
    short = letter(kind=kind, language=language, variant="bref")
    yield f"{language}/relance_1/{kind}-bref", short
    if kind in PROFESSIONAL:
        whole = letter(
            "relance_2", kind=kind, tone="ferme", language=language, claims=Claims.ALL, channel=Channel.LETTER
        )
        yield f"{language}/relance_2/{kind}-claiming-all-by-post", whole
    posted = letter("derniere_relance", kind=kind, language=language, claims=claimed, channel=Channel.LETTER)
    yield f"{language}/derniere_relance/{kind}-by-post", posted


EVERY = dict(every_letter())


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    renderer = Renderer()
    done = {name: renderer.render(made) for name, made in EVERY.items()}
    return {name: f"{out.subject}\n\n{out.text}" for name, out in done.items()}


def test_every_letter_reads_as_its_snapshot(texts: dict[str, str]) -> None:
    if os.environ.get("RELANCE_UPDATE_SNAPSHOTS"):
        for old in SNAPSHOTS.rglob("*.txt"):
            old.unlink()
        for name, text in texts.items():
            path = SNAPSHOTS / f"{name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    kept = {
        str(path.relative_to(SNAPSHOTS))[:-4]: path.read_text(encoding="utf-8") for path in SNAPSHOTS.rglob("*.txt")
    }
    assert sorted(kept) == sorted(texts), "run once with RELANCE_UPDATE_SNAPSHOTS=1 and read the difference"
    assert {name for name in kept if kept[name] != texts[name]} == set()


def test_no_letter_threatens_or_says_what_its_debtor_may_not_be_told(texts: dict[str, str]) -> None:
    said = {name: objections(text, EVERY[name].debtor.kind) for name, text in texts.items()}
    assert {name: found for name, found in said.items() if found} == {}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("une indemnité forfaitaire de 40 € vous sera réclamée", DebtorKind.CONSUMER),
        ("Interest at the ECB rate", DebtorKind.UNKNOWN),
        ("les frais de dossier restent à votre charge", DebtorKind.BUSINESS),
        ("nous déposerons plainte", DebtorKind.BUSINESS),
        ("par voie d’injonction de payer", DebtorKind.PUBLIC_BODY),
        ("we will publish your name", DebtorKind.CONSUMER),
    ],
)
def test_the_wording_check_can_fail(sentence: str, kind: DebtorKind) -> None:
    assert objections(sentence, kind)


def test_a_professional_is_told_of_rate_and_indemnity_without_their_being_added(texts: dict[str, str]) -> None:
    said = texts["fr/relance_2/business-courtois"].replace("\n", " ")
    assert "12,15\u00a0%" in said
    assert "40,00\u00a0€" in said
    assert "pas comprises dans le montant" in said
    assert "1\u202f240,00" not in said


def test_the_formal_notice_holds_all_that_makes_it_one(texts: dict[str, str]) -> None:
    said = " ".join(texts["fr/mise_en_demeure/business-formel"].split())
    for needed in (
        "MISE EN DEMEURE", "SAS au capital de 50 000 €", "732 829 320 RCS Lyon", "Boulangerie Martin SARL",
        "552 100 554", "F-2026-0042", "4 février 2026", "1 200,00 €",
        "Intérêts de retard arrêtés au 3 mars 2026 : 10,79 €",
        "40,00 €", "1 250,79 €", "0,40 € par jour", "8 jours à compter de la première présentation", "FR76 3000 6000",
        "sans autre avis, la juridiction compétente", "injonction de payer", "contester tout ou partie",
        "9 février 2026 (courriel), 16 février 2026 (courriel)",
        "24 février 2026 (lettre simple)",
        "échéancier", "Jeanne Martel, Présidente", "article 1344 du Code civil",
    ):  # fmt: skip
        assert needed in said, needed


def test_interest_is_never_asked_for_without_its_legal_ground(texts: dict[str, str]) -> None:
    claimed = {name: text for name, text in texts.items() if "40,00\u00a0€" in text and name.startswith("fr/")}
    assert {name.split("/")[1] for name in claimed} >= {"relance_2", "derniere_relance", "mise_en_demeure"}
    without = {
        name
        for name, text in claimed.items()
        if "copy" not in name and not re.search(r"L\.\s441-10|R\.\s2192-31", text)
    }
    assert without == set()


def test_a_variant_speaks_in_its_own_words_and_one_without_template_in_the_usual_ones(texts: dict[str, str]) -> None:
    assert "quel jour nous recevrons ce règlement" in texts["fr/relance_1/business-bref"]
    renderer = Renderer()
    assert renderer.render(letter(variant="usuel")) == renderer.render(letter())


def test_a_creditor_writes_a_variant_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    base = '{% extends "fr/base.txt" %}{% block subject %}{{ number }} ?{% endblock %}'
    (tmp_path / "fr" / "relance_2@b.txt").write_text(base + "{% block opening %}À nous.{% endblock %}", "utf-8")
    assert Renderer(tmp_path).render(letter("relance_2", variant="b")).subject == "F-2026-0042\u202f?"
    assert Renderer(tmp_path).render(letter("relance_2", variant="a")).subject.startswith("Deuxième rappel")


def test_a_disputed_part_is_left_out_and_said_so(texts: dict[str, str]) -> None:
    said = " ".join(texts["fr/relance_1/business-several"].split())
    assert "sous réserve du surplus" in said
    assert "À régler : 300,00 €" in said
    assert "F-9" in said


def test_a_tone_that_is_not_known_is_polite_and_an_invented_step_has_its_letter() -> None:
    made = Renderer().render(letter("courrier_du_lundi", tone="énergique"))
    assert "F-2026-0042" in made.subject
    assert "Bien cordialement" in made.text


def test_a_formal_step_of_another_name_is_still_a_formal_notice() -> None:
    made = Renderer().render(letter("sommation", formal=True, channel=Channel.REGISTERED_LETTER))
    assert made.subject.startswith("MISE EN DEMEURE")


def test_a_creditor_replaces_a_template_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    base = '{% extends "fr/base.txt" %}{% block subject %}Bonjour {{ number }}{% endblock %}'
    (tmp_path / "fr" / "relance_1.business.txt").write_text(base + "{% block opening %}À nous.{% endblock %}", "utf-8")
    renderer = Renderer(tmp_path)
    assert renderer.render(letter()).subject == "Bonjour F-2026-0042"
    assert renderer.render(letter(kind=DebtorKind.CONSUMER)).subject.startswith("Votre facture")


@pytest.mark.parametrize(
    ("name", "template", "refusal"),
    [
        ("layout.txt", "{{ words.subject }} {{ number }} {{ due }}", "layout.txt: the amount of invoice F-2026-0042"),
        ("layout.html", "{{ number }} {{ asked }}", "layout.html: the due date"),
        ("layout.txt", "{{ due }} {{ asked }}", "layout.txt: the number"),
        ("fr/relance_1.txt", "{{ nonsense }}", "fr/relance_1.txt: 'nonsense' is undefined"),
        ("fr/relance_1.txt", "{% if %}", "fr/relance_1.txt"),
        ("fr/relance_1.txt", "nothing of a letter", "its subject is empty"),
    ],
)
def test_a_letter_that_is_not_complete_is_refused(tmp_path: Path, name: str, template: str, refusal: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(template, encoding="utf-8")
    with pytest.raises(Refused, match="template") as refused:
        Renderer(tmp_path).render(letter())
    assert refusal in refused.value.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_a_consumer_names_the_mediator_and_no_other_letter_does(language: str) -> None:
    creditor = ACME.model_copy(update={"mediator": "Médiation Exemple, 1 rue du Port, 75001 Paris"})
    for kind in (DebtorKind.CONSUMER, DebtorKind.BUSINESS):
        made = letter("dispute_answer", kind=kind, language=language, reasons=REASONS, creditor=creditor)
        text = Renderer().render(made).text
        assert ("Médiation Exemple, 1 rue du Port" in " ".join(text.split())) is (kind is DebtorKind.CONSUMER)
        assert not objections(text, kind)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_of_many_invoices_an_e_mail_says_first_what_is_asked_and_lists_them_after_its_signature(language: str) -> None:
    many = tuple(item(f"F-{number}", "120.00") for number in range(1, 32))
    found = Renderer().render(letter("relance_1", language=language, items=many))
    sum_ = "3\u202f720,00" if language == "fr" else "3,720.00"
    for form in (found.text, html.unescape(found.html)):
        asked, paid, first = (form.index(said) for said in (sum_, "FR76", "F-1"))
        assert asked < paid < form.index(ACME.contact or "") < first
    assert found.pdf is not None
    few = Renderer().render(letter("relance_1", language=language, items=many[:30]))
    assert few.pdf is None
    assert few.text.index("F-1") < few.text.index("FR76")


def test_a_formal_notice_of_many_invoices_by_e_mail_carries_its_copy_and_no_statement() -> None:
    many = tuple(item(f"F-{number}", "120.00") for number in range(1, 32))
    found = Renderer().render(letter("mise_en_demeure", items=many, claims=Claims.ALL))
    assert found.pdf_name == "mise-en-demeure.pdf"
    assert "dans le relevé" not in found.text
