"""Small files, short functions: what does not fit on a few screens is two things."""

from tests.architecture.house import functions, shown, tracked

FILE, FUNCTION = 300, 40


def test_no_file_is_too_long() -> None:
    lengths = {shown(file): len(file.read_text(encoding="utf-8").splitlines()) for file in tracked("*.py")}
    long = {name: lines for name, lines in lengths.items() if lines >= FILE}
    assert not long, f"files of {FILE} lines or more: {long}"


def test_no_function_is_too_long() -> None:
    long = [
        f"{shown(file)}: {name} has {lines} lines"
        for file in tracked("*.py")
        if not shown(file).startswith("ledger/migrations/versions/")
        for name, lines in functions(file.read_text(encoding="utf-8"))
        if lines >= FUNCTION
    ]
    assert not long, "\n".join(long)
