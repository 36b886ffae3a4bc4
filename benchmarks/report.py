"""What the benchmarks say: a table for the terminal and for docs/benchmarks.md."""

from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.alternatives import Alternative
from benchmarks.footprint import Footprint
from benchmarks.idle import Idle
from benchmarks.intake import Intake
from benchmarks.lifecycles import Lifecycles
from benchmarks.machine import FOREIGN_LIMIT, cores, described
from benchmarks.replay import Replays

Row = tuple[str, str, str, str]
HEAD: Row = ("measure", "Relance", "bare engine", "ratio")


_OF_SIDES = {
    "engine": ("B2 whole case, effects stubbed", "≤ 1.15"),
    "stages": ("B2 the same, `RELANCE_SEARCH=stages`", "≤ 1.15"),
    "full": ("B3 whole case: ledger, mail, PDF on two rungs", "≤ 1.35"),
}


def lifecycle_rows(found: Lifecycles) -> list[Row]:
    """Processor time first: it does not depend on who else waits."""
    rows: list[Row] = []
    bare = found.total("bare")
    for side, (name, aim) in _OF_SIDES.items():
        ratio = f"**{found.ratio(side):.2f}** (aim {aim})"
        rows.append((f"**{name}, CPU-ms**", f"{found.total(side):.0f}", f"{bare:.0f}", ratio))
        for part, its in (("server", "Temporal server"), ("worker", "worker"), ("driver", "client")):
            mine, theirs = (found.per_case(one, part) for one in (side, "bare"))
            rows.append((f"– of which {its}", f"{mine:.1f}", f"{theirs:.1f}", f"{found.ratio(side, part):.2f}"))
    for side in ("engine", "full"):
        fast, faster = (found.per_second(one) for one in (side, "bare"))
        name = f"{_OF_SIDES[side][0]}: cases a second, machine full"
        if fast is None or faster is None:
            rows.append((name, "not judged", "not judged", "–"))
        else:
            rows.append((name, f"{fast:.1f}", f"{faster:.1f}", f"{fast / faster:.2f}"))
    return rows + footprint_rows(found.footprints["full"], found.footprints["bare"])


def footprint_rows(ours: Footprint, bare: Footprint) -> list[Row]:
    """What a case leaves in the engine: the same on every machine."""
    return [
        (f"B1 {name}", f"{mine:,}", f"{theirs:,}", f"{mine / theirs:.2f}")
        for name, mine, theirs in (
            ("events in the history", ours.events, bare.events),
            ("state transitions", ours.transitions, bare.transitions),
            ("bytes of history", ours.bytes, bare.bytes),
        )
    ]


def sealed_rows(found: Footprint) -> list[Row]:
    """What a case leaves with its payloads sealed, beside the most that CI lets pass."""
    return [
        ("sealed: events in the history", f"{found.events:,}", "–", "aim 80, CI 92"),
        ("sealed: state transitions", f"{found.transitions:,}", "–", "aim 46, CI 52"),
        ("sealed: bytes of history", f"{found.bytes:,}", "–", "aim 16,000, CI 22,000"),
    ]


def replay_row(found: Replays) -> Row:
    """What a case costs that no cache holds any more."""
    return "CPU-ms a replayed case", f"{found.relance:.1f}", f"{found.bare:.1f}", f"**{found.ratio:.2f}**"


def alternative_rows(found: Sequence[Alternative], relance: float | None) -> list[Row]:
    """What the same case costs elsewhere; ``relance``: CPU-ms of a whole case of ours in the same run."""
    ours = "–" if relance is None else f"{relance:.0f}"
    return [
        (
            f"whole case on {one.name}, CPU-ms ({one.database / 1e3:.1f} kB)",
            ours,
            f"{one.cpu:.0f}",
            "–" if relance is None else f"{relance / one.cpu:.2f}",
        )
        for one in found
    ]


def idle_rows(found: Idle) -> list[Row]:
    """What a case costs while it only waits."""
    ours, bare = found.relance, found.bare
    return [
        (
            f"{name}, {ours.cases:,} open",
            f"{mine:,.1f}",
            f"{theirs:,.1f}",
            f"{mine / theirs:.2f}" if theirs > 0 else "–",
        )
        for name, mine, theirs in (
            ("kB in the engine's database, an open case", ours.database / 1e3, bare.database / 1e3),
            ("kB of server memory, an open case", ours.server / 1e3, bare.server / 1e3),
            ("kB of worker memory, an open case", ours.worker / 1e3, bare.worker / 1e3),
            ("kB in the ledger, an open case", ours.ledger / 1e3, bare.ledger / 1e3),
            ("CPU-ms to open a case, server and worker", ours.cpu, bare.cpu),
        )
    ]


def intake_rows(found: Intake) -> list[Row]:
    """Rows read, cases started, the same file again."""
    rows: list[Row] = [
        ("CSV rows parsed and checked a second", f"{found.read_per_second:,.0f}", "–", "–"),
        (
            f"**starts a second**, {found.rows:,} invoices",
            f"{found.per_second(found.started):.0f}",
            f"{found.per_second(found.bare):.0f}",
            f"**{found.ratio:.2f}**",
        ),
    ]
    for part in ("server", "client"):
        mine, theirs = found.per_start(found.started, part), found.per_start(found.bare, part)
        rows.append((f"CPU-ms a start, {part}", f"{mine:.1f}", f"{theirs:.1f}", f"{mine / theirs:.2f}"))
    rows.append((f"cases started by the same file again ({found.again.wall:.0f} s)", "0", "–", "–"))
    return rows


def table(rows: Sequence[Row]) -> str:
    """Markdown that also reads well in a terminal."""
    every = [HEAD, *rows]
    widths = [max(len(row[place]) for row in every) for place in range(len(HEAD))]

    first, *rest = widths

    def line(row: Row) -> str:
        cells = [row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], rest, strict=True))]
        return f"| {' | '.join(cells)} |"

    rule = f"|{'-' * (first + 2)}|{'|'.join('-' * (width + 1) + ':' for width in rest)}|"
    return "\n".join([line(HEAD), rule, *(line(row) for row in rows)])


_OF_MAIL = """\
**Mail**: the real activity (ledger, rules, renderer, pool of connections, pace by domain) sends one letter for each of
as many debtors to a mail server on this machine that takes everything, twenty at a time; the statement is a PDF of its
own. **A batch morning**: `worker.py` itself, whose cases are all due at nine; one message a debtor and currency, each
telling up to four invoices; the run fails when one is missing, or one too many came."""


_OF_AUDITS = """\
**Audits**: all five checks (replay, chain, history against ledger, decisions asked again, promises) of cases played by
the real workflow and kept by the real archivist, read from ledger and archive without a server, in as many processes as
there are cores; counted once the processes have loaded. **Chain and fold**: a case read, opened, verified, folded."""


def page(rows: Sequence[Row], *, calibration: float, refused: int, cases: int, rounds: int) -> str:
    """docs/benchmarks.md."""
    disturbed = (
        "No round was disturbed."
        if not refused
        else f"{refused} rounds were disturbed: other programs took more than {FOREIGN_LIMIT:.0%} of the machine. "
        "They are left out where an undisturbed one exists."
    )
    machine = f"Machine: {described()}; the calibration loop took {calibration:.0f} ms."
    return f"""# Benchmarks

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}. {machine}
{disturbed}

{table(rows)}

## What is compared

**A whole case** is `InvoiceRecovery` with a ladder of five e-mails and a payment: the real workflow, clerk, notices and
ledger (SQLite); only the hand-over of the letter is stubbed. **The bare engine** is a workflow of the same shape on the
same server: five timers, five activities on a second queue, one signal; it decides, records and remembers nothing. The
benchmark checks in the histories that both set the same number of timers and activities. {rounds} rounds of {cases}
cases each, by turns (A B A B), both workers up all the while; medians of processor
time. Server, worker and client share {cores()} cores.

In the steady rounds a case waits three seconds before each rung, so that a timer is set each time: they give the
processor time. In the hurried ones it waits twenty milliseconds, so that only the machine holds the cases back: they
give the cases a second, the best of three.

**Starts**: `starter.py import`'s own path (read, check, look in the ledger, start with search attributes and summary)
against a loop that only starts, ten in flight both, no worker at work, in four slices by turns.

{_OF_MAIL}

{_OF_AUDITS}

Ratios are what to look at; the numbers beside them are those of one machine on one day. The décompte is a case of one
invoice five years late with ten payments.
"""
