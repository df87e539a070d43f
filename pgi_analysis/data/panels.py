"""A panel or its targets from a file of the reader's own: CSV from any system, or Excel."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from pathlib import Path

import pandas as pd

from pgi_analysis.data import reading, schema
from pgi_analysis.data.areas import one_name
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.directions import contradictions
from pgi_analysis.data.plain import panel_notices, warn
from pgi_analysis.faults import Fault, InputError, gather


def read_panel(path: str | Path) -> pd.DataFrame:
    """Read a panel: ``area, indicator, period, value``, and where there are such status, released.

    Further columns are left out, unless one of the four is missing, which a misspelt one may be.

    Parameters
    ----------
    path : str or Path
        A CSV file, also one compressed as ``.csv.gz``, with commas, semicolons or tabs, decimal
        points or commas; or an ``.xlsx`` workbook, of which the first sheet is read.

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
    columns, further = contracts()[contract].columns, None
    if all(name in table for name, column in columns.items() if column.required):
        further = table[[name for name in table if name not in columns]]
        table = table[[name for name in table if name in columns]]
    if table.empty and not faults:
        faults = [Fault("no_rows", path.name)]
    checked, broken = schema.check(contract, table, further=further)
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
    optional = [name for name, column in columns.items() if not column.required]
    return checked.drop(columns=[name for name in optional if checked[name].isna().all()])


def _open(path: Path) -> reading.Read:
    if not path.exists():
        raise InputError([Fault("no_such_file", str(path))])
    if path.suffix.lower() == ".xlsx":
        return reading.read_sheet(next(iter(reading.open_workbook(path).values())), path.name)
    if path.suffix.lower() != ".gz":
        return reading.read_csv(path, path.name)
    try:
        plain = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise InputError([Fault("file_unreadable", path.name, values={"got": error})]) from None
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder, path.stem)
        unpacked.write_bytes(plain)
        return reading.read_csv(unpacked, path.name)
