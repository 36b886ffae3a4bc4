"""Reading a case's input. The SDK drops all type hints when an optional argument is absent, so that the invoice may
come as plain JSON; and a raw start may hold anything.
"""

from typing import Any, NamedTuple

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from rules.invoice import InvoiceIssued
from workflows.contracts import Carried


class Unreadable(NamedTuple):
    """Why a start's argument is no invoice: a sentence naming the field."""

    sentence: str

    def failure(self) -> ApplicationError:
        """What fails the start, and nothing else."""
        return ApplicationError(self.sentence, type="malformed", non_retryable=True)


def read_invoice(value: Any) -> InvoiceIssued | Unreadable:
    """The invoice, or why it is none. It must not raise: the SDK loses track of a run whose ``__init__`` fails."""
    try:
        return InvoiceIssued.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return Unreadable(f"the start's argument is not an InvoiceIssued: {field}: {first['msg']}.")


def read_carried(value: Any) -> Carried:
    """What a former run handed on; nothing when there was none. A continuation's signals are counted in its own
    series."""
    carried = Carried() if value is None else Carried.model_validate(value)
    if carried.continues and not carried.series:
        return carried.model_copy(update={"series": f"{workflow.info().first_execution_run_id}/"})
    return carried
