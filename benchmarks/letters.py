"""Letters: processor time of a page and of a whole letter, rendered one after the other with the fonts loaded."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from benchmarks.shape import CREDITOR, ORIGIN, invoice
from commands.letters import letter_of
from letters.payment_code import epc_payload, payment_qr
from letters.pdf import Images, letter_pdf
from letters.render import Renderer
from letters.typeset import Typesetter
from letters.view import view_of
from letters.words import templates_of, words_of
from rules import events as e
from rules.claim import Context
from rules.fold import open_case
from rules.law.tables import builtin_tables
from rules.letter import Letter
from rules.policy import Channel
from rules.policy_file import parse_policy
from workflows.contracts import case_id

FORMS = {
    "email": ("relance_1", Channel.EMAIL, "e-mail"),
    "statement": ("relance_2", Channel.EMAIL, "e-mail with statement"),
    "letter": ("relance_2", Channel.LETTER, "letter to post, one page"),
    "formal": ("mise_en_demeure", Channel.REGISTERED_LETTER, "mise en demeure with its décompte, two pages"),
}
"""What is rendered: the rung, the channel and the name of each form."""
T = TypeVar("T")
_DUE = ORIGIN + timedelta(days=60)
_WARM = 5


@dataclass(frozen=True)
class Letters:
    """Processor milliseconds. ``again``, ``another``: a page to post, its payment code drawn, from its words to its
    PDF; ``forms``: whole letters, words, text, HTML and PDF, each another's."""

    again: float
    another: float
    forms: dict[str, float]


def measure(renderings: int) -> Letters:
    """So many renderings of each. Each letter is another invoice of another debtor: the typesetter remembers what it
    has set, and the same letter again costs it a third."""
    text = (Path(__file__).parents[1] / "policies" / "standard.toml").read_text(encoding="utf-8")
    policy = parse_policy(text, file="standard.toml")
    context = Context(creditor=CREDITOR, policy=policy, tables=builtin_tables())
    written = {
        form: [_written(context, number, step, channel) for number in range(renderings + _WARM)]
        for form, (step, channel, _) in FORMS.items()
    }
    renderer = Renderer(qr=payment_qr)
    setter = Typesetter()
    pages = [_page_of(letter, setter) for letter in written["letter"]]
    another = _each(lambda page: page(), pages)
    again = _each(lambda page: page(), pages[-1:] * (renderings + _WARM))
    return Letters(again, another, {form: _each(renderer.render, each) for form, each in written.items()})


def _page_of(letter: Letter, setter: Typesetter) -> Callable[[], bytes]:
    """The page of a letter whose words are found."""
    view = view_of(letter)
    words, payload = words_of(templates_of(None), view), epc_payload(letter)
    assert payload is not None
    return lambda: letter_pdf(setter, letter, view, words, Images(qr=payment_qr(payload)))


def _each(made: Callable[[T], object], things: Sequence[T]) -> float:
    """Milliseconds for one, the first few left out."""
    for thing in things[:_WARM]:
        made(thing)
    start = time.process_time()
    for thing in things[_WARM:]:
        made(thing)
    return (time.process_time() - start) / len(things[_WARM:]) * 1e3


def _written(context: Context, number: int, step: str, channel: Channel) -> Letter:
    announced = invoice(f"r-{number}")
    debtor = announced.debtor.model_copy(update={"id": f"C-{number}", "name": f"Exemple {number} SARL"})
    announced = announced.model_copy(update={"debtor": debtor, "total": announced.total + number})
    opened = e.CaseOpened(
        id="opened", on=ORIGIN.date(), at=ORIGIN, invoice=announced, policy=context.policy.name,
        version=context.policy.version,
    )  # fmt: skip
    letter = letter_of(open_case(case_id("acme", announced.number), opened), context, step, _DUE)
    return letter.model_copy(update={"channel": channel})


def rows(found: Letters) -> list[tuple[str, str, str, str]]:
    """As the report has them."""
    return [
        ("B10 CPU-ms of a one-page PDF, warm, the same letter again", f"{found.again:.1f}", "–", "aim ≤ 6"),
        ("B10 CPU-ms of a one-page PDF, warm, each another letter", f"{found.another:.1f}", "–", "–"),
        *(
            (f"CPU-ms of a letter, words, text, HTML and PDF: {name}", f"{found.forms[form]:.1f}", "–", "–")
            for form, (_, _, name) in FORMS.items()
        ),
    ]
