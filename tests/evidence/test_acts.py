"""The acts: filled from the case, addressed to the right judge, open where only another may write, never final."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from evidence.acts.choice import acts_of
from letters.documents import DRAFT
from letters.typography import plain_spaces
from rules import events as e
from rules.brief import NoticeCopy
from rules.law import Procedure, RouteFacts, route
from rules.law.kinds import DebtorKind
from rules.proposal import Proposal
from tests.evidence import samples
from tests.evidence.desk import Built, Desk

Filed = Callable[..., Any]


def proposed(procedure: str, kind: DebtorKind = DebtorKind.BUSINESS, **facts: Any) -> Proposal:
    """The route of the sample claim, its procedure picked."""
    known = {"amount": Decimal("964.19"), "debtor_kind": kind, "as_of": samples.AS_OF, "postal_code": "69003"}
    known |= {"limitation_on": date(2031, 2, 4), "insolvent": procedure == Procedure.DECLARATION} | facts
    found = route(RouteFacts(**known), samples.TABLES, chosen=Procedure(procedure))
    return Proposal.model_validate(
        found.model_dump() | {"as_of": samples.AS_OF, "amount": known["amount"]}, from_attributes=True
    )


OPENED = samples.happened(
    e.InsolvencyOpened,
    "insolvency",
    date(2026, 4, 10),
    procedure="reorganisation",
    opened_on=date(2026, 4, 8),
    published_on=date(2026, 4, 14),
    declare_by=date(2026, 6, 15),
    court="tribunal des activités économiques de Lyon",
    representative="Me Anne Laval",
)


async def built(desk: Desk, procedure: str, kind: DebtorKind = DebtorKind.BUSINESS, **more: Any) -> Built:
    debtor = samples.MARTIN.model_copy(update={"kind": kind})
    brief = desk.brief(
        procedure=procedure,
        proposal=proposed(procedure, kind, **more.pop("facts", {})),
        decompte=samples.counted(kind),
        invoiced={"debtor": debtor},
        **more,
    )
    return await desk.build(brief)


async def test_a_requete_fills_the_boxes_of_the_form_from_the_case(desk: Desk) -> None:
    """Art. 57 and 1407 CPC; the boxes of form 12946."""
    text = (await built(desk, Procedure.ORDER)).text("requete.pdf")

    for said in (
        "À Madame ou Monsieur le président du tribunal des activités économiques de Lyon",
        "rubriques du formulaire Cerfa 12946*02",
        "SAS au capital de 50 000 €",
        "732 829 320 RCS Lyon",
        "Jeanne Martel, Présidente",
        "552 100 554 RCS Lyon",
        "906,39 € en principal",
        "17,80 € au titre des intérêts arrêtés au 20 avril 2026",
        "à compter du 21 avril 2026 et jusqu’à parfait paiement",
        "40,00 € au titre de l’indemnité forfaitaire",
        "Clause pénale néant",
        "renvoyée devant la juridiction que j’estime compétente",
        "mis en demeure de payer (pièces n° 8, 9 et 10)",
        "n’a fait l’objet d’aucune contestation",
        "14 Pouvoir du signataire",
    ):
        assert said in text, said


async def test_in_alsace_and_moselle_the_judge_is_the_commercial_chamber(desk: Desk) -> None:
    text = (await built(desk, Procedure.ORDER, facts={"postal_code": "67000"})).text("requete.pdf")
    assert "À Madame ou Monsieur le président de la chambre commerciale du tribunal judiciaire de Strasbourg" in text
    assert "Juge saisi président de la chambre commerciale du tribunal judiciaire de Strasbourg" in text


async def test_a_consumer_is_asked_for_the_legal_rate_and_no_indemnity(desk: Desk) -> None:
    """Art. L441-10 C. com. binds professionals only; the judge is the tribunal judiciaire, whose form is another."""
    text = (await built(desk, Procedure.ORDER, DebtorKind.CONSUMER)).text("requete.pdf")

    assert "rubriques du formulaire Cerfa 12948*06" in text
    assert "du tribunal judiciaire" in text
    assert "(ressort du 69003 : siège à compléter)" in text
    assert "au taux légal (art. 1231-6 et 1344-1 C. civ.)" in text
    assert "Date et lieu de naissance" in text
    for never in ("L441-10", "indemnité forfaitaire", "BCE", "pénalités"):
        assert never not in text, never


@pytest.mark.parametrize(
    ("procedure", "file", "title", "article"),
    [
        (Procedure.SUMMONS, "assignation.pdf", "ASSIGNATION EN PAIEMENT", "articles 54 et 56"),
        (Procedure.INTERIM, "assignation_refere.pdf", "ASSIGNATION EN RÉFÉRÉ-PROVISION", "873 alinéa 2"),
    ],
)
async def test_an_assignation_leaves_the_hearing_and_the_commissaires_part_open(
    desk: Desk, procedure: str, file: str, title: str, article: str
) -> None:
    text = (await built(desk, procedure)).text(file)

    assert title in text
    assert article in text
    judge = "le président du " if procedure == Procedure.INTERIM else "le "
    assert f"Devant {judge}tribunal des activités économiques de Lyon" in text
    assert "Réservé au commissaire de justice (art. 648 CPC) L’an et le jour" in text
    assert "Date communiquée par le greffe Le" in text
    assert "il s’expose à ce qu’une décision soit rendue contre lui" in text
    assert ("à titre de provision" in text) is (procedure == Procedure.INTERIM)


async def test_a_debtors_contest_is_told_to_the_judge(desk: Desk) -> None:
    brief = desk.brief()
    contested = samples.happened(
        e.DisputeOpened, "contest", date(2026, 3, 5), reason="pain livré rassis", written=True, **samples.CLAIRE
    )
    events = (*brief.events, contested)
    text = (await built(desk, Procedure.INTERIM, events=events)).text("assignation_refere.pdf")

    assert "Le débiteur a contesté par écrit le 5 mars 2026 : « pain livré rassis »." in text
    assert "aucune contestation" not in text


def test_the_next_judge_is_told_of_the_order_that_was_opposed(desk: Desk) -> None:
    """Silent on an opposition, an act would mislead him; what it says of itself alone is left out."""
    steps = (("2026-04-21", "filed"), ("2026-05-12", "ordered"), ("2026-05-28", "served"), ("2026-06-15", "opposed"))
    went = [_judicial(date.fromisoformat(day), event) for day, event in (*steps, ("2026-06-22", "withdrawn"))]
    text = _said(desk, Procedure.INTERIM, went)
    for said in (
        "Une procédure d’injonction de payer a déjà été suivie devant TAE de Lyon : requête déposée le 21 avril 2026, "
        "ordonnance rendue le 12 mai 2026 (n° 2026 I 123), signification de l’ordonnance le 28 mai 2026, à personne, "
        "opposition du débiteur le 15 juin 2026, désistement du créancier le 22 juin 2026.",
        "hormis cette opposition, la créance n’a fait l’objet d’aucune contestation",
        "Motifs de l’opposition : les exposer et y répondre",
        "mis en demeure de payer. Cette mise en demeure",
    ):
        assert said in text, said
    text = _said(desk, Procedure.DECLARATION, went[:2])
    assert "Une procédure d’injonction de payer est en cours devant TAE de Lyon : requête déposée" in text
    assert "procédure d’injonction" not in _said(desk, Procedure.ORDER, went[:2])


def _said(desk: Desk, procedure: str, more: list[e.JudicialEventNoted]) -> str:
    """The words of the act after those events, of a file whose pieces are lost."""
    formal = samples.LADDER[-1]
    sent = NoticeCopy(step=formal[0], passage=1, at=samples.moment(formal[1]), channel=formal[2], message_id="<m>")
    brief = desk.brief(procedure=procedure, proposal=proposed(procedure), notices=(sent,))
    (act,) = acts_of(brief.model_copy(update={"events": (*brief.events, *more)}), ())
    return plain_spaces(" ".join(str(block.get("text") or block.get("rows")) for block in act.blocks))


def _judicial(day: date, event: str) -> e.JudicialEventNoted:
    more: dict[str, Any] = {"court": "TAE de Lyon"} if event == "filed" else {}
    more |= {"reference": "2026 I 123"} if event == "ordered" else {}
    more |= {"details": {"served_to_person": True}} if event == "served" else {}
    said = {"event": event, "procedure": Procedure.ORDER, **more}
    noted: e.JudicialEventNoted = samples.happened(e.JudicialEventNoted, f"{event}/{day}", day, **said)
    return noted


async def test_before_the_tribunal_judiciaire_the_amicable_attempt_is_left_to_be_told(desk: Desk) -> None:
    """Art. 750-1 and 54 5° CPC."""
    text = (await built(desk, Procedure.SUMMONS, DebtorKind.CONSUMER)).text("assignation.pdf")
    assert "Tentative amiable préalable ou motif de dispense" in text


async def test_a_declaration_names_the_procedure_and_is_certified_sincere(desk: Desk) -> None:
    """Art. L622-25 and R622-23 C. com."""
    text = (await built(desk, Procedure.DECLARATION, insolvency=OPENED)).text("declaration_de_creance.pdf")

    for said in (
        "Me Anne Laval mandataire judiciaire",
        "redressement judiciaire",
        "À déclarer au plus tard le 15 juin 2026",
        "Total déclaré 964,19 €",
        "Le créancier certifie sincère la créance déclarée",
    ):
        assert said in text, said


async def test_a_claim_declared_too_late_asks_for_relief_and_keeps_its_declaration_ready(desk: Desk) -> None:
    """Art. L622-26 C. com.: which of the two grounds, and its proof, only the creditor can say."""
    made = await built(desk, Procedure.DECLARATION, insolvency=OPENED, step="releve_de_forclusion")
    text = made.text("requete_releve_de_forclusion.pdf")
    for said in (
        "À Madame ou Monsieur le juge-commissaire",
        "près le tribunal des activités économiques de Lyon",
        "article L622-26 du code de commerce",
        "Était à déclarer le 15 juin 2026",
        "Le débiteur a omis cette créance de la liste remise au mandataire judiciaire.",
        "le relever de la forclusion encourue pour sa créance de 964,19 €",
        f"{DRAFT} – aucun avocat n’a relu ce document",
    ):
        assert said in text, said
    assert "Total déclaré 964,19 €" in made.text("declaration_de_creance.pdf")


@pytest.mark.parametrize("proven", [True, False])
async def test_a_loss_keeps_its_certificate_and_what_the_accounts_need(desk: Desk, *, proven: bool) -> None:
    """No act for a judge; the VAT is left to whoever keeps the accounts, and said to be confirmed."""
    brief = desk.brief()
    lost = samples.happened(
        e.CaseClosed,
        "lost",
        date(2026, 4, 18),
        outcome="written_off",
        because="liquidation clôturée",
        by="Claire Dubois",
    )
    scan = samples.scanned(desk.scans, "certificat.pdf")
    said = {"piece": "irrecoverable", "file": scan, "issued_on": "2026-04-20"}
    told = samples.happened(e.Noted, "doc", date(2026, 4, 21), what="document", details=said, after_closure=True)
    made = await desk.build(desk.brief(events=(*brief.events, lost, *([told] if proven else []))))
    text = made.text("passage_en_perte.pdf")
    for words in (
        "Passée en perte le 18 avril 2026",
        "Par Claire Dubois",
        "Motif liquidation clôturée",
        "1 200,00 € 300,00 € – 900,00 €",
        "à confirmer avec l’expert-comptable",
    ):
        assert words in text, words
    assert ("Le certificat d’irrécouvrabilité est au dossier (pièce n° 15)." in text) is proven
    assert ("Aucun certificat" in text) is not proven
    assert [entry["file"] for entry in made.manifest["files"] if "requete" in entry["file"]] == []
    assert made.missing() == ([] if proven else ["absent"])
    assert made.missing("blocks") == []


async def test_against_a_public_body_the_administrative_judge_is_asked_for_a_provision(desk: Desk) -> None:
    text = (await built(desk, Procedure.INTERIM, DebtorKind.PUBLIC_BODY)).text("requete_refere_provision.pdf")
    assert "article R541-1 du code de justice administrative" in text
    assert "du tribunal administratif" in text
    assert "majoré de huit points (art. R2192-31 CCP)" in text


@pytest.mark.parametrize("procedure", [Procedure.ORDER, Procedure.INTERIM, Procedure.SMALL_CLAIM])
async def test_every_act_is_a_draft_on_each_page(desk: Desk, procedure: str) -> None:
    one = await built(desk, procedure)
    acts = [entry["file"] for entry in one.manifest["files"] if "requete" in entry["file"] or "assign" in entry["file"]]
    acts += [entry["file"] for entry in one.manifest["files"] if entry["file"].startswith("demande")]
    assert len(acts) == 1
    text = one.text(acts[0])
    assert text.count(f"{DRAFT} – aucun avocat n’a relu ce document") == text.count("page ")


async def test_whoever_signs_for_the_representative_joins_his_power(desk: Desk) -> None:
    creditor = samples.ACME.model_copy(update={"signatory": "Paul Roche"})
    text = (await built(desk, Procedure.ORDER, creditor=creditor)).text("requete.pdf")
    assert "Paul Roche (joindre son pouvoir)" in text


async def test_a_claim_that_no_procedure_is_open_for_has_no_act(desk: Desk) -> None:
    made = await desk.build(desk.brief(procedure=Procedure.NONE))
    assert not [entry for entry in made.manifest["files"] if entry["file"].startswith(("requete", "assignation"))]
