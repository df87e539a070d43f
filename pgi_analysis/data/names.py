"""Names of areas as people write them: with or without diacritics, short or long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from pgi_analysis.faults import Hint, closest, guessed

_PREFIXES = ("thanh pho", "tinh", "tp", "province of", "city of")
_SUFFIXES = ("province", "city")


def words(name: str) -> list[str]:
    """Split a name into small plain words, without what only says what kind of area it is.

    Examples
    --------
    >>> words("TP. Hồ Chí Minh"), words("Đắk Lắk province")
    (['ho', 'chi', 'minh'], ['dak', 'lak'])
    """
    plain = name.casefold().replace("đ", "d").replace("ð", "d")  # ð: Icelandic, with the same Đ
    plain = unicodedata.normalize("NFD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[\W_]+", " ", plain).strip()
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix + " ")
    for suffix in _SUFFIXES:
        plain = plain.removesuffix(" " + suffix)
    return plain.split()


def fold(name: str) -> str:
    """Reduce a name to what all its spellings share.

    Examples
    --------
    >>> fold("Đắk Lắk"), fold("TP. Hồ Chí Minh"), fold("Bà Rịa – Vũng Tàu"), fold("Zone 1.1")
    ('daklak', 'hochiminh', 'bariavungtau', 'zone1-1')
    """
    joined = " ".join(words(name))
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
    """Find the area that a spelling means.

    Examples
    --------
    >>> table = pd.DataFrame({"name_vi": ["Lạng Sơn"], "name_en": ["Lang Son"], "aliases": [None]})
    >>> AreaNames(table).find("lang son"), AreaNames(table).find("Hà Nội")
    ('Lạng Sơn', None)
    """

    def __init__(self, provinces: pd.DataFrame) -> None:
        self._known: dict[str, str] = {}
        for row in provinces.itertuples():
            aliases = row.aliases.split(";") if isinstance(row.aliases, str) else []
            for name in (row.name_vi, row.name_en, *aliases):
                if isinstance(name, str) and fold(name):
                    self._known.setdefault(fold(name), row.name_vi)

    def find(self, name: str) -> str | None:
        """Return the area's own name, or None."""
        return self._known.get(fold(name))

    def hint(self, name: str) -> Hint:
        """Hint at the area whose name is closest to a misspelt one, if there is such."""
        return guessed(self._known.get(closest(fold(name), self._known) or ""))
