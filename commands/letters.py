"""``letter``: a letter of a case as it would go out today, or the script of a call; nothing is sent or stored."""

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, add_command, add_json
from commands.output import say, say_json
from commands.running import run_async
from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context
from rules.compose import compose
from rules.decide import letter_step
from rules.letter import Letter
from rules.policy import BY_TELEPHONE, Policy, Rung
from rules.reach import channel_for
from rules.refusals import Code, Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from letters.render import Rendered

NOT_SENT = "<apercu@relance.invalid>"
FORMS = (".txt", ".html", ".pdf")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "letter",
        "a letter of a case as it would go out today, without sending it",
        "starter.py letter F-2026-0042 mise_en_demeure -o mise-en-demeure.pdf",
        more="STEP is a step of the case's ladder: rappel, relance_1, relance_2, derniere_relance, mise_en_demeure … "
        "For a call or a text message it shows the words to say or to send.",
    )
    parser.add_argument("case", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("step", metavar="STEP", help="the step of the ladder whose letter is wanted")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write it there: .pdf, .html or .txt")
    parser.add_argument("--variant", metavar="NAME", help="in this wording of the step, and not the debtor's own")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Render, print or write."""
    if args.output is not None and args.output.suffix.lower() not in FORMS:
        raise Refused(f"-o: « {args.output.name} » is not one of {', '.join(FORMS)}.")
    return run_async(_letter(args, read_settings()))


async def _letter(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        recorded = await shelf.recorded(await shelf.resolve(args.case))
        case, known = recorded.case, recorded.decision
        context = await office.context_of(settings, shelf, case)
        if known is not None:
            context = context.model_copy(update={"debtor": known.facts.debtor})
    letter = letter_of(case, context, args.step, max(office.now(settings), case.last_at), args.variant)
    if letter.channel in BY_TELEPHONE:
        return _script(args, letter, office.renderer(settings).script(letter))
    rendered = office.renderer(settings).render(letter)
    if args.output is not None:
        _write(args.output, rendered, letter)
    if args.json:
        say_json(described(letter, rendered))
    elif args.output is None:
        say(f"{letter.channel} · {rendered.subject}\n")
        say(rendered.text)
    else:
        say(f"{args.output}: {letter.step} by {letter.channel}, « {rendered.subject} ».")
    return 0


def _script(args: Namespace, letter: Letter, words: str) -> int:
    """The words for the person who calls or sends the text message."""
    if args.output is not None:
        if args.output.suffix.lower() != ".txt":
            raise Refused(f"{letter.step} is a {letter.channel}: its script is text; write .txt.")
        args.output.write_text(words, encoding="utf-8")
    if args.json:
        say_json({"step": letter.step, "on": letter.on, "channel": str(letter.channel), "text": words})
    elif args.output is None:
        say(f"{letter.channel} · {letter.step}\n")
        say(words)
    else:
        say(f"{args.output}: the script of {letter.step}.")
    return 0


def letter_of(case: Case, context: Context, step: str, now: datetime, variant: str | None = None) -> Letter:
    """The letter of a step as it would be composed at ``now`` (virtual UTC), in the debtor's own ``variant`` unless
    another one of the rung is named; raises Refused when it has none."""
    rung = _rung(context.policy, step)
    if channel_for(case, rung) is None:
        wanted = " or ".join(rung.channel)
        raise Refused(f"{step} goes by {wanted}, and the case holds no address for it.", Code.NOT_ALLOWED_NOW)
    send = letter_step(case, rung, context, local_day(now, context.policy.zone))
    if variant is not None:
        if variant not in rung.variants:
            known = f"it has: {', '.join(rung.variants)}" if rung.variants else "it has none"
            raise Refused(f"« {variant} » is no variant of {step} in policy {context.policy.name}; {known}.")
        send = send.model_copy(update={"variant": variant})
    return compose((case, send), (), context, now, message_id=NOT_SENT)


def _rung(policy: Policy, step: str) -> Rung:
    letters = [rung.step for rung in policy.rung if rung.prepares is None]
    rung = policy.at(step)
    if rung is None or step not in letters:
        raise Refused(f"« {step} » is no letter and no call of policy {policy.name}; it has: {', '.join(letters)}.")
    return rung


def described(letter: Letter, rendered: "Rendered") -> dict[str, object]:
    """The letter as ``--json`` has it."""
    return {
        "step": letter.step,
        "on": letter.on,
        "as_of": letter.as_of,
        "channel": str(letter.channel),
        "asked": letter.asked,
        "currency": letter.currency,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
    }


def _write(path: Path, rendered: "Rendered", letter: Letter) -> None:
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        if rendered.pdf is None:
            raise Refused(f"{letter.step} goes out by {letter.channel} and has no PDF; write .html or .txt.")
        path.write_bytes(rendered.pdf)
    else:
        path.write_text(rendered.html if suffix == ".html" else rendered.text, encoding="utf-8")
