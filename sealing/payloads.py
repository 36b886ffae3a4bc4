"""Payloads of Temporal, encrypted before they leave the process: inputs, results, summaries, failures, queries.

What is not a payload stays readable to whoever reads the server: workflow ids (the invoice's number), search attributes
(the debtor's customer number, never a name), names of signals and activities.
"""

import asyncio
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from google.protobuf.message import DecodeError, Message
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    PayloadConverter,
)

from sealing.dictionary import WORDS_1
from sealing.keys import Altered, KeyRing, parse_ring

ENCODING = b"binary/encrypted"
UNDECODABLE = b"binary/undecodable"
_CONTEXT = "payload"
_PLAIN, _DEFLATED_1 = b"\x00", b"\x01"


class SealingCodec(PayloadCodec):
    """Each payload deflated and sealed under the ring's current key; other encodings pass, so that a plain signal is
    still heard.

    A key that the ring lacks raises, and the task waits until the key is provided. Bytes that do not open are handed on
    as ``binary/undecodable``: the case refuses what they said, and goes on.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads sealed."""
        return [self.sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads opened; raises UnknownKey."""
        return [self.opened(payload) for payload in payloads]

    def sealed(self, payload: Payload) -> Payload:
        """One payload sealed."""
        data = self._ring.seal(_packed(payload.SerializeToString()), _CONTEXT)
        return Payload(metadata={"encoding": ENCODING, "encryption-key-id": self._ring.current.encode()}, data=data)

    def opened(self, payload: Payload) -> Payload:
        """One payload opened; raises UnknownKey."""
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        try:
            return Payload.FromString(_unpacked(self._ring.open(payload.data, _CONTEXT)))
        except (Altered, DecodeError, zlib.error):
            return Payload(metadata={"encoding": UNDECODABLE}, data=payload.data)


def _packed(text: bytes) -> bytes:
    """Deflated when that is shorter: a history costs by its bytes, and what is sealed deflates no more."""
    deflating = zlib.compressobj(level=9, wbits=-15, zdict=WORDS_1)
    deflated = deflating.compress(text) + deflating.flush()
    return _DEFLATED_1 + deflated if len(deflated) < len(text) else _PLAIN + text


def _unpacked(packed: bytes) -> bytes:
    if packed[:1] != _DEFLATED_1:
        return packed[1:]
    return zlib.decompressobj(wbits=-15, zdict=WORDS_1).decompress(packed[1:])


class ContextFree(PayloadConverter):
    """The SDK's pydantic converter, one for all: nothing we write depends on whose case or act it is, and without this
    the SDK makes a converter anew for each workflow and at each command."""

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """As pydantic writes them."""
        return _PYDANTIC.to_payloads(values)

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """As pydantic reads them; raises what it raises."""
        return _PYDANTIC.from_payloads(payloads, type_hints)


_PYDANTIC = pydantic_data_converter.payload_converter
READABLE = replace(pydantic_data_converter, payload_converter_class=ContextFree)


@lru_cache(maxsize=8)
def converter_of(keys: str | None) -> DataConverter:
    """How values become payloads under the setting's keys; None: readable. Raises Refused on a wrong setting."""
    ring = parse_ring(keys)
    if ring is None:
        return READABLE
    return replace(
        READABLE,
        payload_codec=SealingCodec(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def readable(history: History, converter: DataConverter) -> History:
    """A copy of a history in which every payload is opened. Raises UnknownKey."""
    opened = History()
    opened.CopyFrom(history)
    codec = converter.payload_codec
    if codec is not None:
        for payload in payloads_in(opened):
            payload.CopyFrom((await codec.decode([payload]))[0])
            await asyncio.sleep(0)
    return opened


def payloads_in(message: Message) -> Iterator[Payload]:
    """Every payload of a message, however deep; search attributes are none, though they have their shape."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None or field.name in ("search_attributes", "indexed_fields"):
            continue
        if field.message_type.GetOptions().map_entry:
            inside = value.values() if field.message_type.fields_by_name["value"].message_type is not None else ()
        else:
            inside = value if field.is_repeated else (value,)
        for one in inside:
            yield from payloads_in(one)
