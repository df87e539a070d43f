"""What the text of a plan says: its head, its targets, its tasks, its dates, and its foot.

Every value keeps where it was read, and what makes it doubtful. Figures are read in the text as it
stands; words that a scanner has broken are put right before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pgi_analysis.data import Dataset
from pgi_analysis.documents.body import read_body
from pgi_analysis.documents.diacritics import Letters, is_broken
from pgi_analysis.documents.foot import read_foot
from pgi_analysis.documents.head import read_head
from pgi_analysis.documents.names import Names
from pgi_analysis.documents.passages import passages_of
from pgi_analysis.documents.reading import Reading, Said
from pgi_analysis.documents.sources import Line
from pgi_analysis.faults import Fault, InputError

#: a document with fewer words is none
FEW_WORDS = 30


@dataclass(frozen=True)
class PlanText:
    """What was read of a plan: its values, and passages with figures that were not understood."""

    values: tuple[Said, ...]
    left: tuple[tuple[Line, str, str], ...]
    broken: bool

    def rows(self, table: str) -> dict[str, dict[str, str]]:
        """Return the values of a table by row and column."""
        found: dict[str, dict[str, str]] = {}
        for one in self.values:
            if one.table == table:
                found.setdefault(one.row, {})[one.column] = one.value
        return found


def read_plan(lines: Sequence[Line], ds: Dataset | None = None) -> PlanText:
    """Read a plan.

    Parameters
    ----------
    lines : sequence of Line
        By `sources.lines_of`.
    ds : Dataset, optional
        Of the folder that the plan belongs to: its names are known words, its scores tell which
        baselines are likely slips.

    Raises
    ------
    InputError
        The document is no plan: it has hardly any words, or no target.
    """
    words = sum(len(re.findall(r"[^\W\d_]{2,}", line.text)) for line in lines)
    if words < FEW_WORDS:
        raise InputError([Fault("document.no_words", lines[0].file if lines else "")])
    broken = is_broken(line.text for line in lines)
    scanned = broken or any(line.scanned for line in lines)
    passages = passages_of(lines, Letters(_names(ds)) if scanned else None, broken=broken)
    reading = Reading(passages, ds, scanned=scanned)
    read_head(reading)
    read_body(reading, Names(ds, passages, broken=scanned))
    read_foot(reading)
    if not any(one.table == "targets" for one in reading.values) and not reading.left:
        raise InputError([Fault("document.no_target", passages[0].line.file)])
    return PlanText(tuple(reading.values), tuple(reading.left), broken)


def _names(ds: Dataset | None) -> list[str]:
    if ds is None:
        return []
    tables = (ds.areas, ds.indicators, ds.agencies)
    return [str(name) for table in tables for name in table["name_vi"].dropna()]
