"""Every way of breaking the data comes back as a message that says where, what and how to mend it.

Each case damages a sound copy of the data in one way and states the whole message, so that this
table is also the list of what the door refuses.
"""

import csv
import re
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from budget import often
from hypothesis import given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import schema
from pgi_analysis.data.cells import KINDS
from pgi_analysis.language import words

PLAN = "lang-son-transport-2024"
HOME = f"plans/{PLAN}"
ABOUT, TARGETS, ACTIONS, PROGRESS = (
    f"{HOME}/{name}" for name in ("plan.toml", "targets.csv", "actions.csv", "progress.csv")
)
AREAS, INDICATORS, RELEASES, SCORES, RANKS, NATIONAL = (
    f"{name}.csv" for name in ("areas", "indicators", "releases", "scores", "ranks", "national")
)

LOCKED = Path(__file__).parent / "forms" / "locked.xlsx"

#: the modules that the data pass through
DOOR = (
    *(
        "reading",
        "workbooks",
        "formats",
        "headers",
        "cells",
        "numbers",
        "letters",
        "period_columns",
    ),
    *("period_texts", "contracts", "schema", "entries", "folder", "plan_file", "consistency"),
    "loading",
)

# --- Ways of damaging a data folder. Each gives a function of the folder; rows count from 1. ---


def content(file, raw):
    """Write a file anew."""
    return lambda folder: (folder / file).write_bytes(
        raw if isinstance(raw, bytes) else raw.encode()
    )


def text(file, old, new, *, encoding="utf-8"):
    """Replace a piece of a file's text where it first stands."""

    def damage(folder):
        before = (folder / file).read_text("utf-8")
        assert old in before
        (folder / file).write_bytes(before.replace(old, new, 1).encode(encoding, "replace"))

    return damage


def rewritten(file, pattern, new):
    """Replace what a pattern finds first in a file's text."""

    def damage(folder):
        before = (folder / file).read_text("utf-8")
        after = re.sub(pattern, new, before, count=1)
        assert after != before
        (folder / file).write_text(after, "utf-8")

    return damage


def rows(file, change):
    """Let a function change the list of a file's rows."""

    def damage(folder):
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            table = list(csv.reader(lines))
        change(table)
        with (folder / file).open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(table)

    return damage


def cell(file, row, column, value):
    """Write one cell."""

    def change(table):
        table[row - 1][table[0].index(column)] = value

    return rows(file, change)


def column(file, name, value):
    """Write all cells of a column."""

    def change(table):
        for cells in table[1:]:
            cells[table[0].index(name)] = value

    return rows(file, change)


def no_column(file, name):
    """Delete a column."""

    def change(table):
        position = table[0].index(name)
        for cells in table:
            del cells[position]

    return rows(file, change)


def renamed(file, old, new):
    """Rename a column."""
    return rows(file, lambda table: table[0].__setitem__(table[0].index(old), new))


def no_rows(file):
    """Leave only the header."""
    return rows(file, lambda table: table.__delitem__(slice(1, None)))


def row(file, *cells):
    """Add a row at the end."""
    return rows(file, lambda table: table.append(cells))


def again(file, number):
    """Repeat a row at the end."""
    return rows(file, lambda table: table.append(table[number - 1]))


def more(file, **cells):
    """Add columns with the same cell in every row."""

    def change(table):
        for number, line in enumerate(table):
            line += cells.values() if number else cells.keys()

    return rows(file, change)


def report(**cells):
    """Add a progress report that is sound but for some cells."""
    sound = {"action": "n1", "quarter": "2024Q4", "reported": "2024-12-02"}
    sound |= {"status": "in_progress", "percent": "40"}
    sound |= dict.fromkeys(("evidence", "obstacle", "interim_value"), "")
    return row(PROGRESS, *(sound | cells).values())


def national(separator, value):
    """Give a table of national figures with one value."""
    header = ("indicator", "period", "statistic", "rank", "value", "status", "released", "source")
    cells = ("total", "2022", "median", "", value, "derived", "2023-04-11", "x")
    return "".join(separator.join(line) + "\n" for line in (header, cells))


def gone(file):
    """Delete a file."""
    return lambda folder: (folder / file).unlink()


def moved(old, new):
    """Rename a file."""
    return lambda folder: (folder / old).rename(folder / new)


def folder_at(file):
    """Put a folder where a file belongs."""
    return every(gone(file), lambda folder: (folder / file).mkdir())


def every(*damages):
    """Do several damages."""
    return lambda folder: [damage(folder) for damage in damages]


# --- Ways of damaging the workbook that lies beside the folder. ---


def workbook(raw):
    """Write the workbook's file anew."""
    return lambda folder: folder.with_name("data.xlsx").write_bytes(raw)


def sheet(name, *changes):
    """Let functions change a sheet."""

    def damage(folder):
        path = folder.with_name("data.xlsx")
        book = openpyxl.load_workbook(path)
        for change in changes:
            change(book[name])
        book.save(path)

    return damage


def write(address, value):
    """Write a cell of a sheet."""
    return lambda sheet: sheet.__setitem__(address, value)


# --- What several messages share. ---

NOT_A_NUMBER = (
    "is not a number. Write it like 4.84 or 4,84, without a unit or a thousands separator."
)
NOT_WHOLE = "is not a whole number. Write digits only, like 63 or 2024."
NOT_A_DATE = "is not a date from 1900 to 2200. Write it like 2025-05-06 or 06/05/2025 (day first)."
STATUS = "is not allowed. Allowed are: published, derived, doubtful, backcast, interim."
SHARED = (
    "belongs to {} at the same time. Delete it in one of the two rows, or give valid_from and "
    "valid_to if the two areas were there at different times."
)
MEANT = "is probably «Lạng Sơn». Open the source as UTF-8 and copy it again, or correct the text."
NO_AREA = "is not an area in areas.csv. Correct it, or add the area there."
NO_INDICATOR = "is not an indicator in indicators.csv. Correct it, or add the indicator there."
EMPTY = "the cell is empty, and may not be. Fill it in."
ERROR = "is an error of the spreadsheet. Correct the formula, or write the value itself."
TWICE = "Delete one of the two rows."
EARLY = (
    "released: 2023-04-11 lies before the edition was released (2024-05-09 in releases.csv). "
    "Correct one of the two dates."
)
BEYOND = (
    "Correct the rank; if it is among more areas, write their number in the column ranked_areas."
)
TOO_LONG = (
    "Clear what stands beyond the last column; or is it a decimal comma in a file separated by "
    "commas? Then put the number in quotes, or write 4.84."
)
MISSING_COLUMN = "the column is missing. Add it to the header row."
NO_COLUMN = "the table has no column of this name. Rename or delete it."
NO_HEADER = (
    "row 1: the first row must name the columns, each in a cell of its own; it holds only «{}». "
    "Delete a title above it; separate cells by commas, semicolons or tabs."
)
NOT_UTF8 = (
    "not text in UTF-8, so that Vietnamese letters would be lost. "
    "In Excel: Save As, «CSV UTF-8»; in Notepad: Save As, encoding UTF-8."
)
QUOTES = (
    "a quotation mark is opened and never closed, or stands inside a text, where it must be "
    'written twice (""); or a cell is longer than 131,072 characters.'
)
CANNOT_OPEN = "the file cannot be opened (Is a directory). Is it open in another program?"
AS_CSV = "which cannot be read here. Open it in Excel or LibreOffice and save it as «CSV UTF-8»."
AS_WORKBOOK = (
    "which cannot be read here. Open it in Excel or LibreOffice and save it as «Excel Workbook "
    "(.xlsx)», not «Strict Open XML»."
)
OTHER_MARK = (
    "is written otherwise than the rest of the column, whose decimal mark is «.». Write all "
    "numbers of a column with the same decimal mark."
)
NO_YEAR = "is not a year, and the tables of a plan are by year. Write the year alone, like 2024."
UNREADABLE = (
    "data.xlsx: not a readable .xlsx workbook; it may be damaged. Open it in Excel and save it "
    "anew as «Excel Workbook (.xlsx)»."
)
PASSWORD = (
    "data.xlsx: the file is protected by a password and cannot be read. Open it in Excel, go to "
    "File > Info > Protect Workbook > Encrypt with Password, clear the password and save."
)
OLD_EXCEL = f"old.xls: this is an Excel file of the old kind (.xls), {AS_WORKBOOK}"
TOML = (
    'Each line must read name = "text", with straight quotation marks, and no name may stand twice.'
)
NO_ENTRY = "an entry of this name is not known. Rename or delete it; known are:"
ENTRIES = (
    "area, title_vi, title_en, agency_vi, agency_en, source, name, index_vi, index_en, publisher, "
    "number, signed_by, replaced_by, note_vi, note_en, issued, carries_out, reporting, "
    "letter, parent_targets, reviewed."
)
NO_NAME = (
    "cannot be a plan's name. A name has letters, digits, «-», «_» and «.» only, and names a "
    "folder in plans/."
)
GROUP = (
    "reporting: reporting is a group of entries, not an entry. Write its entries under "
    "[reporting], or in a workbook as reporting.name."
)
NO_VALUE = "the entry is missing or empty. Add it."

# --- The table. ---

IN_FOLDER = {
    "a decimal comma lost": (
        cell(TARGETS, 2, "target", "65.8"),
        f"{TARGETS} row 2, target: 65.8 lies outside the scale 1 to 10 of indicator s1. A "
        "decimal comma lost?",
    ),
    # numbers
    "a number with its unit": (
        cell(SCORES, 2, "value", "12,52 điểm"),
        f"{SCORES} row 2, value: «12,52 điểm» {NOT_A_NUMBER}",
    ),
    "a decimal comma in a column of points": (
        cell(SCORES, 2, "value", "12,52"),
        f"{SCORES} row 2, value: «12,52» {OTHER_MARK}",
    ),
    "a comma that may part thousands": (
        cell(SCORES, 2, "value", "1,252"),
        f"{SCORES} row 2, value: «1,252» may be 1252 or a fraction, and the column does not tell "
        "which. Write 1252 without a separator, or the fraction as 1.252.",
    ),
    "a target in words": (
        cell(TARGETS, 2, "target", "≥ 6,58"),
        f"{TARGETS} row 2, target: «≥ 6,58» is not a number. Write the value alone, such as 4.84. "
        "In a plan's targets.csv, a change from the baseline (such as -30%) takes change in "
        "the column measure, a rank takes rank, and a range takes within in the column comparison, "
        "its lower end under target and its upper end under target_upper. The column direction "
        "tells which way is better (a target of no more than 5 has direction -1).",
    ),
    "a score that Excel took for a month": (
        cell(SCORES, 2, "value", "Apr-84"),
        f"{SCORES} row 2, value: «Apr-84» {NOT_A_NUMBER}",
    ),
    "not a number": (
        cell(SCORES, 2, "value", "NaN"),
        f"{SCORES} row 2, value: «NaN» {NOT_A_NUMBER}",
    ),
    "infinity": (cell(SCORES, 2, "value", "inf"), f"{SCORES} row 2, value: «inf» {NOT_A_NUMBER}"),
    "a number beyond all bounds": (
        cell(SCORES, 2, "value", "1e999"),
        f"{SCORES} row 2, value: «1e999» {NOT_A_NUMBER}",
    ),
    "a dash for what is not known": (
        cell(SCORES, 2, "value", "–"),
        f"{SCORES} row 2, value: «–» {NOT_A_NUMBER}",
    ),
    "a formula that failed": (
        cell(SCORES, 2, "value", "#DIV/0!"),
        f"{SCORES} row 2, value: #DIV/0! {ERROR}",
    ),
    "a formula that failed in a text": (
        cell(SCORES, 2, "source", "#N/A"),
        f"{SCORES} row 2, source: #N/A {ERROR}",
    ),
    "a score below the scale": (
        cell(SCORES, 2, "value", "-12.52"),
        f"{SCORES} row 2, value: -12.52 lies outside the scale 4 to 40 of indicator total.",
    ),
    "a score below a scale open above": (
        every(cell(INDICATORS, 6, "upper", ""), cell(SCORES, 2, "value", "1.2")),
        f"{SCORES} row 2, value: 1.2 lies outside the scale 4 to ∞ of indicator total.",
    ),
    "a rank that is no whole number": (
        cell(RANKS, 2, "rank", "6,3"),
        f"{RANKS} row 2, rank: «6,3» {NOT_WHOLE}",
    ),
    "a rank of zero": (
        cell(RANKS, 2, "rank", "0"),
        f"{RANKS} row 2, rank: got 0; write 1 or more.",
    ),
    "a rank beyond the country": (
        cell(RANKS, 2, "rank", "64"),
        f"{RANKS} row 2, rank: 64 is beyond the number of areas ranked (63). {BEYOND}",
    ),
    "a rank beyond its group": (
        cell(RANKS, 2, "ranked_areas", "30"),
        f"{RANKS} row 2, rank: 63 is beyond the number of areas ranked (30). {BEYOND}",
    ),
    "a rank among no areas": (
        cell(RANKS, 2, "ranked_areas", "0"),
        f"{RANKS} row 2, ranked_areas: got 0; write 1 or more.",
    ),
    "no area ranked": (
        cell(RELEASES, 2, "ranked_areas", "0"),
        f"{RELEASES} row 2, ranked_areas: got 0; write 1 or more.",
    ),
    "a year with a word": (
        cell(SCORES, 2, "period", "năm 2022"),
        f"{SCORES} row 2, period: «năm 2022» is not a year. Write digits only, like 2024.",
    ),
    "a year with its month": (
        cell(SCORES, 2, "period", "202212"),
        f"{SCORES} row 2, period: «202212» {NO_YEAR}",
    ),
    "a year as a day's number": (
        cell(SCORES, 2, "period", "44562"),
        f"{SCORES} row 2, period: «44562» is the number by which a spreadsheet counts days, "
        "2022-01-01. Write the period itself: the year, or like 2022-01.",
    ),
    "a quarter where years are kept": (
        cell(SCORES, 2, "period", "2022Q1"),
        f"{SCORES} row 2, period: «2022Q1» {NO_YEAR}",
    ),
    "a day where years are kept": (
        cell(SCORES, 2, "period", "20220115"),
        f"{SCORES} row 2, period: «20220115» {NO_YEAR}",
    ),
    "a year mistyped": (
        cell(SCORES, 2, "period", "20222"),
        f"{SCORES} row 2, period: got 20222; write a number from 1900 to 2200.",
    ),
    "a direction of zero": (
        cell(INDICATORS, 2, "direction", "0"),
        f"{INDICATORS} row 2, direction: «0» is not allowed. Allowed are: 1, -1.",
    ),
    "a negative weight": (
        cell(INDICATORS, 2, "weight", "-1"),
        f"{INDICATORS} row 2, weight: got -1; write a number above 0.",
    ),
    "a text too long for a cell of Excel": (
        report(evidence="a" * 32_001),
        f"{PROGRESS} row 2, evidence: the text is longer than 32000 characters. Shorten it.",
    ),
    "a folder copied from another plan": (
        text(ABOUT, f'name = "{PLAN}"', 'name = "lang-son-2020"'),
        f"{ABOUT}, name: the plan is named «lang-son-2020» here, and its folder «{PLAN}». Make "
        "them the same; where the folder was copied from another plan, check the other entries "
        "too.",
    ),
    "done by half": (
        report(status="done", percent="40"),
        f"{PROGRESS} row 2, percent: the work is done, but its share is 40%. Write 100, or correct "
        "the status.",
    ),
    "not started, but half done": (
        report(status="chưa bắt đầu", percent="40"),
        f"{PROGRESS} row 2, percent: the work has not started, but its share is 40%. Write 0, or "
        "correct the status.",
    ),
    "more than all of a task done": (
        report(percent="140"),
        f"{PROGRESS} row 2, percent: got 140; write a number from 0 to 100.",
    ),
    "less than nothing of a task done": (
        report(percent="-5"),
        f"{PROGRESS} row 2, percent: got -5; write a number from 0 to 100.",
    ),
    "about half of a task done": (
        report(percent="khoảng 50 %"),
        f"{PROGRESS} row 2, percent: «khoảng 50 %» is not a percentage. Write it like 40.",
    ),
    # dates, yes or no, quarters
    "a day that no month has": (
        cell(RELEASES, 4, "released", "31/02/2025"),
        f"{RELEASES} row 4, released: «31/02/2025» {NOT_A_DATE}",
    ),
    "a date with the month first": (
        cell(RELEASES, 4, "released", "05/13/2025"),
        f"{RELEASES} row 4, released: «05/13/2025» {NOT_A_DATE}",
    ),
    "a date without its century": (
        cell(RELEASES, 4, "released", "06/05/25"),
        f"{RELEASES} row 4, released: «06/05/25» {NOT_A_DATE}",
    ),
    "a date in the year 3025": (
        cell(RELEASES, 4, "released", "3025-05-06"),
        f"{RELEASES} row 4, released: «3025-05-06» {NOT_A_DATE}",
    ),
    "a month instead of a date": (
        cell(RELEASES, 4, "released", "tháng 5/2025"),
        f"{RELEASES} row 4, released: «tháng 5/2025» {NOT_A_DATE}",
    ),
    "neither yes nor no": (
        cell(RELEASES, 3, "series_break", "maybe"),
        f"{RELEASES} row 3, series_break: «maybe» is neither yes nor no. Write yes or no.",
    ),
    "a fifth quarter": (
        report(quarter="2024Q5"),
        f"{PROGRESS} row 2, quarter: «2024Q5» is not a quarter. Write it like 2024Q4.",
    ),
    # names and allowed words
    "an area misspelt": (
        cell(SCORES, 27, "area", "Lạng Sơm"),
        f"{SCORES} row 27, area: «Lạng Sơm» {NO_AREA} Did you mean Lạng Sơn?",
    ),
    "an area in another country": (
        cell(SCORES, 2, "area", "Luang Prabang"),
        f"{SCORES} row 2, area: «Luang Prabang» {NO_AREA}",
    ),
    "an area in letters broken on the way": (
        cell(SCORES, 27, "area", "Láº¡ng SÆ¡n"),
        f"{SCORES} row 27, area: the letters were broken on the way: «Láº¡ng SÆ¡n» {MEANT}",
    ),
    "a task in letters broken on the way": (
        cell(ACTIONS, 2, "task_vi", "TÃ i liá»‡u cá»§a tá»‰nh"),
        f"{ACTIONS} row 2, task_vi: the letters were broken on the way: «TÃ i liá»‡u cá»§a tá»‰nh» "
        f"{MEANT.replace('Lạng Sơn', 'Tài liệu của tỉnh')}",
    ),
    "a title in letters broken on the way": (
        rewritten(ABOUT, r'(?m)^title_vi = ".*"$', 'title_vi = "Káº¿ hoáº¡ch"'),
        f"{ABOUT}, title_vi: the letters were broken on the way: «Káº¿ hoáº¡ch» "
        f"{MEANT.replace('Lạng Sơn', 'Kế hoạch')}",
    ),
    "a task that has lost letters": (
        cell(ACTIONS, 2, "task_vi", "Phòng K\ufffd hoạch"),
        f"{ACTIONS} row 2, task_vi: «Phòng K\ufffd hoạch» has lost letters (\ufffd). Write them "
        "anew; save the file as «CSV UTF-8».",
    ),
    "a share for a percentage": (
        report(percent="0.4"),
        f"{PROGRESS} row 2, percent: 0.4 is less than 1%. Do you mean 40? Write it in per cent, "
        "such as 40.",
    ),
    "a report dated in the year 2105": (
        report(reported="2105-12-02"),
        f"{PROGRESS} row 2, reported: 2105-12-02 lies years after 2024Q4. Correct the date or the "
        "quarter.",
    ),
    "a target of the next century": (
        cell(TARGETS, 2, "target_period", "2142"),
        f"{TARGETS} row 2, target_period: 2142 lies more than 60 periods after the newest result, "
        "of 2024. Correct the period.",
    ),
    "a rank beyond those that the edition ranks": (
        every(cell(RANKS, 44, "rank", "45"), cell(RANKS, 44, "ranked_areas", "")),
        f"{RANKS} row 44, rank: 45 is beyond the number of areas ranked (30). {BEYOND}",
    ),
    "an indicator in capital letters": (
        cell(SCORES, 27, "indicator", "S1"),
        f"{SCORES} row 27, indicator: «S1» {NO_INDICATOR} Did you mean s1?",
    ),
    "an indicator of another index": (
        cell(TARGETS, 2, "indicator", "pci"),
        f"{TARGETS} row 2, indicator: «pci» {NO_INDICATOR}",
    ),
    "an indicator misspelt in the tasks": (
        cell(ACTIONS, 2, "indicator", "totl"),
        f"{ACTIONS} row 2, indicator: «totl» {NO_INDICATOR} Did you mean total?",
    ),
    "an edition that is not listed": (
        cell(SCORES, 2, "period", "2021"),
        f"{SCORES} row 2, period: no edition 2021 stands in releases.csv (known: 2022, "
        "2023, 2024). Add its row there first.",
    ),
    "a task that is not listed": (
        report(action="n7"),
        f"{PROGRESS} row 2, action: «n7» is not a task in actions.csv (known: n1, n2, n3, "
        "n4, n5, n6). Correct it, or add the task there.",
    ),
    "a status misspelt": (
        cell(SCORES, 2, "status", "publised"),
        f"{SCORES} row 2, status: «publised» {STATUS} Did you mean published?",
    ),
    "a status misspelt in every row": (
        column(SCORES, "status", "Published"),
        f"{SCORES} rows 2, 3, 4, 5, 6 and 270 more, status: «Published» {STATUS} Did you "
        "mean published?",
    ),
    "a status in Vietnamese": (
        cell(SCORES, 2, "status", "đã công bố"),
        f"{SCORES} row 2, status: «đã công bố» {STATUS}",
    ),
    "a status over two lines": (
        cell(SCORES, 2, "status", "published\nderived"),
        f"{SCORES} row 2, status: «published derived» {STATUS} Did you mean published?",
    ),
    "a status as long as a page": (
        cell(SCORES, 2, "status", "x" * 5_000),
        f"{SCORES} row 2, status: «{'x' * 199}…» {STATUS}",
    ),
    "a task status in other words": (
        report(status="finished"),
        f"{PROGRESS} row 2, status: «finished» is not allowed. Allowed are: "
        "not_started, in_progress, done, blocked.",
    ),
    "a statistic that is not kept": (
        cell(NATIONAL, 2, "statistic", "medium"),
        f"{NATIONAL} row 2, statistic: «medium» is not allowed. Allowed are: mean, median, "
        "value_at_rank, cutoff. Did you mean median?",
    ),
    "a composite misspelt": (
        cell(INDICATORS, 2, "part_of", "totals"),
        f"{INDICATORS} row 2, part_of: «totals» {NO_INDICATOR} Did you mean total?",
    ),
    "an indicator as part of itself": (
        cell(INDICATORS, 2, "part_of", "s1"),
        f"{INDICATORS} row 2, part_of: s1 cannot be part of itself. Name the composite it "
        "belongs to, or leave the cell empty.",
    ),
    "a part without a weight": (
        cell(INDICATORS, 2, "weight", ""),
        f"{INDICATORS} row 2, weight: an indicator that is part of total needs a weight. "
        "Fill it in.",
    ),
    "an alias that two areas share": (
        cell(AREAS, 3, "aliases", "Hanoi"),
        f"{AREAS} row 3, aliases: the name «Hanoi» {SHARED.format('Hà Nội')}",
    ),
    # empty cells
    "a required cell empty": (cell(SCORES, 2, "source", ""), f"{SCORES} row 2, source: {EMPTY}"),
    "a cell of spaces": (
        cell(TARGETS, 2, "target", "\u00a0 "),
        f"{TARGETS} row 2, target: {EMPTY}",
    ),
    "a baseline without its year": (
        cell(TARGETS, 2, "baseline_period", ""),
        f"{TARGETS} row 2, baseline_period: {EMPTY}",
    ),
    # rows
    "a row twice": (
        again(SCORES, 2),
        f"{SCORES} row 277, area, indicator, period, released: Hà Nội, total, 2022, "
        f"2023-04-11 stands already in row 2. {TWICE}",
    ),
    "a row twice with the area spelt otherwise": (
        row(SCORES, "hanoi", "total", "2022", "12.5", "published", "11/04/2023", "x"),
        f"{SCORES} row 277, area, indicator, period, released: Hà Nội, total, 2022 stands "
        f"already in row 2. {TWICE}",
    ),
    "a row twice with the date spelt otherwise": (
        row(NATIONAL, "total", "2022", "median", "", "14.7", "derived", "11/04/2023", "x"),
        f"{NATIONAL} row 7, indicator, period, statistic, rank, released: total, 2022, "
        f"median, 11/04/2023 stands already in row 2. {TWICE}",
    ),
    "an edition twice": (
        again(RELEASES, 4),
        f"{RELEASES} row 5, period: 2024 stands already in row 4. {TWICE}",
    ),
    "a target twice": (
        again(TARGETS, 2),
        f"{TARGETS} row 6, indicator, target_period: s1, 2024 stands already in row 2. {TWICE}",
    ),
    "a province twice": (
        row(AREAS, "Lạng Sơn 2", "20", "Lang Son", "Lang Son"),
        f"{AREAS} row 89, name_vi: the name «Lang Son» {SHARED.format('Lạng Sơn')}",
    ),
    "a report twice": (
        every(report(), report(quarter="Quý IV/2024")),
        f"{PROGRESS} row 3, action, quarter, reported: n1, Quý IV/2024, 2024-12-02 stands "
        f"already in row 2. {TWICE}",
    ),
    "a decimal comma between commas": (
        text(SCORES, "total,2022,12.52,", "total,2022,12,52,"),
        f"{SCORES} row 2: the row has 10 cells, the header 9. {TOO_LONG}",
    ),
    "a remark beside the table": (
        rows(SCORES, lambda table: table[1].extend(["", "xem lại"])),
        f"{SCORES} row 2: the row has 11 cells, the header 9. {TOO_LONG}",
    ),
    # columns
    "a column missing": (no_column(SCORES, "value"), f"{SCORES}, value: {MISSING_COLUMN}"),
    "a name in no language": (
        every(no_column(INDICATORS, "name_vi"), no_column(INDICATORS, "name_en")),
        f"{INDICATORS}, name_vi, name_en: both columns are missing. One of the two is enough; add "
        "it to the header row.",
    ),
    "a task in no language": (
        every(cell(ACTIONS, 2, "task_vi", ""), cell(ACTIONS, 2, "task_en", "")),
        f"{ACTIONS} row 2, task_vi, task_en: both cells are empty. Fill in one of the two.",
    ),
    "a day of publication not known": (
        every(gone(RELEASES), cell(SCORES, 2, "released", "")),
        f"{SCORES} row 2, released: it is not known when this was published, and so not which "
        "report may use it. Write the day for all figures in index.toml, as in released = "
        "2025-06-30, or the day of each in a column released.",
    ),
    "a day of publication before the year": (
        every(gone(RELEASES), cell(SCORES, 2, "released", "2021-06-30")),
        f"{SCORES} row 2, released: 2021-06-30 lies before the period that is described. A wrong "
        "year?",
    ),
    "an entry of the index misspelt": (
        content("index.toml", 'publishr = "VCCI"\nreleased = "soon"\n[area]\nplural = "x"\n'),
        f"index.toml, area.plural: {NO_ENTRY} singular_vi, plural_vi, singular_en, plural_en.\n"
        f"index.toml, publishr: {NO_ENTRY} name_vi, name_en, publisher, source, released, family, "
        "area, group.\n"
        "index.toml, released: «soon» is not a date from 1900 to 2200. Write it like 2025-05-06 or "
        "06/05/2025 (day first).",
    ),
    "composites in a circle": (
        every(cell(INDICATORS, 6, "part_of", "s1"), cell(INDICATORS, 6, "weight", "1")),
        f"{INDICATORS} row 2, part_of: s1 → total → s1: an indicator cannot be part of its own "
        "parts. Correct one of these cells.\n"
        f"{INDICATORS} row 6, part_of: total → s1 → total: an indicator cannot be part of its own "
        "parts. Correct one of these cells.",
    ),
    "a task report on a quarter of a yearly plan": (
        every(
            text(ABOUT, "quarter_day = 15", 'rhythm = "yearly"\nquarter_day = 15'),
            report(quarter="2024Q4"),
        ),
        f"{PROGRESS} row 2, quarter: «2024Q4»: the plan reports on years alone. Write 2024, or "
        'rhythm = "quarterly" in the plan\'s group [reporting].',
    ),
    "a key column missing": (
        no_column(INDICATORS, "indicator"),
        f"{INDICATORS}, indicator: {MISSING_COLUMN}",
    ),
    "the task column missing": (
        every(no_column(ACTIONS, "action"), report()),
        f"{ACTIONS}, action: {MISSING_COLUMN}",
    ),
    "a column misspelt": (
        renamed(TARGETS, "baseline_period", "base_line_period"),
        f"{TARGETS}, base_line_period: {NO_COLUMN} Did you mean baseline_period?\n"
        f"{TARGETS} rows 2, 3, 4, 5, baseline_period: {EMPTY}",
    ),
    "a column in Vietnamese": (
        renamed(SCORES, "value", "điểm"),
        f"{SCORES}, value: {MISSING_COLUMN}\n{SCORES}, điểm: {NO_COLUMN} Did you mean value?",
    ),
    "a column of one's own": (
        renamed(SCORES, "note_vi", "người nhập"),
        f"{SCORES}, người nhập: {NO_COLUMN}",
    ),
    "a column twice": (
        renamed(SCORES, "note_en", "note_vi"),
        f"{SCORES} row 1, note_vi: the header names this column twice. Delete or rename one.",
    ),
    "a column without a name": (
        renamed(SCORES, "value", ""),
        f"{SCORES} row 1: column 4 has no name in the header row. Name it or delete it.",
    ),
    "the header missing": (
        rows(TARGETS, lambda table: table.__delitem__(0)),
        f"{TARGETS}: the header names none of the columns of this table: area, indicator, "
        "measure, baseline, baseline_period, comparison, target, target_upper, target_period, "
        "ranked_areas, planned_rise, source, note_vi, note_en. "
        "Is the header row missing?",
    ),
    "a title above the header": (
        rows(SCORES, lambda table: table.insert(0, ["Điểm PGI"])),
        f"{SCORES} {NO_HEADER.format('Điểm PGI')}",
    ),
    "a separator of its own": (
        content(SCORES, "area|indicator\nHà Nội|s1\n"),
        f"{SCORES} {NO_HEADER.format('area|indicator')}",
    ),
    # what does not fit together
    "a self-assessed score of an index that is a survey of firms": (
        report(interim_value="5.2"),
        f"{PROGRESS} row 2, interim_value: 5.2 is a self-assessed score of s1, an indicator that "
        "units do not score themselves. Leave the cell empty; if they do score it, write yes in "
        "the column self_assessed of indicators.csv.",
    ),
    "a deadline before the start": (
        more(ACTIONS, start="01/09/2024", deadline="2024-08-31"),
        f"{ACTIONS} rows 2, 3, 4, 5, 6 and 1 more, deadline: the deadline 2024-08-31 lies before "
        "the start 2024-09-01. Correct one of the two dates.",
    ),
    "a quantity without a unit": (
        more(ACTIONS, quantity="12,5"),
        f"{ACTIONS} rows 2, 3, 4, 5, 6 and 1 more, quantity: the quantity 12.5 has no unit. Write "
        "its unit in the column unit_en, or leave the cell empty.",
    ),
    "a quantity of nothing": (
        more(ACTIONS, quantity="0", unit_vi="km"),
        f"{ACTIONS} rows 2, 3, 4, 5, 6 and 1 more, quantity: got 0; write a number above 0.",
    ),
    "a quantity reached where none is planned": (
        every(report(), more(PROGRESS, quantity="3")),
        f"{PROGRESS} row 2, quantity: the plan sets task n1 no quantity, so 3 cannot be held "
        "against any. Write the quantity and unit of the task in actions.csv, or leave the cell "
        "empty.",
    ),
    "a quantity below nothing": (
        every(more(ACTIONS, quantity="12", unit_en="km"), report(), more(PROGRESS, quantity="-3")),
        f"{PROGRESS} row 2, quantity: got -3; write 0 or more.",
    ),
    "a task's deadline in words": (
        more(ACTIONS, deadline="quý IV/2024"),
        f"{ACTIONS} rows 2, 3, 4, 5, 6 and 1 more, deadline: «quý IV/2024» is not a "
        "date from 1900 to 2200. Write it like 2025-05-06 or 06/05/2025 (day first).",
    ),
    "a proposal as long as a report": (
        every(report(), more(PROGRESS, proposal="a" * 32_001)),
        f"{PROGRESS} row 2, proposal: the text is longer than 32000 characters. Shorten it.",
    ),
    "a scale upside down": (
        every(cell(INDICATORS, 6, "lower", "40"), cell(INDICATORS, 6, "upper", "4")),
        f"{INDICATORS} row 6, upper: the upper end 4 is not above the lower end 40. Are "
        "the two exchanged?",
    ),
    "an edition before the year it describes": (
        cell(RELEASES, 4, "released", "2023-05-06"),
        f"{RELEASES} row 4, released: 2023-05-06 lies before the period that is described. "
        "A wrong year?",
    ),
    "editions out of order": (
        cell(RELEASES, 2, "released", "2024-05-09"),
        f"{RELEASES} row 3, released: 2024-05-09 is not later than the release of edition "
        "2022 (2024-05-09). One of the two dates is wrong.\n"
        f"{SCORES} rows 2, 3, 4, 5, 6 and 19 more, {EARLY}\n"
        f"{RANKS} rows 2, 3, 4, 5, 6 and 13 more, {EARLY}\n"
        f"{NATIONAL} row 2, {EARLY}",
    ),
    "a score before its edition": (
        cell(SCORES, 112, "released", "2025-05-05"),
        f"{SCORES} row 112, released: 2025-05-05 lies before the edition was released "
        "(2025-05-06 in releases.csv). Correct one of the two dates.",
    ),
    "a self-assessment before its year": (
        row(SCORES, "Lạng Sơn", "s1", "2025", "5.2", "interim", "2024-12-31", "x"),
        f"{SCORES} row 277, released: 2024-12-31 lies before the period that is described. "
        "A wrong year?",
    ),
    "a baseline that was never published": (
        cell(TARGETS, 2, "baseline", "4.48"),
        f"{TARGETS} row 2, baseline: 4.48 is not the score published for 2023, which is "
        "4.84. Correct the baseline, or the score in scores.csv.",
    ),
    "a rise that is not the difference": (
        cell(TARGETS, 3, "planned_rise", "1.79"),
        f"{TARGETS} row 3, planned_rise: the planned rise 1.79 is not target − baseline, "
        "which is 1.97. One of the three numbers is wrong.",
    ),
    "a target for the year of its baseline": (
        cell(TARGETS, 2, "target_period", "2023"),
        f"{TARGETS} row 2, target_period: the target period 2023 is not later than the "
        "baseline period. Correct one of the two.",
    ),
    "a report before its quarter": (
        report(reported="2024-09-30"),
        f"{PROGRESS} row 2, reported: 2024-09-30 lies before 2024Q4 began. Correct the "
        "date or the quarter.",
    ),
    "a self-assessed score off the scale": (
        every(more(INDICATORS, self_assessed="có"), report(interim_value="52")),
        f"{PROGRESS} row 2, interim_value: 52 lies outside the scale 1 to 10 of indicator "
        "s1. A decimal comma lost?",
    ),
    # files
    "a file missing": (
        gone(SCORES),
        f"{SCORES}: the file is missing. Put it in data, or name another data folder with --data.",
    ),
    "a file empty": (
        content(SCORES, ""),
        f"{SCORES}: the file holds no header row. Its first row must name the columns.",
    ),
    "a file of empty lines": (
        content(SCORES, ",,,\n\n,,,\n"),
        f"{SCORES}: the file holds no header row. Its first row must name the columns.",
    ),
    "a plan without targets": (
        no_rows(TARGETS),
        f"{TARGETS}: the table has a header only. Fill in at least one row.",
    ),
    "an index without editions": (
        no_rows(RELEASES),
        f"{RELEASES}: the table has a header only. Fill in at least one row.",
    ),
    "an optional file misnamed": (
        moved(RANKS, "rank.csv"),
        "rank.csv: nothing is read from here. Did you mean ranks.csv? Then save it under "
        "that name.",
    ),
    "a file kept as a workbook": (
        moved(PROGRESS, f"{HOME}/progress.xlsx"),
        f"{HOME}/progress.xlsx: nothing is read from here. Did you "
        "mean progress.csv? Then save it under that name.",
    ),
    "a workbook named .csv": (
        lambda folder: shutil.copy(folder.with_name("data.xlsx"), folder / SCORES),
        f"{SCORES}: this is an Excel workbook, {AS_CSV}",
    ),
    "half a workbook named .csv": (
        content(SCORES, b"PK\x03\x04\x14\x00"),
        f"{SCORES}: this is a damaged workbook or archive, {AS_CSV}",
    ),
    "an old workbook named .csv": (
        content(SCORES, b"\xd0\xcf\x11\xe0\xa1\xb1"),
        f"{SCORES}: this is an Excel file of the old kind (.xls), {AS_CSV}",
    ),
    "a web page named .csv": (
        content(SCORES, "<!DOCTYPE html><html><table>"),
        f"{SCORES}: this is a web page, {AS_CSV}",
    ),
    "a column a year": (
        content(SCORES, "area,2022,2023,2024\nHà Nội,1,2,3\n"),
        f"{SCORES} row 1: the periods 2022 to 2024 stand side by side. What is wanted is a row a "
        "score, with the columns area, indicator, period and value. In Python: "
        'table.melt(id_vars=["area", "indicator"], var_name="period").',
    ),
    "a folder named .csv": (folder_at(SCORES), f"{SCORES}: {CANNOT_OPEN}"),
    "a picture named .csv": (
        content(SCORES, b"\x89PNG\r\n\x1a\n\x00\x00"),
        f"{SCORES} row 1: {NOT_UTF8}",
    ),
    "a file with bytes of nothing": (
        content(SCORES, b"area,indicator\x00\x00\n"),
        f"{SCORES}: the file holds bytes that are no text. Save it anew as «CSV UTF-8».",
    ),
    "letters of an old code page": (
        text(SCORES, "Hà Nội", "Hà Nội", encoding="latin-1"),
        f"{SCORES} row 2: {NOT_UTF8}",
    ),
    "UTF-16 without its mark": (
        text(SCORES, "a", "a", encoding="utf-16-le"),
        f"{SCORES} row 2: {NOT_UTF8}",
    ),
    "UTF-16 cut short": (content(SCORES, b"\xff\xfea\x00r"), f"{SCORES} row 1: {NOT_UTF8}"),
    "a quotation mark never closed": (
        content(AREAS, 'name_vi,name_en,source\nHà Nội,Ha Noi,"VCCI\nHuế,Hue,VCCI\n'),
        f"{AREAS} row 2: {QUOTES}",
    ),
    "a quotation mark inside a text": (
        text(TARGETS, "Kế hoạch ghi", 'Kế hoạch "A" ghi'),
        f"{TARGETS} row 2: {QUOTES}",
    ),
    "a text as long as a book": (
        cell(SCORES, 2, "note_vi", "dài " * 40_000),
        f"{SCORES} row 2: {QUOTES}",
    ),
    "a comma lost between semicolons": (
        content(NATIONAL, "\ufeff" + national(";", "147")),
        f"{NATIONAL} row 2, value: 147 lies outside the scale 4 to 40 of indicator total. "
        "A decimal comma lost?",
    ),
    "a score at a rank, and not at which": (
        cell(NATIONAL, 4, "rank", ""),
        f"{NATIONAL} row 4, rank: {EMPTY}",
    ),
    # plan.toml
    "plan.toml missing": (
        gone(ABOUT),
        f"{ABOUT}: the file is missing. Put it in data/{HOME}, or "
        "name another data folder with --data.",
    ),
    "plan.toml as a folder": (folder_at(ABOUT), f"{ABOUT}: {CANNOT_OPEN}"),
    "plan.toml in an old code page": (
        text(ABOUT, "a", "a", encoding="cp1258"),
        f"{ABOUT} row 2: {NOT_UTF8}",
    ),
    "quotation marks from Word": (
        text(ABOUT, '"VCCI"', "“VCCI”"),
        f"{ABOUT} row 5: the file cannot be read: Invalid value (at line 5, column 13). {TOML}",
    ),
    "an entry without its closing mark": (
        text(ABOUT, '"VCCI"', '"VCCI'),
        f"{ABOUT} row 5: the file cannot be read: Illegal character '\\n' (at line 5, "
        f"column 18). {TOML}",
    ),
    "an entry left open to the end": (
        content(ABOUT, 'note_vi = """Ghi chú\n'),
        f"{ABOUT}: the file cannot be read: Unterminated string (at end of document). {TOML}",
    ),
    "a date that TOML does not know": (
        text(ABOUT, "2024-07-12", "12/07/2024"),
        f"{ABOUT} row 17: the file cannot be read: Expected newline or end of document "
        f"after a statement (at line 17, column 12). {TOML}",
    ),
    "a date that is none": (
        text(ABOUT, "2024-07-12", '"tháng 7/2024"'),
        f"{ABOUT}, carries_out.issued: «tháng 7/2024» {NOT_A_DATE}",
    ),
    "an entry misspelt": (
        text(ABOUT, "title_vi =", "titel_vi ="),
        f"{ABOUT}, titel_vi: {NO_ENTRY} {ENTRIES}",
    ),
    "targets of the plan above that are no list": (
        text(ABOUT, "[[parent_targets]]", "[parent_targets]"),
        f"{ABOUT}, parent_targets: this must be a list: write each target of the plan above under "
        "a line [[parent_targets]] (two square brackets).",
    ),
    "targets of a plan above that is not named": (
        text(ABOUT, "[carries_out]", "[other]"),
        f"{ABOUT}, carries_out: there are targets of a plan above (parent_targets), but it is not "
        "said which plan that is. Add the group [carries_out] with number, issued, agency_vi and "
        f"title_vi.\n{ABOUT}, other: {NO_ENTRY} {ENTRIES}",
    ),
    "a rank to start from that is another": (
        text(ABOUT, "baseline = 62", "baseline = 61"),
        f"{ABOUT} [[parent_targets]] row 1, baseline: 61 differs from the published rank of 2023, "
        "62. Correct the baseline, or the rank in ranks.csv.",
    ),
    "a task report on a year that has no report": (
        report(quarter="2024"),
        f"{PROGRESS} row 2, quarter: «2024»: the plan has no report on the year alone, but one on "
        'the fourth quarter and the year. Write 2024Q4, or year_report = "separate" in the '
        "plan's group [reporting].",
    ),
    "an entry empty": (text(ABOUT, '"Lạng Sơn"', '" "'), f"{ABOUT}, area: {NO_VALUE}"),
    "an entry twice": (
        text(ABOUT, "publisher =", "area ="),
        f"{ABOUT} row 5: the file cannot be read: Cannot overwrite a value (at line 5, "
        f"column 14). {TOML}",
    ),
    "an entry that is a list": (
        text(ABOUT, '"VCCI"', '["VCCI", "USAID"]'),
        f"{ABOUT}, publisher: ['VCCI', 'USAID'] is not one text. Write it as one, in \"quotes\".",
    ),
    "a plan for an area misspelt": (
        text(ABOUT, '"Lạng Sơn"', '"Lạng Giang Sơn"'),
        f"{ABOUT}, area: «Lạng Giang Sơn» {NO_AREA} Did you mean Lạng Sơn?",
    ),
    "a name that leads out of the folder": (
        text(ABOUT, f'"{PLAN}"', '"../../etc"'),
        f"{ABOUT}, name: «../../etc» {NO_NAME}",
    ),
    "an entry misspelt in a group": (
        text(ABOUT, "quarter_day", "quarterly_day"),
        f"{ABOUT}, reporting.quarterly_day: {NO_ENTRY} unit_vi, unit_en, "
        "reports_to_vi, reports_to_en, quarter_day, annual_month, annual_day, agency_quarter_day, "
        "agency_annual_month, agency_annual_day, year_report, rhythm.",
    ),
    "a group misspelt": (
        text(ABOUT, "[reporting]\n", "[report]\n"),
        f"{ABOUT}, report: {NO_ENTRY} {ENTRIES}",
    ),
    "a group named as an entry": (
        every(
            text(ABOUT, "[reporting]\n", "[report]\n"),
            text(ABOUT, "publisher", "reporting = 15\npublisher"),
        ),
        f"{ABOUT}, report: {NO_ENTRY} {ENTRIES}\n{ABOUT}, {GROUP}",
    ),
    "a deadline on each 31st": (
        text(ABOUT, "quarter_day = 15", "quarter_day = 31"),
        f"{ABOUT}, reporting.quarter_day: got 31; write a number from 1 to 28.",
    ),
    "a deadline on several days": (
        text(ABOUT, "quarter_day = 15", "quarter_day = [15, 30]"),
        f"{ABOUT}, reporting.quarter_day: got [15, 30]; write a number from 1 to 28.",
    ),
    "a deadline in a 13th month": (
        text(ABOUT, "annual_month = 12", "annual_month = 13"),
        f"{ABOUT}, reporting.annual_month: got 13; write a number from 1 to 12.",
    ),
    "a deadline on 29 February": (
        text(ABOUT, "annual_month = 12\nannual_day = 5", "annual_month = 2\nannual_day = 29"),
        f"{ABOUT}, reporting.annual_day: got 29; write a number from 1 to 28.",
    ),
    "a year's report due in July": (
        text(ABOUT, "annual_month = 12", "annual_month = 7"),
        f"{ABOUT}, reporting.annual_month: the year's report cannot be due in month 7. Write one "
        "of 10, 11, 12, 1, 2; months 1 and 2 are those of the year after.",
    ),
    "half a date": (
        text(ABOUT, "annual_day = 5", "agency_annual_day = 20"),
        f"{ABOUT}, reporting.agency_annual_month: {NO_VALUE}\n"
        f"{ABOUT}, reporting.annual_day: {NO_VALUE}",
    ),
    "an agency that reports before its units": (
        text(ABOUT, "annual_day = 5", "annual_day = 5\nagency_quarter_day = 14"),
        f"{ABOUT}, reporting.agency_quarter_day: the agency's deadline lies before that of the "
        "units (reporting.quarter_day). Correct one of the two.",
    ),
    "an agency that reports on the year before its units": (
        text(
            ABOUT,
            "annual_day = 5",
            "annual_day = 5\nagency_annual_month = 12\nagency_annual_day = 4",
        ),
        f"{ABOUT}, reporting.agency_annual_day: the agency's deadline lies before that of the "
        "units (reporting.annual_month, reporting.annual_day). Correct one of the two.",
    ),
    "a year's report of an unknown kind": (
        text(ABOUT, "annual_day = 5", 'annual_day = 5\nyear_report = "seperate"'),
        f"{ABOUT}, reporting.year_report: «seperate» is not allowed. Allowed are: with_q4, "
        "separate. Did you mean separate?",
    ),
    "a deadline in words": (
        text(ABOUT, "quarter_day = 15", 'quarter_day = "ngày 15"'),
        f"{ABOUT}, reporting.quarter_day: got ngày 15; write a number from 1 to 28.",
    ),
    # several at once
    "a row with three faults": (
        every(
            cell(SCORES, 27, "area", "Lạng"),
            cell(SCORES, 27, "value", "48.4"),
            cell(SCORES, 27, "released", "9/5"),
        ),
        f"{SCORES} row 27, area: «Lạng» {NO_AREA} Did you mean Lạng Sơn?\n"
        f"{SCORES} row 27, released: «9/5» {NOT_A_DATE}\n"
        f"{SCORES} row 27, value: 48.4 lies outside the scale 1 to 10 of indicator s1. A "
        "decimal comma lost?",
    ),
    "five faults in four files": (
        every(
            cell(INDICATORS, 2, "direction", "good"),
            cell(SCORES, 3, "value", "4,6l"),
            cell(SCORES, 4, "status", "sure"),
            cell(TARGETS, 2, "target", "65.8"),
            text(ABOUT, '"VCCI"', '"VCCI"\npublished_by = "VCCI"'),
        ),
        f"{INDICATORS} row 2, direction: «good» is no direction. Write 1 (higher is better) or -1 "
        "(lower is better).\n"
        f"{SCORES} row 3, value: «4,6l» {NOT_A_NUMBER}\n"
        f"{SCORES} row 4, status: «sure» {STATUS}\n"
        f"{ABOUT}, published_by: {NO_ENTRY} {ENTRIES}\n"
        f"{TARGETS} row 2, target: 65.8 lies outside the scale 1 to 10 of indicator s1. A "
        "decimal comma lost?",
    ),
}

IN_WORKBOOK = {
    "a workbook cut short": (workbook(b"PK\x03\x04 and no more"), UNREADABLE),
    "a workbook with a password": (workbook(LOCKED.read_bytes()), PASSWORD),
    "a workbook of an old Excel": (
        workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        OLD_EXCEL.replace("old.xls:", "data.xlsx:"),
    ),
    "a table named .xlsx": (
        workbook(b"area,indicator\n"),
        f"data.xlsx: this is plain text, such as CSV, under the name of a workbook, {AS_WORKBOOK}",
    ),
    "a sheet missing": (
        sheet("scores", lambda sheet: sheet.parent.remove(sheet)),
        "data.xlsx: the workbook has no sheet named scores. Add it, or correct the sheet's name.",
    ),
    "a sheet misnamed": (
        sheet("ranks", lambda sheet: setattr(sheet, "title", "Rank")),
        "data.xlsx [Rank]: nothing is read from here. Did you mean ranks? Then save it "
        "under that name.",
    ),
    "a sheet empty": (
        sheet("scores", lambda sheet: sheet.delete_rows(1, 999)),
        "data.xlsx [scores]: the file holds no header row. Its first row must name the columns.",
    ),
    "a reference lost": (
        sheet("targets", write("D2", "#REF!")),
        f"data.xlsx [targets] row 2, target: #REF! {ERROR}",
    ),
    "a name lost in a text": (
        sheet("actions", write("E2", "#NAME?")),
        f"data.xlsx [actions] row 2, lead_unit_vi: #NAME? {ERROR}",
    ),
    "a formula never worked out": (
        sheet("targets", write("D2", "=B2+F2")),
        "data.xlsx [targets] row 2: the formula in D2 has never been calculated, so its value is "
        "not known. Open the file in Excel and save it, or write the value itself.",
    ),
    "a score that became a date": (
        sheet("scores", write("D2", date(1984, 4, 1))),
        f"data.xlsx [scores] row 2, value: «1984-04-01» {NOT_A_NUMBER}",
    ),
    "a year that became a date": (
        sheet("targets", write("E2", date(2024, 1, 1))),
        f"data.xlsx [targets] row 2, target_period: «2024-01-01» {NO_YEAR}",
    ),
    "cells of the header merged": (
        sheet("scores", lambda s: s.merge_cells("H1:I1")),
        "data.xlsx [scores] row 1: the cells H1:I1 are merged. Unmerge them and fill in each.",
    ),
    "areas merged": (
        sheet("scores", lambda sheet: sheet.merge_cells("A21:A25")),
        "data.xlsx [scores] row 21: the cells A21:A25 are merged. Unmerge them and fill in each.",
    ),
    "a score shown as a percentage": (
        sheet("scores", lambda sheet: setattr(sheet["D2"], "number_format", "0%")),
        "data.xlsx [scores] row 2, value: some cells of the column have «%» and some "
        "have none, like «1252%». Write all of them with it, or all without.",
    ),
    "a remark beside the sheet's table": (
        sheet("scores", write("L9", "xem lại")),
        f"data.xlsx [scores] row 9: the row has 12 cells, the header 9. {TOO_LONG}",
    ),
    "the plan's sheet without its header": (
        sheet("plan", lambda sheet: sheet.delete_rows(1)),
        "data.xlsx [plan]: the header names none of the columns of this table: key, value. "
        "Is the header row missing?",
    ),
    "the plan's sheet with other headings": (
        sheet("plan", write("B1", "nội dung")),
        f"data.xlsx [plan], nội dung: {NO_COLUMN}\ndata.xlsx [plan], value: {MISSING_COLUMN}",
    ),
    "an entry twice in the plan's sheet": (
        sheet("plan", lambda sheet: sheet.append(["area", "Hà Nội"])),
        f"data.xlsx [plan] row 34, key: area stands already in row 3. {TWICE}",
    ),
    "a value for a group in the plan's sheet": (
        sheet("plan", write("A13", "reporting"), write("B13", 15)),
        f"data.xlsx [plan], {GROUP}",
    ),
    "a plan name that is no folder's": (
        sheet("plan", write("B2", "Kế hoạch 2024")),
        f"data.xlsx [plan], name: «Kế hoạch 2024» {NO_NAME}",
    ),
}

CASES = IN_FOLDER | IN_WORKBOOK

NO_FOLDER = (
    "There is no data folder or .xlsx workbook at {}. Run the command in the folder that holds it, "
    "or name it with --data."
)
NO_PLAN = "There is no plan «{}» in the data folder. Known plans: {}."

ASKED = {  # the data are sound here, but what is asked for is not there: path, plan, message
    "a folder that is not there": ("nowhere", PLAN, NO_FOLDER.format("nowhere")),
    "a file in place of the folder": ("data/scores.csv", PLAN, NO_FOLDER.format("data/scores.csv")),
    "a folder without data": (
        "data/plans",
        None,
        "\n".join(
            f"{file}: the file is missing. Put it in data/plans, or name another data "
            "folder with --data."
            for file in (INDICATORS, SCORES)
        ),
    ),
    "a workbook that is not there": (
        "no.xlsx",
        None,
        "no.xlsx: the file is missing. Put it in ., or name another data folder with --data.",
    ),
    "a workbook in the old format": ("old.xls", None, OLD_EXCEL),
    "a plan that is not there": ("data", "lang-son-2025", NO_PLAN.format("lang-son-2025", PLAN)),
    "a plan that is a file": ("data", "note.txt", NO_PLAN.format("note.txt", PLAN)),
    "a plan beside the folder": ("data", f"../{PLAN}", f"«../{PLAN}» {NO_NAME}"),
    "a plan anywhere on the disk": ("data", "/etc", f"«/etc» {NO_NAME}"),
    "a plan on a Windows drive": ("data", "C:\\plan", f"«C:\\plan» {NO_NAME}"),
    "a plan of two lines": ("data", "a\nb", f"«a b» {NO_NAME}"),
    "another plan than the workbook's": ("data.xlsx", "gia-lai", NO_PLAN.format("gia-lai", PLAN)),
}


@pytest.fixture(scope="module")
def sound(data_dir, workbook, tmp_path_factory):
    """Copy the data, with one of the plans, and the workbook beside it."""

    def copy():
        folder = tmp_path_factory.mktemp("broken") / "data"
        others = shutil.ignore_patterns("gia-lai-2024", "ninh-thuan-2024")
        shutil.copytree(data_dir, folder, ignore=others)
        shutil.copy(workbook, folder.with_name("data.xlsx"))
        return folder

    return copy


@pytest.fixture(scope="module")
def sound_copy(sound):
    return sound()


@pytest.fixture(scope="module")
def broken(sound):
    """Damage a copy of the data as a case says; give its path and the faults found in it."""

    @cache
    def of(name):
        folder = sound()
        damage, message = CASES[name]
        damage(folder)
        path = folder if name in IN_FOLDER else folder.with_name("data.xlsx")
        with pytest.raises(pgi.InputError, match=re.escape(message.split()[0])) as caught:
            pgi.load(path, plan=PLAN)
        return path, caught.value.faults

    return of


@pytest.fixture
def validate(pgi_command):
    """Run ``pgi validate`` in this process; give its exit code, output and messages."""

    def run(path, *options):
        return pgi_command("validate", "--data", str(path), *options)

    return run


@pytest.mark.parametrize("name", CASES)
def test_the_message_says_where_what_and_how_to_mend_it(name, broken):
    path, faults = broken(name)
    said = "\n".join(fault.text("en", command=True) for fault in faults)
    assert said.replace(f"{path.parent}/", "") == CASES[name][1]
    for language in ("en", "vi"):  # in Python there are no options of a command
        assert "--" not in "".join(fault.text(language) for fault in faults)


@pytest.mark.parametrize("name", CASES)
def test_validate_says_the_same_and_fails(name, broken, validate):
    path, faults = broken(name)
    code, out, err = validate(path)
    assert (code, out) == (1, "")
    head = f"{len(faults)} fault(s) in the data:\n"
    assert err.replace(f"{path.parent}/", "") == f"{head}{CASES[name][1]}\n"


@pytest.mark.parametrize("name", CASES)
def test_the_message_is_there_in_vietnamese(name, broken):
    for fault in broken(name)[1]:
        said = fault.text("vi")
        assert fault.file
        assert said.startswith(fault.file)
        assert fault.column in said
        assert fault.message("vi") != fault.message("en")
        assert not set("{}") & set(said)


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_there_is_refused(name, sound, validate, monkeypatch):
    path, plan, message = ASKED[name]
    folder = sound()
    monkeypatch.chdir(folder.parent)
    (folder / "plans" / "note.txt").touch()
    Path("old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(pgi.InputError, match=re.escape(message[:20])) as caught:
        pgi.load(path, plan=plan)
    assert caught.value.text("en", command=True) == message
    assert "--" not in caught.value.text("en")
    code, out, err = validate(path, *(["--plan", plan] if plan else []))
    assert (code, out) == (1, "")
    assert err.endswith(f"fault(s) in the data:\n{message}\n")


def test_a_plan_needs_a_name(data_dir):
    with pytest.raises(pgi.InputError, match=f"^«» {re.escape(NO_NAME)}$"):
        pgi.load(data_dir, plan="")


def test_every_rule_of_the_door_is_broken_above(broken):
    door = Path(schema.__file__).parent
    sources = [(door / f"{name}.py").read_text("utf-8") for name in DOOR]
    named = {word for source in sources for word in re.findall(r'"(\w+)"', source)}
    named |= {f"not_{kind}" for kind in KINDS}
    texts = {rule for rule, text in words("en")["fault"].items() if isinstance(text, str)}
    rules = named & texts - {"quarter", "row", "rows"}  # also names of other things
    shown = {fault.rule for name in CASES for fault in broken(name)[1]}
    elsewhere = {"folder_missing", "plan_unknown", "not_a_table", "columns_nested", "not_period"}
    elsewhere |= {"file_huge", "file_special", "sheet_far"}  # see test_hostile.py
    elsewhere |= {"plan_of_many", "unreviewed"}  # see test_unfolding.py, test_documents.py
    elsewhere |= {"outside_ends"}  # see test_plain_tables.py
    assert {one for one in rules - shown if not one.startswith("period_")} == elsewhere


@pytest.mark.parametrize("name", ["a decimal comma lost", "a file missing", "a picture named .csv"])
def test_the_command_itself_ends_without_a_traceback(name, broken):
    path, _ = broken(name)
    command = [sys.executable, "-m", "pgi_analysis", "validate", "--data", str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr.replace(f"{path.parent}/", "").endswith(f"\n{CASES[name][1]}\n")
    assert "Traceback" not in done.stderr


@settings(max_examples=often(25))
@given(
    file=st.sampled_from([AREAS, INDICATORS, RELEASES, SCORES, TARGETS, ACTIONS]),
    place=st.tuples(st.integers(0, 50), st.integers(0, 10)),
    value=st.text(max_size=9) | st.sampled_from(["0", "-1", "1e308", "2024", "s1", "\n", '"', ";"]),
)
def test_any_text_in_any_cell_is_read_or_refused(file, place, value, sound_copy):
    def change(table):
        cells = table[place[0] % len(table)]
        cells[place[1] % len(cells)] = value

    before = (sound_copy / file).read_bytes()
    rows(file, change)(sound_copy)
    try:
        loaded = pgi.load(sound_copy, plan=PLAN)
    except pgi.InputError as error:
        loaded = error
    (sound_copy / file).write_bytes(before)
    assert isinstance(loaded, pgi.Dataset) or all(fault.file for fault in loaded.faults)
