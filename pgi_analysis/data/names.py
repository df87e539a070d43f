"""Names of areas as people write them: with or without diacritics, short or long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import pandas as pd

from pgi_analysis.data.descent import Descent, keys
from pgi_analysis.faults import Hint, closest, guessed

_PREFIXES = ("thanh pho", "tinh", "tp", "province of", "city of")
_SUFFIXES = ("province", "city")


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """Split a name into small plain words, without what only says what kind of area it is.

    Examples
    --------
    >>> words("TP. Hồ Chí Minh"), words("Đắk Lắk province")
    (('ho', 'chi', 'minh'), ('dak', 'lak'))
    """
    plain = name.casefold().replace("đ", "d").replace("ð", "d")  # ð: Icelandic, with the same Đ
    plain = unicodedata.normalize("NFD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[\W_]+", " ", plain).strip()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix + " ")
    for suffix in _SUFFIXES:
        plain = plain.removesuffix(" " + suffix)
    return tuple(plain.split())


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Reduce a name to what all its spellings share.

    Examples
    --------
    >>> fold("Đắk Lắk"), fold("TP. Hồ Chí Minh"), fold("Zone 1.1"), fold("01")
    ('daklak', 'hochiminh', 'zone1-1', '1')
    """
    joined = " ".join(words(name))
    if joined.isdigit():  # a code that a spreadsheet has shortened
        return joined.lstrip("0") or "0"
    return re.sub(r"(?<=\d) (?=\d)", "-", joined).replace(" ", "")  # 1.1 is not 11


def spelt(name: object, known: Iterable[str]) -> object:
    """Return the known name that a spelling means, or the spelling itself.

    Examples
    --------
    >>> spelt("lang son", ["Hà Nội", "Lạng Sơn"])
    'Lạng Sơn'
    """
    return next((one for one in known if fold(one) == fold(str(name))), name)


class AreaNames:
    """Find the area that a spelling means, by its key; of areas of one name that of the day.

    Examples
    --------
    >>> from pgi_analysis import load
    >>> names = AreaNames(load("data").areas)
    >>> names.find("lang son"), names.find("Huế"), names.find("Hà Lội")
    ('Lạng Sơn', 'Thừa Thiên Huế', None)
    >>> [names.find("Tuyen Quang", day) for day in ("2024-12-31", "2025-12-31")]
    ['Tuyên Quang', 'Tuyên Quang (2025)']
    """

    def __init__(self, areas: pd.DataFrame) -> None:
        self.file, self.descent = str(areas.index.name), Descent(areas)
        self._known: dict[str, list[str]] = {}
        for row in areas.itertuples():
            for name in (row.area, row.name_vi, row.name_en, *keys(row.aliases)):
                if isinstance(name, str) and fold(name):
                    found = self._known.setdefault(fold(name), [])
                    found += [self.descent.own(row.area)]

    def all(self, name: str) -> list[str]:
        """List the areas that bear a name, or bore it once, in the order of the table."""
        return list(dict.fromkeys(self._known.get(fold(name), [])))

    def find(self, name: str, day: str | date | None = None) -> str | None:
        """Return an area's key, or None; where none of the name was there on the day, the first."""
        found = self.all(name)
        there = [area for area in found if day is None or self.descent.valid(area, day)]
        return next(iter(there or found), None)

    def hint(self, name: str) -> Hint:
        """Hint at the area whose name is closest to a misspelt one, if there is such."""
        return guessed(
            next(iter(self._known.get(closest(fold(name), self._known) or "", [])), None)
        )
