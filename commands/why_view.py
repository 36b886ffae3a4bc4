"""The answer of ``why`` as a person reads it: the facts, what was done that day, what stood at its end."""

from rich import box
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from audit.reasons import Answered, Done, Reason, Source, Why
from commands.output import day, moment
from evidence.wording import step_name
from rules.explain import Verdict

WIDTH = 110
_MARKS = {Verdict.GOES_ON: ("✓", "green"), Verdict.MOVES: ("→", "yellow"), Verdict.STOPS: ("■", "bold red")}
_KINDS = {
    "wait": "{step} : rien avant",
    "send": "{step} : à envoyer",
    "call": "{step} : à faire au téléphone",
    "ask_approval": "{step} : validation à demander",
    "prepare_file": "{step} : à préparer",
    "park": "Rien n'est envoyé : une personne ou le débiteur doit agir",
    "close": "Dossier clos",
}
_SOURCES = {
    Source.SAME_INSTANT: "redemandé aux règles, avec les faits de l'instant,",
    Source.LEDGER: "redemandé aux règles d'aujourd'hui, aucune décision n'étant gardée de cet instant,",
}


def why_view(found: Why) -> RenderableType:
    """The whole answer."""
    parts: list[RenderableType] = [_facts(found)]
    parts += [part for done in found.done for part in _done(done)]
    parts.append(Padding(Text(f"Ce qui valait le {day(found.on)} au soir", "bold underline"), (1, 0, 0, 0)))
    parts += _reason(found.standing)
    if found.after is not None:
        parts.append(Padding(Text.assemble(("Ce qui a suivi  ", "dim"), found.after), (1, 0, 0, 0)))
    return Constrain(Group(*parts), WIDTH)


def _facts(found: Why) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    grid.add_row("Débiteur", found.debtor)
    for fact in found.facts:
        said = Text(fact.said)
        if fact.articles:
            said.append(f"\n{' · '.join(fact.articles)}", "dim")
        grid.add_row(fact.name, said)
    title = Text.assemble((found.case, "bold"), f"  {day(found.on)}")
    return Panel(grid, title=title, title_align="left", box=box.ROUNDED, border_style="dim", width=WIDTH)


def _done(done: Done) -> list[RenderableType]:
    who = f"{done.who}{f', {done.door}' if done.door else ''}"
    head = Text.assemble((f"{moment(done.at)}  ", "dim"), (done.what, "bold"), (f"  {who}", "dim"))
    if done.articles:
        head.append(f"\n{' · '.join(done.articles)}", "dim")
    parts: list[RenderableType] = [Padding(head, (1, 0, 0, 0))]
    return parts if done.reason is None else parts + _reason(done.reason)


def _reason(reason: Reason) -> list[RenderableType]:
    parts: list[RenderableType] = [_decided(reason), _questions(reason.asked)]
    if reason.today is not None:
        since = " ; ".join(reason.changed) or "rien de ce dont elle dépend n'a changé : faites un audit du dossier"
        said = f"Aujourd'hui les règles diraient : {reason.today} ({since})"
        parts.append(Text(said, "yellow"))
    return [Padding(part, (0, 0, 0, 2)) for part in parts]


def _decided(reason: Reason) -> Text:
    text = Text(_KINDS[reason.kind].format(step=step_name(reason.step)), "bold")
    if reason.at is not None:
        until = ", au plus tard" if reason.kind == "park" else ""
        text.append(f"{until} le {moment(reason.at)}", "bold")
    text.append(f"\n{reason.because}", "italic")
    how = _SOURCES.get(reason.source, "décidé")
    text.append(f"\n{how} le {moment(reason.decided_at)}, après l'événement n° {reason.position}", "dim")
    text.append(f"\npolitique {reason.policy}, règles {reason.rules}, tables {reason.tables}", "dim")
    return text


def _questions(asked: tuple[Answered, ...]) -> Table:
    rows = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    rows.add_column(no_wrap=True)
    rows.add_column(ratio=1)
    for one in asked:
        mark, style = _MARKS[one.verdict]
        answer = Text.assemble((one.question, "dim"), " ", (one.answer, style if one.verdict is Verdict.STOPS else ""))
        if one.article:
            answer.append(f"\n{one.article}", "dim")
        for line in one.policy:
            where = "par défaut" if line.line is None else f"ligne {line.line}"
            answer.append(f"\npolitique, {where} : ", "cyan dim")
            answer.append(line.text, "cyan")
        rows.add_row(Text(mark, style), answer)
    return rows
