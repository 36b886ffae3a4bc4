"""Reading a file of invoices: by its suffix, streaming, each number once."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from intake.checks import Known
from intake.columns import COLUMNS
from intake.csv_file import read_csv
from intake.einvoice.facturx import PDF_CAP
from intake.einvoice.reading import CreditRead, read_einvoice
from intake.jsonl_file import read_jsonl
from intake.lines import WHOLE_FILE, Accepted, Credited, Fault, Line, Rejected
from intake.mapping import Mapping, parse_mapping
from rules.invoice import InvoiceIssued
from rules.refusals import Refused

SUFFIXES = (".csv", ".jsonl", ".xml", ".pdf")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")


def read_invoices(path: Path, mapping: Mapping | None = None, known: Known | None = None) -> Iterator[Line]:
    """What becomes of each line of a file, in order; at most one row is held at a time.

    A file that cannot be opened, or whose suffix is not known, yields one refusal of field ``file``.
    """
    file, suffix = str(path), path.suffix.lower()
    if suffix in WORKBOOKS:
        yield Rejected(file, 1, WHOLE_FILE, "is a workbook; save the sheet as « CSV UTF-8 » and give that file")
        return
    if suffix not in SUFFIXES:
        known_suffixes = ", ".join(SUFFIXES)
        yield Rejected(
            file,
            1,
            WHOLE_FILE,
            f"« {suffix or path.name} » is not a kind of file read here; {known_suffixes} are",
        )
        return
    if mapping is not None and suffix != ".csv":
        yield Rejected(file, 1, WHOLE_FILE, "a mapping is for .csv files only")
        return
    try:
        with path.open("rb") as stream:
            yield from _each_number_once(_lines(stream, path, mapping, known or Known()))
    except OSError as error:
        yield Rejected(file, 1, WHOLE_FILE, f"cannot be read: {error.strerror}")


def _lines(stream: BinaryIO, path: Path, mapping: Mapping | None, known: Known) -> Iterator[Line]:
    file, suffix = str(path), path.suffix.lower()
    if suffix == ".csv":
        return read_csv(stream, file, mapping, known)
    if suffix == ".jsonl":
        return read_jsonl(stream, file, known)
    return iter([read_einvoice_bytes(stream.read(PDF_CAP + 1), file, known, uri=path.resolve().as_uri())])


def read_einvoice_bytes(data: bytes, file: str, known: Known, *, uri: str | None = None) -> Line:
    """What becomes of one EN 16931 document: an .xml or, by its first bytes, a Factur-X PDF. ``uri``: where the
    document is kept, to stand among the pieces of the case."""
    sha256 = hashlib.sha256(data).hexdigest()
    pdf = data[:1024].lstrip().startswith(b"%PDF-") or file.lower().endswith(".pdf")
    try:
        meant, warnings = read_einvoice(data, known, pdf=pdf, uri=uri, sha256=sha256)
    except Fault as fault:
        return Rejected(file, 1, fault.field, fault.reason)
    if isinstance(meant, CreditRead):
        return Credited(file, 1, meant.creditor, meant.invoice, meant.number, meant.amount, meant.issued_on)
    return Accepted(file, 1, meant, warnings=warnings)


def read_mapping(path: Path) -> Mapping:
    """The mapping file at a path; raises Refused naming it."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8 at byte {error.start + 1}; save it as UTF-8.") from None
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}.") from None
    return parse_mapping(text, file=str(path), fields=tuple(COLUMNS))


def _each_number_once(lines: Iterator[Line]) -> Iterator[Line]:
    """The second line of a number is refused, unless it says the same: then it repeats the first."""
    seen: dict[tuple[str, str], tuple[int, bytes]] = {}
    for line in lines:
        if isinstance(line, Rejected | Credited):
            yield line
            continue
        invoice = line.invoice
        key, digest = (invoice.creditor, invoice.number), _digest(invoice)
        first = seen.setdefault(key, (line.line, digest))
        if first[0] == line.line:
            yield line
        elif first[1] == digest:
            yield Accepted(line.file, line.line, invoice, repeats=first[0])
        else:
            reason = f"« {invoice.number} » stands on line {first[0]} already, with other content"
            yield Rejected(line.file, line.line, "number", reason, invoice.number)


def _digest(invoice: InvoiceIssued) -> bytes:
    return hashlib.blake2b(invoice.model_dump_json().encode(), digest_size=16).digest()
