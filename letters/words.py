"""The words of a letter: which template speaks, and the paragraphs it gives. Reads template files, sends nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from letters import plain
from letters.typography import spaced
from letters.view import View
from letters.wording import objections
from rules.law.kinds import DebtorKind
from rules.refusals import Refused

TEMPLATES = Path(__file__).parent / "templates"
# Data cannot hold these signs (typography.clean drops control characters), so no datum can start a part.
_PART, _NAMED = "\x1e", "\x1f"
PARTS = ("subject", "greeting", "opening", "claim", "demand", "reserve", "help", "closing")


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a letter, each a run of paragraphs without markup; ``template`` is the one that spoke."""

    template: str
    subject: str
    greeting: tuple[str, ...]
    opening: tuple[str, ...]
    claim: tuple[str, ...]
    demand: tuple[str, ...]
    reserve: tuple[str, ...]
    help: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates and the names they stand under, read once; ``own`` are the creditor's."""

    environment: Environment
    names: frozenset[str]
    own: frozenset[str] = frozenset()


def templates_of(own: Path | None) -> Templates:
    """The templates, a creditor's ``own`` folder before the built-in one, name by name.

    HTML escapes every datum; a name that a template does not know is an error, never a blank.
    """
    folders = [str(TEMPLATES)] if own is None else [str(own), str(TEMPLATES)]
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(enabled_extensions=("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    made.globals["plain"] = plain
    made.globals["part"] = lambda name: f"{_PART}{name}{_NAMED}"
    mine = FileSystemLoader(str(own)).list_templates() if own is not None else ()
    return Templates(made, frozenset(made.list_templates()), frozenset(mine))


def words_of(templates: Templates, view: View) -> Words:
    """The letter's words in its language; raises Refused naming the template when it cannot be filled."""
    names = candidates(view)
    name = next((name for name in names if name in templates.names), names[-1])
    text = fill_template(templates, name, view.context())
    parts: dict[str, tuple[str, ...]] = dict.fromkeys(PARTS, ())
    for block in text.split(_PART)[1:]:
        part, _, body = block.partition(_NAMED)
        parts[part] = _paragraphs(body, view.language)
    for needed in ("subject", "opening"):
        if not parts[needed]:
            raise Refused(f"template {name}: its {needed} is empty.")
    if templates.own:
        _check_wording(name, view, parts)
    subject = " ".join(parts.pop("subject"))
    return Words(template=name, subject=subject, **parts)


def _check_wording(name: str, view: View, parts: dict[str, tuple[str, ...]]) -> None:
    """Refuse a creditor's own wording that no letter may have; names and other data are not its words."""
    text = " ".join(" ".join(paragraphs) for paragraphs in parts.values())
    who = view.parties
    data = {who.debtor, who.creditor, who.sender, who.client, who.debtor_identity, who.contact.name, who.signature.name}
    data |= {row.number for row in view.table.rows} | {who.payment.mention, who.place}
    for datum in sorted(filter(None, data), key=len, reverse=True):
        text = text.replace(datum, "…")
    found = objections(text, DebtorKind(view.kind))
    if found:
        raise Refused(
            f"template {name}: « {found[0]} » may not be said to a debtor of kind {view.kind}; the letter is refused."
        )


def fill_template(templates: Templates, name: str, context: dict[str, Any]) -> str:
    """The template filled; raises Refused naming it, whatever is wrong with it: a creditor may have written it."""
    try:
        return templates.environment.get_template(name).render(context)
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise Refused(f"template {name}: {error}.") from error


def candidates(view: View) -> list[str]:
    """The names under which a letter's template may stand, the most particular first."""
    language, kind, register = view.language, view.kind, view.register
    step = view.step
    if view.formal:
        names = [step, "mise_en_demeure"]
        if view.by_email:
            names = [f"{name}_copy" for name in names]
    else:
        names = [*([f"{step}@{view.variant}"] if view.variant else []), step, "generic"]
    return [
        f"{language}/{name}{suffix}.txt"
        for name in dict.fromkeys(names)
        for suffix in (f".{register}.{kind}", f".{kind}", f".{register}", "")
    ]


def _paragraphs(body: str, language: str) -> tuple[str, ...]:
    """The paragraphs of a part: blank lines part them, line ends inside one are spaces."""
    found = (" ".join(block.split("\n")).strip(" ") for block in _blocks(body))
    return tuple(spaced(_single(paragraph), language) for paragraph in found if paragraph)


def _blocks(body: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    for line in body.split("\n"):
        if line.strip(" "):
            blocks[-1].append(line.strip(" "))
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(lines) for lines in blocks]


def _single(text: str) -> str:
    """Plain spaces single; no-break ones are left as they are."""
    return " ".join(part for part in text.split(" ") if part)
