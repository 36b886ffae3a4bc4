"""The two bases of every value that crosses a boundary. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, wraps
from typing import Annotated, Any, Concatenate, ParamSpec, Self, TypeVar

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound="Remembering")


class Frozen(BaseModel):
    """An immutable value. Unknown fields are ignored, so that an old worker reads what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Remembering(Frozen):
    """A value that keeps what was once computed from it. A copy begins anew, so nothing kept is ever stale."""

    @cached_property
    def computed(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """What ``remembered`` functions answered."""
        return {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that has computed nothing yet."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


def remembered(compute: Callable[Concatenate[M, P], T]) -> Callable[Concatenate[M, P], T]:
    """A pure function of a value, computed once for the same arguments (dates by value, all others by identity).

    What it returns is shared: it must not be changed."""

    @wraps(compute)
    def asked(value: M, /, *given: P.args, **named: P.kwargs) -> T:
        key = (compute, *(each if isinstance(each, date) else id(each) for each in (*given, *named.values())))
        found = value.computed.get(key)
        if found is None:
            # The arguments are kept beside the answer: as long as they live no other object can have their identity.
            found = value.computed[key] = (compute(value, *given, **named), given, named)
        answer: T = found[0]
        return answer

    return asked


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
