"""All that one text may mean as a period.

A text may be read in several ways: ``2010-11`` is a month, or the financial year that begins in
2010. Which it is, the table decides, see `period_columns`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from pgi_analysis.data.numbers import Refusal, Token
from pgi_analysis.data.periods import HALVES, MONTHS, STEPS, Period

#: the years that a period may lie in
YEARS = (1900, 2200)
#: readings of a text: a kind to the number of its period, and the form it is written in
Readings = dict[str, tuple[int, str]]

_YEAR = "(?P<y>[0-9]{4})"
_MONTH = f"(?P<m>{'|'.join(MONTHS)})"
_BY_KIND = {
    "half": (
        f"{_YEAR}[-/: ]?[HS](?P<p>[12])",
        f"[HS](?P<p>[12])[-/ ]?{_YEAR}",
        f"6 tháng (?P<h>đầu|cuối)(?: năm)? {_YEAR}",
    ),
    "quarter": (
        f"{_YEAR}[-/: ]?Q(?P<p>[1-4])",
        f"(?:Q|Quý) ?(?P<p>[1-4])(?:[-/ ]?| năm ){_YEAR}",
        f"(?:Q|Quý) ?(?P<r>I{{1,3}}|IV)(?:[-/ ]| năm ){_YEAR}",
    ),
    "month": (
        f"{_YEAR}(?:[-/]|[-:]?M)(?P<p>[0-9]{{1,2}})",
        f"(?:M|T|Thg|Tháng)[. ]?(?P<p>[0-9]{{1,2}})(?:[-/ ]| năm ){_YEAR}",
        f"(?P<p>[0-9]{{1,2}})[-/]{_YEAR}",
        f"{_MONTH}[-/ ]?{_YEAR}",
        f"{_YEAR}[-/ ]?{_MONTH}",
    ),
    "fiscal": (f"FY[ -]?{_YEAR}",),
}
_PATTERNS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, patterns in _BY_KIND.items()
    for pattern in patterns
]
_SPAN = re.compile(f"(?:FY ?)?{_YEAR}(?: ?[-–/] ?)(?P<z>[0-9]{{4}}|[0-9]{{2}})", re.IGNORECASE)
_WHOLE = re.compile(r"([+-]?[0-9]+)(?:[.,]0*)?")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
#: patterns of a day, and the order in which they name year, month and day
_DAYS = (
    (re.compile("([0-9]{4})-?([0-9]{2})-?([0-9]{2})"), 1),
    (re.compile("([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})"), -1),
)


def is_period(cell: object) -> bool:
    """Tell whether a cell can only be a period: a year, quarter, month …, in numbers or text.

    Examples
    --------
    >>> is_period("2024"), is_period("Q1 2024"), is_period("value"), is_period(3)
    (True, True, False, False)
    """
    return isinstance(cell, str | int | float) and bool(readings(cell).keys() - {"count", "days"})


def readings(token: Token | Period) -> Readings:
    """Tell all periods that a cell may mean, by their kinds."""
    if isinstance(token, Period):
        return {token.calendar.kind: (token.number, token.calendar.form)}
    number = whole(token)
    if number is not None:
        if YEARS[0] - 900 <= number <= 9999:
            return {"year": (number, "{year}")}
        return {"count": (number, "{year}")} if abs(number) < 1000 else {}
    if not isinstance(token, str):
        return {}
    found: Readings = {}
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(token)
        part = _part(match.groupdict()) if match else 0
        if match and 1 <= part <= STEPS[kind] and _in_time(int(match["y"])):
            found.setdefault(kind, (int(match["y"]) * STEPS[kind] + part - 1, _form(match)))
    if match := _SPAN.fullmatch(token):
        start, length = int(match["y"]), _length(match["y"], match["z"])
        if _in_time(start) and length == 1:
            found["financial"] = (start, _form(match))
        elif _in_time(start) and 1 < length <= 10:
            found["windows"] = (start, str(length))
    if day := _day(token):
        found["days"] = (day.toordinal(), "")
    return found


def _part(groups: dict[str, str | None]) -> int:
    """Tell the part of the year that a pattern found; 1 where a year is whole."""
    if name := groups.get("m"):
        return MONTHS.index(name.lower()) + 1
    if half := groups.get("h"):
        return HALVES.index(half.lower()) + 1
    if roman := groups.get("r"):
        return _ROMAN[roman.upper()]
    return int(groups.get("p") or 1)


def _form(match: re.Match) -> str:
    """Make the form of a text: what it says, with the numbers left open."""
    text, open_ = match[0], {"y": "{year}", "r": "{roman}"}
    spans = {name: match.span(name) for name, said in match.groupdict().items() if said}
    for name, (start, end) in sorted(spans.items(), key=lambda one: -one[1][0]):
        said = match[name]
        if name == "m":
            slot = "{MONTH}" if said.isupper() else "{month}" if said.islower() else "{Month}"
        elif name == "h":
            slot = "{half}"
        elif name == "p":
            slot = "{part:02}" if len(said) == 2 else "{part}"
        elif name == "z":
            slot = "{short:02}" if len(said) == 2 else "{next}"
        else:
            slot = open_[name]
        text = text[:start] + slot + text[end:]
    return text


def _length(start: str, end: str) -> int:
    """Count the years from one to another, which may be written with two digits."""
    return int(end) - int(start) if len(end) == 4 else (int(end) - int(start)) % 100


def _in_time(year: int) -> bool:
    return YEARS[0] <= year <= YEARS[1]


def whole(token: Token | Period) -> int | None:
    """Return the whole number that a cell is, or None."""
    if isinstance(token, str):
        match = _WHOLE.fullmatch(token)
        return int(match[1]) if match and len(match[1]) < 12 else None
    if isinstance(token, Period) or token is None or token != token or abs(token) > 1e11:
        return None
    return int(token) if token == int(token) else None


def _day(text: str) -> date | None:
    """Return the day that a text is, or None."""
    for pattern, order in _DAYS:
        if match := pattern.fullmatch(text):
            try:
                return date(*map(int, match.groups()[::order]))
            except ValueError:
                return None
    return None


def reason(token: Token | Period) -> Refusal:
    """Say why a cell is no period."""
    number = whole(token)
    values: dict[str, object] = {"got": token}
    if number is not None and len(str(number)) == 6:
        year, month = divmod(number, 100)
        if _in_time(year) and 1 <= month <= 12:
            return "period_run", values | {"guess": f"{year}-{month:02}"}
    if number is not None and 22_100 <= number <= 80_000:
        day = date(1899, 12, 30) + timedelta(days=number)
        return "period_serial", values | {"day": day.isoformat(), "guess": f"{day:%Y-%m}"}
    return "period_day" if _day(str(token)) else "not_period", values
