"""Cells as people write them in Vietnam and elsewhere: numbers, years, dates, yes/no, quarters.

Every parser takes a text and raises ``ValueError`` where it cannot be read; none guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from pgi_analysis.data.quarters import Quarter
from pgi_analysis.data.reading import clean
from pgi_analysis.language import LANGUAGES, words

#: the years that a date may lie in
YEARS = (1900, 2200)
#: the largest whole number, far above any year, rank or count
LARGEST = 10**9
#: what a spreadsheet shows in place of a value that its formula cannot give
SPREADSHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")

#: the states of a task
TASK_STATUS = ("not_started", "in_progress", "done", "blocked")

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YES = {"yes", "true", "1", "có", "co", "x"}
_NO = {"no", "false", "0", "không", "khong"}


def parse_number(text: str) -> float:
    """Read a number with a decimal point or comma.

    Examples
    --------
    >>> parse_number("4,84"), parse_number("−0.5"), parse_number("12")
    (4.84, -0.5, 12.0)
    """
    plain = text.replace("−", "-").replace("–", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    value = float(plain.replace(",", "."))
    if abs(value) == float("inf"):
        raise ValueError(text)
    return value


def parse_percent(text: str) -> float:
    """Read a percentage with or without its sign: ``40`` or ``40 %``."""
    return parse_number(text.removesuffix("%").rstrip())


def parse_whole(text: str) -> int:
    """Read a whole number; a spreadsheet's ``2024.0`` is one."""
    value = parse_number(text)
    if value != int(value) or abs(value) > LARGEST:
        raise ValueError(text)
    return int(value)


def parse_date(text: str) -> pd.Timestamp:
    """Read a date: year-month-day, day/month/year, or the day number of a spreadsheet.

    Examples
    --------
    >>> [parse_date(text).date().isoformat() for text in ("2025-05-06", "06/05/2025", "45783")]
    ['2025-05-06', '2025-05-06', '2025-05-06']
    """
    text = re.sub(r"[T ]0?0:00(:00(\.0+)?)?$", "", text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
        return _timestamp(date(year, month, day))
    if re.fullmatch(r"[0-9]{5}", text):
        return _timestamp(date(1899, 12, 30) + timedelta(days=int(text)))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return _timestamp(date.fromisoformat(text))
    raise ValueError(text)


def _timestamp(day: date) -> pd.Timestamp:
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise ValueError(day)
    return pd.Timestamp(day)


def parse_yes_no(text: str) -> bool:
    """Read yes/no, có/không, true/false, 1/0."""
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise ValueError(text)
    return folded in _YES


def parse_quarter(text: str) -> str:
    """Read a quarter to the form 2024Q4."""
    return str(Quarter.parse(text))


def parse_task_status(text: str) -> str:
    """Read the state of a task, by its key or as the reports of either language call it.

    Other texts are kept, for the contract to refuse.

    Examples
    --------
    >>> parse_task_status("Đang thực hiện"), parse_task_status("done")
    ('in_progress', 'done')
    """
    spoken = {
        str(said).casefold(): key
        for language in LANGUAGES
        for key, said in words(language)["task"].items()
        if key in TASK_STATUS
    }
    return spoken.get(clean(text).casefold(), clean(text))


#: kind of column: how a cell is read, and the dtype it is kept in while empty cells are allowed
KINDS: dict[str, tuple[Callable[[str], object], str]] = {
    "text": (clean, "str"),
    "number": (parse_number, "float64"),
    "percent": (parse_percent, "float64"),
    "whole": (parse_whole, "Int64"),
    "direction": (parse_whole, "Int64"),
    "date": (parse_date, "datetime64[s]"),
    "yes_no": (parse_yes_no, "boolean"),
    "quarter": (parse_quarter, "str"),
    "task_status": (parse_task_status, "str"),
}
