"""From a letter to what is sent: subject, text, HTML, PDF. The same letter gives the same bytes. Sends nothing."""

import html
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from letters.payment_code import epc_payload, payment_qr
from letters.pdf import Images, letter_pdf, statement_pdf
from letters.scripts import script_of
from letters.typeset import Typesetter
from letters.typography import plain_spaces
from letters.view import View, view_of
from letters.words import Words, fill_template, templates_of, words_of
from rules.letter import Letter
from rules.policy import Channel
from rules.refusals import Refused

TEXT_WIDTH = 76
Qr = Callable[[str], bytes]
"""Draws a QR code of a text as PNG or SVG."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to leave. ``pdf`` is the letter itself on paper channels, and the statement, or the copy of the
    formal notice, that an e-mail carries; ``pdf_name`` is what that file is called.
    """

    subject: str
    text: str
    html: str
    pdf: bytes | None
    pdf_name: str = ""


class Renderer:
    """Renders letters; made once and shared. ``creditor_templates`` overrides the built-in templates by name,
    ``creditors_folder`` is where a creditor's ``logo`` is looked for, ``qr`` draws the payment code.
    """

    def __init__(
        self,
        creditor_templates: Path | None = None,
        *,
        creditors_folder: Path | None = None,
        qr: Qr | None = None,
        typesetter: Typesetter | None = None,
    ) -> None:
        self._templates = templates_of(creditor_templates)
        self._folder = creditors_folder
        self._qr = qr
        self._typesetter = typesetter or Typesetter()

    @classmethod
    def beside(cls, creditors_file: Path) -> "Renderer":
        """As letters leave: a folder ``templates`` beside the creditors file overrides the words by name, logos are
        looked for there, payment codes are drawn."""
        home = creditors_file.parent
        own = home / "templates"
        return cls(own if own.is_dir() else None, creditors_folder=home, qr=payment_qr)

    def render(self, letter: Letter, *, statement: bool = True) -> Rendered:
        """The letter in all its forms; without ``statement`` an e-mail leaves its statement out and says so.

        Raises Refused, naming the template, when the output lacks an invoice's number, due date or amount, when a
        template is wrong, or when the letter claims what its debtor does not owe.
        """
        view = view_of(letter)
        left_out = view.statement_attached and not statement
        if left_out:
            view = replace(view, statement_attached=False)
        words = words_of(self._templates, view)
        if left_out:
            words = replace(words, help=(*words.help, view.label["left_out"]))
        context = view.context() | {"words": words}
        text = fill(fill_template(self._templates, "layout.txt", context))
        page = fill_template(self._templates, "layout.html", context)
        _check_complete(f"{words.template} in layout.txt", view, plain_spaces(text))
        _check_complete(
            f"{words.template} in layout.html", view, plain_spaces(html.unescape(re.sub(r"<[^>]+>", " ", page)))
        )
        pdf, name = self._pdf(letter, view, words)
        return Rendered(words.subject, text, page, pdf, name)

    def statement(self, letter: Letter) -> bytes:
        """The statement of account of the letter's invoices, as a PDF; raises Refused as ``render`` does."""
        return statement_pdf(self._typesetter, letter, view_of(letter), self._images(letter))

    def script(self, letter: Letter) -> str:
        """The words of a call or a text message, for the person who makes it; raises Refused as ``script_of`` does."""
        return script_of(self._templates, letter)

    def _pdf(self, letter: Letter, view: View, words: Words) -> tuple[bytes | None, str]:
        """What goes on paper or is attached; nothing is drawn for an e-mail that carries neither."""
        if letter.channel is not Channel.EMAIL:
            return letter_pdf(self._typesetter, letter, view, words, self._images(letter)), f"{letter.step}.pdf"
        if letter.formal:
            posted = letter.model_copy(update={"channel": Channel.REGISTERED_LETTER, "copy_of": None})
            seen = view_of(posted)
            paper = words_of(self._templates, seen)
            name = "mise-en-demeure.pdf" if view.language == "fr" else "formal-notice.pdf"
            return letter_pdf(self._typesetter, posted, seen, paper, self._images(letter)), name
        if view.statement_attached:
            name = "releve-de-compte.pdf" if view.language == "fr" else "statement-of-account.pdf"
            return statement_pdf(self._typesetter, letter, view, self._images(letter)), name
        return None, ""

    def _images(self, letter: Letter) -> Images:
        payload = epc_payload(letter)
        logo = self._logo(letter.creditor.logo)
        return Images(logo=logo, qr=self._qr(payload) if self._qr is not None and payload else None)

    def _logo(self, name: str | None) -> bytes | None:
        """The creditor's logo; raises Refused when the file it names cannot be read."""
        if not name:
            return None
        path = Path(name) if self._folder is None else self._folder / name
        try:
            return path.read_bytes()
        except OSError as error:
            raise Refused(f"logo: {name} cannot be read ({error.strerror}).") from None


def fill(text: str, width: int = TEXT_WIDTH) -> str:
    """Long lines broken at plain spaces, no word or account cut; at most one blank line in a row."""
    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        if len(line) <= width or "  " in line.strip():
            lines.append(line.rstrip(" "))
            continue
        lines += textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _check_complete(template: str, view: View, output: str) -> None:
    """Refuse a letter that does not say which invoice, due when, how much (on the words that really came out)."""
    for row in view.table.rows:
        said = {
            "number": (row.number,),
            "due date": (row.due, row.due_long),
            "amount": (row.balance, row.asked),
        }
        for what, forms in said.items():
            if not any(plain_spaces(form) in output for form in forms):
                raise Refused(
                    f"template {template}: the {what} of invoice {row.number} is missing; the letter is refused."
                )
    if plain_spaces(view.facts.asked) not in output:
        raise Refused(f"template {template}: the amount asked, {view.facts.asked}, is missing; the letter is refused.")
