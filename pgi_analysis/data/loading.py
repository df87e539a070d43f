"""Read a data folder or an Excel workbook into a checked `Dataset`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from pgi_analysis.data import consistency, plausibility, schema, unfolding
from pgi_analysis.data import targets as as_written
from pgi_analysis.data.arguments import checked
from pgi_analysis.data.composites import with_composite_scores
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.dataset import SCORE_KEY, Dataset, Plan, newest
from pgi_analysis.data.descent import from_successors
from pgi_analysis.data.entries import About, entry_faults, nested, read_entries, texts
from pgi_analysis.data.folder import (
    INDEX_ENTRIES,
    calendar_in,
    completed,
    date_figures,
    either,
    language_of,
    listed_areas,
)
from pgi_analysis.data.letters import doubtful
from pgi_analysis.data.names import AreaNames
from pgi_analysis.data.periods import YEARS, Calendar
from pgi_analysis.data.plan_file import PLAN_NAME, about_faults, parent_targets, reporting
from pgi_analysis.data.reading import Read, misnamed, read_csv
from pgi_analysis.data.workbooks import WORKBOOKS, open_workbook, read_sheet
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather, refuse
from pgi_analysis.language import DASH, LANGUAGES

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
#: plans of a table for many areas that a refusal names
_SHOWN = 8


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
    #: of a plan for many areas: the tables of each area's plan, and what its targets lack
    areas: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)
    notices: dict[str, list[Fault]] = field(default_factory=dict)

    @property
    def unfolds(self) -> bool:
        """Whether the plan is one for many areas."""
        return self.about is not None and unfolding.unfolds(self.about, self.tables.get("targets"))

    def read(self, name: str, reader: Callable[..., Read], *source: object) -> None:
        """Add a table, or the faults for which it cannot be read."""
        try:
            self.tables[name], faults = reader(*source)
        except InputError as error:
            faults = error.faults
        self.faults += faults


def plan_folders(path: str | Path) -> list[str]:
    """List the folders in a data folder's ``plans``: a plan each, or one for many areas."""
    home = Path(path) / "plans"
    folders = home.iterdir() if home.is_dir() else ()
    return sorted(one.name for one in folders if one.is_dir() and not one.name.startswith("."))


@checked
def plan_names(path: str | Path) -> list[str]:
    """List the plans of a data folder, or of a workbook with a plan for many areas.

    A plan for many areas stands as those that it unfolds into, ``NAME.area``; by its own name
    where a fault keeps it from unfolding. A folder of such a name takes the place of its plan.
    """
    found = []
    for folder in plan_folders(path) or [""]:
        try:
            found += _unfolded(Path(path), folder) or filter(None, [folder])
        except InputError:
            found.append(folder)
    return sorted(set(found) - {""})


def plans_of(path: str | Path, name: str) -> list[str]:
    """List the plans that a name means: that one, or all that a plan for many areas unfolds into.

    Raises
    ------
    InputError
        The plan for many areas is faulty.
    """
    members = _unfolded(Path(path), name).items()
    return sorted(one for one, ds in members if ds.plan and ds.plan.family == name) or [name]


def without_plan(path: str | Path, name: str) -> list[Fault]:
    """Say of a plan for many areas which have no target in it, and so no plan, and why."""
    members = _unfolded(Path(path), name)
    return list(_UNFOLDED[Path(path).resolve(), name].without) if members else []


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
    home = path / "plans" / _folder(path, plan)
    stems = {file.stem for folder in (path, home) for file in folder.glob("*.csv")}
    called, _ = _called((*INDEX_TABLES, *PLAN_TABLES[:-1]), stems)
    listed = [path / INDEX_FILE, *(path / f"{called[name]}.csv" for name in INDEX_TABLES)]
    listed += [home / "plan.toml", *(home / f"{name}.csv" for name in PLAN_TABLES[:-1])]
    with suppress(InputError):  # one that cannot be read has been named, or will be
        successor = read_entries(home / "plan.toml", "plan.toml").get("replaced_by")
        listed += [path / "plans" / str(successor) / "plan.toml"] if successor else []
    return [file for file in listed if file.is_file()]


def _folder(path: Path, plan: str) -> str:
    """Return the folder that a plan is in: its own, or that of the plan for many areas.

    Raises
    ------
    InputError
        There is none.
    """
    folders = plan_folders(path)
    if plan in folders:
        return plan
    outer = [one for one in folders if plan.startswith(f"{one}.") and _many(path, one)]
    if not outer:
        raise refuse("plan_unknown", got=plan, known=", ".join(folders) or DASH)
    return max(outer, key=len)


def _many(path: Path, folder: str) -> bool:
    """Tell whether the plan of a folder is one for many areas, by a look at its files."""
    home, targets = path / "plans" / folder, None
    try:
        about = read_entries(home / "plan.toml", "plan.toml")
        with suppress(InputError):
            targets = read_csv(home / "targets.csv", "targets.csv")[0]
    except InputError:
        return False
    return unfolding.unfolds(about, targets)


@dataclass
class _Members:
    """The plans that one for many areas has unfolded into, as long as its files stay."""

    stamp: object
    datasets: dict[str, Dataset]
    without: list[Fault]


#: what has been unfolded in this process, by data folder and plan
_UNFOLDED: dict[tuple[Path, str], _Members] = {}


def _unfolded(path: Path, folder: str) -> dict[str, Dataset]:
    """Return the plans that a plan for many areas unfolds into, all read at once; else nothing."""
    if path.suffix.lower() in WORKBOOKS and path.is_file():
        files, folder = [path], ""  # its one plan
    elif folder and (path / "plans" / folder).is_dir() and _many(path, folder):
        homes = (path, path / "plans" / folder)
        files = sorted(file for home in homes for file in home.iterdir() if file.is_file())
    else:
        return {}
    folders = plan_folders(path)
    stamp = [(file, file.stat().st_mtime_ns, file.stat().st_size) for file in files], folders
    key = path.resolve(), folder
    if key not in _UNFOLDED or _UNFOLDED[key].stamp != stamp:
        found = _from_workbook(path) if len(files) == 1 else _from_folder(path, folder)
        if not found.unfolds:
            return {}  # a workbook with a plan of one area
        datasets, without = _datasets(found)
        own = {name: ds for name, ds in datasets.items() if name not in folders}
        _UNFOLDED[key] = _Members(stamp, own, without)
    return _UNFOLDED[key].datasets


@checked
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
    workbook = path.suffix.lower() in WORKBOOKS
    if not workbook and not path.is_dir():
        raise refuse("folder_missing", got=path, here=Path.cwd())
    folder = "" if workbook else plan and _folder(path, plan)
    found = _from_workbook(path) if workbook else None
    many = found.unfolds if found else folder is not None
    if many := _unfolded(path, folder) if many else {}:
        if plan not in many:
            some = sorted(many)[:_SHOWN] + ["…"] * (len(many) > _SHOWN)
            values = {"got": folder or path.name, "n": len(many), "known": ", ".join(some)}
            raise refuse("plan_of_many", **values, hint=did_you_mean(plan or "", many))
        shared = {name: getattr(many[plan], name).copy(deep=False) for name in INDEX_TABLES}
        return replace(many[plan], **shared)
    ((name, ds),) = _datasets(found or _from_folder(path, folder))[0].items()
    if plan not in (None, name):
        raise refuse("plan_unknown", got=plan, known=name or DASH)
    return ds


def _datasets(found: _Found) -> tuple[dict[str | None, Dataset], list[Fault]]:
    """Make the datasets of all plans that were read, by name, and say which areas have none.

    Raises
    ------
    InputError
        Naming every fault.
    """
    language = language_of(found.tables, found.index)
    tables, faults, doubts = _check(found)
    if faults:
        raise InputError(gather(faults))
    at = tables["scores"].index
    rows = pd.MultiIndex.from_frame(tables["scores"][SCORE_KEY])
    rows = pd.Series(at, index=rows, name=at.name)
    tables = {name: _settle(table) for name, table in tables.items()}
    index = {name: tables[name] for name in INDEX_TABLES}
    told = {
        "calendar": found.calendar,
        "about": found.index,
        "language": language,
        "files": tuple(found.files),
    }
    bare = Dataset(**index, **told, _rows=rows, _doubts=tuple(doubts))
    if found.plan is None or found.about is None:
        return {None: bare}, []
    if not found.unfolds:
        area = _area(found.about, tables["targets"], AreaNames(tables["areas"]), found.calendar)
        return {found.plan: _with_plan(bare, found, tables, area, found.plan)}, []
    slugs, made = unfolding.slugs(tables["areas"]), {}
    for area, own in found.areas.items():
        own = {part: _settle(own[part]) for part in PLAN_TABLES}
        name = f"{found.plan}.{slugs[area]}"
        made[name] = _with_plan(bare, found, own, area, name)
    lacking = {area: own for area, own in found.notices.items() if area not in found.areas}
    return made, list(unfolding.told(lacking, bare.area_name))


def _with_plan(
    bare: Dataset, found: _Found, tables: dict[str, pd.DataFrame], area: str, name: str
) -> Dataset:
    """Give the dataset of an index the plan of an area."""
    about = dict(found.about)
    if "{area}" in str(about):
        named = {language: bare.full_name(area, language) for language in LANGUAGES}
        about = unfolding.in_the_name_of(about, named)
    if found.unfolds:
        about |= {"area": area, "name": name}
    lacking = {area: found.notices.get(area, [])}
    notices = tuple(unfolding.told(lacking, bare.area_name))
    family = found.plan if found.unfolds else ""
    plan = _plan(found, about, tables, area, name)
    plan = replace(plan, family=family, notices=notices, tasked="actions" not in found.absent)
    return replace(bare, plan=plan)


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
    known = [one for one in plan_folders(folder) if one != about.get("name")]
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
            found.absent.add(name)
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
            found.absent.add(name)
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
            faults += as_written.plus_faults(table, str(table.index.name))
            table, signed[name] = as_written.per_cents(as_written.worded(table))
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
        if tables["scores"].empty and found.absent & set(TOLD_BY_SCORES):
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
        faults += about_faults(found.about, found.about_file, names, of_many=found.unfolds)
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
        if found.about is not None and not found.unfolds:
            area = _area(found.about, tables["targets"], names, found.calendar)
            between += unfolding.of_others(tables["targets"], area, names)
            for name in signed:
                tables[name] = tables[name].assign(area=area or "")
            between += _resolve(tables, signed, found.calendar)
            between += consistency.plan_area_faults(found.about, found.about_file, area, names)
        elif found.about is not None and "targets" in whole:
            between += _unfold(found, tables, signed, names)
        if found.about is not None:
            between += consistency.report_faults(tables["progress"], reporting(found.about))
        faults += [
            fault
            for fault in between
            if known.isdisjoint((fault.file, row, fault.column) for row in (fault.row, None))
        ]
    if not faults:  # else nobody asks for doubts
        doubts += _doubts(found, tables)
    return tables, faults, doubts


def _doubts(found: _Found, tables: dict[str, pd.DataFrame]) -> Iterator[Fault]:
    """Point at what in the tables is accepted, but hardly meant; of scores `Dataset` does."""
    told = "releases" not in found.absent
    yield from plausibility.day_doubts(tables, found.calendar, told=told)
    yield from plausibility.scale_doubts(tables["indicators"])
    editions = tables["releases"]["period"].dropna()
    about = tables["indicators"], max(editions, default=None), found.calendar
    for name in ("targets", "parent_targets"):
        yield from plausibility.target_doubts(tables[name], *about)
        stated = tables[name][tables[name]["measure"].fillna("score") == "score"]
        yield from plausibility.size_doubts(stated, tables["scores"], str(stated.index.name))
    for table in tables.values():
        yield from plausibility.text_doubts(table)
    for key, text in texts(found.about or {}):
        if doubtful(text):
            yield Fault("doubt.letters", found.about_file, None, key, {"got": text})


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


def _resolve(
    tables: dict[str, pd.DataFrame], signed: dict[str, pd.DataFrame], calendar: Calendar
) -> list[Fault]:
    """Resolve targets, in place, on the figures of their areas, and find what is wrong in a plan.

    Each row has the key of its ``area``.
    """
    known, faults = {}, []
    for measure, table, column in (("change", "scores", "value"), ("rank_change", "ranks", "rank")):
        figures = newest(tables[table]).set_index(["area", "indicator", "period"])[column]
        known[measure] = figures.to_dict()
    for name, rows in signed.items():
        tables[name], wrong = as_written.resolve(tables[name], rows, tables["indicators"], known)
        faults += wrong
    return [*faults, *consistency.plan_faults(tables, calendar)]


def _unfold(
    found: _Found,
    tables: dict[str, pd.DataFrame],
    signed: dict[str, pd.DataFrame],
    names: AreaNames,
) -> list[Fault]:
    """Make of a plan for many areas the tables of each area's plan, and find what is wrong."""
    scores = with_composite_scores(newest(tables["scores"]), tables["indicators"])
    known = set(tables["indicators"]["indicator"].dropna())
    about = (found.about, found.calendar)
    shares = unfolding.share_out(tables["targets"], *about, scores, names, known)
    parent = unfolding.for_each(tables["parent_targets"], shares.areas)
    spread = {"targets": shares.targets, "parent_targets": parent}
    each = tables | {name: table.drop(columns="row") for name, table in spread.items()}
    marks = {
        name: rows.loc[spread[name]["row"]].set_axis(spread[name].index)
        for name, rows in signed.items()
    }
    wrong = _resolve(each, marks, found.calendar)
    for area in shares.areas:
        wrong += consistency.plan_area_faults(found.about, found.about_file, area, names)
    kept, faults = shares.settle(wrong, spread)
    found.notices = shares.notices
    for area in kept["targets"]:
        own = {name: each[name].loc[kept[name].get(area, [])] for name in kept}
        found.areas[area] = tables | own
    work = [tables[name] for name in ("actions", "progress") if len(tables[name])]
    tasks = [Fault("target.tasks_of_many", str(table.index.name)) for table in work]
    return [*shares.faults, *faults, *tasks]


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


def _plan(
    found: _Found, about: About, tables: dict[str, pd.DataFrame], area: str, name: str
) -> Plan:
    if found.successor:
        about["replaced_by"] = found.successor
    own = {part: tables[part] for part in ("actions", "progress")}
    parent = None
    if len(tables["parent_targets"]):
        above = {**about, **about["carries_out"]}
        parts = _by_measure(tables["parent_targets"])
        none = {part: table.iloc[:0] for part, table in own.items()}
        parent = Plan(name, area, above, reporting(above), **parts, **none)
    parts = _by_measure(tables["targets"])
    return Plan(name, area, about, reporting(about), **parts, **own, parent=parent)


def _by_measure(targets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Part the targets on scores from those on ranks."""
    targets = targets.drop(columns="area", errors="ignore")
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
