"""Read a data folder or an Excel workbook into a checked `Dataset`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pgi_analysis.data import consistency, schema
from pgi_analysis.data import targets as as_written
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.dataset import SCORE_KEY, Dataset, Plan, newest
from pgi_analysis.data.descent import from_successors
from pgi_analysis.data.entries import About, entry_faults, nested, read_entries
from pgi_analysis.data.folder import (
    INDEX_ENTRIES,
    calendar_in,
    completed,
    date_figures,
    either,
    language_of,
    listed_areas,
)
from pgi_analysis.data.names import AreaNames
from pgi_analysis.data.periods import YEARS, Calendar
from pgi_analysis.data.plan_file import PLAN_NAME, about_faults, parent_targets, reporting
from pgi_analysis.data.reading import Read, misnamed, read_csv
from pgi_analysis.data.workbooks import WORKBOOKS, open_workbook, read_sheet
from pgi_analysis.faults import Fault, InputError, gather, refuse
from pgi_analysis.language import DASH

INDEX_TABLES = ("areas", "indicators", "releases", "scores", "ranks", "national", "agencies")
PLAN_TABLES = ("targets", "actions", "progress", "parent_targets")
OPTIONAL_TABLES = ("ranks", "national", "agencies", "actions", "progress", "parent_targets")
#: tables that are made of the scores where they are not there
TOLD_BY_SCORES = ("areas", "releases")
#: what holds for the whole folder
INDEX_FILE = "index.toml"
#: what a table may be called instead
OTHER_NAMES = {"areas": "provinces"}

#: without a row of these nothing can be said
_NEVER_EMPTY = ("areas", "indicators", "releases", "targets")
#: other tables refer to these, so nothing can be looked up while they are not whole
_REFERRED_TO = {"areas", "indicators", "releases"}
#: tables that have the contract of another
_LIKE = {"parent_targets": "targets"}


#: what `held` was given
_AT_HAND: dict[tuple[Path, str | None], Dataset] = {}


@contextmanager
def held(path: str | Path, ds: Dataset) -> Iterator[None]:
    """Let `load` give what has been loaded, so that the pages of a report read it once."""
    key = Path(path).resolve(), ds.require_plan().name
    _AT_HAND[key] = ds
    try:
        yield
    finally:
        del _AT_HAND[key]


@dataclass
class _Found:
    """What was read from disk, before any check of its content."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    plan: str | None = None
    about: About | None = None
    about_file: str = ""
    index: About = field(default_factory=dict)
    index_file: str = INDEX_FILE
    calendar: Calendar = YEARS
    successor: About | None = None
    absent: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def read(self, name: str, reader: Callable[..., Read], *source: object) -> None:
        """Add a table, or the faults for which it cannot be read."""
        try:
            self.tables[name], faults = reader(*source)
        except InputError as error:
            faults = error.faults
        self.faults += faults


def plan_names(path: str | Path) -> list[str]:
    """List the plans of a data folder: the folders in its folder ``plans``."""
    home = Path(path) / "plans"
    folders = home.iterdir() if home.is_dir() else ()
    return sorted(one.name for one in folders if one.is_dir() and not one.name.startswith("."))


def sources(path: str | Path, plan: str) -> list[Path]:
    """List the files that `load` reads, without reading them.

    Raises
    ------
    InputError
        There is no such folder, workbook or plan.
    """
    path = Path(path)
    if path.suffix.lower() in WORKBOOKS:
        return [path]
    home = path / "plans" / plan
    if not home.is_dir():
        raise refuse("plan_unknown", got=plan, known=", ".join(plan_names(path)) or "–")
    stems = {file.stem for folder in (path, home) for file in folder.glob("*.csv")}
    called, _ = _called((*INDEX_TABLES, *PLAN_TABLES[:-1]), stems)
    listed = [path / INDEX_FILE, *(path / f"{called[name]}.csv" for name in INDEX_TABLES)]
    listed += [home / "plan.toml", *(home / f"{name}.csv" for name in PLAN_TABLES[:-1])]
    with suppress(InputError):  # one that cannot be read has been named, or will be
        successor = read_entries(home / "plan.toml", "plan.toml").get("replaced_by")
        listed += [path / "plans" / str(successor) / "plan.toml"] if successor else []
    return [file for file in listed if file.is_file()]


def load(path: str | Path = "data", *, plan: str | None = None) -> Dataset:
    """Read and check a data folder, or an Excel workbook with the same tables as sheets.

    Parameters
    ----------
    path : str or Path
        A folder with ``indicators.csv``, ``scores.csv`` and, where there are such, ``index.toml``,
        ``areas.csv`` (or ``provinces.csv``), ``releases.csv``, ``ranks.csv``, ``national.csv``,
        ``agencies.csv`` and ``plans/NAME/``; or an ``.xlsx`` workbook with sheets of these names
        (of ``index`` the columns are key and value) and, for its one plan, the sheets ``plan``
        (columns key and value), ``targets``, ``actions`` and ``progress``.
    plan : str, optional
        The plan to read with it. A workbook's own plan is read in any case.

    Raises
    ------
    InputError
        Naming every fault of every file. What is accepted but may be wrong is in the dataset's
        ``notices``.
    """
    path = Path(path)
    if (path.resolve(), plan) in _AT_HAND:
        return _AT_HAND[path.resolve(), plan]
    if plan is not None and not PLAN_NAME.fullmatch(plan):
        raise refuse("plan_name", got=plan)
    if path.suffix.lower() in WORKBOOKS:
        found = _from_workbook(path)
    elif path.is_dir():
        found = _from_folder(path, plan)
    else:
        raise refuse("folder_missing", got=path, here=Path.cwd())
    language = language_of(found.tables, found.index)
    tables, faults, doubts = _check(found)
    if faults:
        raise InputError(gather(faults))
    if plan not in (None, found.plan):
        raise refuse("plan_unknown", got=plan, known=found.plan or "–")

    at = tables["scores"].index
    tables = {name: _settle(table) for name, table in tables.items()}
    index = {name: tables[name] for name in INDEX_TABLES}
    key = pd.MultiIndex.from_frame(tables["scores"][SCORE_KEY])
    rows = pd.Series(at, index=key, name=at.name)
    told = {
        "calendar": found.calendar,
        "about": found.index,
        "language": language,
        "files": tuple(found.files),
    }
    return Dataset(**index, plan=_plan(found, tables), **told, _rows=rows, _doubts=tuple(doubts))


def _from_folder(folder: Path, plan: str | None) -> _Found:
    found = _Found()
    if (folder / INDEX_FILE).is_file():
        found.files.append(folder / INDEX_FILE)
        try:
            found.index = read_entries(folder / INDEX_FILE, INDEX_FILE)
        except InputError as error:
            found.faults += error.faults
    _read_folder(found, folder, "", INDEX_TABLES)
    if plan is not None:
        home = folder / "plans" / plan
        if not home.is_dir():
            raise refuse("plan_unknown", got=plan, known=", ".join(plan_names(folder)) or "–")
        found.plan, found.about_file = plan, f"plans/{plan}/plan.toml"
        found.files.append(home / "plan.toml")
        try:
            found.about = read_entries(home / "plan.toml", found.about_file)
            own = found.about.get("name", plan)
            if own != plan and PLAN_NAME.fullmatch(str(own)):
                values = {"got": own, "folder": plan}
                found.faults.append(Fault("name_differs", found.about_file, None, "name", values))
            found.tables["parent_targets"] = parent_targets(found.about, found.about_file)
            found.successor = _successor(found.about, folder, found.about_file)
            if found.successor:
                found.files.append(folder / "plans" / found.about["replaced_by"] / "plan.toml")
        except InputError as error:
            found.faults += error.faults
        _read_folder(found, home, f"plans/{plan}/", PLAN_TABLES[:-1])
    return found


def _successor(about: About, folder: Path, file: str) -> About | None:
    """Read what the plan that replaces another says of itself."""
    if (name := about.get("replaced_by")) is None:
        return None
    known = [one for one in plan_names(folder) if one != about.get("name")]
    if name not in known:
        values = {"got": name, "known": ", ".join(known) or DASH}
        raise InputError([Fault("plan_unknown", file, None, "replaced_by", values)])
    return read_entries(folder / "plans" / str(name) / "plan.toml", f"plans/{name}/plan.toml")


def _read_folder(found: _Found, folder: Path, prefix: str, names: tuple[str, ...]) -> None:
    files = sorted(file.name for file in folder.iterdir() if file.is_file())
    called, absent = _called(names, {file.removesuffix(".csv") for file in files})
    for file, guess in misnamed(files, absent):
        found.faults.append(Fault("misnamed", prefix + file, values={"guess": f"{guess}.csv"}))
    for name in names:
        if name in OPTIONAL_TABLES and name in absent:
            found.tables[name] = _empty(name)
            continue
        if name in TOLD_BY_SCORES and name in absent:
            found.absent.add(name)
            continue
        file = folder / f"{called[name]}.csv"
        found.files.append(file)
        found.read(name, read_csv, file, prefix + file.name)


def _called(names: Iterable[str], known: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Return what each table goes by, and those that are there under no name."""
    called = {
        name: OTHER_NAMES[name] if name not in known and OTHER_NAMES.get(name) in known else name
        for name in names
    }
    return called, [name for name in names if called[name] not in known]


def _from_workbook(path: Path) -> _Found:
    found = _Found(files=[path])
    sheets = open_workbook(path)
    called, absent = _called((*INDEX_TABLES, "index", "plan", *PLAN_TABLES), sheets)
    other = sheets.keys() - set(called.values())
    for name, guess in misnamed(sorted(other), absent):
        label = f"{path.name} [{sheets[name].title}]"
        found.faults.append(Fault("misnamed", label, values={"guess": guess}))
    for name in ("index", *INDEX_TABLES, *(() if "plan" in absent else ("plan", *PLAN_TABLES))):
        if name not in absent:
            label = f"{path.name} [{sheets[called[name]].title}]"
            found.read(name, read_sheet, sheets[called[name]], label)
        elif name in OPTIONAL_TABLES:
            found.tables[name] = _empty(name)
        elif name in TOLD_BY_SCORES:
            found.absent.add(name)
        elif name != "index":
            found.faults.append(Fault("sheet_missing", path.name, values={"sheet": name}))
    found.index_file = f"{path.name} [index]"
    found.index = _entries(found, "index") or {}
    if (about := _entries(found, "plan")) is not None:
        found.about_file, found.about = f"{path.name} [{sheets['plan'].title}]", about
        found.plan = str(about.get("name", path.stem))
    return found


def _entries(found: _Found, name: str) -> About | None:
    """Take the entries of a sheet, or None where it is not there or not whole."""
    if name not in found.tables:
        return None
    sheet, faults = schema.check("plan", found.tables.pop(name))
    found.faults += faults
    torn = {fault.rule for fault in faults} & {"column_missing", "header_unknown"}
    return None if torn else nested(sheet)


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(contracts()[_LIKE.get(name, name)].columns), dtype=object)


def _check(found: _Found) -> tuple[dict[str, pd.DataFrame], list[Fault], list[Fault]]:
    """Return the typed tables, every fault in and between them and the entries, and the doubts."""
    tables, faults, doubts = {}, list(found.faults), []
    signed = {}
    if "scores" in found.tables:
        found.calendar = calendar_in(found.tables["scores"])
    faults += entry_faults(found.index, found.index_file, INDEX_ENTRIES)
    source = found.index.get("source")
    for name, table in found.tables.items():
        contract = _LIKE.get(name, name)
        if contract == "targets":
            table, signed[name] = as_written.per_cents(table)
        of_plan = (found.about or {}).get("source") if contract == "targets" else None
        table = completed(contract, table, of_plan or source)
        if name == "areas":
            table = _keyed(table)
        checked, wrong = schema.check(contract, table, like=found.calendar)
        tables[name] = found.calendar.count(checked)
        faults += either(wrong)
        if table.empty and name in _NEVER_EMPTY:
            faults.append(Fault("no_rows", str(table.index.name)))
    whole = {name for name, table in found.tables.items() if not _torn(name, table, faults)}
    if "scores" in whole:
        if tables["scores"].empty and found.absent:
            faults.append(Fault("no_rows", str(tables["scores"].index.name)))
        if "releases" in tables or "releases" in found.absent:
            faults += date_figures(tables, found.index.get("released"), found.index_file)
        whole |= {"releases"} & found.absent
        if "areas" in found.absent:
            try:
                doubts = listed_areas(tables)
                whole.add("areas")
            except InputError as error:
                faults += error.faults
    names = AreaNames(tables["areas"]) if "areas" in whole else None
    if found.about is not None:
        faults += about_faults(found.about, found.about_file, names)
        if len(tables.get("parent_targets", ())) and not found.about.get("carries_out"):
            faults.append(Fault("parent_unnamed", found.about_file, None, "carries_out"))
    if names and whole >= _REFERRED_TO:
        rest = set(INDEX_TABLES + PLAN_TABLES) - set(tables)
        if "actions" not in whole:
            rest.add("progress")
        tables |= {name: schema.check(_LIKE.get(name, name), _empty(name))[0] for name in rest}
        known = {(fault.file, fault.row, fault.column) for fault in faults}  # row None: all rows
        between = consistency.use_own_names(tables, names, found.calendar)
        between += consistency.index_faults(
            tables, found.calendar, told="releases" not in found.absent
        )
        if found.about is not None:
            area = _area(found.about, tables["targets"], names, found.calendar)
            for name, rows in signed.items():
                tables[name], wrong = _resolved(tables, name, rows, area)
                between += wrong
            between += consistency.plan_faults(tables, area, found.calendar)
            between += consistency.plan_area_faults(found.about, found.about_file, area, names)
            between += consistency.report_faults(tables["progress"], reporting(found.about))
        faults += [
            fault
            for fault in between
            if known.isdisjoint((fault.file, row, fault.column) for row in (fault.row, None))
        ]
    return tables, faults, doubts


def _keyed(table: pd.DataFrame) -> pd.DataFrame:
    """Give each area a key: its (Vietnamese) name where it has none of its own."""
    if "name_vi" not in table:
        return table
    table = from_successors(table) if "successor_2025" in table else table
    own = table.get("area", pd.Series(None, table.index, dtype=object))
    return table.assign(area=own.fillna(table["name_vi"]))


def _area(about: About, targets: pd.DataFrame, names: AreaNames, calendar: Calendar) -> str | None:
    """Find a plan's area: of several of one name, the one when the plan was issued.

    A plan that gives no date of its own is taken to be of the year that it starts from.
    """
    years = [*targets["baseline_period"].dropna(), *targets["target_period"].dropna()]
    day = about.get("issued") or (calendar.last_day(min(years)) if years else None)
    return names.find(str(about.get("area", "")), day)


def _resolved(
    tables: dict[str, pd.DataFrame], name: str, signed: pd.DataFrame, area: str | None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return targets with the values that they come to, on the area's own scores and ranks."""
    known = {}
    for measure, table, column in (("change", "scores", "value"), ("rank_change", "ranks", "rank")):
        own = newest(tables[table][tables[table]["area"] == area])
        known[measure] = own.set_index(["indicator", "period"])[column]
    return as_written.resolve(tables[name], signed, tables["indicators"], known)


def _torn(name: str, table: pd.DataFrame, faults: list[Fault]) -> bool:
    """Tell whether rows or a key column of a table are missing, so that a look-up would fail."""
    key = contracts()[_LIKE.get(name, name)].unique
    return any(
        fault.file == table.index.name
        and (
            fault.rule in ("row_too_long", "no_rows", "header_unknown")
            or (fault.rule == "column_missing" and fault.column in key)
        )
        for fault in faults
    )


def _plan(found: _Found, tables: dict[str, pd.DataFrame]) -> Plan | None:
    if found.plan is None or found.about is None:
        return None
    if found.successor:
        found.about["replaced_by"] = found.successor
    area = _area(found.about, tables["targets"], AreaNames(tables["areas"]), found.calendar)
    assert area is not None
    own = {name: tables[name] for name in ("actions", "progress")}
    parent = None
    if len(tables["parent_targets"]):
        about = {**found.about, **found.about["carries_out"]}
        parts = _by_measure(tables["parent_targets"])
        none = {name: table.iloc[:0] for name, table in own.items()}
        parent = Plan(found.plan, area, about, reporting(about), **parts, **none)
    parts = _by_measure(tables["targets"])
    return Plan(
        found.plan, area, found.about, reporting(found.about), **parts, **own, parent=parent
    )


def _by_measure(targets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Part the targets on scores from those on ranks."""
    on_scores = targets["measure"] == as_written.SCORE
    parts = {"targets": targets[on_scores], "rank_targets": targets[~on_scores]}
    return {name: table.reset_index(drop=True) for name, table in parts.items()}


def _settle(table: pd.DataFrame) -> pd.DataFrame:
    """Return a sound table its final form: rows from 0, whole numbers plain where none is empty."""
    settled = table.reset_index(drop=True)
    settled.index.name = None
    for column, dtype in settled.dtypes.items():
        if str(dtype) in ("Int64", "boolean") and settled[column].notna().all():
            settled[column] = settled[column].astype("int64" if str(dtype) == "Int64" else bool)
    return settled
