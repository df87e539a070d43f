"""The two languages of every text: their words, and how they write numbers and dates.

The words stand in ``words/vi.toml`` and ``words/en.toml``, so that they can be corrected without
touching code. Other modules hold no sentence of their own.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from string import Formatter

LANGUAGES = ("vi", "en")
#: stands where there is no figure
DASH = "–"


@cache
def words(language: str) -> Mapping[str, object]:
    """Read the words of a language, as nested tables."""
    text = resources.files("pgi_analysis").joinpath("words", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def columns() -> Mapping[str, Mapping[str, object]]:
    """Read the data dictionary: what each column is called, how it is written, what it means."""
    text = resources.files("pgi_analysis").joinpath("words", "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def described(name: str) -> Mapping[str, object]:
    """Return the dictionary's entry of a column; what is said of it in one table goes first.

    Examples
    --------
    >>> described("rank.median")["kind"], described("joint.median")["kind"], described("x")
    ('whole', 'points', {})
    """
    return {**columns().get(name.rpartition(".")[2], {}), **columns().get(name, {})}


def column(name: str, part: str, language: str) -> str:
    """Return what the data dictionary says of a column, ``column`` or ``table.column``.

    Parameters
    ----------
    part : {"name", "head", "form", "meaning", "unit"}
        A heading that is not told apart is the name.

    Examples
    --------
    >>> column("progress", "head", "en"), column("target", "head", "en"), column("x", "name", "en")
    ('Share of planned change', 'Target', 'x')
    >>> column("annex.value", "name", "en"), column("kinds.change", "unit", "en")
    ('Newest {figure}', "the indicator's unit")
    """
    entry = described(name)
    if part in ("meaning", "unit"):
        return str(entry.get(part, {}).get(language, ""))
    said = entry.get(part) or entry.get("name") or entry.get("head") or {}
    return str(said.get(language, name))


def say(key: str, language: str, **values: object) -> str:
    """Fill the text stored under a dotted key.

    Examples
    --------
    >>> say("state.met", "en")
    'met'
    """
    return Writer(language).fill(key, values)


def capital(text: str) -> str:
    """Begin a text with a capital letter.

    Examples
    --------
    >>> capital("đang triển khai")
    'Đang triển khai'
    """
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Begin a name as it stands within a sentence; an abbreviation keeps its capitals.

    Examples
    --------
    >>> small("Tổng điểm PGI"), small("PGI")
    ('tổng điểm PGI', 'PGI')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


class Writer(Formatter):
    """Fills texts, and writes numbers and dates as the text asks: ``{p:percent}``, ``{x:points}``.

    A format is the name of a method. A number with decimals needs one: rounded by chance it would
    be a wrong figure.

    Examples
    --------
    >>> Writer("vi").vformat("{x:points} · {x:signed} · {p:percent}", (), {"x": 4.84, "p": 0.083})
    '4,84 · +4,84 · 8%'
    """

    #: decimals of a score
    digits = 2

    def __init__(self, language: str) -> None:
        self.language = language

    def fill(self, key: str, values: Mapping[str, object]) -> str:
        """Fill the text stored under a dotted key."""
        entry: object = words(self.language)
        for part in key.split("."):
            entry = entry[part]  # type: ignore[index]
        return self.vformat(str(entry), (), values)

    def format_field(self, value: object, spec: str) -> str:
        """Write a value in the format that the text names."""
        if spec:
            return getattr(self, spec)(value)
        if isinstance(value, float):
            raise TypeError(f"a text needs a format for the number {value}, like {{x:points}}")
        return self.period(value)

    def points(self, value: float, *, sign: bool = False) -> str:
        """Write a score or a difference of scores."""
        return number(value, self.language, digits=self.digits, sign=sign)

    def signed(self, value: float) -> str:
        """Write a change, with its sign."""
        return self.points(value, sign=True)

    def percent(self, value: float) -> str:
        """Write a probability or a level."""
        return percent(value)

    def share(self, value: float) -> str:
        """Write a progress: whole per cent, of any size and sign."""
        return number(100 * value, self.language, digits=0) + "%" if value == value else DASH

    def whole(self, value: float) -> str:
        """Write a count or a period as it stands."""
        try:
            return self.period(value) if hasattr(value, "calendar") else str(int(value))
        except (TypeError, ValueError):  # pandas' NA and NaN
            return DASH

    def period(self, value: object) -> str:
        """Write a period as the language writes its kind, whatever the data do."""
        calendar = getattr(value, "calendar", None)
        form = words(self.language)["page"]["written"].get(calendar.kind) if calendar else None
        return replace(calendar, form=form).label(value.number) if form else str(value)

    def count(self, value: float) -> str:
        """Write a large count, its thousands apart."""
        return number(value, self.language, digits=0)

    def padded(self, value: int) -> str:
        """Write a small count as the language's offices do: 06 in Vietnamese, 6 in English."""
        return f"{value:02d}" if self.language == "vi" and value else str(value)

    def quantity(self, value: float) -> str:
        """Write an amount of something, with decimals only where it has some."""
        digits = 0 if float(value).is_integer() else 2
        return number(value, self.language, digits=digits)

    def decimal(self, value: float) -> str:
        """Write a number that is no score, with two decimals."""
        return number(value, self.language)

    def fine(self, value: float) -> str:
        """Write an error, with three decimals."""
        return number(value, self.language, digits=3)

    def day(self, value: object) -> str:
        """Write a date."""
        return day(
            value if type(value) is date else date.fromisoformat(str(value)[:10]), self.language
        )


def default_language() -> str:
    """Tell the language for messages: ``PGI_LANG``, else the system's, else English."""
    chosen = os.environ.get("PGI_LANG", "")
    if chosen in LANGUAGES:
        return chosen
    system = " ".join(
        filter(None, [os.environ.get("LC_ALL"), os.environ.get("LANG"), locale.getlocale()[0]])
    )
    return "vi" if system.lower().startswith("vi") else "en"


def number(value: float, language: str, *, digits: int = 2, sign: bool = False) -> str:
    """Write a number with fixed decimals as the language does; a missing one is a dash.

    Examples
    --------
    >>> number(6.58, "vi"), number(-2.33, "en"), number(0.12, "vi", sign=True)
    ('6,58', '−2.33', '+0,12')
    """
    if value is None or value != value:
        return DASH
    from babel.numbers import format_decimal

    rounded = round(float(value), digits) + 0.0  # + 0.0 turns −0.0 into 0.0
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    text = format_decimal(abs(rounded), format=pattern, locale=language)
    return ("−" if rounded < 0 else "+" if sign and rounded > 0 else "") + text


def percent(probability: float) -> str:
    """Write a probability as whole per cent, never 0% or 100% unless it is exactly so.

    Examples
    --------
    >>> percent(0.083), percent(0.9991), percent(0.002), percent(1)
    ('8%', '> 99%', '< 1%', '100%')
    """
    if probability is None or probability != probability:
        return DASH
    if 0 < probability < 0.01:
        return "< 1%"
    if 0.99 < probability < 1:
        return "> 99%"
    return f"{round(100 * probability)}%"


def day(value: date, language: str) -> str:
    """Write a date: 12/7/2024 in Vietnamese, 12 July 2024 in English.

    Decree 30/2020/NĐ-CP puts a 0 before days below 10 and months 1 and 2, and nowhere else.

    Examples
    --------
    >>> [day(date(2024, *when), "vi") for when in ((7, 12), (12, 5), (2, 9))]
    ['12/7/2024', '05/12/2024', '09/02/2024']
    >>> day(date(2024, 12, 5), "en")
    '5 December 2024'
    """
    from babel.dates import format_date

    if language != "vi":
        return format_date(value, "d MMMM yyyy", locale=language)
    month = f"{value.month:02d}" if value.month < 3 else value.month
    return f"{value.day:02d}/{month}/{value.year}"
