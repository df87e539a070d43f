"""One plan for many areas: a column ``area`` of ``targets.csv`` says whose target a row is.

A row is an area's own, or with «all» that of every area with scores of its indicator; an own row
wins. The plan unfolds into a plan an area, ``NAME.area``, each like any other. What does not hold
of a row for all is a fault where it holds of no area; where it fails for some they go without that
target, and a notice says which, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from pgi_analysis.data.names import AreaNames, fold, words
from pgi_analysis.data.periods import Calendar
from pgi_analysis.data.targets import RANK, RANK_CHANGE
from pgi_analysis.faults import Fault, did_you_mean
from pgi_analysis.language import LANGUAGES

#: how a row, or a plan, says that it is of every area
ALL = ("all", "tất cả", "*")
#: figures of one area, which a row for all cannot state
_OF_ONE = ("baseline", "planned_rise")

About = Mapping[str, object]


def of_all(cell: object) -> bool:
    """Tell whether a cell means every area.

    Examples
    --------
    >>> of_all("Tất cả"), of_all("ALL"), of_all("Lạng Sơn")
    (True, True, False)
    """
    text = str(cell).strip().casefold()
    return text in ALL or fold(text) in {fold(word) for word in ALL if fold(word)}


def unfolds(about: About, targets: pd.DataFrame | None) -> bool:
    """Tell whether a plan is one for many areas: ``plan.toml`` names none, or all."""
    named = str(about.get("area") or "").strip()
    return of_all(named) if named else targets is not None and "area" in targets


@dataclass
class Shares:
    """The targets of each area.

    Attributes
    ----------
    targets : DataFrame
        A row a target of an area, with the key of the ``area`` and the ``row`` of the file that it
        is from; numbered from 0.
    shared : set of int
        The rows of the file that are for all areas.
    faults : list of Fault
        What is wrong whatever the area.
    notices : dict
        What keeps an area from the target of a row for all, by area.
    """

    targets: pd.DataFrame
    shared: frozenset[int] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    notices: dict[str, list[Fault]] = field(default_factory=dict)

    @property
    def areas(self) -> list[str]:
        """The areas that have targets."""
        return list(dict.fromkeys(self.targets["area"]))

    def settle(
        self, wrong: Iterable[Fault], spread: Mapping[str, pd.DataFrame]
    ) -> tuple[dict[str, dict[str, list[int]]], list[Fault]]:
        """Part what is wrong with a row of the file from what fails for some areas, its notices.

        Parameters
        ----------
        wrong : iterable of Fault
            Of the rows of `spread`, by their numbers.
        spread : mapping
            `targets` and what else has a row an area, by the name of the table.

        Returns
        -------
        dict
            By table and area the numbers of the rows that hold.
        list of Fault
            Of the rows of the files; each once, though it may be that of every area.
        """
        tables = {str(table.index.name): table for table in spread.values()}
        faults: dict[tuple, Fault] = {}
        failing: dict[int, list[Fault]] = {}
        for fault in wrong:
            table = tables.get(fault.file)
            if table is None or fault.row is None:
                faults[len(faults), ""] = fault
            elif table is self.targets and table.at[fault.row, "row"] in self.shared:
                failing.setdefault(fault.row, []).append(fault)
            else:
                own = self._of_file(fault, table)
                faults[own.file, own.row, own.message("en")] = own
        rows = self.targets["row"]
        whole = set(rows) - set(rows.drop(list(failing)))  # rows that hold for no area
        for number, found in failing.items():
            for fault in (self._of_file(one, self.targets) for one in found):
                if fault.row in whole:
                    faults.setdefault((fault.file, fault.row, fault.column, fault.rule), fault)
                else:
                    area, indicator = self.targets.loc[number, ["area", "indicator"]]
                    fault = replace(fault, values=fault.values | {"indicator": indicator})
                    self.notices.setdefault(area, []).append(fault)
        kept = {
            name: {
                str(area): list(own.index.difference(list(failing) if name == "targets" else []))
                for area, own in table.groupby("area", sort=False)
            }
            for name, table in spread.items()
        }
        kept["targets"] = {area: own for area, own in kept["targets"].items() if own}
        return kept, list(faults.values())

    def _of_file(self, fault: Fault, table: pd.DataFrame) -> Fault:
        """Return a fault with the rows of the file."""
        values = dict(fault.values)
        if "first" in values:
            values["first"] = table.at[values["first"], "row"]
        return replace(fault, row=int(table.at[fault.row, "row"]), values=values)


def for_each(table: pd.DataFrame, areas: list[str]) -> pd.DataFrame:
    """Give every area all rows of a table, numbered as in `Shares.targets`."""
    return _spread(table, [(area, row) for area in areas for row in table.index])


def _spread(table: pd.DataFrame, places: list[tuple[str, int]]) -> pd.DataFrame:
    areas, rows = [area for area, _ in places], [row for _, row in places]
    spread = table.loc[rows].assign(area=pd.Series(areas, rows, dtype="str").array, row=rows)
    return spread.reset_index(drop=True).rename_axis(index=table.index.name)


def share_out(
    table: pd.DataFrame,
    about: About,
    calendar: Calendar,
    scores: pd.DataFrame,
    names: AreaNames,
    indicators: Collection[str],
) -> Shares:
    """Give each area its rows of a table of targets, own ones before those for all.

    Parameters
    ----------
    table : DataFrame
        Of the contract ``targets``, not yet resolved.
    about : mapping
        The entries of ``plan.toml``: ``area`` there stands in for empty cells, and on the day of
        ``issued``, else in a row's target period, the areas were there that «all» means.
    calendar : Calendar
        Of the index.
    scores : DataFrame
        ``area, indicator``: an area without scores of an indicator has no target on it.
    names : AreaNames
    indicators : collection of str
        Those of the index.
    """
    file, faults = str(table.index.name), []
    default = about.get("area") or None
    years = [*table["baseline_period"].dropna(), *table["target_period"].dropna()]
    issued = about.get("issued") if isinstance(about.get("issued"), date) else None
    start = issued or (calendar.last_day(min(years)) if years else None)
    scored = scores.groupby("indicator")["area"].unique()
    own: dict[str, list[int]] = {}
    rest: dict[str, list[int]] = {}
    seen: dict[tuple[str, ...], int] = {}
    shared = set()
    for row in table.itertuples():
        cell = row.area if pd.notna(row.area) else default
        area = None if cell is None else names.find(str(cell), start)
        if cell is None:
            faults.append(Fault("target.whose", file, row.Index, "area"))
        elif of_all(cell):
            shared.add(row.Index)
            faults += _all_faults(row, cell, area, file, names)
            if pd.isna(row.indicator) or pd.isna(row.target_period):  # told of the table itself
                continue
            day = issued or calendar.last_day(row.target_period)
            there = [str(one) for one in scored.get(row.indicator, ())]
            there = [one for one in there if names.descent.valid(one, day)]
            for one in there:
                rest.setdefault(one, []).append(row.Index)
            values = {"got": row.indicator, "hint": did_you_mean(row.indicator, indicators)}
            if row.indicator not in indicators:
                faults.append(Fault("indicator_unknown", file, row.Index, "indicator", values))
            elif not there:
                faults.append(Fault("target.of_nobody", file, row.Index, "indicator", values))
        elif area is None:
            values = {"got": cell, "areas": names.file, "hint": names.hint(str(cell))}
            faults.append(Fault("area_unknown", file, row.Index, "area", values))
        else:
            own.setdefault(area, []).append(row.Index)
        key = "all" if of_all(cell) else area, row.indicator, row.measure, row.target_period
        first = seen.setdefault(tuple(map(str, key)), row.Index)
        if first != row.Index and str(table.at[first, "area"]) != str(row.area):  # else it is said
            values = {"got": f"{key[0]}, {row.indicator}, {row.target_period}", "first": first}
            faults.append(Fault("row_twice", file, row.Index, "area", values))
    ranked = table["measure"].isin([RANK, RANK_CHANGE])
    keys = pd.Series(
        list(zip(table["indicator"], ranked, table["target_period"], strict=True)), table.index
    )
    places = []
    for area in dict.fromkeys([*own, *rest]):
        taken = set(keys[own.get(area, [])])
        others = [row for row in rest.get(area, ()) if keys[row] not in taken]
        places += [(area, row) for row in sorted([*own.get(area, ()), *others])]
    return Shares(_spread(table, places), frozenset(shared), faults)


def _all_faults(
    row, cell: object, area: str | None, file: str, names: AreaNames
) -> Iterator[Fault]:
    """Find what a row for all areas cannot say."""
    if area is not None:
        values = {"got": cell, "areas": names.file}
        yield Fault("target.area_called_all", file, row.Index, "area", values)
    for column in _OF_ONE:
        if pd.notna(value := getattr(row, column)):
            yield Fault("target.of_one", file, row.Index, column, {"got": f"{value:g}"})


def told(notices: Mapping[str, list[Fault]], named: Callable[[str], str]) -> Iterator[Fault]:
    """Say which areas go without the target of a row for all, those together that lack the same."""
    groups: dict[tuple, list[str]] = {}
    first: dict[tuple, Fault] = {}
    for area, faults in notices.items():
        for fault in faults:
            key = fault.row, fault.message("en")
            first.setdefault(key, fault)
            groups.setdefault(key, []).append(named(area))
    for key, areas in groups.items():
        fault = first[key]
        values = {"areas": ", ".join(areas), "why": fault}
        values["indicator"] = fault.values["indicator"]
        yield Fault("target.without", fault.file, fault.row, fault.column, values)


def slugs(areas: pd.DataFrame) -> dict[str, str]:
    """Return a short plain name for each area, unlike all others: of its name, else of its key.

    Examples
    --------
    >>> one = pd.DataFrame({"area": ["A", "B", "C"], "name_vi": ["Lạng Sơn", "Đà Nẵng", "Đà Nẵng"]})
    >>> slugs(one)
    {'A': 'lang-son', 'B': 'b', 'C': 'c'}
    """
    names = [str(name) for name in areas.get("name_vi", areas["area"])]
    plain = [_slug(name) for name in names]
    found: dict[str, str] = {}
    for place, (area, slug) in enumerate(zip(areas["area"], plain, strict=True), start=1):
        slug = slug if slug and plain.count(slug) == 1 else _slug(str(area)) or str(place)
        found[area] = slug if slug not in found.values() else f"{slug}-{place}"
    return found


def _slug(name: str) -> str:
    spelt = "-".join(words(name)).encode("ascii", "ignore").decode()
    return "-".join(filter(None, spelt.split("-")))


def in_the_name_of(about: About, named: Mapping[str, str]) -> dict[str, object]:
    """Fill ``{area}`` in a plan's texts with the area's name in their language.

    Examples
    --------
    >>> named = {"vi": "tỉnh Lạng Sơn", "en": "Lạng Sơn Province"}
    >>> in_the_name_of({"title_vi": "Kế hoạch của {area}", "title_en": "Plan of {area}"}, named)
    {'title_vi': 'Kế hoạch của tỉnh Lạng Sơn', 'title_en': 'Plan of Lạng Sơn Province'}
    """

    def fill(key: str, entry: object) -> object:
        if isinstance(entry, Mapping):
            return {inner: fill(inner, one) for inner, one in entry.items()}
        name = named.get(key.rpartition("_")[2], named[LANGUAGES[0]])
        return entry.replace("{area}", name) if isinstance(entry, str) else entry

    return {key: fill(key, entry) for key, entry in about.items()}


def of_others(table: pd.DataFrame, area: str | None, names: AreaNames) -> Iterator[Fault]:
    """Find rows of other areas in the plan of one, and rows that name it differently, or not."""
    file, seen = str(table.index.name), {}
    for row in table.itertuples():
        if pd.notna(row.area) and (area is None or area not in names.all(row.area)):
            values = {"got": row.area, "area": area}
            yield Fault("target.of_other", file, row.Index, "area", values)
        key = str(row.indicator), str(row.measure), str(row.target_period)
        first = seen.setdefault(key, row.Index)
        if first != row.Index and str(table.at[first, "area"]) != str(row.area):  # else it is said
            values = {"got": f"{row.indicator}, {row.target_period}", "first": first}
            yield Fault("row_twice", file, row.Index, "area", values)
