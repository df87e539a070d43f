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


def rows_of(letters: Sequence[Run]) -> list[str]:
    """Return the lines of a page, the cells of a row of a table parted by tabs.

    Examples
    --------
    >>> row = [Run(0, 0, 5, 9, "A"), Run(20, 0, 24, 9, "4"), Run(40, 0, 44, 9, "6")]
    >>> [line.split() for line in rows_of(row)]
    [['A', '4', '6']]
    """
    return list(_rows(_runs(letters)))


def _runs(letters: Sequence[Run]) -> Iterator[Run]:
    """Join letters to words and lines, without the raised numbers of notes.

    Breaks of lines stand among the letters; blanks have no place of their own.
    """
    run: Run | None = None
    last: Run | None = None
    for letter in letters:
        if not letter.text.strip():
            if run and letter.text in ("\r", "\n"):
                yield run
                run = last = None
            elif run:
                run.text += letter.text
            continue
        if run and last:
            bullet = len(run.text) < 3 and not last.text.isalnum()
            if letter.left - last.right > (INDENT if bullet else GAP):
                yield run
                run = None
        digits = last and letter.text.isdigit() and last.text.isdigit()
        if last and digits and letter.foot - last.foot > RAISED * (last.top - last.foot):
            last.right = letter.right
            continue
        if run is None:
            run = Run(letter.left, letter.foot, letter.right, letter.top, letter.text)
        else:
            run.text += letter.text
            run.foot, run.top = min(run.foot, letter.foot), max(run.top, letter.top)
            run.right = max(run.right, letter.right)
        last = letter
    if run:
        yield run


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
