"""A panel or its targets from a file of the reader's own: CSV from any system, or Excel."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pgi_analysis.data import reading, schema, workbooks
from pgi_analysis.data.areas import one_name
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.directions import contradictions
from pgi_analysis.data.periods import COLUMNS
from pgi_analysis.data.plain import panel_notices, warn
from pgi_analysis.data.workbooks import WORKBOOKS
from pgi_analysis.faults import Fault, InputError, gather


def read_panel(path: str | Path) -> pd.DataFrame:
    """Read a panel: ``area, indicator, period, value``, and where there are such status, released.

    Further columns are left out, unless they may be misspelt or translated ones of these. Periods
    that are not years (``2024Q1``, ``2024-01``, ``2014/15``) come as text, all of one kind.

    Parameters
    ----------
    path : str or Path
        A CSV file, also one compressed as ``.csv.gz``, with commas, semicolons or tabs, decimal
        points or commas; or an ``.xlsx`` or ``.xlsm`` workbook, of which the first sheet is read.

    Raises
    ------
    InputError
        The file cannot be read, or its table breaks the contract; every fault is named.
    """
    return _warned(*_read("panel", Path(path)))


def read_targets(path: str | Path) -> pd.DataFrame:
    """Read targets: ``area, indicator, target, target_period``.

    Where there are such, also baseline, baseline_period, direction (1 or −1), lower and upper (the
    ends of the scale). Files are read as `read_panel` reads them.

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

        Raises
        ------
        InputError
            See `read_panel` and `read_targets`.
        """
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
            read[name], places[name] = _tidy(table), (path.name, table.index)
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
    table, faults = _open(path)
    if table.empty and not faults:
        faults = [Fault("no_rows", path.name)]
    checked, broken = schema.check(contract, table, foreign=True)
    if contract == "panel_targets":
        broken += contradictions(checked, checked["direction"], path.name)
    if faults or broken:
        raise InputError(gather([*faults, *broken]))
    key = contracts()[contract].unique
    checked, notices = one_name(checked, path.name, [name for name in key if name != "area"])
    if contract == "panel":
        notices += panel_notices(checked, path.name)
    columns = contracts()[contract].columns
    optional = [name for name, column in columns.items() if not column.required]
    return checked.drop(columns=[n for n in optional if checked[n].isna().all()]), notices


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a caller gets it: rows counted from 0, periods as text."""
    checked = table.set_axis(pd.RangeIndex(len(table)))
    written = [
        name for name in checked.columns.intersection(COLUMNS) if checked[name].dtype == object
    ]
    return checked.astype(dict.fromkeys(written, "str"))


def _open(path: Path) -> reading.Read:
    if not path.exists():
        raise InputError([Fault("no_such_file", str(path))])
    if path.suffix.lower() in WORKBOOKS:
        sheet = next(iter(workbooks.open_workbook(path).values()))
        return workbooks.read_sheet(sheet, path.name)
    raw = reading.read_bytes(path, path.name)
    if path.suffix.lower() == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            fault = Fault("file_unreadable", path.name, values={"got": error})
            raise InputError([fault]) from None
    return reading.parse_csv(raw, path.name)
