"""Names of areas as people write them: with or without diacritics, short or long."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from pgi_analysis.faults import Hint, closest, guessed

_PREFIXES = ("thanh pho", "tinh", "tp", "province of", "city of")
_SUFFIXES = ("province", "city")


def fold(name: str) -> str:
    """Reduce a name to what all its spellings share.

    Examples
    --------
    >>> fold("Đắk Lắk"), fold("TP. Hồ Chí Minh"), fold("Bà Rịa – Vũng Tàu")
    ('daklak', 'hochiminh', 'bariavungtau')
    """
    plain = name.casefold().replace("đ", "d").replace("ð", "d")  # ð: Icelandic, with the same Đ
    plain = unicodedata.normalize("NFD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", plain).strip()
    for prefix in _PREFIXES:
        words = words.removeprefix(prefix + " ")
    for suffix in _SUFFIXES:
        words = words.removesuffix(" " + suffix)
    return words.replace(" ", "")


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
        """Give the area's own name, or None."""
        return self._known.get(fold(name))

    def hint(self, name: str) -> Hint:
        """Hint at the area whose name is closest to a misspelt one, if there is such."""
        return guessed(self._known.get(closest(fold(name), self._known) or ""))
