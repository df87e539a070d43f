"""Quarters, their reporting deadlines, and the calendar of what is due when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pgi_analysis.faults import refuse


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year.

    Examples
    --------
    >>> quarter = Quarter.parse("2024Q4")
    >>> str(quarter), str(quarter.before), quarter.last_month
    ('2024Q4', '2024Q3', 12)
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str | Quarter) -> Quarter:
        """Read ``2024Q4`` (also ``Q4/2024``, ``2024-Q4``, ``quý 4/2024``, ``quý IV/2024``)."""
        if isinstance(text, Quarter):
            return text
        folded = re.sub(r"\s+", "", str(text)).upper().replace("QUÝ", "Q")
        for roman, digit in (("QIV", "Q4"), ("QIII", "Q3"), ("QII", "Q2"), ("QI", "Q1")):
            folded = folded.replace(roman, digit)
        match = re.fullmatch(r"(?P<y>\d{4})[-/]?Q(?P<q>[1-4])", folded, re.ASCII) or re.fullmatch(
            r"Q(?P<q>[1-4])[-/]?(?P<y>\d{4})", folded, re.ASCII
        )
        if not match or not 1900 <= int(match["y"]) <= 2200:
            raise refuse("not_quarter", got=text)
        return cls(int(match["y"]), int(match["q"]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        """The first day of the quarter."""
        return date(self.year, self.last_month - 2, 1)

    @property
    def last_month(self) -> int:
        """The month that ends the quarter."""
        return 3 * self.number

    @property
    def before(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def after(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)


@dataclass(frozen=True)
class Reporting:
    """The reporting rule of a plan.

    Units report by a day of each quarter's last month, and for the year by a fixed day. The
    defaults are those of the Lạng Sơn plan.
    """

    quarter_day: int = 15
    annual_month: int = 12
    annual_day: int = 5

    def quarterly(self, quarter: Quarter) -> date:
        """Return the last day for the report of a quarter."""
        return date(quarter.year, quarter.last_month, self.quarter_day)

    def annual(self, year: int) -> date:
        """Return the last day for the report of a year."""
        return date(year, self.annual_month, self.annual_day)

    def deadline(self, quarter: Quarter) -> date:
        """Return the day whose knowledge a quarter's report uses.

        It is the quarterly deadline, or the annual one where that falls in the same quarter, since
        the year's report then stands in for the quarter's.

        Examples
        --------
        >>> Reporting().deadline(Quarter(2024, 4)), Reporting().deadline(Quarter(2025, 2))
        (datetime.date(2024, 12, 5), datetime.date(2025, 6, 15))
        """
        annual = self.annual(quarter.year)
        same_quarter = (annual.month - 1) // 3 + 1 == quarter.number
        return annual if same_quarter else self.quarterly(quarter)

    def due(self, on: date) -> Quarter:
        """Return the quarter whose deadline comes next, on the day itself still its own."""
        quarter = Quarter(on.year, (on.month - 1) // 3 + 1)
        return quarter if on <= self.deadline(quarter) else quarter.after
