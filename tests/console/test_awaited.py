"""What a case awaits is what its decision says, not the step that a pause holds back."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from console.naming import awaited
from tests.console.house import NOW, Console, climbed


async def test_a_declined_step_is_not_what_comes_next(console: Console) -> None:
    case_id = await climbed(console)
    await console.engine.take(case_id, {"kind": "decline", "step": "mise_en_demeure"}, "no")
    async with console.browser("nadia") as nadia:
        page = (await nadia.get(f"/cases/{case_id}")).text
        assert "<b>Décider de la suite</b> — «\u00a0mise en demeure\u00a0» refusée par une personne" in page
        assert "<dt>Prochaine action</dt><dd>Décider de la suite</dd>" in page
        row = (await nadia.get("/cases?q=Librairie")).text
        assert '<td class="next">Décider de la suite</td>' in row
        await nadia.get("/language/en")
        assert (
            "“formal notice” declined by a person: waiting for a decision"
            in (await nadia.get(f"/cases/{case_id}")).text
        )


UNTIL = date(2026, 3, 12)
HELD: dict[str, Any] = {"suspended_by": "hold", "suspended_until": None, "next_kind": "park", "next_step": "relance_2"}


@pytest.mark.parametrize(("more", "code", "when"), [
    ({"suspended_by": None, "next_kind": "send", "next_at": NOW}, "relance_2", NOW),
    ({"suspended_by": None, "task_kinds": "approve"}, "relance_2", None),
    ({"task_kinds": "review_hold"}, "hold", None),
    ({"suspended_until": UNTIL, "task_kinds": "decide"}, "hold", UNTIL),
    ({"task_kinds": "declare_claim,find_publication"}, "declare_claim", None),
    ({"next_kind": "prepare_file", "next_step": "declaration", "next_at": NOW}, "declaration", NOW),
    ({"suspended_by": "dispute", "next_kind": "wait", "next_at": NOW}, "dispute", None),
    ({"suspended_by": "promise", "suspended_until": UNTIL, "next_kind": "wait", "next_at": NOW}, "promise", UNTIL),
])  # fmt: skip
def test_a_case_that_stands_still_awaits_the_end_of_its_pause(more: dict[str, Any], code: str, when: Any) -> None:
    row = SimpleNamespace(**{**HELD, "next_at": None, "task_kinds": None, **more})
    assert awaited(row) == (code, when)
