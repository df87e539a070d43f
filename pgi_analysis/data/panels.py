"""A panel or its targets from a file of the reader's own: CSV from any system, or Excel."""

from __future__ import annotations

import gzip
import zlib
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
    return _read("panel", Path(path))


def read_targets(path: str | Path) -> pd.DataFrame:
    """Read targets: ``area, indicator, target, target_period``.

    Where there are such, also baseline, baseline_period, direction (1 or −1), lower and upper (the
    ends of the scale). Files are read as `read_panel` reads them.

    Raises
    ------
    InputError
        The file cannot be read, or its table breaks the contract; every fault is named.
    """
    return _read("panel_targets", Path(path))


def _read(contract: str, path: Path) -> pd.DataFrame:
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
    warn(notices)
    checked.index = pd.RangeIndex(len(checked))
    columns = contracts()[contract].columns
    optional = [name for name, column in columns.items() if not column.required]
    checked = checked.drop(columns=[name for name in optional if checked[name].isna().all()])
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
