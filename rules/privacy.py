"""Splitting a stored value into what may stay readable for ever and what belongs to a person. Pure.

The hash chain covers the readable part and the digest of the personal part's ciphertext, so that a person can be
forgotten (the key destroyed) and the chain still verifies.
"""

from typing import Any

from pydantic import BaseModel

from rules.base import Personal

FORGOTTEN = "[effacé]"


def split(value: BaseModel) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON of ``value`` as (readable, personal); nested models are split too, each under its field's name."""
    return _split(value, value.model_dump(mode="json"))


def _split(value: BaseModel, dumped: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    readable: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        if name not in dumped:
            continue
        nested = getattr(value, name)
        if Personal in field.metadata:
            personal[name] = dumped[name]
        elif isinstance(nested, BaseModel):
            readable[name], inside = _split(nested, dumped[name])
            if inside:
                personal[name] = inside
        else:
            readable[name] = dumped[name]
    return readable, personal


def join(readable: dict[str, Any], personal: dict[str, Any] | None) -> dict[str, Any]:
    """The JSON put together again. ``personal`` None: it was forgotten, and the names it must have read
    ``[effacé]``."""
    if personal is None:
        return _blank(readable)
    whole = dict(readable)
    for name, value in personal.items():
        inside = whole.get(name)
        whole[name] = join(inside, value) if isinstance(inside, dict) and isinstance(value, dict) else value
    return whole


def _blank(readable: dict[str, Any]) -> dict[str, Any]:
    """Only two required fields are personal: the debtor's name and the name of a refused signal."""
    whole = dict(readable)
    invoice = whole.get("invoice")
    if isinstance(invoice, dict):
        whole["invoice"] = {**invoice, "debtor": {"name": FORGOTTEN, **invoice.get("debtor", {})}}
    if whole.get("kind") == "signal_refused":
        whole.setdefault("name", FORGOTTEN)
    return whole
