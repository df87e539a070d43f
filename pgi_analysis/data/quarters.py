"""Quarters, their reporting deadlines, and the calendar of what is due when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pgi_analysis.faults import refuse

#: the number that stands for a year as a whole
WHOLE_YEAR = 5
#: how the report of the year is made: as one with that of the fourth quarter, or on its own
YEAR_REPORTS = ("with_q4", "separate")
#: how often a plan reports
RHYTHMS = ("quarterly", "yearly")
#: months in which a year's report can be due: those of the year, then those of the year after
ANNUAL_MONTHS = (10, 11, 12, 1, 2)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, or the year as a whole where a report is on that.

    Examples
    --------
    >>> quarter = Quarter.parse("2024Q4")
    >>> str(quarter), str(quarter.before), quarter.last_month
    ('2024Q4', '2024Q3', 12)
    >>> year = Quarter.parse("2024")
    >>> str(year), str(year.before), year.first
    ('2024', '2023', datetime.date(2024, 1, 1))
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str | Quarter) -> Quarter:
        """Read ``2024Q4`` (also ``Q4/2024``, ``2024-Q4``, ``quý 4/2024``, ``quý IV/2024``).

        A year alone, ``2024`` or ``năm 2024``, is the year as a whole.
        """
        if isinstance(text, Quarter):
            return text
        folded = re.sub(r"\s+", "", str(text)).upper().replace("QUÝ", "Q")
        for roman, digit in (("QIV", "Q4"), ("QIII", "Q3"), ("QII", "Q2"), ("QI", "Q1")):
            folded = folded.replace(roman, digit)
        match = (
            re.fullmatch(r"(?P<y>\d{4})[-/]?Q(?P<q>[1-4])", folded, re.ASCII)
            or re.fullmatch(r"Q(?P<q>[1-4])[-/]?(?P<y>\d{4})", folded, re.ASCII)
            or re.fullmatch(r"(?:NĂM)?(?P<y>\d{4})(?P<q>)", folded, re.ASCII)
        )
        if not match or not 1900 <= int(match["y"]) <= 2200:
            raise refuse("not_quarter", got=text)
        return cls(int(match["y"]), int(match["q"] or WHOLE_YEAR))

    def __str__(self) -> str:
        return f"{self.year}" if self.whole_year else f"{self.year}Q{self.number}"

    @property
    def whole_year(self) -> bool:
        """Whether this is a year as a whole."""
        return self.number == WHOLE_YEAR

    @property
    def first(self) -> date:
        """The first day of the quarter or year."""
        return date(self.year, 1 if self.whole_year else self.last_month - 2, 1)

    @property
    def last_month(self) -> int:
        """The month that ends the quarter or year."""
        return min(3 * self.number, 12)

    @property
    def before(self) -> Quarter:
        """The quarter before this one; of a year the year before."""
        if self.whole_year:
            return Quarter(self.year - 1, WHOLE_YEAR)
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def after(self) -> Quarter:
        """The quarter after this one; of a year the year after."""
        if self.whole_year:
            return Quarter(self.year + 1, WHOLE_YEAR)
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)


def in_order(reports: pd.DataFrame, day: str = "reported") -> pd.DataFrame:
    """Sort task reports by what they are on, then by their day, the newest last.

    A late report on a quarter before does not undo one on this quarter, and the report on a year
    comes after that on its fourth quarter.
    """
    on = reports["quarter"].map(Quarter.parse)
    return reports.assign(_on=on).sort_values(["_on", day], kind="stable").drop(columns="_on")


@dataclass(frozen=True)
class Reporting:
    """The reporting rule of a plan: who reports by when, and until when a report counts figures.

    Units report to the unit that consolidates *before* a day of each quarter's last month, and for
    the year before a fixed day; the defaults are those of the Lạng Sơn plan. The agency may have
    later days of its own, ``agency_*``, towards the body that it reports to. A year's report that
    is due in January or February is due in the year after.

    ``year_report`` is one of `YEAR_REPORTS`: by default the fourth quarter and the year are one
    report, with the deadline of the year. ``rhythm`` is one of `RHYTHMS`: a yearly one has the
    reports of years alone.
    """

    quarter_day: int = 15
    annual_month: int = 12
    annual_day: int = 5
    agency_quarter_day: int | None = None
    agency_annual_month: int | None = None
    agency_annual_day: int | None = None
    year_report: str = YEAR_REPORTS[0]
    rhythm: str = RHYTHMS[0]

    @property
    def yearly(self) -> bool:
        """Whether there are reports on years alone."""
        return self.rhythm == "yearly"

    def report(self, of: str | Quarter) -> Quarter:
        """Read what a report is on, and refuse a year or a quarter that has none of its own.

        Raises
        ------
        InputError
            It is neither quarter nor year; or the plan reports on the year with the fourth quarter,
            or on years alone.
        """
        report = Quarter.parse(of)
        if not self.makes(report):
            rule = "no_year_report" if report.whole_year else "no_quarter_report"
            raise refuse(rule, got=report, year=report.year)
        return report

    def makes(self, report: Quarter) -> bool:
        """Tell whether there is such a report."""
        if self.yearly:
            return report.whole_year
        return not report.whole_year or self.year_report == "separate"

    def current(self, day: date) -> Quarter:
        """Return what a day lies in: its quarter, or its year where there are reports on these.

        Examples
        --------
        >>> str(Reporting().current(date(2024, 8, 1)))
        '2024Q3'
        >>> str(Reporting(rhythm="yearly").current(date(2024, 8, 1)))
        '2024'
        """
        return Quarter(day.year, WHOLE_YEAR if self.yearly else (day.month - 1) // 3 + 1)

    def reports(self, year: int) -> list[Quarter]:
        """List the reports of a year, in order of their deadlines."""
        of = [Quarter(year, number) for number in range(1, WHOLE_YEAR + 1)]
        return sorted((one for one in of if self.makes(one)), key=self.final_deadline)

    def kind(self, report: Quarter) -> str:
        """Tell what a report is on: ``quarter``, ``quarter_and_year`` or ``year``."""
        if report.whole_year:
            return "year"
        together = report.number == 4 and self.year_report == "with_q4"
        return "quarter_and_year" if together else "quarter"

    def deadline(self, report: Quarter) -> date:
        """Return the day before which the units must have sent theirs.

        Examples
        --------
        >>> Reporting().deadline(Quarter(2024, 4)), Reporting().deadline(Quarter(2025, 2))
        (datetime.date(2024, 12, 5), datetime.date(2025, 6, 15))
        """
        if self.kind(report) == "quarter":
            return date(report.year, report.last_month, self.quarter_day)
        return _annual(report.year, self.annual_month, self.annual_day)

    def agency_deadline(self, report: Quarter) -> date | None:
        """Return the day before which the agency must have sent its own, None where none is set."""
        if self.kind(report) == "quarter":
            day = self.agency_quarter_day
            return None if day is None else date(report.year, report.last_month, day)
        month, day = self.agency_annual_month, self.agency_annual_day
        return None if month is None or day is None else _annual(report.year, month, day)

    def final_deadline(self, report: Quarter) -> date:
        """Return the agency's deadline, or the units' where none is set for the agency."""
        return self.agency_deadline(report) or self.deadline(report)

    def cut_off(self, report: Quarter) -> date:
        """Return the last day whose knowledge a report uses.

        It is the last working day before the final deadline: «before the 15th» is by the 14th.
        Working days are Monday to Friday; public holidays are not known here.

        Examples
        --------
        >>> Reporting().cut_off(Quarter(2024, 4)), Reporting().cut_off(Quarter(2025, 2))
        (datetime.date(2024, 12, 4), datetime.date(2025, 6, 13))
        """
        # a deadline on a Saturday or Sunday counts as the Monday after, the day before is Friday
        return np.busday_offset(self.final_deadline(report), -1, roll="forward").item()

    def due(self, on: date) -> Quarter:
        """Return the report whose deadline comes next, on the day before it still its own."""
        near = (one for year in (on.year - 1, on.year, on.year + 1) for one in self.reports(year))
        return min((one for one in near if on < self.final_deadline(one)), key=self.final_deadline)


def _annual(year: int, month: int, day: int) -> date:
    return date(year + (month in (1, 2)), month, day)
