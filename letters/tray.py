"""The tray of letters to post: a print-ready PDF and an address line for each. Renders and lays down, posts nothing."""

import asyncio
import hashlib

from letters.parties import recipient
from letters.render import Renderer
from letters.store import Store, safe_name
from letters.tray_folder import COLUMNS, TrayFolder, mark, neutral
from letters.typography import clean, language_of
from rules.dispatch import NotTaken, Refusal
from rules.letter import Dispatched, Letter


class TrayDispatcher:
    """Lays letters in the day's folder of a tray. The same letter again finds its own file and line: it is repeatable.

    With a ``store``, a copy is kept there and named in the answer: the tray is emptied when letters are posted.
    """

    repeatable = True

    def __init__(self, folder: TrayFolder, renderer: Renderer, store: Store | None = None) -> None:
        self._folder = folder
        self._renderer = renderer
        self._store = store

    async def hand_over(self, letter: Letter) -> Dispatched:
        """Render and lay down; raises NotTaken (address) when the debtor's address is not complete."""
        return await asyncio.to_thread(self._lay_down, letter)

    async def withdraw(self, message_id: str) -> None:
        """Take a letter out of the tray: its file goes to ``retirees`` beside the days, its line out of the sheet."""
        await asyncio.to_thread(self._folder.withdraw, message_id)

    def _lay_down(self, letter: Letter) -> Dispatched:
        address = letter.debtor.address
        if address is None or not address.complete:
            raise NotTaken(Refusal.ADDRESS, f"{clean(letter.debtor.name, 120)} has no complete postal address.")
        content = self._renderer.render(letter).pdf
        assert content is not None  # every paper channel is rendered as a PDF
        name = safe_name(f"{letter.items[0].number}_{letter.step}_{mark(letter.message_id)}.pdf")
        digest = hashlib.sha256(content).hexdigest()
        path = self._folder.lay(letter.on, name, content, _line(letter, name, digest))
        if self._store is not None:
            path = self._store.put(f"{letter.creditor.key}/{letter.on:%Y-%m-%d}/{name}", content)
        return Dispatched(document=str(path), sha256=digest)


def _line(letter: Letter, file: str, digest: str) -> dict[str, str]:
    debtor, address = letter.debtor, letter.debtor.address
    assert address is not None
    name = recipient(debtor, letter.creditor, language_of(letter.language))[0]
    lines = [*address.lines[:2], " ".join(address.lines[2:]), "", ""]
    values = (
        file, letter.channel.value, letter.step, debtor.id, name, *lines[:3], address.postal_code, address.city,
        address.country, letter.message_id, digest,
    )  # fmt: skip
    return {column: neutral(value) for column, value in zip(COLUMNS, values, strict=True)}
