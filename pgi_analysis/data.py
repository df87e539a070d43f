"""Read a data folder or an Excel workbook into a checked `Dataset`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pgi_analysis import consistency, schema
from pgi_analysis.dataset import Dataset, Plan
from pgi_analysis.deadlines import Reporting
from pgi_analysis.faults import Fault, Hint, InputError, refuse
from pgi_analysis.names import AreaNames
from pgi_analysis.reading import clean, read_csv, read_workbook

INDEX_TABLES = ("provinces", "indicators", "releases", "scores", "ranks", "national")
PLAN_TABLES = ("targets", "actions", "progress")
OPTIONAL_TABLES = ("ranks", "national", "actions", "progress")

_PLAN_NAME = re.compile(r"[^\W_]([\w.-]*\w)?")
_REQUIRED = ("area", "title_vi", "title_en", "agency_vi", "agency_en", "source")
_OPTIONAL = (
    *("name", "index_vi", "index_en", "publisher", "number", "issued", "signed_by"),
    *("note_vi", "note_en"),
)
_CARRIES_OUT = ("number", "issued", "agency_vi", "agency_en", "title_vi", "title_en")
_REPORTING = ("unit_vi", "unit_en", "reports_to_vi", "reports_to_en")
_DAYS = {"quarter_day": 28, "annual_month": 12, "annual_day": 31}


@dataclass
class _Found:
    """What was read from disk, before any check of its content."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    about: dict[str, object] | None = None
    about_file: str = "plan.toml"
    files: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def plan_names(path: str | Path) -> list[str]:
    """List the plans of a data folder."""
    return sorted(file.parent.name for file in Path(path).glob("plans/*/plan.toml"))


def load(path: str | Path = "data", *, plan: str | None = None) -> Dataset:
    """Read and check a data folder, or an Excel workbook with the same tables as sheets.

    Parameters
    ----------
    path : str or Path
        A folder with ``provinces.csv``, ``indicators.csv``, ``releases.csv``, ``scores.csv`` and,
        where there are such, ``ranks.csv``, ``national.csv`` and ``plans/NAME/``; or an ``.xlsx``
        workbook with sheets of these names and, for its one plan, the sheets ``plan`` (columns key
        and value), ``targets``, ``actions`` and ``progress``.
    plan : str, optional
        The plan to read with it. A workbook's own plan is read in any case.

    Raises
    ------
    InputError
        Naming every fault of every file.
    """
    path = Path(path)
    if plan is not None and not _PLAN_NAME.fullmatch(plan):
        raise refuse("plan_name", got=plan)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        found = _from_workbook(path)
    elif path.is_dir():
        found = _from_folder(path, plan)
    else:
        raise refuse("folder_missing", got=path)

    faults, tables = list(found.faults), {}
    for name, table in found.tables.items():
        tables[name], wrong = schema.check(name, table)
        tables[name].index.name = table.index.name
        faults += wrong
    names = AreaNames(tables["provinces"]) if "provinces" in tables else None
    if found.about is not None:
        faults += _about_faults(found, names)
    if names and set(INDEX_TABLES) <= set(tables):
        faults += consistency.use_own_names(tables, names)
        faults += consistency.index_faults(tables)
        if found.about is not None and set(PLAN_TABLES) <= set(tables):
            area = names.find(str(found.about.get("area", "")))
            faults += consistency.plan_faults(tables, area)
    if faults:
        raise InputError(_once(faults))

    tables = {name: _settle(table) for name, table in tables.items()}
    loaded = None
    if found.about is not None:
        area = names.find(str(found.about["area"]))
        name = plan or str(found.about.get("name", path.stem))
        own = {table: tables[table] for table in PLAN_TABLES}
        loaded = Plan(name, area, found.about, _reporting(found.about), **own)
    index = {name: tables[name] for name in INDEX_TABLES}
    return Dataset(**index, plan=loaded, files=tuple(found.files))


def _from_folder(folder: Path, plan: str | None) -> _Found:
    found = _Found()
    wanted = [(name, folder / f"{name}.csv") for name in INDEX_TABLES]
    if plan is not None:
        home = folder / "plans" / plan
        if not home.is_dir():
            raise refuse("plan_unknown", got=plan, known=", ".join(plan_names(folder)) or "–")
        wanted += [(name, home / f"{name}.csv") for name in PLAN_TABLES]
        found.about_file = f"plans/{plan}/plan.toml"
        try:
            found.about = tomllib.loads((home / "plan.toml").read_bytes().decode("utf-8-sig"))
            found.files.append(home / "plan.toml")
        except FileNotFoundError:
            found.faults.append(Fault("file_missing", "plan.toml", values={"folder": home}))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            found.faults.append(Fault("toml", found.about_file, values={"got": error}))
    for name, file in wanted:
        if name in OPTIONAL_TABLES and not file.exists():
            found.tables[name] = _empty(name)
            continue
        try:
            table = read_csv(file)
        except InputError as error:
            found.faults += error.faults
        else:
            table.index.name = file.relative_to(folder).as_posix()
            found.tables[name] = table
            found.files.append(file)
    return found


def _from_workbook(path: Path) -> _Found:
    found = _Found(files=[path], about_file=f"{path.name} [plan]")
    sheets = read_workbook(path)
    with_plan = "plan" in sheets
    for name in INDEX_TABLES + (PLAN_TABLES if with_plan else ()):
        if name in sheets:
            found.tables[name] = sheets[name]
        elif name in OPTIONAL_TABLES:
            found.tables[name] = _empty(name)
        else:
            found.faults.append(Fault("sheet_missing", path.name, values={"sheet": name}))
    if with_plan:
        found.about = _nested(sheets["plan"])
    return found


def _nested(sheet: pd.DataFrame) -> dict[str, object]:
    about: dict[str, object] = {}
    for row in sheet.itertuples():
        key, value = str(row[1] or ""), row[2] if len(row) > 2 else None
        if value is None:
            continue
        table = about
        *outer, last = key.split(".")
        for part in outer:
            table = table.setdefault(part, {})  # type: ignore[assignment]
        table[last] = value
    return about


def _empty(name: str) -> pd.DataFrame:
    columns = list(schema.contracts()[name].columns)
    table = pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    table.index.name = f"{name}.csv"
    return table


def _about_faults(found: _Found, names: AreaNames | None) -> Iterator[Fault]:
    """Find what is wrong in ``plan.toml``; dates and days are put right in place."""
    about, file = found.about, found.about_file
    assert about is not None
    for key in _REQUIRED:
        if not str(about.get(key, "")).strip():
            yield Fault("key_missing", file, None, key)
    groups: list[tuple[str, Mapping[str, object], tuple[str, ...]]] = [
        ("", about, (*_REQUIRED, *_OPTIONAL, "carries_out", "reporting"))
    ]
    for group, known in (("carries_out", _CARRIES_OUT), ("reporting", (*_REPORTING, *_DAYS))):
        inner = about.get(group, {})
        if isinstance(inner, dict):
            groups.append((f"{group}.", inner, known))
        else:
            yield Fault("key_not_group", file, None, group)
            about[group] = {}
    for prefix, table, known in groups:
        for key, value in list(table.items()):
            if key not in known:
                yield Fault("key_unknown", file, None, prefix + key, {"known": ", ".join(known)})
            elif key == "issued":
                try:
                    table[key] = schema.parse_date(clean(str(value))).date()
                except ValueError:
                    yield Fault("not_date", file, None, prefix + key, {"got": value})
            elif key in _DAYS:
                try:
                    table[key] = schema.parse_whole(clean(str(value)))
                    if not 1 <= table[key] <= _DAYS[key]:
                        raise ValueError
                except ValueError:
                    limits = {"got": value, "low": 1, "high": _DAYS[key]}
                    yield Fault("between", file, None, prefix + key, limits)
                    del table[key]
            elif isinstance(value, str):
                table[key] = clean(value)
    area = str(about.get("area", ""))
    if names and area and not names.find(area):
        guess = names.guess(area)
        hint = Hint("did_you_mean", {"guess": guess}) if guess else Hint()
        yield Fault("area_unknown", file, None, "area", {"got": area, "hint": hint})
    try:
        _reporting(about).annual(2024)
    except ValueError:
        day = about["reporting"]["annual_day"]  # type: ignore[index]
        yield Fault("between", file, None, "reporting.annual_day", {"got": day, "low": 1, "high": 30})


def _reporting(about: Mapping[str, object]) -> Reporting:
    group = about.get("reporting", {})
    assert isinstance(group, Mapping)
    return Reporting(**{key: int(group[key]) for key in _DAYS if key in group})


def _once(faults: list[Fault]) -> list[Fault]:
    """Drop what was found twice, and keep the order of files and rows."""
    seen = {(f.file, f.row, f.column, f.rule): f for f in reversed(faults)}
    order = list(dict.fromkeys(fault.file for fault in faults))
    return sorted(seen.values(), key=lambda f: (order.index(f.file), f.row or 0, f.column))


def _settle(table: pd.DataFrame) -> pd.DataFrame:
    """Give a sound table its final form: rows from 0, whole numbers plain where none is empty."""
    settled = table.reset_index(drop=True)
    settled.index.name = None
    for column, dtype in settled.dtypes.items():
        if str(dtype) in ("Int64", "boolean") and settled[column].notna().all():
            settled[column] = settled[column].astype("int64" if str(dtype) == "Int64" else bool)
    return settled
