"""The décompte printed in a letter is the one computed: same lines, same sums, to the cent."""

from datetime import UTC, datetime

import pytest

from letters.render import Renderer
from letters.typography import amount, plain_spaces
from rules.claim import decompte_of
from rules.compose import compose
from rules.decision import Send
from rules.invoice import InvoiceIssued
from rules.policy import Channel, Claims
from tests.letters.pages import reader_of
from tests.scenarios import FILES, Play, read


@pytest.mark.parametrize(
    "payments", [(), (("2025-10-12", "350.00"),), (("2025-10-12", "350.00"), ("2025-11-06", "99.99"))]
)
def test_the_mise_en_demeure_prints_the_decompte_that_was_computed(payments: tuple[tuple[str, str], ...]) -> None:
    played = Play.start(*_opened())
    for on, sum_ in payments:
        played.say("paid", on=on, amount=sum_)
    played.until(datetime(2025, 11, 17, 9, tzinfo=UTC))
    assert played.case.approval is not None
    asked = played.case.approval
    step = Send(
        step="mise_en_demeure", passage=1, channel=Channel.REGISTERED_LETTER, tone="formel", claims=Claims.ALL,
        formal=True,
        as_of=asked.as_of,
    )  # fmt: skip
    now = played.decision.facts.now
    letter = compose((played.case, step), (), played.context, now, message_id="<x@acme.example>")
    computed = decompte_of(played.case, played.context.creditor, played.context.tables, asked.as_of)
    assert letter.decompte is not None
    assert letter.decompte.lines == computed.lines
    assert letter.asked == computed.exigible
    pdf = Renderer().render(letter).pdf
    assert pdf is not None
    printed = plain_spaces("\n".join(page.extract_text() for page in reader_of(pdf).pages))
    for figure in (computed.exigible, computed.interest, computed.indemnity, computed.daily):
        assert plain_spaces(amount(figure, "EUR", "fr")) in printed
    for line in computed.lines:
        assert plain_spaces(amount(line.interest, "EUR", "fr")) in printed


def _opened() -> tuple[InvoiceIssued, datetime]:
    told = read(next(file for file in FILES if file.stem.startswith("02_")))
    return told.invoice, told.opened
