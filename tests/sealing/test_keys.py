"""The key ring: what one key sealed another of the ring's keys never opens, and a wrong setting says what is wrong."""

from pathlib import Path

import pytest

from letters.store import FolderStore
from rules.refusals import Refused
from sealing.documents import MARK, DocumentSeal
from sealing.keys import Altered, KeyRing, UnknownKey, key_of, new_entry, parse_ring

OLD, NEW = new_entry("2025"), new_entry("2026")


def ring(*entries: str) -> KeyRing:
    made = parse_ring(",".join(entries))
    assert made is not None
    return made


def test_the_first_key_seals_and_a_retired_one_still_opens() -> None:
    sealed = ring(OLD).seal(b"facture", "here")
    both = ring(NEW, OLD)
    assert (key_of(sealed), both.open(sealed, "here")) == ("2025", b"facture")
    assert key_of(both.seal(b"facture", "here")) == "2026"


def test_a_key_that_is_missing_is_named() -> None:
    with pytest.raises(UnknownKey, match="no key « 2025 »"):
        ring(NEW).open(ring(OLD).seal(b"facture", "here"), "here")


def test_a_flipped_byte_or_another_place_does_not_open() -> None:
    mine = ring(NEW)
    sealed = mine.seal(b"facture", "here")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((Altered, UnknownKey)):
            mine.open(bytes(changed), "here")
    with pytest.raises(Altered):
        mine.open(sealed, "there")


def test_nothing_is_encrypted_without_the_setting() -> None:
    assert parse_ring(None) is None
    assert parse_ring("  ") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("secret", "entry 1 is not ID:KEY"),
        ("a:short", "key « a » is not 32 bytes"),
        (f"{NEW},{NEW}", "« 2026 » stands twice"),
        ("a b:" + "A" * 43, "entry 1 is not ID:KEY"),
        (f"{NEW},old:é", "key « old » is not 32 bytes"),
    ],
    ids=["no id", "too short", "twice", "a space in the id", "not a key"],  # the keys are new in every process
)
def test_a_wrong_setting_is_refused_and_never_printed(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_ring(text)
    assert sentence in refused.value.sentence
    assert NEW.partition(":")[2] not in refused.value.sentence


def test_documents_are_sealed_and_read_back(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, DocumentSeal(ring(OLD)))
    path = store.put("acme/lettre.eml", b"Boulangerie Martin")
    assert path.read_bytes().startswith(MARK)
    assert b"Martin" not in path.read_bytes()
    assert store.put("acme/lettre.eml", b"Boulangerie Martin") == path
    assert FolderStore(tmp_path, DocumentSeal(ring(NEW, OLD))).get(path) == b"Boulangerie Martin"
    with pytest.raises(UnknownKey):
        FolderStore(tmp_path, DocumentSeal(ring(NEW))).get(path)
    with pytest.raises(Refused, match="RELANCE_PAYLOAD_KEYS"):
        FolderStore(tmp_path, DocumentSeal(None)).get(path)


def test_a_store_begun_without_keys_is_read_with_them(tmp_path: Path) -> None:
    path = FolderStore(tmp_path).put("acme/lettre.eml", b"Boulangerie Martin")
    assert path.read_bytes() == b"Boulangerie Martin"
    assert FolderStore(tmp_path, DocumentSeal(ring(NEW))).get(path) == b"Boulangerie Martin"
