"""Periods as people write them: years, half-years, quarters, months and financial years.

The periods of a table are of one kind, so that they are equal steps and can be counted. Inside, a
period is a whole number, for a year the year itself; where periods are shown, they are written as
they came (`Period`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import total_ordering

import pandas as pd

#: the columns of tables and results that hold periods
COLUMNS = (
    "period origin baseline_period target_period first_period last_period from_period to_period"
).split()
#: the steps of a kind in a year
STEPS = {"count": 1, "year": 1, "half": 2, "quarter": 4, "month": 12, "financial": 1, "fiscal": 1}

_ROMAN = ("I", "II", "III", "IV")
#: of «6 tháng đầu năm 2024»
HALVES = ("đầu", "cuối")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True)
class Calendar:
    """How the periods of a table are counted, and written.

    ``kind`` is a key of `STEPS`; ``form`` is a format of ``year``, ``part`` (of the year, from 1),
    ``roman``, ``half``, ``month`` (``month``, ``Month``, ``MONTH``) and ``next``, the year after.

    Examples
    --------
    >>> quarters = Calendar("quarter", "Q{part} {year}")
    >>> quarters.label(8096), quarters.label(8099)
    ('Q1 2024', 'Q4 2024')
    """

    kind: str = "year"
    form: str = "{year}"

    @property
    def plain(self) -> bool:
        """Whether periods are whole numbers already, such as years."""
        return self.kind in ("count", "year")

    @property
    def yearly(self) -> bool:
        """Whether a period is a year, as the rates and windows of published methods have it."""
        return STEPS[self.kind] == 1

    def first_day(self, number: int) -> pd.Timestamp:
        """Return the first day of a period; financial years begin in the year they are named by.

        Examples
        --------
        >>> str(Calendar("quarter").first_day(8097).date()), str(Calendar().last_day(2024).date())
        ('2024-04-01', '2024-12-31')
        """
        year, part = divmod(int(number), STEPS[self.kind])
        return pd.Timestamp(year, 1 + part * 12 // STEPS[self.kind], 1)

    def last_day(self, number: int) -> pd.Timestamp:
        """Return the last day of a period; of a financial year that of the year it begins in."""
        return self.first_day(int(number) + 1) - pd.Timedelta(days=1)

    def on(self, day: date) -> int:
        """Return the period that a day lies in."""
        return day.year * STEPS[self.kind] + (day.month - 1) * STEPS[self.kind] // 12

    def label(self, number: int) -> str:
        """Write a period."""
        year, part = divmod(int(number), STEPS[self.kind])
        month = MONTHS[part % 12]
        return self.form.format(
            year=year,
            part=part + 1,
            roman=_ROMAN[part % 4],
            half=HALVES[part % 2],
            month=month,
            Month=month.title(),
            MONTH=month.upper(),
            next=year + 1,
            short=(year + 1) % 100,
        )

    def period(self, number: int) -> int | Period:
        """Return a period as it is shown."""
        return int(number) if self.plain else Period(int(number), self)

    def count(self, table: pd.DataFrame) -> pd.DataFrame:
        """Turn the periods of a table into whole numbers."""
        if self.plain:
            return table
        return table.astype({name: "Int64" for name in COLUMNS if name in table})

    def write(self, table: pd.DataFrame) -> pd.DataFrame:
        """Turn the whole numbers of a table's period columns into periods as they were written."""
        if self.plain:
            return table
        written = {
            name: pd.Series(
                [pd.NA if pd.isna(n) else self.period(n) for n in table[name]],
                index=table.index,
                dtype=object,
            )
            for name in COLUMNS
            if name in table
        }
        return table.assign(**written)


#: the calendar of most tables
YEARS = Calendar()


@total_ordering
@dataclass(frozen=True, eq=False, repr=False)
class Period:
    """A period of a calendar that is not one of years: counts as a number, shows as it was written.

    Examples
    --------
    >>> one = Period(8096, Calendar("quarter", "{year}Q{part}"))
    >>> one, one + 1, one < 8097, int(one)
    (2024Q1, 8097, True, 8096)
    """

    number: int
    calendar: Calendar

    def __str__(self) -> str:
        return self.calendar.label(self.number)

    __repr__ = __str__

    def __index__(self) -> int:
        return self.number

    def __hash__(self) -> int:
        return hash(self.number)

    def __eq__(self, other: object) -> bool:
        return self.number == other

    def __lt__(self, other: object) -> bool:
        return self.number < other

    def __add__(self, other: float) -> float:
        return self.number + other

    __radd__ = __add__

    def __sub__(self, other: float) -> float:
        return self.number - other

    def __rsub__(self, other: float) -> float:
        return other - self.number


def calendar_of(table: pd.DataFrame) -> Calendar:
    """Tell the calendar of a table's periods; small numbers are a count, not years.

    Examples
    --------
    >>> calendar_of(pd.DataFrame({"period": [2023, 2024]})).kind
    'year'
    """
    for name in COLUMNS:
        known = table[name].dropna() if name in table else ()
        if len(known) and isinstance(known.iloc[0], Period):
            return known.iloc[0].calendar
        if len(known):
            return Calendar("count") if known.max() < 1000 else Calendar()
    return Calendar()
