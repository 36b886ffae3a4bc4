"""The commands that the workflow issues, in the order of its text: ``python -m tests.replay.fingerprint`` writes them.

Only the standard library: the text is read, not run. A command is what a history records and a replay compares; calls
between the workflow's own methods that lead to one are listed too, since their order is the order of commands.
"""

import ast
import json
from pathlib import Path

HOUSE = Path(__file__).parents[2]
SOURCES = ("workflows/recovery.py",)
KEPT = Path(__file__).parent / "fingerprint.json"
COMMANDS = frozenset({
    "execute_activity", "start_activity", "execute_activity_method", "start_activity_method", "execute_local_activity",
    "start_local_activity", "execute_local_activity_method", "start_local_activity_method", "execute_child_workflow",
    "start_child_workflow", "sleep", "wait_condition", "upsert_search_attributes", "upsert_memo", "continue_as_new",
    "patched", "deprecate_patch", "signal_external_workflow", "cancel_external_workflow", "uuid4", "random",
})  # fmt: skip
# wait_condition is a command (a timer) only with a timeout, and create_task decides which command comes first.
Methods = dict[str, ast.FunctionDef | ast.AsyncFunctionDef]


def fingerprint(source: str) -> dict[str, list[str]]:
    """By method of each class: what it commands, and which of its own methods that command it calls."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
            commanding = _commanding(methods)
            for name, method in methods.items():
                calls = _calls(method, commanding)
                if calls:
                    found[f"{node.name}.{name}"] = calls
    return found


def current() -> dict[str, list[str]]:
    """The fingerprint of the workflow as it stands."""
    parts = [fingerprint((HOUSE / source).read_text(encoding="utf-8")) for source in SOURCES]
    return {name: calls for part in parts for name, calls in part.items()}


def _commanding(methods: Methods) -> frozenset[str]:
    """The methods that issue a command themselves or through another."""
    known: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, method in methods.items() if _calls(method, known))
        if more == known:
            return known
        known = more


def _calls(method: ast.AST, commanding: frozenset[str]) -> list[str]:
    """In the order of the text."""
    calls = [node for node in ast.walk(method) if isinstance(node, ast.Call)]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    return [said for said in (_said(call, commanding) for call in calls) if said is not None]


def _said(call: ast.Call, commanding: frozenset[str]) -> str | None:
    function = call.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    owner, name = function.value.id, function.attr
    if owner == "self" and name in commanding:
        return f"self.{name}"
    if owner == "asyncio" and name == "create_task":
        return "create_task"
    if owner != "workflow" or name not in COMMANDS:
        return None
    if name == "wait_condition":
        return "wait_condition(timeout)" if any(word.arg == "timeout" for word in call.keywords) else None
    named = ast.unparse(call.args[0]) if call.args and isinstance(call.args[0], ast.Attribute | ast.Constant) else ""
    return f"{name}({named})"


if __name__ == "__main__":
    KEPT.write_text(json.dumps(current(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{KEPT.name} written.")
