"""Files written whole or not at all; tables to CSV and JSON that open safely.

No cell is ever taken for a formula.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pgi_analysis.data.periods import Period

#: when every office file was made, so that one and the same is the same bytes
_MADE = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
#: seconds after which what was written aside is nobody's any more
LEFT = 3600
#: what a spreadsheet would run, also behind apostrophes, which are its own sign for text
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write a file aside and put it in place once it is whole; after an error nothing has changed.

    The file keeps the rights of the one it replaces, a link goes on leading to it, and once it
    stands it is on the disk.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    path = Path(os.path.realpath(path))
    for left in path.parent.glob(f".{path.name}-????????"):
        with suppress(OSError):  # of one that was killed; it may be gone by now
            if time.time() - left.stat().st_mtime > LEFT:
                left.unlink()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(path.stat().st_mode if path.exists() else 0o644)
        _to_disk(aside)
        aside.replace(path)
        _to_disk(path.parent)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def save_timeless(document: Any, path: Path) -> None:
    """Write a workbook or a Word document, whole or not; its bytes tell nothing of the day.

    Parameters
    ----------
    document : with a method ``save``
        As openpyxl and python-docx have it.
    path : Path
    """
    made = io.BytesIO()
    document.save(made)
    with (
        zipfile.ZipFile(made) as parts,
        whole_file(path) as aside,
        zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as timeless,
    ):
        for part in parts.infolist():
            content = _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", parts.read(part))
            timeless.writestr(zipfile.ZipInfo(part.filename, _MADE), content, zipfile.ZIP_DEFLATED)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else who asks for it change a file meanwhile, be it from another computer."""
    from filelock import FileLock

    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name}.lock")
    lock = FileLock(beside)
    with suppress(NotImplementedError):  # a file system may have no locks
        lock.acquire()
    try:
        yield
    finally:
        with suppress(OSError):  # Windows has it go with the lock
            beside.unlink()
        lock.release()


def _to_disk(path: Path) -> None:
    """Wait until what a file or folder holds would outlast a power cut."""
    with suppress(PermissionError):  # Windows opens no folder
        handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def safe_text(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> safe_text("=cmd|'/c calc'!A1"), safe_text("Lạng Sơn"), safe_text(-0.5)
    ("'=cmd|'/c calc'!A1", 'Lạng Sơn', -0.5)
    """
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell


def plain_text(cell: str) -> str:
    """Undo `safe_text`.

    Examples
    --------
    >>> plain_text("'- thiếu kinh phí"), plain_text("'quoted'")
    ('- thiếu kinh phí', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def number_text(value: float, decimal: str = ".", *, digits: int = 10) -> str:
    """Write a number so that its decimal mark is not taken for a thousands separator.

    Examples
    --------
    >>> number_text(37.5, ","), number_text(5.125), number_text(40.0)
    ('37,5', '5.1250', '40')
    """
    text = f"{value:.{digits}g}"
    if len(text.partition(".")[2]) == 3:  # 5.125 alone could be 5125, see `numbers`
        text += "0"
    return text.replace(".", decimal)


def to_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV: points in decimals, ISO dates, the same bytes for the same table."""
    return safe_table(table).to_csv(index=False, lineterminator="\n", float_format="%.10g")


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """Make the texts of a table safe, see `safe_text`."""
    safe = table.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(t) for t in safe.dtypes]]:
        if not pd.api.types.is_datetime64_any_dtype(safe[column].dtype):
            safe[column] = safe[column].astype(object).map(safe_text, na_action="ignore")
    return safe


def to_json(table: pd.DataFrame) -> str:
    """Write a table as JSON: a list of records, missing values null, periods as they are shown."""
    shown = {
        name: table[name].astype(str).where(table[name].notna(), None)
        for name in table
        if any(isinstance(cell, Period) for cell in table[name])
    }
    return table.assign(**shown).to_json(
        orient="records", force_ascii=False, date_format="iso", double_precision=10, indent=2
    )


def to_toml(entries: Mapping[str, object]) -> str:
    """Write entries as TOML, groups last.

    Examples
    --------
    >>> print(to_toml({"area": "Huế", "reporting": {"quarter_day": 15}}))
    area = "Huế"
    <BLANKLINE>
    [reporting]
    quarter_day = 15
    <BLANKLINE>
    """
    lines, groups = [], []
    for key, value in entries.items():
        if isinstance(value, Mapping):
            groups.append(f"\n[{key}]\n{to_toml(value)}")
        else:
            said = str(value) if isinstance(value, date | int) else _quoted(str(value))
            lines.append(f"{key} = {said}\n")
    return "".join([*lines, *groups])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.split())}"'
