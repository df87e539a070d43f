"""Names of columns: what a misspelt, translated or reshaped header probably means."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from pgi_analysis.data.period_texts import is_period
from pgi_analysis.faults import closest

#: columns named after so many periods make a wide table
_WIDE = 3
#: letters by which a misspelt name may differ
_LETTERS = 2


def plain(name: str) -> str:
    """Reduce a column's name to its letters and digits.

    Examples
    --------
    >>> plain("Năm mục tiêu"), plain("target-period ")
    ('nammuctieu', 'targetperiod')
    """
    spread = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in spread if letter.isalnum())


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Read what people call the columns: a reduced name to the columns it may mean."""
    text = resources.files("pgi_analysis").joinpath("words", "synonyms.toml").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for column, names in tomllib.loads(text).items():
        for name in names:
            found[plain(name)] = (*found.get(plain(name), ()), column)
    return found


def meant(name: str, absent: Iterable[str], present: Iterable[str] = ()) -> str | None:
    """Find the column that a name of none probably means.

    Parameters
    ----------
    name : str
    absent, present : iterables of str
        The columns that the table lacks, and those it has: of these only another spelling is meant.

    Examples
    --------
    >>> meant("Năm", ["period", "value"]), meant("directon", ["direction"])
    ('period', 'direction')
    >>> meant("note", ["value"]), meant("state", ["status"]), meant("Value", [], ["value"])
    (None, None, 'value')
    """
    absent, bare = list(absent), plain(name)
    for column in (*absent, *present):
        if bare == plain(column):
            return column
    if bare in _synonyms():
        return next((column for column in _synonyms()[bare] if column in absent), None)
    guess = closest(bare, map(plain, absent))
    if guess is None or _apart(bare, guess) > _LETTERS:
        return None
    return next(column for column in absent if plain(column) == guess)


def _apart(one: str, other: str) -> int:
    """Count the letters by which two words differ."""
    steps = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for kind, a, b, c, d in steps if kind != "equal")


def periods_across(cells: Sequence[object]) -> tuple[object, object] | None:
    """Find the first and last of periods that stand side by side, as in a wide table.

    Examples
    --------
    >>> periods_across(["Country Name", "2020", "2021", "2022", ""])
    ('2020', '2022')
    >>> periods_across(["area", "indicator", "period", "value"])
    """
    found = [cell for cell in cells if is_period(cell)]
    return (found[0], found[-1]) if len(found) >= _WIDE and len(found) * 3 > len(cells) else None
