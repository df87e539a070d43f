"""A panel or its targets from a file of the reader's own: CSV from any system, or Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pgi_analysis.data import reading, schema, workbooks
from pgi_analysis.data.areas import one_name
from pgi_analysis.data.arguments import checked
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.directions import contradictions
from pgi_analysis.data.layouts import Asked
from pgi_analysis.data.periods import COLUMNS
from pgi_analysis.data.plain import panel_notices, rule_faults, warn
from pgi_analysis.data.tables import Understood, placed, read_tables
from pgi_analysis.data.workbooks import WORKBOOKS
from pgi_analysis.faults import Fault, InputError, gather

#: what is left out of a panel that a reader may miss
_WARNED = (
    "left.column",
    "left.summary",
    "left.groups",
    "left.forecast",
    "left.sheet",
    "left.hidden",
    "left.veiled",
)


@checked
def read_panel(
    path: str | Path | Sequence[str | Path],
    *,
    sheets: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    area: str | None = None,
    indicator: str | None = None,
    period: str | None = None,
    where: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
) -> pd.DataFrame:
    """Read a panel from tables as people have them: ``area, indicator, period, value``.

    A row a figure, or figures side by side by period, indicator or area, under one header row or
    two, with lines above and notes below; several sheets or files make one panel. Summary rows
    (World, Cả nước) are left out, of rows by sex or age those for all are taken, «:» and the like
    are no figure, and a flag ``b`` is a ``series_break``. What is left out is said as a warning.
    Periods that are not years (``2024Q1``, ``2024-01``, ``2014/15``) come as text, all of one kind.

    Parameters
    ----------
    path : str or Path, or a sequence of them
        A CSV file, also one compressed as ``.csv.gz``, with commas, semicolons or tabs, decimal
        points or commas; or an ``.xlsx`` or ``.xlsm`` workbook.
    sheets : sequence of str
        The sheets to read; by default all that hold a table of figures.
    columns : mapping, optional
        What a header does not tell, such as ``{"area": "Đơn vị", "value": "Kết quả"}``.
    area, indicator, period : str, optional
        What the whole table is about, where it has no column that says so.
    where : mapping, optional
        The group to read, such as ``{"Sex": "Female"}``; an empty value takes blank cells, ``*``
        all.
    without : sequence of str
        Areas or indicators to leave out.

    Raises
    ------
    InputError
        The file cannot be read, its table breaks the contract, or can be read in several ways;
        every fault is named, with the option that settles it.
    """
    paths = [path] if isinstance(path, str | Path) else path
    of = {"area": area, "indicator": indicator, "period": period}
    asked = Asked(sheets, columns or {}, **of, where=where or {}, without=without)
    found = read_tables([Path(one) for one in paths], asked)
    table, notices = with_one_name(found)
    left = [one for one in found.left if one.rule in _WARNED]
    return _warned(_without_empty("panel", table), [*left, *notices])


def with_one_name(found: Understood) -> tuple[pd.DataFrame, list[Fault]]:
    """Give each area of a panel one name; return what may be wrong with it too."""
    table = found.panel
    try:
        table, notices = one_name(table, "", ["indicator", "period"])
    except InputError as error:
        raise InputError(placed(fault, table) for fault in error.faults) from None
    notices += panel_notices(table, "")
    return table, [placed(notice, table) for notice in notices]


@checked
def read_targets(path: str | Path) -> pd.DataFrame:
    """Read targets: ``area, indicator, target, target_period``.

    Where there are such, also baseline, baseline_period, direction (1 or −1), lower and upper (the
    ends of the scale). A CSV file, or a workbook: its sheet ``targets`` or ``mục tiêu``, else
    the first; which one is said as a warning where there are several.

    Raises
    ------
    InputError
        The file cannot be read, or its table breaks the contract; every fault is named.
    """
    return _warned(*_read("panel_targets", Path(path)))


@dataclass(frozen=True)
class Tables:
    """A panel and its targets as read from files, and where in them a row stands.

    ``notices`` are what was accepted on reading, but may be wrong.
    """

    panel: pd.DataFrame
    targets: pd.DataFrame | None
    notices: tuple[Fault, ...]
    _places: Mapping[str, tuple[str, pd.Index]]

    @classmethod
    def read(cls, panel: str | Path, targets: str | Path | None) -> Tables:
        """Read both files, and name the faults of both at once.

        Targets may stand in a sheet of the panel's workbook that is called so.

        Raises
        ------
        InputError
            See `read_panel` and `read_targets`.
        """
        if targets is None and _has_targets(Path(panel)):
            targets = panel
        files = {"panel": panel, "targets": targets}
        files = {name: Path(path) for name, path in files.items() if path is not None}
        contract = {"panel": "panel", "targets": "panel_targets"}
        read, notices, places, faults = {}, [], {}, []
        for name, path in files.items():
            try:
                table, own = _read(contract[name], path)
            except InputError as error:
                faults += error.faults
                continue
            read[name], places[name] = _tidy(table), (str(table.index.name), table.index)
            notices += own
        if faults:
            raise InputError(faults)
        return cls(read["panel"], read.get("targets"), tuple(notices), places)

    def as_read(self, fault: Fault) -> Fault:
        """Say of a fault of one of the tables where in its file it is."""
        if fault.file not in self._places:
            return fault
        file, rows = self._places[fault.file]
        if fault.row is None:
            return replace(fault, file=file)
        first, *also = (int(rows[row]) for row in fault.rows)
        return replace(fault, file=file, row=first, also=tuple(also))


def _warned(table: pd.DataFrame, notices: Sequence[Fault]) -> pd.DataFrame:
    warn(notices)
    return _tidy(table)


def _read(contract: str, path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a table, its index the rows of the file, and what may be wrong with it."""
    if contract == "panel":
        found = read_tables([path], Asked())
        table, notices = with_one_name(found)
        left = [one for one in found.left if one.rule in _WARNED]
        rows = pd.Index(table["line"], name=path.name)
        return _without_empty(contract, table).set_axis(rows), [*left, *notices]
    table, faults = open_table(path)
    if table.empty and not faults:
        faults = [Fault("no_rows", path.name)]
    file = str(table.index.name)
    faults += rule_faults(table, file)
    checked, broken = schema.check(contract, table, foreign=True)
    broken += contradictions(checked, checked["direction"], file)
    if faults or broken:
        raise InputError(gather([*faults, *broken]))
    key = contracts()[contract].unique
    checked, notices = one_name(checked, file, [name for name in key if name != "area"])
    if file != path.name:  # one sheet of several
        notices.append(Fault("left.read", file))
    return _without_empty(contract, checked).rename_axis(file), notices


def _without_empty(contract: str, table: pd.DataFrame) -> pd.DataFrame:
    """Keep the columns of a contract, but the optional ones that nothing stands in."""
    columns = contracts()[contract].columns
    empty = [n for n, column in columns.items() if not column.required and table[n].isna().all()]
    return table[[name for name in columns if name not in empty]]


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a caller gets it: rows counted from 0, periods as text."""
    checked = table.set_axis(pd.RangeIndex(len(table)))
    written = [
        name for name in checked.columns.intersection(COLUMNS) if checked[name].dtype == object
    ]
    return checked.astype(dict.fromkeys(written, "str"))


def _has_targets(path: Path) -> bool:
    """Tell whether a file is a workbook with a sheet of targets."""
    if path.suffix.lower() not in WORKBOOKS or not path.exists():
        return False
    sheets = workbooks.open_workbook(path).values()
    return len(sheets) > 1 and any(workbooks.is_of_targets(one.title) for one in sheets)


def open_table(path: Path) -> reading.Read:
    """Read a CSV file, or the sheet of targets or else the first of a workbook, to cells."""
    if not path.exists():
        raise InputError([Fault("no_such_file", str(path))])
    if path.suffix.lower() in WORKBOOKS:
        sheets = list(workbooks.open_workbook(path).values())
        sheet = next((one for one in sheets if workbooks.is_of_targets(one.title)), sheets[0])
        label = f"{path.name} [{sheet.title}]" if len(sheets) > 1 else path.name
        return workbooks.read_sheet(sheet, label)
    raw = reading.unpacked(path)
    return reading.parse_csv(raw, path.name)
