"""The lines of a document: text, Word, PDF, and what Tesseract reads in a scan or a photograph.

A PDF or picture from elsewhere is opened in a process of its own, whose memory and time are
bounded: one that is made to blow up ends that process alone.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from pgi_analysis.data import LARGEST, decode, format_of, read_bytes
from pgi_analysis.documents.layout import Run, rows_of
from pgi_analysis.documents.tcvn3 import from_tcvn3, is_tcvn3
from pgi_analysis.faults import Fault, InputError

#: what is read, by the file's ending
TEXTS, WORD, PDF = (".txt", ".md"), (".docx",), (".pdf",)
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
#: a plan has no more pages, nor a page more letters, nor a picture more pixels
MOST_PAGES, MOST_LETTERS, MOST_PIXELS = 60, 40_000, 60_000_000
#: dots per inch at which a page without text is drawn, letters below which it has none
DPI, FEW_LETTERS = 200, 25
#: of the process that opens a PDF or picture: seconds, and bytes of memory
SECONDS, MEMORY = 240, 3 << 29
#: bullets, and those of Word's own font, as a PDF gives them
_BULLETS = re.compile(r"^[ \t]*[\uf000-\uf0ff●▪■◦‣∙·○❖➢✓][ \t]*", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """A line of a document, or a row of a table in it.

    ``scanned`` says that a machine guessed its letters; ``cells`` are those of a row.
    """

    file: str
    page: int
    number: int
    text: str
    cells: tuple[str, ...] = ()
    scanned: bool = False


def lines_of(path: Path) -> list[Line]:
    """Read the lines of a document.

    Raises
    ------
    InputError
        The file is none of these, has macros, is too large, is empty, or cannot be opened; or it
        is a scan, and Tesseract is not installed.
    """
    path, kind = Path(path), Path(path).suffix.lower()
    raw = read_bytes(path, path.name)
    if kind in TEXTS:
        lines = _numbered(path, [(decode(raw, path.name), False)])
    elif kind in WORD:
        rows = enumerate(_word(raw, path.name), start=1)
        lines = [Line(path.name, 1, number, text, cells) for number, (text, cells) in rows]
    elif kind in (*PDF, *PICTURES):
        lines = _numbered(path, _apart(path))
    else:
        values = {"known": ", ".join((*TEXTS, *WORD, *PDF, *PICTURES))}
        raise InputError([Fault("document.kind", path.name, values=values)])
    if not lines:
        raise InputError([Fault("document.no_words", path.name)])
    if is_tcvn3(" ".join(line.text for line in lines)):
        lines = [
            replace(line, text=from_tcvn3(line.text), cells=tuple(map(from_tcvn3, line.cells)))
            for line in lines
        ]
    return lines


def composed(text: str) -> str:
    """Write marks that stand as letters of their own in one with theirs, and bullets as dashes.

    Examples
    --------
    >>> len("ế"), len(composed("e\u0302\u0301"))
    (1, 1)
    """
    return _BULLETS.sub("- ", unicodedata.normalize("NFC", text))


def _numbered(path: Path, pages: list[tuple[str, bool]]) -> list[Line]:
    return [
        Line(path.name, page, number, line, cells, scanned)
        for page, (text, scanned) in enumerate(pages, start=1)
        for number, whole in enumerate(composed(text).splitlines(), start=1)
        for line, cells in _columns(whole)
    ]


def _columns(line: str) -> list[tuple[str, tuple[str, ...]]]:
    """Part a line at tabs or wide gaps: a row of a table, or the two sides of a head."""
    parts = [part.strip() for part in re.split(r"\t| {3,}", line.strip())]
    if len(parts) > 2:
        return [(" | ".join(parts), tuple(parts))]
    return [(part, ()) for part in parts]


def _word(raw: bytes, label: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Read the paragraphs and the rows of tables of a Word document, in their order."""
    if format_of(raw) == "huge":
        raise InputError([Fault("file_huge", label, values={"most": LARGEST >> 20})])
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if any("vbaproject" in name.lower() for name in packed.namelist()):
                raise InputError([Fault("document.macros", label)])
        import docx

        document = docx.Document(io.BytesIO(raw))
        if document.element.body.xpath(".//w:ins | .//w:del | .//w:moveFrom"):
            raise InputError([Fault("document.changes", label)])
        for block in document.iter_inner_content():
            if isinstance(block, docx.table.Table):
                for row in block.rows:
                    cells = tuple(" ".join(map(_said, cell.paragraphs)) for cell in row.cells)
                    cells = tuple(" ".join(cell.split()) for cell in cells)
                    yield " | ".join(cells), cells
                yield "", ()
            else:
                for text in _said(block).splitlines() or [""]:
                    yield text, ()
                yield "", ()
    except InputError:  # it is a ValueError as well
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError([Fault("document.broken", label, values={"got": error})]) from None


def _said(paragraph) -> str:
    """Return a paragraph's text: Word's own bullet as a dash, and without raised numbers."""
    parts = [
        part.text
        for part in paragraph.iter_inner_content()
        if not (hasattr(part, "font") and part.font.superscript and part.text.strip().isdigit())
    ]
    listed = paragraph._p.xpath("./w:pPr/w:numPr") or paragraph.style.name.startswith("List")
    text = composed("".join(parts))
    return f"- {text}" if listed and text.strip() else text


def _apart(path: Path) -> list[tuple[str, bool]]:
    """Read a PDF or picture in another process, a text a page and whether it was recognized."""
    words = [sys.executable, "-m", __name__, str(path)]
    root = str(Path(__file__).parents[2])
    around = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    try:
        done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False, env=around)
    except subprocess.TimeoutExpired:
        raise InputError([Fault("document.slow", path.name)]) from None
    try:
        told = json.loads(done.stdout.decode("utf-8"))
    except ValueError:
        raise InputError([Fault("document.heavy", path.name)]) from None
    if "rule" in told:
        raise InputError([Fault(told["rule"], path.name, values=told["values"])])
    return [(text, scanned) for text, scanned in told["pages"]]


def _pages(path: Path) -> list[tuple[str, bool]]:
    """Read the pages of a PDF or picture in this process."""
    if path.suffix.lower() not in PDF:
        with Image.open(path) as picture:
            if getattr(picture, "n_frames", 1) > MOST_PAGES:
                raise InputError([Fault("document.pages", values={"most": MOST_PAGES})])
            if picture.width * picture.height > MOST_PIXELS:
                raise InputError([Fault("document.heavy")])
            found = []
            for frame in range(getattr(picture, "n_frames", 1)):
                picture.seek(frame)
                found.append((_recognized(picture.convert("L")), True))
            return found
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    if len(document) > MOST_PAGES:
        values = {"most": MOST_PAGES, "got": len(document)}
        raise InputError([Fault("document.pages", values=values)])
    found = []
    for page in document:
        words = page.get_textpage()
        text = words.get_text_bounded()[:MOST_LETTERS]
        count = min(words.count_chars(), MOST_LETTERS)
        letters = [Run(*words.get_charbox(n), words.get_text_range(n, 1)) for n in range(count)]
        rows = rows_of(letters)
        if any("\t" in row for row in rows):
            text = "\n".join(rows)[:MOST_LETTERS]
        if sum(letter.isalnum() for letter in text) >= FEW_LETTERS:
            found.append((text.replace("\r", ""), False))
            continue
        width, height = page.get_size()
        scale = min(DPI / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
        found.append((_recognized(page.render(scale=scale, grayscale=True).to_pil()), True))
    return found


def _recognized(picture) -> str:
    """Recognize the letters of a picture with Tesseract, in Vietnamese.

    Raises
    ------
    InputError
        It is not installed, or does not know Vietnamese.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise InputError([Fault("document.tesseract")])
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    done = subprocess.run(
        [program, "-", "-", "-l", "vie", "--psm", "4", "--dpi", str(DPI)],
        input=kept.getvalue(),
        capture_output=True,
        check=False,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )
    if done.returncode:
        raise InputError([Fault("document.tesseract")])
    return done.stdout.decode("utf-8", "replace")[:MOST_LETTERS]


def _tell(path: Path) -> dict[str, object]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except ImportError:  # there is no such thing on Windows
        pass
    try:
        return {"pages": _pages(path)}
    except InputError as error:
        return {"rule": error.faults[0].rule, "values": dict(error.faults[0].values)}
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"rule": "document.heavy", "values": {}}
    except Exception as error:
        return {"rule": "document.broken", "values": {"got": f"{error}"[:200]}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_tell(Path(sys.argv[1]))))
