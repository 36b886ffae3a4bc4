"""The words of calls and text messages: filled from the case, complete, fit for each kind of debtor."""

from pathlib import Path

import pytest

from letters.render import Renderer
from letters.scripts import SMS_LENGTH
from letters.typography import plain_spaces
from letters.wording import objections
from rules.law.kinds import DebtorKind
from rules.policy import Channel
from rules.refusals import Refused
from tests.letters.samples import ACME, DEBTORS, item, letter


@pytest.mark.parametrize("kind", list(DebtorKind))
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("channel", [Channel.CALL, Channel.SMS])
def test_a_script_names_the_invoice_the_amount_and_the_day(kind: DebtorKind, language: str, channel: Channel) -> None:
    said = plain_spaces(Renderer().script(letter("appel", kind=kind, language=language, channel=channel)))
    assert "F-2026-0042" in said
    assert ("1 200,00 €" if language == "fr" else "€1,200.00") in said
    assert ("4 février 2026" if language == "fr" else "4 February 2026") in said
    assert "{" not in said
    assert objections(said, kind) == ()


def test_a_consumers_affairs_are_told_to_nobody_else() -> None:
    said = Renderer().script(letter("appel", kind=DebtorKind.CONSUMER, channel=Channel.CALL))
    assert "Ne dites l’objet de l’appel qu’à la personne elle-même" in said
    assert "rien d’autre" in said


def test_the_script_says_the_number_or_that_it_must_be_found() -> None:
    debtor = DEBTORS[DebtorKind.BUSINESS]
    assert "numéro à trouver" in Renderer().script(letter("appel", channel=Channel.CALL))
    reachable = debtor.model_copy(update={"phone": "+33472000000"})
    assert "+33472000000" in Renderer().script(letter("appel", channel=Channel.CALL, debtor=reachable))


def test_every_code_of_an_outcome_is_explained() -> None:
    said = Renderer().script(letter("appel", channel=Channel.CALL))
    codes = ("promise", "payment_announced", "dispute", "reached", "message_left", "no_answer", "wrong_number")
    assert [code for code in codes if code not in said] == []


def test_a_text_message_is_one_line_and_arrives_whole() -> None:
    said = Renderer().script(letter("sms", channel=Channel.SMS))
    assert said.count("\n") == 1
    assert len(said) <= SMS_LENGTH + 1
    assert "http" not in said


def test_a_name_too_long_for_a_text_message_is_refused() -> None:
    creditor = ACME.model_copy(update={"name": "Société " + "très " * 20 + "longue"})
    with pytest.raises(Refused, match="more than 306"):
        Renderer().script(letter("sms", channel=Channel.SMS, creditor=creditor))


def test_a_creditors_own_script_wins_and_must_name_the_amount(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "script_appel.txt").write_text("Appelez {{ debtor }} : {{ asked }}.", encoding="utf-8")
    (tmp_path / "fr" / "script_sms.txt").write_text("Facture {{ number }} impayée.", encoding="utf-8")
    own = Renderer(tmp_path)
    assert own.script(letter("appel", channel=Channel.CALL)).startswith("Appelez Boulangerie Martin SARL")
    with pytest.raises(Refused, match="is missing"):
        own.script(letter("sms", channel=Channel.SMS))


def test_a_disputed_part_is_left_aside_in_the_script() -> None:
    rest = item(disputed="200.00")
    said = plain_spaces(Renderer().script(letter("appel", channel=Channel.CALL, items=(rest,))))
    assert "Part contestée, à laisser de côté : 200,00 €" in said
