"""The fields of a signal as options of the command line: one option a field, read as people write them. Pure."""

import argparse
import json
import types
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from intake.values import parse_day, parse_instalments
from rules.invoice import Address, Instalment
from rules.money import parse_amount
from rules.reading import COMMANDS
from rules.refusals import Refused

COMMON = ("kind", "id", "by", "on", "note", "scope", "actor", "via")
# Two signals have a payload field that is itself named ``kind``; the model calls it otherwise.
_SHOWN = {"procedure": "kind", "piece": "kind"}
_LISTS = {Instalment: (parse_instalments, "D:AMOUNT|D:AMOUNT…"), str: (lambda text: text.split("|"), "TEXT|TEXT…")}


class Option(NamedTuple):
    """An option: its name, the field it fills, how its text is read, what stands for it in the help."""

    flag: str
    field: str
    read: Callable[[str], Any]
    metavar: str | None
    choices: tuple[str, ...] = ()
    flagged: bool = False
    required: bool = False


def options_of(name: str) -> Iterator[Option]:
    """The options of a signal, in the order of its fields; those that every signal has are left out."""
    for field, info in COMMANDS[name].model_fields.items():
        if field not in COMMON:
            yield _option(field, info)


def _option(field: str, info: FieldInfo) -> Option:
    flag = f"--{_SHOWN.get(field, field).replace('_', '-')}"
    kind = _bare(info.annotation)
    required = info.is_required()
    if kind is bool:
        return Option(flag, field, bool, None, flagged=True)
    if get_origin(kind) is Literal:
        return Option(flag, field, str, None, choices=tuple(get_args(kind)), required=required)
    if get_origin(kind) is tuple:
        read, metavar = _LISTS[_bare(get_args(kind)[0])]
        return Option(flag, field, argument(read), metavar, required=required)
    read, metavar = _SIMPLE[kind]
    return Option(flag, field, argument(read), metavar, required=required)


def _bare(kind: Any) -> Any:
    """The type itself, without ``| None`` and without annotations."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(part for part in get_args(kind) if part is not type(None)))
    return kind


def argument(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """``read`` for argparse: what it refuses is wrong usage, said in its own words."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except Refused as refused:
            raise argparse.ArgumentTypeError(refused.sentence) from None
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"« {text} »: {error}") from None

    return convert


def _address(text: str) -> dict[str, Any]:
    """Read ``12 rue des Lilas|69003|Lyon`` or with a country, ``…|1000|Bruxelles|BE``, or JSON."""
    if text.lstrip().startswith("{"):
        return dict(json.loads(text))
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < 3:
        raise ValueError("write LINE|POSTAL CODE|CITY, such as 12 rue des Lilas|69003|Lyon")
    country = parts.pop() if len(parts) > 3 and len(parts[-1]) == 2 and parts[-1].isupper() else "FR"
    *lines, postal_code, city = parts
    return {"lines": lines, "postal_code": postal_code, "city": city, "country": country}


_SIMPLE: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "TEXT"),
    int: (int, "N"),
    date: (parse_day, "D"),
    Decimal: (parse_amount, "AMOUNT"),
    Address: (_address, "LINE|POSTAL CODE|CITY"),
}


def jsonable(value: Any) -> Any:
    """A value read from an option, as a signal's JSON has it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, list):
        return [jsonable(part) for part in value]
    if isinstance(value, dict):
        return {key: jsonable(part) for key, part in value.items()}
    return value
