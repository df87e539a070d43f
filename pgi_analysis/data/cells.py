"""Cells as people write them in Vietnam and elsewhere: texts, dates, yes/no, quarters.

Every parser takes a text and raises ``ValueError`` where it cannot be read; none guesses. What only
a whole column tells is read in `numbers` and `period_columns`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd

from pgi_analysis.data.letters import broken
from pgi_analysis.data.numbers import Column, Refusal, Token, read_numbers
from pgi_analysis.data.period_columns import read_years
from pgi_analysis.data.periods import Calendar, Period
from pgi_analysis.data.quarters import Quarter
from pgi_analysis.data.reading import clean
from pgi_analysis.data.writing import plain_text
from pgi_analysis.language import LANGUAGES, words

#: the years that a date may lie in
YEARS = (1900, 2200)
#: what statistical offices write where there is no figure
NO_FIGURE = (":", "..", "…")
#: what a spreadsheet shows in place of a value that its formula cannot give
SPREADSHEET_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")

#: the states of a task
TASK_STATUS = ("not_started", "in_progress", "done", "blocked")

#: what a target is on; a change is resolved to the value that it comes to
MEASURES = ("score", "rank", "rank_change", "change")
#: what a direction is called; a bare sign may stand for what is missing
DIRECTIONS = {
    **dict.fromkeys(("1", "+1", "up", "higher", "h", "higher is better"), 1),
    **dict.fromkeys(("tăng", "cao", "c", "càng cao càng tốt"), 1),
    **dict.fromkeys(("-1", "−1", "down", "lower", "l", "lower is better"), -1),
    **dict.fromkeys(("giảm", "thấp", "t", "càng thấp càng tốt"), -1),
}
#: how a value is held against a target: at least, at most, within
COMPARISONS = (">=", "<=", "within")

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_PER_CENT = re.compile(r"%(?! ?points?)|per ?cent(?:age)?\b(?! points?)|phần trăm")
_YES = {"yes", "true", "1", "có", "co", "x"}
_NO = {"no", "false", "0", "không", "khong"}
_MEASURES = {
    "score": ("value", "điểm", "giá trị"),
    "rank": ("ranking", "hạng", "thứ hạng"),
    "rank_change": ("rank change", "places", "số bậc", "tăng hạng", "thay đổi thứ hạng"),
    "change": ("relative", "thay đổi", "mức thay đổi", "mức tăng"),
}
_COMPARISONS = {
    ">=": ("≥", "⩾", "=>", "at least", "ít nhất", "tối thiểu", "từ", "không thấp hơn"),
    "<=": ("≤", "⩽", "=<", "at most", "nhiều nhất", "tối đa", "không quá", "không vượt quá"),
    "within": ("between", "range", "trong khoảng", "từ đến"),
}


def token(cell: object) -> Token | Period:
    """Tell what a cell holds: None where it is empty, a typed number, a period, or cleaned text.

    Examples
    --------
    >>> token(" 4,84\u00a0"), token(np.int16(3)), token(pd.NA), token(date(2025, 5, 6))
    ('4,84', 3, None, '2025-05-06')
    """
    if isinstance(cell, str):
        return clean(cell) or None
    if isinstance(cell, bool | np.bool_):
        return str(cell)
    if cell is None or cell is pd.NA or cell is pd.NaT or isinstance(cell, Period):
        return cell if isinstance(cell, Period) else None
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating | Decimal):
        value = float(cell)
        return None if value != value else int(value) if _shown_whole(value) else value
    if isinstance(cell, pd.Period):
        return _of_pandas(cell)
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    if isinstance(cell, datetime):
        return None if cell is pd.NaT else _day_or_time(cell)
    return clean(str(cell)) or None


def _shown_whole(value: float) -> bool:
    return value.is_integer() and abs(value) < 1e15


def _of_pandas(cell: pd.Period) -> Token | Period:
    """Turn a period of pandas into a year, a period of ours, or text where it is neither."""
    kind = cell.freqstr.split("-")[0]
    if kind == "Q":
        return Period(cell.qyear * 4 + cell.quarter - 1, Calendar("quarter", "{year}Q{part}"))
    if kind == "M":
        return Period(cell.year * 12 + cell.month - 1, Calendar("month", "{year}-{part:02}"))
    return int(str(cell)) if cell.freqstr == "Y-DEC" else str(cell)


def _day_or_time(cell: datetime) -> str:
    midnight = cell.hour == cell.minute == cell.second == 0
    return cell.date().isoformat() if midnight else cell.isoformat(" ")


def as_text(cell: Token | Period) -> str | None:
    """Write a typed number, such as the code of an area, as a spreadsheet shows it."""
    return cell if isinstance(cell, str | None) else str(cell)


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

    What earlier reports called it is read as well; commas do not count. Other texts are kept, for
    the contract to refuse.

    Examples
    --------
    >>> parse_task_status("Đang triển khai"), parse_task_status("đang thực hiện")
    ('in_progress', 'in_progress')
    >>> parse_task_status("Có khó khăn vướng mắc"), parse_task_status("done")
    ('blocked', 'done')
    """

    def plain(said: object) -> str:
        return clean(str(said)).casefold().replace(",", "")

    tables = [words(language)["task"] for language in LANGUAGES]
    spoken = {
        plain(table[key]): key
        for known in tables
        for table in (known, known["earlier"])
        for key in TASK_STATUS
    }
    return spoken.get(plain(text), clean(text))


def parse_measure(text: str) -> str:
    """Read what a target is on, by its key or as either language calls it.

    Examples
    --------
    >>> parse_measure("Thứ hạng"), parse_comparison("≤"), parse_comparison("tối thiểu")
    ('rank', '<=', '>=')
    """
    return _meant(text, _MEASURES)


def parse_comparison(text: str) -> str:
    """Read how a value is held against a target; other texts are kept, for the contract."""
    return _meant(text, _COMPARISONS)


def in_per_cent(unit: object) -> bool:
    """Tell whether a unit is per cent of something, so that its figures differ by points.

    Examples
    --------
    >>> [in_per_cent(unit) for unit in ("%", "% of population", "Per cent", "percentage points")]
    [True, True, True, False]
    """
    return isinstance(unit, str) and _PER_CENT.match(unit.strip().casefold()) is not None


def _meant(text: str, known: Mapping[str, Sequence[str]]) -> str:
    said = clean(text).casefold()
    return next((key for key, names in known.items() if said in (key, *names)), clean(text))


def _each(parse: Callable[[str], object], kind: str, tokens: Sequence[Token]) -> Column:
    """Read a column whose cells stand each for itself; a text that recurs is read once."""
    read: dict[str, object] = {}
    refused: dict[str, Refusal] = {}
    texts = [one if isinstance(one, str) else as_text(one) for one in tokens]
    for text in dict.fromkeys(texts):
        try:
            read[text] = None if text is None else parse(text)
        except ValueError:
            refused[text] = (f"not_{kind}", {"got": text})
    places = enumerate(texts) if refused else ()
    wrong = {place: refused[text] for place, text in places if text in refused}
    return [read.get(text) for text in texts], wrong


def _texts(tokens: Sequence[Token]) -> Column:
    """Read a column of texts; one whose letters were broken on the way is refused.

    The apostrophe that keeps a spreadsheet from running a text is none of the text.
    """
    read, wrong = _each(lambda text: plain_text(clean(text)), "text", tokens)
    refused = {text: broken(text) for text in set(read) - {None}}
    return read, wrong | {n: why for n, text in enumerate(read) if (why := refused.get(text))}


def _figures(kind: str, tokens: Sequence[Token | Period]) -> Column:
    """Read a column of numbers; a period is none, though it counts like one."""
    told = [str(one) if isinstance(one, Period) else one for one in tokens]
    return read_numbers([None if one in NO_FIGURE else one for one in told], kind)


def _directions(tokens: Sequence[Token | Period]) -> Column:
    """Read a column of directions, as figures or in words."""
    told = [one.strip().casefold() if isinstance(one, str) else one for one in tokens]
    return _figures("direction", [DIRECTIONS.get(x, y) for x, y in zip(told, tokens, strict=True)])


#: kind of column: how its cells are read, and the dtype they are kept in while cells may be empty;
#: the columns of kind ``period`` are read together, see `period_columns`
KINDS: dict[str, tuple[Callable[[Sequence[Token]], Column], str]] = {
    "text": (_texts, "str"),
    "number": (partial(_figures, "number"), "float64"),
    "target": (partial(_figures, "target"), "float64"),
    "percent": (partial(_figures, "percent"), "float64"),
    "whole": (partial(_figures, "whole"), "Int64"),
    "direction": (_directions, "Int64"),
    "year": (read_years, "Int64"),
    "date": (partial(_each, parse_date, "date"), "datetime64[s]"),
    "yes_no": (partial(_each, parse_yes_no, "yes_no"), "boolean"),
    "quarter": (partial(_each, parse_quarter, "quarter"), "str"),
    "measure": (partial(_each, parse_measure, "measure"), "str"),
    "comparison": (partial(_each, parse_comparison, "comparison"), "str"),
    "task_status": (partial(_each, parse_task_status, "task_status"), "str"),
}
#: kinds whose cells stand each for itself: what one means does not hang on the others
CELL_BY_CELL = frozenset("text year date yes_no quarter measure comparison task_status".split())
