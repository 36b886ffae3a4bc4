"""Templates filled in the reader's language, with what every page shows around its own content."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup
from starlette.responses import HTMLResponse

from console import naming, words
from console.actions import Action
from console.cells import Cells
from console.charts import aged_bars, compared_lines, forecast_lines, stage_bars
from console.formats import Formats
from console.forms import default_of
from console.guard import FIELD, Person, form_token, house_of, person_of
from console.i18n import LANGUAGES, spoken, translations
from console.refusals import told
from console.sentences import Sentences
from ledger.accounts import Role

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"


class Spoken(Environment):
    """Templates of one language: words that stand in them are translated when they are compiled, not at each page."""

    language = LANGUAGES[0]

    def _generate(self, source: nodes.Template, *rest: Any, **more: Any) -> str:
        return super()._generate(_Translating(partial(translated, self.language)).visit(source), *rest, **more)


class _Translating(NodeTransformer):
    def __init__(self, translate: Callable[[str], Markup]) -> None:
        self._translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja names it so
        """``_('words')`` alone becomes the words."""
        plain = isinstance(node.node, nodes.Name) and node.node.name == "_" and not node.kwargs
        if plain and len(node.args) == 1 and isinstance(node.args[0], nodes.Const):
            return nodes.Const(self._translate(node.args[0].value), lineno=node.lineno)
        return self.generic_visit(node)


def translated(language: str, text: str, **values: Any) -> Markup:
    """Words in a language, as Jinja's newstyle gettext makes them: what is filled in is escaped, ``%%`` is ``%``."""
    return Markup(translations(language).gettext(text)) % values  # noqa: S704 - our own words


@cache
def environment(language: str) -> Environment:
    """The templates of a language: data is escaped, an unknown name is an error."""
    made = Spoken(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    made.language = language
    known = translations(language)
    made.install_gettext_callables(known.gettext, known.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters["decimal"] = Decimal
    made.globals |= _in_rows(language) | {
        "_": partial(translated, language),
        "lang": language,
        "ends": words.ENDS,
        "part": partial(_part, language),
        "coded": partial(naming.with_outcome_names, known.gettext),
        "kind_of": naming.kind_of,
        "asset": asset,
        "blank": lambda action, today: _blank(language, action, today),
        "field_name": FIELD,
        "aged_bars": aged_bars,
        "stage_bars": stage_bars,
        "forecast_lines": forecast_lines,
        "compared_lines": compared_lines,
        "days_after": lambda day, days: day + timedelta(days=days),
        "Role": Role,
    }
    return made


def compile_all() -> None:
    """Compile every template in every language: a second or two, once a process, that its first readers need not
    wait for."""
    for language in LANGUAGES:
        spoken_here = environment(language)
        for name in spoken_here.list_templates():
            spoken_here.get_template(name)


def _in_rows(language: str) -> dict[str, Any]:
    """What rows call again and again."""
    formats, word = Formats(language), lru_cache(2000)(partial(naming.word, translations(language).gettext))
    cells, refused = Cells(formats, word), partial(told, formats, partial(translated, language))
    sentences = Sentences(formats, word, refused)
    return {
        "f": formats, "word": word, "state": cells.state, "next_of": cells.next_of, "awaited": cells.awaited,
        "rows": cells.rows, "refused": refused, "said": sentences.said, "worded": sentences.worded,
    }  # fmt: skip


@lru_cache(1000)
def _part(language: str, template: str, **values: Any) -> Markup:
    """A piece of a page that depends on these values alone, and on nothing personal: drawn once."""
    text = environment(language).get_template(template).render(values)
    return Markup(text)  # noqa: S704 - a template of ours, escaped as all are


@lru_cache(1000)
def _blank(language: str, action: Action, today: date) -> Markup:
    """The fields of an action's form before anybody filled it: alike on every case's page of a day."""
    values = {field.name: default_of(field.start, today) for field in action.fields}
    text = environment(language).get_template("fields.html").render(action=action, values=values)
    return Markup(text)  # noqa: S704 - a template of ours, escaped as all are


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes when the file does."""
    fingerprint = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={fingerprint}"


def language_of(request: Request, person: Person | None) -> str:
    """What the reader chose, else the account's language, else the browser's."""
    chosen = request.cookies.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    return person.account.language if person else spoken(request.headers.get("accept-language", ""))


async def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page."""
    person = await person_of(request)
    text = environment(language_of(request, person)).get_template(template).render(_common(request, person) | context)
    return HTMLResponse(text, status)


async def piece(request: Request, template: str, **context: Any) -> str:
    """The middle of a page."""
    person = await person_of(request)
    return environment(language_of(request, person)).get_template(template).render(_common(request, person) | context)


def _common(request: Request, person: Person | None) -> dict[str, Any]:
    house = house_of(request)
    return {
        "person": person,
        "path": request.url.path,
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "engine_up": house.engine.up,
        "engine_last": house.engine.last,
        "now": house.now(),
        "today": house.today,
        "played": house.played,
        "token": form_token(person.token) if person else "",
        "flash": request.query_params.get("said", ""),
        "errors": {},
    }


def translator(request: Request, person: Person | None) -> Any:
    """The function that says words in the reader's language."""
    return translations(language_of(request, person)).gettext


def formats(request: Request, person: Person | None) -> Formats:
    """How the reader's language writes amounts and days."""
    return Formats(language_of(request, person))
