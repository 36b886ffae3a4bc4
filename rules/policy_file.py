"""Reading a policy file: TOML text to Policy, or a refusal with file, line and reason. Pure."""

import hashlib
import re
import tomllib

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.base import Frozen
from rules.policy import Policy, validate_policy
from rules.refusals import Refused

_TOML_PLACE = re.compile(r"\(at line (\d+)")


def parse_policy(text: str, *, file: str) -> Policy:
    """The policy that the text describes, its ``version`` the first 16 hex digits of the text's SHA-256.

    Raises Refused: ``policies/x.toml, line 12: rung relance_1: …``.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place.group(1)) if place else 1
        raise Refused(f"{file}, line {line}: {error}.") from None
    if "version" in data:
        raise Refused(f"{file}, line {_line(text, ('version',))}: version is the content's hash and is not written.")
    try:
        policy = validate_policy(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"{file}, line {_line_of(text, first)}: {_reason(first)}.") from None
    return policy.model_copy(update={"version": policy_version(text)})


def policy_version(text: str) -> str:
    """The content hash under which the ledger stores the policy's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _reason(error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"] if not isinstance(part, int))
    message = error["msg"].removeprefix("Value error, ").rstrip(".")
    if error["type"] == "extra_forbidden":
        return f"« {error['loc'][-1]} » is not a setting of a policy"
    return f"{place}: {message}" if place else message


def _line_of(text: str, error: ErrorDetails) -> int:
    named = re.match(r"Value error, rung ([a-z0-9_]+)[ :]", error["msg"])
    if named is not None:
        lines = [
            number
            for number, line in enumerate(text.splitlines(), 1)
            if re.match(rf'\s*step\s*=\s*["\']{named.group(1)}["\']', line)
        ]
        return lines[-1] if lines else 1
    return _line(text, error["loc"])


def _line(text: str, place: tuple[str | int, ...]) -> int:
    """The line of a key; for a key of the n-th [[rung]], the search starts at that header."""
    lines = text.splitlines()
    start, end = 0, len(lines)
    if len(place) > 1 and isinstance(place[1], int):
        headers = [at for at, line in enumerate(lines) if line.strip().startswith(f"[[{place[0]}]]")]
        start = headers[place[1]] if place[1] < len(headers) else 0
        end = next((at for at in headers if at > start), end)
        place = place[2:] or place[:1]
    for key in reversed([part for part in place if isinstance(part, str)]):
        for at in range(start, end):
            if re.match(rf"\s*\[{{0,2}}{re.escape(key)}\b", lines[at]) or re.search(
                rf"\b{re.escape(key)}\s*=", lines[at]
            ):
                return at + 1
    return start + 1


class SetBy(Frozen):
    """Where a setting of a policy is written: its line and the text of it; without a line it is the default of the
    settings, and ``text`` says its value."""

    setting: str
    line: int | None
    text: str


def set_by(text: str, policy: Policy, place: tuple[str, ...]) -> SetBy | None:
    """Where the setting ``place`` stands in the policy's text; a rung is named by its step. None when the policy has no
    such setting at all (a rung that is no longer in it, a setting that is empty)."""
    name, lines, start, end = ".".join(place), text.splitlines(), 0, None
    value: object = policy
    keys = place
    if place[0] == "rung":
        steps = [rung.step for rung in policy.rung]
        if place[1] not in steps:
            return None
        headers = [at for at, line in enumerate(lines) if line.strip().startswith("[[rung]]")] + [len(lines)]
        start, end = headers[steps.index(place[1])], headers[steps.index(place[1]) + 1]
        value, keys = policy.at(place[1]), place[2:]
    for at in range(start, len(lines) if end is None else end):
        if re.match(rf"\s*(\[+\s*)?{re.escape(keys[0])}\s*(=|\])", lines[at]):
            found = _inside(lines, at, keys[1:])
            if found is not None:
                return SetBy(setting=name, line=found + 1, text=lines[found].strip())
    for key in keys:
        value = getattr(value, key, None)
    return None if value in (None, (), "") else SetBy(setting=name, line=None, text=f"{keys[-1]} = {value}")


def _inside(lines: list[str], at: int, keys: tuple[str, ...]) -> int | None:
    """The line of a key of the table that begins at a line, inline or with a header."""
    if not keys:
        return at
    wanted = re.compile(rf"(^|[\s{{,]){re.escape(keys[0])}\s*=")
    if not lines[at].strip().startswith("["):
        return at if wanted.search(lines[at].split("=", 1)[1]) else None
    for further in range(at + 1, len(lines)):
        if lines[further].strip().startswith("["):
            return None
        if wanted.search(lines[further]):
            return further
    return None
