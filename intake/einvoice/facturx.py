"""Factur-X: the XML invoice inside a PDF. Read with pypdf, which has its own caps on what a stream may become. Pure.

Not the ``factur-x`` package: what it adds is the making of such files and their check against schemas; reading the
attachment is ten lines, and it would bring a second reader of hostile PDFs to keep up to date.
"""

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from intake.einvoice.safe_xml import XML_CAP
from intake.lines import WHOLE_FILE, Fault

PDF_CAP = 25_000_000
"""Bytes of a PDF invoice."""

NAMES = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")


def xml_of(data: bytes) -> bytes:
    """The invoice inside a PDF; raises Fault when there is none, when it cannot be had, or when it is too large."""
    if len(data) > PDF_CAP:
        raise Fault(WHOLE_FILE, f"the PDF has {len(data)} bytes, more than {PDF_CAP}")
    if not data[:1024].lstrip().startswith(b"%PDF-"):
        raise Fault(WHOLE_FILE, "is not a PDF")
    try:
        return _attached(PdfReader(io.BytesIO(data), strict=False))
    except Fault:
        raise
    except PyPdfError as error:
        raise Fault(WHOLE_FILE, f"the PDF cannot be read ({str(error)[:120].rstrip('.')})") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        raise Fault(WHOLE_FILE, "the PDF is damaged; ask for it again") from None


def _attached(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise Fault(WHOLE_FILE, "the PDF is encrypted; save it without a password")
    names: list[str] = []
    for embedded in reader.attachment_list:
        names.append(str(embedded.name))
        if str(embedded.name).lower() not in NAMES:
            continue
        content = embedded.content
        if len(content) > XML_CAP:
            raise Fault(WHOLE_FILE, f"the invoice inside the PDF has more than {XML_CAP} bytes")
        return bytes(content)
    others = f"; it holds {', '.join(names[:5])[:120]}" if names else ""
    raise Fault(WHOLE_FILE, f"the PDF holds no factur-x.xml: it is a picture of an invoice, not a Factur-X{others}")
