"""What a sealed payload costs, and that all of it comes back."""

import hashlib

import pytest
from temporalio.api.common.v1 import Payload

from sealing.dictionary import WORDS_1
from sealing.keys import new_entry, parse_ring
from sealing.payloads import SealingCodec

RING = parse_ring(new_entry("2026"))


def payload(data: bytes) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=data)


@pytest.mark.parametrize("data", [b"", b"{}", b'{"outcome":"paid"}' * 200, bytes(range(256)) * 8])
def test_what_is_sealed_comes_back_as_it_was(data: bytes) -> None:
    assert RING is not None
    codec = SealingCodec(RING)
    assert codec.opened(codec.sealed(payload(data))) == payload(data)


def test_an_answer_takes_less_room_sealed_than_readable() -> None:
    assert RING is not None
    answer = b"".join(b'{"step":"relance_%d","at":"2025-10-0%dT07:00:00Z"}' % (n, n) for n in range(1, 9))
    assert len(SealingCodec(RING).sealed(payload(answer)).data) < len(answer)


def test_the_dictionary_that_kept_payloads_were_deflated_with_never_changes() -> None:
    assert hashlib.sha256(WORDS_1).hexdigest()[:16] == "dd7b11f3dbfff5c3", (
        "Histories in the engine and in the archive inflate only with these very bytes. "
        "Leave WORDS_1 as it is; add WORDS_2 under a mark of its own."
    )
