"""What a form asks only when the case leaves it open."""

from console.actions import for_case
from console.forms import action_named, fill
from console.which import which_dispute
from tests.rules.samples import after_reminder
from tests.rules.test_admission import tell


def test_the_form_asks_which_dispute_ends_only_when_several_are_open() -> None:
    played, action = after_reminder(), action_named("dispute_settled")
    assert action is not None
    tell(played, "dispute", id="palettes", amount="100.00")
    assert for_case(action, played.case) is action
    tell(played, "dispute", id="prix")
    field = which_dispute(played.case)
    assert field is not None
    assert field.options[1:3] == (("palettes", "10/10/2025 · 100,00 €"), ("prix", "10/10/2025"))
    form = for_case(action, played.case)
    assert fill(form, {"outcome": "rejected"}, played.case, "nadia").errors.keys() == {"dispute"}
    filled = fill(form, {"outcome": "rejected", "dispute": "all"}, played.case, "nadia")
    assert (filled.errors, filled.body["dispute"]) == ({}, "all")
