"""The words of a call or a text message, for the person who makes it: filled from the case, in the debtor's language.

Reads templates, calls nobody.
"""

from letters.typography import clean, language_of, spaced
from letters.view import view_of
from letters.words import Templates, fill_template
from rules.letter import Letter
from rules.policy import Channel
from rules.refusals import Refused

SMS_LENGTH = 306
"""Two parts of a text message in the GSM alphabet (3GPP TS 23.040: 153 signs each); longer ones arrive in fragments."""
_TYPED = str.maketrans("’‘\u00a0\u202f", "''  ")
"""Signs that the GSM alphabet lacks: one of them makes every part less than half as long."""


def script_of(templates: Templates, letter: Letter) -> str:
    """What to say or to send for a rung whose channel is call or sms. ``fr/script_<step>.txt`` in the creditor's folder
    wins over the built-in ``fr/script_call.txt`` and ``fr/script_sms.txt``.

    Raises Refused when the template cannot be filled, or a text message names neither the invoice nor the amount or is
    too long to arrive whole.
    """
    view = view_of(letter)
    language = language_of(letter.language)
    names = [f"{language}/script_{letter.step}.txt", f"{language}/script_{letter.channel}.txt"]
    name = next((name for name in names if name in templates.names), names[-1])
    filled = fill_template(templates, name, view.context() | {"phone": clean(letter.debtor.phone or "", 40)})
    lines = [spaced(line.strip(" "), language) for line in filled.split("\n")]
    if letter.channel is not Channel.SMS:
        return "\n".join(lines).strip("\n") + "\n"
    text = " ".join(" ".join(lines).translate(_TYPED).split())
    for what in (view.facts.number, view.facts.asked.translate(_TYPED)):
        if what not in text:
            raise Refused(f"template {name}: {what} is missing; the text message is refused.")
    if len(text) > SMS_LENGTH:
        raise Refused(f"template {name}: the text message has {len(text)} signs, more than {SMS_LENGTH}; shorten it.")
    return text + "\n"
