"""The lines and rows of tables on a page of a PDF, by where its words stand.

A PDF has no tables, only words and their places. Words that stand beside each other with gaps
between them are a row, and lines below a word that overlap with it belong to its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: a gap between two cells, and by how much lines of the same height differ, in points
GAP, LEVEL = 6, 3
#: how far a paragraph may stand from its bullet
INDENT = 24
#: a row has so many cells; two sides of a head are none
CELLS = 3
#: a digit whose foot is above so much of its line is the number of a note
RAISED = 0.4


@dataclass
class Run:
    """Words on a line: their ends, their foot and top, and what they say."""

    left: float
    foot: float
    right: float
    top: float
    text: str

    def beside(self, other: Run) -> bool:
        """Tell whether other words stand on the same line."""
        return other.top <= self.top + LEVEL and other.foot >= self.foot - LEVEL

    def above(self, other: Run) -> bool:
        """Tell whether other words stand below these."""
        return other.top < self.top and other.left < self.right and other.right > self.left


def rows_of(runs: Sequence[Run]) -> list[str]:
    """Return the lines of a page, the cells of a row of a table parted by tabs.

    Examples
    --------
    >>> row = [Run(0, 0, 9, 9, "s1"), Run(20, 0, 30, 9, "4,84"), Run(40, 0, 50, 9, "6,58")]
    >>> [line.split() for line in rows_of(row)]
    [['s1', '4,84', '6,58']]
    """
    return list(_rows(_lines(runs)))


def _lines(runs: Sequence[Run]) -> Iterator[Run]:
    """Join words that stand close to each other, without the raised numbers of notes."""
    last: Run | None = None
    for run in runs:
        bullet = last and len(last.text.strip()) == 1 and not last.text.strip().isalnum()
        if (
            last
            and last.beside(run)
            and -LEVEL < run.left - last.right < (INDENT if bullet else GAP)
        ):
            raised = run.foot - last.foot > RAISED * (last.top - last.foot)
            if not (raised and run.text.strip().isdigit()):
                last.text += " " * bool(bullet) + run.text
            last.right = run.right
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def _rows(lines: Iterator[Run]) -> Iterator[str]:
    cells: list[list[Run]] = [[]]
    for line in lines:
        *_, cell = cells
        place = next((n for n, one in enumerate(cells[0]) if one.beside(line)), None)
        if place is not None and cell and line.left > max(one.right for one in cell[-1:]) + GAP / 2:
            if len(cells) == 1:  # what stands above is no part of the row
                yield from (one.text for one in cells[0][:place])
                cells[0] = cells[0][place:]
            cells.append([line])
        elif cell and cell[-1].above(line) and (len(cells) == 1 or line.left > cells[0][0].right):
            cell.append(line)
        else:
            yield from _told(cells)
            cells = [[line]]
    yield from _told(cells)


def _told(cells: list[list[Run]]) -> Iterator[str]:
    if len(cells) < CELLS:
        yield from (one.text for cell in cells for one in cell)
    else:
        yield "\t".join(" ".join(one.text.strip() for one in cell) for cell in cells)
