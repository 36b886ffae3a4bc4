"""The two bases of every value that crosses a boundary. Pure."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer


class Frozen(BaseModel):
    """An immutable value. Unknown fields are ignored, so that an old worker reads what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Stored(Frozen):
    """A value kept in histories and in the ledger: absent and empty fields are left out when it is written.

    New fields must have defaults; none is renamed or removed while a history may hold it.
    """

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        full: dict[str, Any] = handler(self)
        return {name: value for name, value in full.items() if value not in (None, [], (), {})}


Personal = "personal"
"""Marks a field that holds personal data or free text: it is encrypted under the debtor's own key before it is
stored."""

Private = Annotated[str | None, Personal]
