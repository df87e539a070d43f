"""What was read of a plan so far: its values, and the figures that were not understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pgi_analysis.data import Dataset
from pgi_analysis.documents.diacritics import is_syllable
from pgi_analysis.documents.passages import Passage, short
from pgi_analysis.documents.sources import Line

#: units as sentences are searched, and as they are written
_UNITS = {"diem": "điểm", "bac": "bậc", "phan tram": "phần trăm"}


@dataclass(frozen=True)
class Said:
    """A value, where it was read, and why it is doubtful, if it is.

    Attributes
    ----------
    table, row, column : str
        Where it goes: ``plan``, ``targets`` or ``actions``, the key of the row, and the entry.
    value : str
    line : Line
        Where it begins.
    words : str
        The words around it, as they stand there.
    doubt : str
        A key of ``document.doubt`` in the texts; empty where there is none.
    note : dict
        What the sentence of the doubt is filled with.
    """

    table: str
    row: str
    column: str
    value: str
    line: Line
    words: str
    doubt: str = ""
    note: dict[str, object] = field(default_factory=dict)


class Reading:
    """A document's paragraphs, and what has been read in them.

    ``scan`` is the doubt of a figure in damaged or scanned letters that nothing confirms.
    """

    def __init__(self, passages: Sequence[Passage], ds: Dataset | None, *, scanned: bool) -> None:
        self.passages, self.ds = passages, ds
        self.scan = "scan" if scanned else ""
        self.values: list[Said] = []
        self.left: list[tuple[Line, str, str]] = []

    def say(
        self,
        table: str,
        row: str,
        column: str,
        value: object,
        at: Passage,
        doubt: str = "",
        **note: object,
    ) -> None:
        """Keep a value, and where it was read; doubtful «letters» are those of its own words."""
        if doubt == "letters" and not note:
            own = set(re.findall(r"\w+", str(value)))
            unsure = [word for word in at.unsure if word in own]
            doubt, note = ("letters", {"words": ", ".join(unsure)}) if unsure else ("", {})
        said = Said(table, row, column, str(value), at.line, short(at.text), doubt, note)
        self.values.append(said)

    def leave(self, at: Passage, figures: Sequence[str]) -> None:
        """Keep figures that were not understood."""
        if figures:
            told = "; ".join(figures)
            for bare, unit in _UNITS.items():
                told = re.sub(rf"\b{bare}\b", unit, told)
            self.left.append((at.line, short(at.text), told))

    def leave_task(self, at: Passage) -> None:
        """Keep that a task has no place in the plan's table."""
        self.left.append((at.line, short(at.text), ""))

    def cased(self, text: str) -> str:
        """Write a name that stands in capitals as a sentence does, with the names of areas."""
        areas = [] if self.ds is None else self.ds.areas["name_vi"].dropna()
        text = sentence_case(text)
        for area in areas:
            text = re.sub(rf"\b{re.escape(area.lower())}\b", area, text)
        return text

    def of_row(self, row: str) -> dict[str, str]:
        """Return the values of a row by column."""
        return {one.column: one.value for one in self.values if one.row == row}


def sentence_case(text: str) -> str:
    """Write a name that stands in capitals as a sentence does, and begin it with a capital.

    Examples
    --------
    >>> sentence_case("NÂNG CAO CHỈ SỐ PGI")
    'Nâng cao chỉ số PGI'
    """
    if text.isupper():
        text = re.sub(r"\w+", lambda one: one[0].lower() if is_syllable(one[0]) else one[0], text)
    return f"{text[:1].upper()}{text[1:]}"


def day_of(day: str, month: str, year: str) -> date | None:
    """Return a date, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
