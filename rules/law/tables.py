"""The dated tables beside the code: what each row says, how texts become tables, which row holds on a day.
Pure.

Importing does nothing; ``builtin_tables()`` reads the packaged texts once. A folder of further texts is read
by the caller and given to ``tables_from``.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from rules.base import Frozen
from rules.refusals import Refused


class Row(Frozen):
    """What every row says of itself. ``confidence``: A official text, B two sources agree, C a single source.

    ``confirmed`` false: kept for the day it is published, used by no computation.
    """

    from_on: date = Field(alias="from")
    source: str = Field(min_length=3)
    confidence: Literal["A", "B", "C"]
    confirmed: bool = True

    @property
    def single_source(self) -> bool:
        """Whether only one source was found: the row is used, and every line that uses it says so."""
        return self.confidence == "C"


class EcbRate(Row):
    """The ECB main refinancing rate in force on the first day of a semester, in percent."""

    value: Decimal = Field(ge=0)


class LegalRate(Row):
    """The legal rate of a semester in percent: of private creditors, and of all others."""

    private: Decimal = Field(ge=0)
    other: Decimal = Field(ge=0)


class Figure(Row):
    """One figure of the law from a date."""

    name: str
    value: Decimal
    article: str


class Sector(Row):
    """A payment term of a sector: at most ``days``, counted as ``basis`` says."""

    name: str
    label: str
    days: int
    basis: Literal["invoice", "delivery", "end_of_month", "end_of_month_of_delivery", "decade_of_delivery"]
    season: str | None = None
    alternative_days: int | None = None
    alternative_basis: Literal["invoice", "end_of_month"] | None = None
    article: str


class Period(Row):
    """A limitation period: ``years`` for a kind of claim or of debtor."""

    name: str
    years: int
    article: str
    label: str


class Clock(Row):
    """A procedural time limit: for acts made from that date, so many months or days."""

    name: str
    months: int = 0
    days: int = 0
    article: str
    label: str


class Fee(Row):
    """A cost of a procedure, in euros, VAT included."""

    name: str
    procedure: str
    court: str | None = None
    amount: Decimal
    label: str
    note: str | None = None


class Bracket(Row):
    """A bracket of the contribution pour la justice économique for legal persons, in euros and percent."""

    turnover_over: Decimal
    turnover_to: Decimal | None = None
    profit_over: Decimal
    percent: Decimal
    cap: Decimal
    article: str


class Seat(Row):
    """The seat of a commercial court: certain for the postal codes of its commune, to be confirmed beyond.

    ``department``: the court is the only one of it, so that its name can be proposed there.
    """

    kind: Literal[
        "tribunal_de_commerce",
        "tribunal_des_activites_economiques",
        "chambre_commerciale_tribunal_judiciaire",
    ]
    commune: str
    postal_codes: tuple[str, ...] = ()
    department: str | None = None
    to_on: date | None = Field(default=None, alias="to")


class Form(Row):
    """The official form of a procedure before a court."""

    procedure: str
    court: str
    number: str
    label: str


class Switch(Row):
    """A procedure that exists in law but is open only once confirmed."""

    name: str
    article: str
    label: str


_KINDS: dict[str, type[Row]] = {
    "ecb_rate": EcbRate, "legal_rate": LegalRate, "figure": Figure, "sector": Sector, "limitation": Period,
    "clock": Clock, "fee": Fee, "contribution": Bracket, "seat": Seat, "form": Form, "switch": Switch,
}  # fmt: skip
# What makes two rows of a table the same row, so that a later text replaces it.
_KEYS = ("from_on", "name", "procedure", "court", "commune", "turnover_over", "season")

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, eq=False)
class Tables:
    """Every table, and ``version``, the hash of their content: written in each décompte and each Decision."""

    rows: Mapping[str, tuple[Row, ...]]
    version: str
    _figures: Mapping[str, tuple[Figure, ...]]

    def of(self, kind: type[RowT]) -> tuple[RowT, ...]:
        """All rows of a kind, in order of date."""
        name = next(name for name, known in _KINDS.items() if known is kind)
        return tuple(row for row in self.rows.get(name, ()) if isinstance(row, kind))

    def at(self, kind: type[RowT], on: date, **wanted: object) -> RowT | None:
        """The confirmed row of a kind in force on a day, with these values; None when there is none."""
        found = None
        for row in self.of(kind):
            if row.from_on <= on and row.confirmed and all(getattr(row, k) == v for k, v in wanted.items()):
                found = row
        return found

    def figure(self, name: str, on: date) -> Figure | None:
        """The figure in force on a day; None before its first row."""
        found = None
        for row in self._figures.get(name, ()):
            if row.from_on <= on:
                found = row
        return found

    def amount(self, name: str, on: date) -> Decimal:
        """The figure's value; the first known one before its first row."""
        row = self.figure(name, on) or self._figures[name][0]
        return row.value


def tables_from(texts: Mapping[str, str], base: Tables | None = None) -> Tables:
    """Tables read from TOML texts by file name, over ``base``: a row of the same key replaces, others are
    added.

    Raises Refused naming the text, the row and what is wrong with it.
    """
    rows: dict[str, dict[tuple[object, ...], Row]] = {name: {} for name in _KINDS}
    for name, kept in (base.rows if base else {}).items():
        rows[name] = {_key(row): row for row in kept}
    for file in sorted(texts):
        for name, row in _read(file, texts[file]):
            rows[name][_key(row)] = row
    return _assemble({name: tuple(sorted(found.values(), key=_order)) for name, found in rows.items()})


@cache
def builtin_tables() -> Tables:
    """The tables that ship with Relance, read once."""
    folder = resources.files("rules.law").joinpath("tables")
    return tables_from({item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".toml")})


def _read(file: str, text: str) -> list[tuple[str, Row]]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Refused(f"{file}: not a TOML table ({wrong}).") from None
    found = []
    for name, entries in content.items():
        kind = _KINDS.get(name)
        if kind is None or not isinstance(entries, list):
            raise Refused(f"{file}: « {name} » is not a table; known: {', '.join(sorted(_KINDS))}.")
        for number, entry in enumerate(entries, start=1):
            try:
                found.append((name, kind.model_validate(entry)))
            except ValidationError as wrong:
                first = wrong.errors()[0]
                field = ".".join(str(part) for part in first["loc"])
                raise Refused(f"{file}: [[{name}]] row {number}, {field}: {first['msg']}.") from None
    return found


def _key(row: Row) -> tuple[object, ...]:
    return tuple(getattr(row, name, None) for name in _KEYS)


def _order(row: Row) -> tuple[date, str]:
    return row.from_on, str(_key(row))


def _assemble(rows: dict[str, tuple[Row, ...]]) -> Tables:
    digest = hashlib.sha256()
    for name in sorted(rows):
        for row in rows[name]:
            digest.update(f"{name} {row.model_dump_json(by_alias=True)}\n".encode())
    figures: dict[str, list[Figure]] = {}
    for row in rows["figure"]:
        if isinstance(row, Figure) and row.confirmed:
            figures.setdefault(row.name, []).append(row)
    frozen = {name: tuple(found) for name, found in figures.items()}
    return Tables(rows=rows, version=digest.hexdigest()[:16], _figures=frozen)
