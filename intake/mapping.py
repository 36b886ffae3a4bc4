"""The mapping file: which column of an export fills which field, what is constant, what words mean. Pure.

    encoding = "windows-1252"       # when the file is not UTF-8
    [columns]                       # field = "header in the file"
    number = "N° facture"
    debtor_name = "Raison sociale"
    [constants]                     # the same for every row
    creditor = "acme"
    [values.debtor_kind]            # what a cell's words mean
    "Société" = "business"

Columns of the file that the mapping does not name are left aside.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from intake.lines import ENCODINGS, UTF_8
from rules.refusals import Refused

_TOML_PLACE = re.compile(r"\(at line (\d+)")


@dataclass(frozen=True)
class Mapping:
    """Columns and constants by field, translations of cells by field, and how the file's text is written."""

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    encoding: str = UTF_8


def parse_mapping(text: str, *, file: str, fields: Collection[str]) -> Mapping:
    """The mapping that the TOML text describes; raises Refused naming file, line and key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        raise Refused(f"{file}, line {place.group(1) if place else 1}: {error}.") from None
    unknown = sorted(set(data) - {"columns", "constants", "values", "encoding"})
    if unknown:
        raise Refused(f"{file}: [{unknown[0]}] is not a table of a mapping; known: columns, constants, values.")
    encoding = data.get("encoding", UTF_8)
    if encoding not in ENCODINGS:
        raise Refused(f"{file}: encoding {encoding!r} is not read here; known: {', '.join(ENCODINGS)}.")
    columns = _table(data.get("columns"), "columns", file, fields)
    constants = _table(data.get("constants", {}), "constants", file, fields)
    values = data.get("values", {})
    if not isinstance(values, dict):
        raise Refused(f"{file}: values must be tables such as [values.debtor_kind].")
    both = sorted(set(columns) & set(constants))
    if both:
        raise Refused(f"{file}: {both[0]} stands in columns and in constants; keep one.")
    _known(values, "values", file, fields)
    return Mapping(
        columns=columns,
        constants=constants,
        values={name: _words(table, f"values.{name}", file) for name, table in values.items()},
        encoding=encoding,
    )


def _table(data: Any, name: str, file: str, fields: Collection[str]) -> dict[str, str]:
    if not isinstance(data, dict):
        raise Refused(f'{file}: the table [{name}] is missing; write [{name}] and lines such as number = "N° facture".')
    _known(data, name, file, fields)
    return _words(data, name, file)


def _known(data: dict[str, Any], name: str, file: str, fields: Collection[str]) -> None:
    unknown = sorted(set(data) - set(fields))
    if unknown:
        raise Refused(f"{file}: [{name}] {unknown[0]} is not a field of an invoice; known: {', '.join(fields)}.")


def _words(data: Any, name: str, file: str) -> dict[str, str]:
    if not isinstance(data, dict):
        raise Refused(f"{file}: {name} must be a table.")
    for key, value in data.items():
        if not isinstance(value, str):
            raise Refused(f'{file}: [{name}] {key} must be a text in quotes, such as "{value}".')
    return {str(key): str(value).strip() for key, value in data.items()}
