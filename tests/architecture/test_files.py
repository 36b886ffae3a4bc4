"""What is tracked speaks of no machine: no path, no host, no address of an index; locked packages carry hashes."""

import getpass
import re
import socket
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, shown, tracked

LOCKS = ("requirements.lock", "requirements-dev.lock")
_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".csv",
    ".json",
    ".yml",
    ".yaml",
    ".lock",
    ".html",
    ".typ",
    ".sh",
    ".example",
    "",
}
# Spelt apart so that this file does not name what it forbids.
_PATHS = re.compile(r"(?<![\w.-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z]\w*|Us" + r"ers/\w+|far" + r"m)(?:/|\b)")
_INDEX = re.compile(
    r"--index-url|--extra-index-url|--find-links|--trusted-host|pypi\.org|pythonhosted|artifactory|nexus\."
)


def texts() -> list[tuple[str, str]]:
    files = [file for file in tracked() if file.suffix in _TEXT]
    return [(shown(file), file.read_text(encoding="utf-8", errors="replace")) for file in files]


def test_no_tracked_file_names_a_path_of_a_machine() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if _PATHS.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_tracked_file_names_this_host() -> None:
    host = socket.gethostname()
    if len(host) < 6 or host == "localhost" or getpass.getuser() == host:
        pytest.skip("this host's name is too plain to look for")
    assert not [name for name, text in texts() if host in text]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not _INDEX.search(text)
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text).strip())
    assert len(entries) > 20
    bare = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert not bare, f"{name}: without a version or a hash: {bare}"


def test_the_development_lock_agrees_with_the_other() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(
            re.findall(r"(?m)^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / name).read_text(encoding="utf-8"))
        )

    run, develop = versions(LOCKS[0]), versions(LOCKS[1])
    assert {name: develop.get(name) for name in run} == run


def test_nothing_is_tracked_that_a_run_makes() -> None:
    made = [shown(file) for file in tracked() if {"__pycache__", "var", ".venv"} & set(Path(shown(file)).parts)]
    assert not made
