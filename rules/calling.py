"""What came of a telephone call or a text message that a person was asked to make: the coded answer. Pure."""

from datetime import date
from typing import Literal

from pydantic import model_validator

from rules.commands import Command, Name, Positive, Text

_WITH_AMOUNT = ("promise", "payment_announced", "dispute")


class CallOutcome(Command):
    """What the call that a task asked for has brought.

    ``promise``: a day to pay was given; ``payment_announced``: the payment is said to be on its way; ``dispute``: the
    invoice is contested; ``reached``: spoken to, nothing agreed; ``message_left``: on an answering machine; ``sent``:
    the text message left; ``no_answer``: nobody; ``wrong_number``: the number is not the debtor's. ``pay_on`` goes with
    a promise, ``reason`` and ``category`` with a dispute; without ``amount``: all."""

    kind: Literal["call_outcome"] = "call_outcome"
    outcome: Literal[
        "promise", "payment_announced", "dispute", "reached", "message_left", "sent", "no_answer", "wrong_number"
    ]
    pay_on: date | None = None
    amount: Positive | None = None
    reason: Text | None = None
    category: Name | None = None

    @model_validator(mode="after")
    def _fields_fit_the_outcome(self) -> "CallOutcome":
        if (self.outcome == "promise") != (self.pay_on is not None):
            raise ValueError("pay_on, the day that was promised, goes with the outcome promise and no other")
        if (self.reason or self.category) and self.outcome != "dispute":
            raise ValueError("reason and category go with the outcome dispute; write a remark in note")
        if self.amount is not None and self.outcome not in _WITH_AMOUNT:
            raise ValueError(f"amount goes with the outcomes {', '.join(_WITH_AMOUNT)} only")
        return self
