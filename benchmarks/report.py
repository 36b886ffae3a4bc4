"""What the benchmarks say: a table for the terminal and for docs/benchmarks.md."""

from collections.abc import Mapping, Sequence

from benchmarks.alternatives import Alternative
from benchmarks.drawing import Bar
from benchmarks.footprint import Footprint
from benchmarks.idle import Idle
from benchmarks.intake import Intake
from benchmarks.kept import Part, Row
from benchmarks.lifecycles import Lifecycles
from benchmarks.machine import FOREIGN_LIMIT, cores
from benchmarks.replay import Replays

HEAD: Row = ("measure", "Relance", "bare engine", "ratio or aim")


_OF_SIDES = {
    "engine": ("B2 whole case, effects stubbed", " (aim ≤ 1.15)"),
    "stages": ("B2 the same, `RELANCE_SEARCH=stages`", " (aim ≤ 1.15)"),
    "relance": ("the same by step, and the ledger", ""),
    "full": ("B3 and the mail, a PDF on two rungs", " (aim ≤ 1.35)"),
}


def lifecycle_rows(found: Lifecycles) -> list[Row]:
    """Processor time first: it does not depend on who else waits."""
    rows: list[Row] = []
    bare = found.total("bare")
    for side, (name, aim) in _OF_SIDES.items():
        ratio = f"**{found.ratio(side):.2f}**{aim}"
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


def lifecycle_bars(found: Lifecycles) -> list[Bar]:
    """The sides for the picture, the bare engine first."""
    names = {
        "bare": "the bare engine",
        "engine": "Relance, effects stubbed",
        "stages": "… search attributes by stage",
        "relance": "… by step, with its ledger",
        "full": "… and mail, a PDF on two rungs",
    }
    parts = ("server", "worker", "driver")
    return [Bar(label, {part: found.per_case(side, part) for part in parts}) for side, label in names.items()]


def alternative_bars(found: Sequence[Alternative]) -> list[Bar]:
    """The other engines, everything in one process."""
    return [Bar(f"the same policy: {one.name}", {"process": one.cpu}) for one in found]


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
        ("B1 sealed: events in the history", f"{found.events:,}", "–", "aim 80, CI 92"),
        ("B1 sealed: state transitions", f"{found.transitions:,}", "–", "aim 46, CI 52"),
        ("B1 sealed: bytes of history", f"{found.bytes:,}", "–", "aim 16,000, CI 22,000"),
    ]


def replay_row(found: Replays) -> Row:
    """What a case costs that no cache holds any more."""
    ratio = f"**{found.ratio:.2f}** (aim ≤ 1.3)"
    return "B8 CPU-ms a replayed case", f"{found.relance:.1f}", f"{found.bare:.1f}", ratio


def alternative_rows(found: Sequence[Alternative]) -> list[Row]:
    """What the same case costs elsewhere."""
    return [
        (f"B11 the same policy on {one.name}", f"{one.cpu:.0f} CPU-ms", "–", f"{one.database / 1e3:.1f} kB of its own")
        for one in found
    ]


def idle_rows(found: Idle) -> list[Row]:
    """What a case costs while it only waits."""
    ours, bare = found.relance, found.bare
    return [
        (
            f"B5 {ours.cases:,} open: {name}",
            f"{mine:,.1f}",
            f"{theirs:,.1f}",
            f"{mine / theirs:.2f}{aim}" if theirs > 0 else "–",
        )
        for name, mine, theirs, aim in (
            ("kB in the engine's database, each", ours.database / 1e3, bare.database / 1e3, " (aim ≤ 1.3)"),
            ("kB of server memory, each", ours.server / 1e3, bare.server / 1e3, " (aim ≤ 1.3)"),
            ("kB of worker memory, each", ours.worker / 1e3, bare.worker / 1e3, " (aim ≤ 1.3)"),
            ("kB in the ledger, each", ours.ledger / 1e3, bare.ledger / 1e3, ""),
            ("CPU-ms to open one, server and worker", ours.cpu, bare.cpu, ""),
        )
    ]


def intake_rows(found: Intake) -> list[Row]:
    """Rows read, cases started, the same file again."""
    rows: list[Row] = [
        ("CSV rows parsed and checked a second", f"{found.read_per_second:,.0f}", "–", "–"),
        (
            f"**B4 starts a second**, {found.rows:,} invoices",
            f"{found.per_second(found.started):.0f}",
            f"{found.per_second(found.bare):.0f}",
            f"**{found.ratio:.2f}** (aim ≥ 0.9)",
        ),
    ]
    for part in ("server", "client"):
        mine, theirs = found.per_start(found.started, part), found.per_start(found.bare, part)
        rows.append((f"CPU-ms a start, {part}", f"{mine:.1f}", f"{theirs:.1f}", f"{mine / theirs:.2f}"))
    rows.append((f"B4 cases started by the same file again ({found.again.wall:.0f} s)", "0", "–", "aim 0"))
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


_COMPARED = """\
**A whole case** is `InvoiceRecovery` with a ladder of five e-mails and a payment: the real workflow, clerk, notices
and rules. With *effects stubbed* the ledger is a dictionary and the hand-over of a letter a word; *with the ledger*
SQLite is written, with its transactions, chain and outbox; *and the mail*: the real mailer to a sink, two letters of
five with a statement as PDF. **The bare engine** is a workflow of the same shape on the same server: five timers,
five activities on a second queue, one signal; it decides, records and remembers nothing. The benchmark checks in the
histories that all set the same number of timers and activities. Rounds by turns (A B C D E A B …), all workers up all
the while; the ratio is taken within each round, the median of the rounds is shown. Server, worker and client share
{cores} cores. In the steady rounds a case waits two seconds before each rung, so that a timer is set each time: they
give the processor time. In the hurried ones it waits twenty milliseconds, so that only the machine holds the cases
back: they give the cases a second.

**Starts** (B4): `starter.py import`'s own path (read, check, look in the ledger, start with search attributes and
summary) against a loop that only starts, ten in flight both, no worker at work, in four slices by turns.

**Open cases** (B5): each side on a server of its own, so many cases started and asleep. Memory is what the process
grew by. The milliseconds of a run of hours are not judged: others used the machine meanwhile; bytes do not mind.

**A burst** (B6): so many cases of as many debtors due at one instant, the ledger real, the hand-over stubbed;
meanwhile a fresh case every 1.5 s whose letter is due at once. Then cases are paid one by one on the idle machine. By
turns, each on a server of its own; the ratio is of each turn by itself.

**A batch morning** (B7): `worker.py` itself and a mail server that takes everything; all cases are due at nine; one
message a debtor and currency, each telling several invoices; the run fails when one is missing, or one too many came.

**Replay** (B8): the history of the whole case with its mail through today's code, as a worker does for a case that
its cache has lost, against the skeleton's.

**Mail** (B9): the same bytes through the pool of connections, ten at a time, and through one raw aiosmtplib
connection that waits for each answer, by turns. Then the real activity (ledger, rules, renderer, pool, pace by
domain), twenty at a time. **Letters** (B10): a page to post, from its words to its
PDF with the payment code drawn, one after the other, fonts loaded; the same letter again, as the aim was measured, and
each another's: with other words in every paragraph the typesetter remembers little. Then whole letters, each another's.

**Other engines** (B11): the same rules, ledger and policy, the hand-over stubbed, on DBOS and on a table that is
polled; to be compared with the case *with its ledger*. What each lacks: [DBOS](../benchmarks/on_dbos.py), [a polling
table](../benchmarks/polling.py).

**Audits**: all five checks (replay, chain, history against ledger, decisions asked again, promises) of cases played
by the real workflow and kept by the real archivist, read from ledger and archive without a server, in as many
processes as there are cores; counted once the processes have loaded. **Chain and fold**: a case read, opened,
verified, folded.

**The console**: `python -m console`, one process, on a book of 100 000 cases; pages of the list near and far, sorted
each way, searches with one word and with two, cases with their whole history (seen for the first time, when the days
ahead are played, and seen again while nothing changed), the dashboard; four requests at a time over connections that
stay open. Its processor time is the system's own count, background work included: a row whose requests fell together
with a new summing of the figures bears its seconds too. PostgreSQL's is not in it. **Intake by the API**: requests of a
thousand invoices through the whole application in one process, written down before they are answered for; then some of
them started from the queue.

Ratios are what to look at; the numbers beside them are those of one machine on one day. The décompte is a case of one
invoice five years late with ten payments."""


def page(parts: Mapping[str, Part], titles: Mapping[str, str]) -> str:
    """docs/benchmarks.md."""
    machines = dict.fromkeys(part.machine for part in parts.values())
    blocks = [_block(_title(name, titles), part) for name, part in parts.items()]
    return f"""# Benchmarks

Written by `make bench`. Machine: {"; ".join(machines)}. A round in which other programs took more than
{FOREIGN_LIMIT:.0%} of the machine is not judged, and left out where an undisturbed one exists. The calibration loop is
a fixed piece of work: by its milliseconds two days can be compared.

![Processor time of a whole case](pictures/benchmarks.svg)

{(chr(10) * 2).join(blocks)}

## What is compared

{_COMPARED.format(cores=cores())}
"""


def _title(name: str, titles: Mapping[str, str]) -> str:
    """The part's title, with its size when it is kept by size."""
    part, _, size = name.partition("-")
    return f"{titles[part]}: {int(size):,}" if size else titles[part]


def _block(title: str, part: Part) -> str:
    disturbed = f"; {part.refused} rounds not judged" if part.refused else ""
    took = f"Measured on {part.on} in {part.seconds:.0f} s, calibration {part.calibration:.0f} ms{disturbed}."
    return f"## {title}\n\n{took}\n\n{table(part.rows)}"
