"""A wrong policy file is refused with the file, the line and the reason; a right one says what it says."""

from pathlib import Path

import pytest

from rules.policy import Policy
from rules.policy_file import parse_policy, policy_version
from rules.refusals import Refused
from tests.scenarios import HOUSE

FILES = sorted((HOUSE / "policies").glob("*.toml"))
RIGHT = """name = "essai"
timezone = "Europe/Paris"
send = { days = ["mon", "tue"], from = "09:00", to = "17:30", holidays = "FR" }
spacing = { minimum_days = 7, per_week = 2 }
tolerance = "1.00"

[[rung]]
step = "relance_1"
when = "due + 5"
channel = ["email", "letter"]
tone = "courtois"

[[rung]]
step = "mise_en_demeure"
when = "after(relance_1) + 12"
channel = ["registered_letter"]
tone = "formel"
claims = "all"
answer_within = 8

[[rung]]
step = "dossier"
when = "unanswered(mise_en_demeure) + 3 business_days"
prepares = "judicial_file"
approval = "manager"
"""


def refusal(text: str) -> str:
    with pytest.raises(Refused) as caught:
        parse_policy(text, file="essai.toml")
    return caught.value.sentence


def changed(old: str, new: str) -> str:
    assert RIGHT.count(old) == 1, old
    return RIGHT.replace(old, new)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_houses_policies_are_right_and_named_after_their_file(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    policy = parse_policy(text, file=file.name)
    assert policy.name == file.stem
    assert policy.version == policy_version(text)
    assert len(policy.version) == 16
    assert Policy.model_validate(policy.model_dump(by_alias=True)) == policy


def test_another_word_in_the_file_is_another_version() -> None:
    first, second = parse_policy(RIGHT, file="a.toml"), parse_policy(RIGHT + "\n# revu\n", file="a.toml")
    assert first.version != second.version
    assert first.model_copy(update={"version": second.version}) == second


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('name = "essai"\n', 'name = "essai\n', 1, "Illegal character"),
        ('name = "essai"', 'name = "essai"\nversion = "3"', 2, "version is the content's hash"),
        ('name = "essai"', 'name = "essai"\ncouleur = "rouge"', 2, "« couleur » is not a setting"),
        ('"Europe/Paris"', '"Europe/Lyon"', 2, "« Europe/Lyon » is not a time zone"),
        ('"mon", "tue"', '"mon", "lundi"', 3, "« lundi » is neither a week day"),
        ('"mon", "tue"', "30", 3, "neither a week day"),
        ('["mon", "tue"]', "[]", 3, "nothing could ever be sent"),
        ('from = "09:00"', 'from = "18:00"', 3, "from 18:00 is not before to 17:30"),
        ('from = "09:00"', 'from = "neuf"', 3, "from"),
        ('holidays = "FR"', 'holidays = "FR-99"', 3, "no calendar of public holidays for « FR-99 »"),
        ("minimum_days = 7", "minimum_days = -1", 4, "minimum_days"),
        ("per_week = 2", "per_week = 0", 4, "per_week"),
        ('tolerance = "1.00"', 'tolerance = "1.005"', 5, "more than two decimals"),
        ('when = "due + 5"', 'when = "demain"', 9, "« demain » is not a moment"),
        ('when = "due + 5"', 'when = "after(rappel) + 5"', 8, "is the first and cannot count from an earlier step"),
        ('channel = ["email", "letter"]', 'channel = ["pigeon"]', 10, "channel"),
        ('channel = ["email", "letter"]', "channel = []", 8, "rung relance_1 has no channel"),
        ('channel = ["email", "letter"]', 'channel = ["email", "sms"]', 8, "no copy and no second choice"),
        ('channel = ["email", "letter"]', 'channel = ["call", "email"]', 8, "can have no other channel"),
        ('tone = "courtois"', 'ton = "courtois"', 11, "« ton » is not a setting"),
        ('step = "mise_en_demeure"', 'step = "relance_1"', 14, "rung relance_1 stands twice"),
        ('step = "relance_1"', 'step = "Relance 1"', 8, "step"),
        ('when = "after(relance_1) + 12"', 'when = "after(relance_9) + 12"', 14, "counts from relance_9"),
        ('channel = ["registered_letter"]', 'channel = ["email"]', 14, "its only channel is registered_letter"),
        ('claims = "all"', 'claims = "tout"', 18, "claims"),
        ("answer_within = 8", "answer_within = 0", 19, "answer_within"),
        ("answer_within = 8", "", 22, "which has no answer_within"),
        ('when = "unanswered(mise_en_demeure) + 3 business_days"', 'when = "due + 90"', 22, "must follow unanswered"),
        ('approval = "manager"', 'approval = "patron"', 25, "approval"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, line: int, reason: str) -> None:
    sentence = refusal(changed(old, new))
    assert sentence.startswith(f"essai.toml, line {line}: "), sentence
    assert reason in sentence
    assert sentence.endswith(".")


def test_a_file_without_a_name_is_refused() -> None:
    assert refusal("tolerance = 1") == "essai.toml, line 1: name: Field required."


def test_a_rung_without_a_step_is_refused_at_its_own_header() -> None:
    text = changed('step = "mise_en_demeure"\n', "")
    assert refusal(text).startswith("essai.toml, line 13: rung.step: Field required")
