"""The pages: address in the window, tables over pages, numbers, identity, archival format, the payment code."""

import re
import struct
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from letters.legible import has_long_words
from letters.payment_code import epc_payload
from letters.render import Renderer
from letters.typeset import image
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.letter import Previous
from rules.policy import Channel, Claims
from rules.refusals import Refused
from tests.letters.pages import bitmaps_of, placed, reader_of, text_of
from tests.letters.samples import ACME, DEBTORS, item, letter, plan

FORTY = tuple(item(f"F-2025-{n:04d}", f"{100 + 7 * n}.30", date(2025, 11, 3) + timedelta(days=n)) for n in range(1, 41))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>'


def formal(**more: Any) -> bytes:
    made = Renderer().render(letter("mise_en_demeure", claims=Claims.ALL, channel=Channel.REGISTERED_LETTER, **more))
    assert made.pdf is not None
    return made.pdf


def test_the_address_stands_in_the_window_and_nothing_else_does() -> None:
    long = Address(
        lines=("Service comptabilité fournisseurs", "Bâtiment C, 3e étage", "12 rue des Lilas"),
        postal_code="69003",
        city="Lyon",
        country="BE",
    )
    pdf = formal(debtor=DEBTORS[DebtorKind.BUSINESS].model_copy(update={"address": long}))
    lines = ("Boulangerie Martin", "Service comptabilité", "Bâtiment C", "12 rue", "69003 Lyon", "BELGIQUE")
    for text, x, y in placed(pdf):
        if text.startswith(lines):
            assert 109 <= x <= 112, text
            assert 46 <= y <= 85, text
        else:
            assert not (100 <= x <= 200 and 42 <= y <= 85), text
    assert {line for line in lines if any(text.startswith(line) for text, _, _ in placed(pdf))} == set(lines)


def test_a_table_of_forty_invoices_runs_over_pages_under_its_own_header() -> None:
    pdf = formal(items=FORTY)
    pages = [page.extract_text() for page in reader_of(pdf).pages]
    total = len(pages)
    assert total >= 4
    for number, page in enumerate(pages, start=1):
        assert f"page {number}/{total}" in page.replace("\u00a0", " ")
        assert "732 829 320 RCS Lyon" in page.replace("\u00a0", " ")
    assert sum("Échéance" in page for page in pages) >= 2
    said = "\n".join(pages)
    for invoice in FORTY:
        assert said.count(invoice.number) >= 2, "in the statement and in the annex"


def test_reminders_of_many_invoices_stand_in_an_annex_and_not_in_a_sentence() -> None:
    reminded = tuple(
        invoice.model_copy(
            update={"previous": (Previous(step="relance_1", on=invoice.due_on + timedelta(days=6), channel="email"),)}
        )
        for invoice in FORTY
    )
    said = text_of(formal(items=reminded))
    body, _, annex = said.partition("Annexe – rappels adressés\n")
    assert "dont le dernier du 19 décembre 2025" in " ".join(body.split())
    assert "10 novembre 2025 (courriel)" not in body
    assert all(invoice.number in annex for invoice in FORTY)


def test_the_signature_of_a_formal_notice_about_one_invoice_stands_on_its_first_page() -> None:
    pages = [page.extract_text() for page in reader_of(formal()).pages]
    assert "Jeanne Martel" in pages[0]
    assert "Annexe" in pages[1]


def test_a_long_number_is_broken_rather_than_run_into_its_neighbour() -> None:
    number = "FACTURE-" + "X9" * 60
    pdf = formal(items=(item(number),))
    assert number in text_of(pdf).replace("\n", "").replace("\u200b", "")
    assert all(x < 190 for _, x, _ in placed(pdf))


def test_a_name_of_three_hundred_letters_runs_off_no_page_and_widens_no_mail() -> None:
    endless = "W" * 300
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": endless})
    creditor = ACME.model_copy(update={"name": endless})
    for step, claims in (("mise_en_demeure", Claims.ALL), ("relance_2", Claims.PRINCIPAL)):
        made = Renderer().render(letter(step, claims=claims, debtor=debtor, creditor=creditor))
        assert made.pdf is not None
        runs = re.findall("W+", text_of(made.pdf).replace("\u200b", ""))
        assert max(map(len, runs)) <= 75, "a line of 170 mm holds no more"
        assert sum(map(len, runs)) >= 360, "nothing is lost of what a letter names three times"
        cells = re.findall(r"<td[^>]*>(?=[^<]*W{9}|\s*<p)", made.html)
        assert cells
        assert all("overflow-wrap:anywhere" in cell for cell in cells)


@pytest.mark.parametrize(("signs", "broken"), [(28, False), (29, True), (60, True)])
def test_a_word_is_broken_where_it_is_too_long_for_its_place_and_only_once(signs: int, broken: bool) -> None:
    pdf = formal(debtor=DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": f"SARL {'W' * signs}"}))
    said = text_of(pdf)
    assert ("W\u200bW" in said) == broken
    assert "\u200b\u200b" not in said


def test_what_a_page_may_break_is_told_by_its_longest_word_and_pictures_do_not_count() -> None:
    word = "x" * 45
    assert has_long_words({"words": {"claim": ["court", f"un {word} long"]}})
    assert not has_long_words({"lines": ("Recouvrement", "recouvrement@exemple.example"), "qr": None, "rank": 3})
    assert not has_long_words({"qr": {"format": "svg", "text": word * 20}})


def test_the_file_is_archival_and_dated_by_the_case() -> None:
    pdf = formal()
    reader = reader_of(pdf)
    assert reader.metadata is not None
    assert reader.metadata.creation_date == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


def test_a_letter_without_a_moment_is_dated_noon_of_its_day() -> None:
    reader = reader_of(formal(moment=None))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_the_statement_travels_with_the_second_reminder_and_not_with_the_first() -> None:
    renderer = Renderer()
    assert renderer.render(letter("relance_1")).pdf is None
    made = renderer.render(letter("relance_2", claims=Claims.MENTION))
    assert made.pdf_name == "releve-de-compte.pdf"
    assert made.pdf is not None
    assert "Relevé de compte arrêté au 3 mars 2026" in text_of(made.pdf)


def test_the_copy_by_e_mail_carries_the_registered_letter_itself() -> None:
    renderer = Renderer()
    announced = letter("mise_en_demeure", claims=Claims.ALL, copy_of=Channel.REGISTERED_LETTER)
    copy = renderer.render(announced)
    assert copy.pdf == formal()
    assert copy.subject.startswith("Copie de notre mise en demeure")


def test_the_payment_code_says_account_amount_and_reference() -> None:
    assert epc_payload(letter()) == (
        "BCD\n002\n1\nSCT\nAGRIFRPP\nAcme SAS\nFR7630006000011234567890189\nEUR1200.00\n\n\nF-2026-0042"
    )
    assert (epc_payload(letter("plan_reminder", plan=plan("plan_reminder"))) or "").split("\n")[7] == "EUR400.00"
    assert epc_payload(letter(currency="GBP")) is None


def test_logo_and_code_are_drawn_when_given(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(SVG)
    asked: list[str] = []

    def qr(text: str) -> bytes:
        asked.append(text)
        return SVG

    with_logo = letter().creditor.model_copy(update={"logo": "logo.svg"})
    renderer = Renderer(creditors_folder=tmp_path, qr=qr)
    made = renderer.render(letter("relance_2", creditor=with_logo))
    assert asked[0].startswith("BCD\n002")
    assert made.pdf is not None
    assert "À scanner" in text_of(made.pdf)
    gone = with_logo.model_copy(update={"logo": "gone.png"})
    with pytest.raises(Refused, match=r"logo: gone\.png cannot be read"):
        renderer.render(letter("relance_2", creditor=gone))


def test_a_bitmap_is_drawn_as_it_is(tmp_path: Path) -> None:
    grey = bytes(range(256))
    rows = b"".join(b"\0" + grey[at : at + 16] for at in range(0, 256, 16))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    with_logo = letter().creditor.model_copy(update={"logo": "logo.png"})
    made = Renderer(creditors_folder=tmp_path).render(letter("relance_2", creditor=with_logo))
    drawn = [found for found in bitmaps_of(made.pdf or b"") if found["/Width"] == 16]
    assert [found.get_data() for found in drawn] == [grey]


def test_an_image_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="neither PNG, JPEG nor SVG"):
        image(b"GIF89a")
