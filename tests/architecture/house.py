"""The repository's own files, as git tracks them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

import settings

ROOT = Path(settings.__file__).resolve().parent


@cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """The tracked files of those patterns that exist; where there is no git (a source archive), all of them."""
    try:
        said = subprocess.run(
            ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        names = [name for name in said.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = (path for pattern in patterns or ("*",) for path in ROOT.rglob(pattern))
        names = [str(path.relative_to(ROOT)) for path in found if not set(path.parts) & {".venv", "var", ".git"}]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def shown(path: Path) -> str:
    """The path as a reader names it."""
    return str(path.relative_to(ROOT))


def functions(source: str) -> list[tuple[str, int]]:
    """Each function of a module with its length in lines, decorators left out."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes]
