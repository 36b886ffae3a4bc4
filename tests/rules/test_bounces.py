"""A bounce: of an e-mail its rung has failed; of a copy only the address is dead, and the letter stands."""

import pytest

from rules import events as e
from rules.case import StepOutcome
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice
from tests.rules.test_admission import tell


def test_the_bounce_of_a_copy_marks_the_address_and_leaves_the_letter() -> None:
    played = after_formal_notice()
    taken = played.case.taken("mise_en_demeure")
    assert taken is not None
    copy = str(taken.message_id).replace("<", "<email.", 1)
    (event,) = tell(played, "notice_bounced", message_id=copy, diagnostic="5.1.1")
    assert isinstance(event, e.NoticeBounced)
    assert event.address == "compta@martin.example"
    assert played.case.email is None
    now = played.case.taken("mise_en_demeure")
    assert now is not None
    assert now.outcome is StepOutcome.IN_TRAY
    assert tell(played, "notice_bounced", message_id=copy, id="again") == ()


def test_the_bounce_of_another_cases_message_is_refused() -> None:
    with pytest.raises(Refused, match="no e-mail of this case"):
        tell(after_formal_notice(), "notice_bounced", message_id="<email.other@acme.example>")
