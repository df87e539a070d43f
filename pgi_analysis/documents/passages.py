"""The paragraphs of a document, with their letters put right, and the sentences in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgi_analysis.documents.diacritics import Letters, plain
from pgi_analysis.documents.sources import Line

#: the words of a document that a value is told with
SHOWN = 160
#: a line shorter than this part of the usual ends its paragraph
SHORT = 0.7

_BULLET = r"^\s*(?:[-+•*–]\s|[-+](?=\w)|\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,4}[.1l]*\.|[A-H]\.\s)"
_STARTS = re.compile(
    rf"{_BULLET}|^\s*(?:chi s|noi nhan|nhiem vu|chi tieu|muc tieu"
    r"|(?:thuc hien|can cu) (?:ke hoach|quyet dinh)|\((?:ban hanh|kem theo))",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"(?:.{0,60}\btrang\s*)?\W*\d{1,3}(?:\s*/\s*\d{1,3})?\W*")
_SENTENCE = re.compile(r"[.;]\s+(?=([^\W\d_]))")


@dataclass(frozen=True)
class Passage:
    """A paragraph or a row of a table, with its letters put right."""

    line: Line
    text: str
    read: str
    unsure: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The text without marks, small."""
        return plain(self.read)

    @property
    def sentences(self) -> list[Passage]:
        """The sentences, where the letters as they stand and as put right part alike."""
        read, text = (list(_sentences(one)) for one in (self.read, self.text))
        if len(read) != len(text):
            return [self]
        return [replace(self, read=a, text=b) for a, b in zip(read, text, strict=True)]


def passages_of(lines: Sequence[Line], letters: Letters | None, *, broken: bool) -> list[Passage]:
    """Join the lines of each paragraph, and put their letters right where they are broken."""
    return [_mended(one, letters, broken=broken) for one in _joined(_without_heads(lines))]


def short(text: str) -> str:
    """Return the words that a value is told with."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _without_heads(lines: Sequence[Line]) -> list[Line]:
    """Leave the numbers of pages out, and what stands at the head or foot of several pages."""
    pages: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        if line.text.strip():
            pages.setdefault((line.file, line.page), []).append(line)
    ends = [end for page in pages.values() for end in (page[0], page[-1])[: len(page)]]
    seen = Counter(re.sub(r"\d+", "", end.text).strip() for end in ends)
    running = {id(end) for end in ends if seen[re.sub(r"\d+", "", end.text).strip()] > 2}
    running |= {
        id(line)
        for line in lines
        if not line.cells and _PAGE_NUMBER.fullmatch(plain(line.text).strip())
    }
    places = {(line.file, line.page, line.number) for line in lines if id(line) in running}
    return [line for line in lines if (line.file, line.page, line.number) not in places]


def _joined(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Join the lines of a paragraph.

    What begins with a bullet or number begins another, and so does what follows a line that is
    shorter than the page allows, or one in capitals.
    """
    lengths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
    full = SHORT * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    first, kept = None, []
    for line in lines:
        bare = line.text.strip()
        ended = bool(kept) and (len(kept[-1]) < full or kept[-1].isupper() != bare.isupper())
        if first and (not bare or line.cells or ended or _STARTS.match(_start(bare))):
            yield first, " ".join(kept)
            first, kept = None, []
        if line.cells:
            yield line, line.text
        elif bare:
            first = first or line
            kept.append(bare)
    if first:
        yield first, " ".join(kept)


def _start(text: str) -> str:
    """Take the marks from the words of a line's beginning, its capitals kept."""
    pairs = zip(text[:40], plain(text[:40]), strict=True)
    return "".join(bare if letter.islower() else bare.upper() for letter, bare in pairs)


def _mended(passage: tuple[Line, str], letters: Letters | None, *, broken: bool) -> Passage:
    line, text = passage
    text = " ".join(text.split())
    read, unsure = letters.restored(text) if letters and broken else (text, [])
    if letters and not broken:
        unsure = letters.unknown(text)
    read = read.replace(" — ", " - ").replace(" – ", " - ")
    return Passage(line, text, read, tuple(unsure))


def _sentences(text: str) -> Iterator[str]:
    """Part a text after a full stop or semicolon, but not after a number or an abbreviation."""
    last = 0
    for found in _SENTENCE.finditer(text):
        words = text[last : found.start()].split()
        if (
            found[1].isupper()
            and len(words) > 2
            and not (words[-1].isupper() and len(words[-1]) < 3)
        ):
            yield text[last : found.start() + 1]
            last = found.end()
    yield text[last:]
