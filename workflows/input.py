"""Reading a case's input. The SDK drops all type hints when an optional argument is absent, so that the invoice
may come
as plain JSON; and a raw start may hold anything.
"""

from typing import Any

from pydantic import ValidationError
from temporalio.exceptions import ApplicationError

from rules.invoice import InvoiceIssued
from workflows.contracts import Carried


def read_invoice(value: Any) -> InvoiceIssued:
    """The invoice; raises ApplicationError naming the wrong field, which fails the start and nothing else."""
    try:
        return InvoiceIssued.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        sentence = f"the start's argument is not an InvoiceIssued: {field}: {first['msg']}."
        raise ApplicationError(sentence, type="malformed", non_retryable=True) from None


def read_carried(value: Any) -> Carried:
    """What a former run handed on; nothing when there was none."""
    return Carried() if value is None else Carried.model_validate(value)
