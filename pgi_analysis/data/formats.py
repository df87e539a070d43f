"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import io
import zipfile

from pgi_analysis.faults import Fault, Hint, InputError

#: how other formats begin
_BEGINS = {
    b"PAR1": "parquet",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "database",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
}
#: what tells a zip file's format: a part of it
_PARTS = {
    "xl/workbook.bin": "xlsb",
    "xl/workbook.xml": "workbook",
    "content.xml": "ods",
    "Index/Document.iwa": "numbers",
    "word/document.xml": "word",
}
#: bytes beyond which a file, or what it unpacks to, is no table that people keep
LARGEST = 256 * 2**20
_STRICT = b"http://purl.oclc.org/ooxml"


def format_of(raw: bytes) -> str:
    """Tell a file's format: ``workbook`` and ``text`` can be read, the others are names of them.

    Examples
    --------
    >>> format_of(b"area,value"), format_of(b"%PDF-1.7"), format_of(b"<html><table>")
    ('text', 'pdf', 'html')
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):  # how an old .xls begins, and an encrypted workbook
        return "locked" if "EncryptedPackage".encode("utf-16-le") in raw else "xls"
    if raw.startswith(b"PK\x03\x04"):
        return _zipped(raw)
    for beginning, name in _BEGINS.items():
        if raw.startswith(beginning):
            return name
    start = raw[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<?xml", b"<html", b"<!doctype", b"<table")):
        return "html" if b"<html" in start or b"<table" in start else "xml"
    return "json" if start.startswith((b"{", b"[{", b"[[")) else "text"


def _zipped(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                return "huge"
            names = set(parts.namelist())
            found = next((name for part, name in _PARTS.items() if part in names), "archive")
            if found == "workbook" and _STRICT in parts.read("xl/workbook.xml"):
                return "strict"
            return found
    except Exception:  # zipfile lets errors of zlib, struct and its own through
        return "damaged"


def refuse_format(raw: bytes, label: str, wanted: str) -> None:
    """Refuse a file that is not as `wanted`, ``workbook`` or ``text``; say how to save it so.

    Raises
    ------
    InputError
        One fault, with the file's label.
    """
    found = format_of(raw)
    if found == wanted:
        return
    values = {"what": Hint(f"format.{found}"), "how": Hint(f"save.{wanted}")}
    fault = Fault("wrong_format", label, values=values)
    if found == "locked":
        fault = Fault("workbook_locked", label)
    elif found == "huge":
        fault = Fault("file_huge", label, values={"most": LARGEST >> 20})
    elif found == "damaged" and wanted == "workbook":
        fault = Fault("workbook_unreadable", label)
    raise InputError([fault])
