"""Names of columns: what a misspelt, translated or reshaped header probably means."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib import resources

from pgi_analysis.data.period_texts import YEARS, is_period, readings
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


#: what a column of a table as people have it can be
ROLES = (
    *("area", "indicator", "period", "value", "status", "released", "series_break", "direction"),
    *("area_code", "indicator_code", "unit", "unit_mult", "group", "note", "source", "rank"),
    *("ordinal", "dataflow", "updated"),
)
_TONGUES = {"vi": "vi", "vie": "vi", "vn": "vi", "en": "en", "eng": "en"}


def tongue(name: str) -> tuple[str, str]:
    """Split a header into its name and the language that it ends with, if it does.

    Examples
    --------
    >>> tongue("tentinh_vie"), tongue("Country")
    (('tentinh', 'vi'), ('Country', ''))
    """
    *first, last = re.split(r"[\s_.()-]+", name.strip(" )")) or [""]
    said = _TONGUES.get(last.lower(), "")
    return (" ".join(first), said) if said and first else (name, "")


def role(name: str, among: Sequence[str] = ROLES) -> str | None:
    """Tell what a column is by its name, or None.

    Examples
    --------
    >>> [role(name) for name in ("Địa phương", "OBS_VALUE", "tentinh_vie", "geo: Entity", "GDP")]
    ['area', 'value', 'area', 'area', None]
    """
    if name in among:
        return name
    for bare in (plain(name), plain(tongue(name)[0]), plain(re.split(r":|\.label$", name)[0])):
        meanings = [one for one in among if one.replace("_", "") == bare]
        meanings += [one for one in _synonyms().get(bare, ()) if one in among]
        if meanings:  # a code is a code before it is a name
            return next((one for one in meanings if one.endswith("_code")), meanings[0])
    return "rank" if "rank" in among and _RANK.search(name) else None


#: «Xếp hạng PCI», «HDI rank»; «Hạng mục» is an item, «Điểm xếp hạng» a score
_RANK = re.compile(
    r"^(?:xếp hạng|thứ hạng|vị thứ|hạng(?! mục| chức)|rank)\b|\b(?:rank|ranking|thứ hạng)$"
    r"|(?<!xếp )\bhạng$",
    re.IGNORECASE,
)


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


_MONTHS = "january february march april may june july august september october november december"
_PART = re.compile(
    r"(?P<month>tháng|thg|t|month)[ .]?(?P<m>[0-9]{1,2})"
    r"|(?P<quarter>quý|q|quarter)[ .]?(?P<q>[1-4]|i{1,3}|iv)"
    rf"|(?P<name>{'|'.join(f'{one}|{one[:3]}' for one in _MONTHS.split())}|sept)[.]?",
    re.IGNORECASE,
)
_ROMAN = ("i", "ii", "iii", "iv")
#: what stands around a period: a word before it, in brackets its unit or how sure it is; the
#: brackets of a plan, a target or a forecast stay, since that is no figure
_DRESS = re.compile(
    r"^(?:(?:năm|year|yr|x|cy|sơ bộ|prel[.]?)[\s_.:/]*)+(?=[0-9]{4})| *\[yr[0-9]{4}\]$"
    r"| *\((?:[\W\d]+|[epr]|n ?=[^()]*|[^()]*(?:%|per cent|percent)[^()]*"
    r"|(?:est|prov|prel|revis)[^()]*|re|actual|sơ bộ|ước(?: tính)?|chính thức|thực hiện|th)\)$"
    r"|(?<=[0-9])[ *†‡¹²³⁴]+$|(?<=[0-9]{4}) ?[epr]$",
    re.IGNORECASE,
)


def period_head(cell: object) -> object | None:
    """Return the period that a header names, or None; a first day stands for what begins with it.

    Examples
    --------
    >>> [period_head(cell) for cell in ("2020 [YR2020]", "Năm 2021", 2022, "Q1 2024", "12", "x")]
    ['2020', '2021', 2022, 'Q1 2024', None, None]
    >>> [period_head(cell) for cell in ("Sơ bộ 2023", "2023 (%)", "2023*", "2023e", "2024-03-01")]
    ['2023', '2023', '2023', '2023', '2024-03-01']
    """
    bare = _DRESS.sub("", cell) if isinstance(cell, str) else cell
    if not is_period(bare):
        return bare if _first_day(bare) else None
    year = readings(bare).get("year")
    return bare if year is None or YEARS[0] <= year[0] <= YEARS[1] else None


def _first_day(cell: object) -> bool:
    found = readings(cell).get("days") if isinstance(cell, str) else None
    return found is not None and date.fromordinal(found[0]).day == 1


def part_head(cell: object) -> tuple[str, int] | None:
    """Return the part of a year that a header names, ``("month", 3)`` or ``("quarter", 1)``.

    Examples
    --------
    >>> [part_head(cell) for cell in ("Tháng 3", "T12", "Quý II", "Sep", "Tổng")]
    [('month', 3), ('month', 12), ('quarter', 2), ('month', 9), None]
    """
    found = _PART.fullmatch(cell) if isinstance(cell, str) else None
    if not found:
        return None
    if name := found["name"]:
        return "month", [one[:3] for one in _MONTHS.split()].index(name[:3].lower()) + 1
    if quarter := found["q"]:
        return "quarter", int(quarter) if quarter.isdigit() else _ROMAN.index(quarter.lower()) + 1
    return ("month", int(found["m"])) if 1 <= int(found["m"]) <= 12 else None


def joined(year: object, part: tuple[str, int]) -> str:
    """Write a period of a year and its part.

    Examples
    --------
    >>> joined(2024, ("month", 3)), joined("2024", ("quarter", 1))
    ('2024-03', '2024Q1')
    """
    kind, number = part
    return f"{year}-{number:02}" if kind == "month" else f"{year}Q{number}"
