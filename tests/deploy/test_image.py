"""The Dockerfile and what the build context lets in."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import settings

HOUSE = Path(settings.__file__).resolve().parent


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continuation lines joined, comments left out."""
    lines = (HOUSE / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = [line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#")]
    return [(word[0].upper(), word[1]) for word in words]


@cache
def ignored() -> list[str]:
    lines = (HOUSE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@cache
def left_out(path: str) -> bool:
    """Whether the build context lacks the path: it or a folder above it is ignored."""
    parts = Path(path).parts
    heads = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(
        fnmatch(head, pattern) or (pattern.startswith("**/") and fnmatch(Path(head).name, pattern[3:]))
        for pattern in ignored()
        for head in heads
    )


def test_it_runs_as_nobody_in_particular() -> None:
    users = [value for name, value in instructions() if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    named = [value for name, value in instructions() if name == "RUN" and "useradd" in value]
    assert any(users[-1] in value for value in named)


def test_the_base_is_pinned_and_supported() -> None:
    bases = {value.split()[0] for name, value in instructions() if name == "FROM"}
    assert len(bases) == 1
    version = re.fullmatch(r"python:3\.(\d+)-slim-\w+", bases.pop())
    assert version is not None
    assert int(version[1]) >= 11


def test_dependencies_are_taken_by_hash_from_the_lock() -> None:
    installs = [value for name, value in instructions() if name == "RUN" and "pip install" in value]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "requirements.lock" in installs[0]
    assert not left_out("requirements.lock")


def test_bytecode_is_made_in_the_image() -> None:
    assert any(name == "RUN" and "compileall" in value for name, value in instructions())


def test_everything_copied_exists() -> None:
    for name, value in instructions():
        if name == "COPY" and not value.startswith("--from"):
            source = value.split()[0]
            assert (HOUSE / source).exists(), f"COPY {source}: no such path"


def imported(file: Path) -> Iterator[str]:
    """The top-level modules it imports, wherever in the file; parsing the whole house would take seconds."""
    for found in re.finditer(r"^\s*(?:from (\w+)[\w.]* import|import (\w+))", file.read_text(encoding="utf-8"), re.M):
        yield found[1] or found[2]


def house_of(name: str) -> list[Path]:
    """The files of a top-level module of ours; none when it is not ours."""
    if (HOUSE / f"{name}.py").is_file():
        return [HOUSE / f"{name}.py"]
    folder = HOUSE / name
    return sorted(folder.rglob("*.py")) if (folder / "__init__.py").is_file() else []


def test_the_image_holds_every_module_the_worker_and_the_command_line_import() -> None:
    waiting, seen = ["worker", "starter", "ledger", "console.__main__"], set[str]()
    while waiting:
        name = waiting.pop()
        files = house_of(name)
        if name in seen or not files:
            continue
        seen.add(name)
        missing = [str(file.relative_to(HOUSE)) for file in files if left_out(str(file.relative_to(HOUSE)))]
        assert missing == [], f"{name} is imported, but the image lacks {missing}"
        waiting += [other for file in files for other in imported(file)]
    assert {"worker", "starter", "ledger", "rules"} <= seen


def test_data_the_programs_read_is_in_the_image() -> None:
    for folder in ("policies", "rules/law/tables", "letters", "ledger/migrations"):
        files = [str(f.relative_to(HOUSE)) for f in (HOUSE / folder).rglob("*") if f.is_file()]
        assert files, f"{folder} holds nothing"
        assert [file for file in files if left_out(file) and "__pycache__" not in file] == []
    assert not left_out("examples/creditors.toml")
    assert not left_out("deploy/worker_health.py")


def test_nothing_private_or_idle_travels() -> None:
    for path in (
        ".env",
        ".git/config",
        "var/demo/relance.db",
        "tests/deploy/test_image.py",
        "demo/__main__.py",
        "a.key",
    ):
        assert left_out(path), f"{path} would be in the image"
