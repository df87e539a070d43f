"""A panel in a file of its own: CSV as people keep it, plain or compressed with gzip."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from pathlib import Path

import pandas as pd

from pgi_analysis import reading, schema
from pgi_analysis.contracts import contracts
from pgi_analysis.faults import Fault, InputError, gather


def read_panel(path: str | Path) -> pd.DataFrame:
    """Read a panel: ``area, indicator, period, value``, and where there are such status, released.

    Further columns are left out, unless one of the four is missing, which a misspelt one may be.

    Raises
    ------
    InputError
        The file cannot be read, or its table breaks the contract; every fault is named.
    """
    path = Path(path)
    table, faults = _read(path)
    columns = contracts()["panel"].columns
    if all(name in table for name, column in columns.items() if column.required):
        table = table[[name for name in table if name in columns]]
    if table.empty and not faults:
        faults = [Fault("no_rows", path.name)]
    checked, broken = schema.check("panel", table)
    if faults or broken:
        raise InputError(gather([*faults, *broken]))
    return checked


def _read(path: Path) -> reading.Read:
    if not path.exists():
        raise InputError([Fault("backtest.file_missing", str(path))])
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
