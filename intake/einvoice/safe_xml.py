"""XML from outside: no DTD, no entity, no network, no file, capped; what is refused is refused in a sentence. Pure."""

from typing import Any

from lxml import etree

from intake.lines import WHOLE_FILE, Fault

XML_CAP = 10_000_000
"""Bytes. An invoice of ten thousand lines has five million; a picture inside has its own place, the PDF."""


def parse_xml(data: bytes) -> Any:
    """The root element of a document; raises Fault on anything that is not plain, whole XML within the cap.

    A document type is refused before anything of it is read: entities are how files and networks are reached and how
    a page becomes a gigabyte. libxml2's own limits on depth and on sizes stay on.
    """
    if len(data) > XML_CAP:
        raise Fault(WHOLE_FILE, f"the XML has {len(data)} bytes, more than {XML_CAP}; it is no invoice")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Fault(WHOLE_FILE, _DTD)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Fault(WHOLE_FILE, f"is not whole XML: {str(error)[:200].rstrip('.')}") from None
    # In UTF-16 the bytes above look otherwise: the parser has seen what they say.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault(WHOLE_FILE, _DTD)
    return root


_DTD = "the XML declares a document type or entities, which no invoice needs; it was not read"


def local_name(root: Any) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(root).localname)


def namespace(root: Any) -> str:
    """The namespace of an element; empty when it has none."""
    return str(etree.QName(root).namespace or "")


def found(root: Any, path: str) -> Any | None:
    """The first element at ``a/b/c`` (local names); None when there is none."""
    return root.find(_any(path))


def all_of(root: Any, path: str) -> list[Any]:
    """All elements at ``a/b/c`` (local names)."""
    return list(root.findall(_any(path)))


def text_of(root: Any, path: str) -> str | None:
    """The text at ``a/b/c``, spaces at its ends taken off; None when absent or empty."""
    element = root.find(_any(path))
    said = "" if element is None or element.text is None else element.text.strip()
    return said or None


def _any(path: str) -> str:
    return "/".join(part if part.startswith(("{", "*", ".")) else f"{{*}}{part}" for part in path.split("/"))
