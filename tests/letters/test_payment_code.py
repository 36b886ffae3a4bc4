"""The payment code is read by a decoder that knows nothing of Relance (ZXing), whatever it says."""

import random
import re

import zxingcpp

from letters.payment_code import MAX_BYTES, payment_qr

QUIET, SCALE = 4, 3
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/ éèçàœŒÉ&'.,"


def read(svg: bytes) -> list[tuple[str, str]]:
    """What the decoder finds on a white page that shows the code: the text of each, and its error level. The bytes are
    taken as they are: EPC069-12 says UTF-8 in its third line, and an application may believe it."""
    side = int(re.search(rb'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    width = (side + 2 * QUIET) * SCALE
    page = bytearray(b"\xff" * width * width)
    for run in re.finditer(rb"M(\d+) (\d+)\.5h(\d+)", svg):
        left, row, length = (int(part) for part in run.groups())
        for line in range((row + QUIET) * SCALE, (row + QUIET + 1) * SCALE):
            start = line * width + (left + QUIET) * SCALE
            page[start : start + length * SCALE] = bytes(length * SCALE)
    found = zxingcpp.read_barcodes(memoryview(bytes(page)).cast("B", (width, width)))
    return [(code.bytes.decode(), code.ec_level) for code in found]


def test_every_payment_code_is_read_as_it_was_written() -> None:
    chance = random.Random(69)
    head = "BCD\n002\n1\nSCT\nAGRIFRPP\n"
    for _ in range(150):
        holder = "".join(chance.choices(SIGNS, k=chance.randint(1, 70))).strip() or "X"
        reference = "".join(chance.choices(SIGNS, k=chance.randint(1, 140))).strip() or "F-1"
        iban = f"FR{chance.randrange(10**25):025d}"
        text = f"{head}{holder}\n{iban}\nEUR{chance.randrange(1, 10**9) / 100:.2f}\n\n\n{reference}"
        if len(text.encode()) <= MAX_BYTES:
            assert read(payment_qr(text)) == [(text, "M")]


def test_the_longest_payment_code_is_of_version_13() -> None:
    text = "BCD\n" + "é" * 163 + "x"
    assert len(text.encode()) == MAX_BYTES
    assert b'viewBox="0 0 69 69"' in payment_qr(text)
    assert read(payment_qr(text)) == [(text, "M")]
