"""What must hold between tables: known names, scales, dates in order, plans that add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from pgi_analysis.data.descent import Descent, keys
from pgi_analysis.data.directions import contradictions
from pgi_analysis.data.names import AreaNames, fold
from pgi_analysis.data.periods import Calendar
from pgi_analysis.data.quarters import Quarter, Reporting
from pgi_analysis.data.targets import RANK, SCORE, below_zero
from pgi_analysis.faults import Fault, Hint, did_you_mean
from pgi_analysis.language import DASH

Tables = dict[str, pd.DataFrame]

#: what a publisher says of an area for a time before it was formed
BACKCAST = "backcast"
#: half a unit of the second decimal, in which scores are published
ROUNDING = 0.005 + 1e-9
#: years after its own in which a report may still come in
LATEST = 5
#: periods ahead of the newest that a target can be, and that in histories where these are long
MOST_AHEAD, HISTORIES_AHEAD = 60, 5


def use_own_names(tables: Tables, names: AreaNames, calendar: Calendar) -> list[Fault]:
    """Replace each area's spelling by its own key, in place, and report the unknown.

    Of areas that bear one name it is the one that was there when an edition's map was drawn.
    """
    faults = []
    maps = map_days(tables["releases"], calendar)
    for table in (tables["scores"], tables["ranks"]):
        known = {name: names.find(name) for name in table["area"].dropna().unique()}
        unknown = table["area"].map(known).isna() & table["area"].notna()
        faults += [
            _fault(table, row, "area", "area_unknown", areas=names.file, hint=names.hint(name))
            for row, name in table.loc[unknown, "area"].items()
        ]
        found = table["area"].map(known).astype(object)
        asked = table.loc[found.notna() & table["period"].notna(), ["area", "period", "status"]]
        places = table.index.get_indexer(asked.index)
        own = found.to_numpy(copy=True)
        for (name, period, status), within in asked.groupby(list(asked)).indices.items():
            day = maps.get(period, calendar.last_day(period))
            area = names.find(name, day) if status != BACKCAST else _after(names, name, day)
            own[places[within]] = area
            if names.descent.valid(area, day) == (status == BACKCAST):
                rows = asked.index[within]
                faults += [_not_there(table, row, names, area, day) for row in rows]
        table["area"] = pd.Series(own, table.index, dtype="str")
        key = ["area", "indicator", "period", "released"]
        whole = table[key].dropna()
        again = whole[whole.duplicated(keep=False)]
        for cells, rows in again.groupby(key, sort=False).groups.items():
            got = f"{cells[0]}, {cells[1]}, {cells[2]}"
            values = {"got": got, "first": rows[0]}
            faults += [
                _fault(table, row, ", ".join(key), "row_twice", **values) for row in rows[1:]
            ]
    return faults


def map_days(releases: pd.DataFrame, calendar: Calendar) -> dict[int, pd.Timestamp]:
    """Return the day whose areas each edition is on: the last one of the period described."""
    rows = releases.dropna(subset=["period"])
    return {
        int(row.period): calendar.last_day(row.period)
        if pd.isna(row.areas_as_of)
        else row.areas_as_of
        for row in rows.itertuples()
    }


def _after(names: AreaNames, name: str, day: pd.Timestamp) -> str:
    """Find the area of a name that begins after a day, for which the publisher goes back."""
    found = names.all(name)
    return next((area for area in found if names.descent.life(area)[0] > day), found[0])


def _not_there(
    table: pd.DataFrame, row: int, names: AreaNames, area: str, day: pd.Timestamp
) -> Fault:
    """Refuse a figure of an area that was not there, and say which area stands in its place."""
    start, end = names.descent.life(area)
    values = {"area": area, "day": day.date(), "edition": table.loc[row, "period"]}
    values |= {"heirs": _heirs(names, area, day), "areas": names.file}
    if start <= day <= end:
        return _fault(table, row, "status", "area.no_backcast", **values)
    if day > end:
        return _fault(table, row, "area", "area.ended", end=end.date(), **values)
    return _fault(table, row, "area", "area.not_begun", start=start.date(), **values)


def _heirs(names: AreaNames, area: str, day: object) -> str:
    """Name the areas that stand in the place of one on a day."""
    return ", ".join(f"«{heir}»" for heir in names.descent.heirs(area, day)) or DASH


def index_faults(tables: Tables, calendar: Calendar, *, told: bool = True) -> Iterator[Fault]:
    """Find what does not fit together in the tables of the index.

    Editions that no table has `told` are those of the scores, so only these can be wrong.
    """
    indicators = tables["indicators"]
    yield from _indicator_faults(indicators)
    yield from _area_faults(tables["areas"])
    yield from _release_faults(tables["releases"], calendar) if told else ()
    known = set(indicators["indicator"].dropna())
    releases = tables["releases"].dropna(subset=["period"]).drop_duplicates("period")
    released = releases.set_index("period")["released"]
    for name in ("scores", "ranks", "national"):
        table = tables[name]
        yield from _unknown_indicators(table, known)
        if name != "ranks":
            yield from scale_faults(table, ["value"], *ends_of(table, indicators))
        dated = table[["period", "status", "released"]].dropna(subset=["period"])
        official = dated["status"].ne("interim").fillna(True)
        known_period = dated["period"].isin(released.index)
        dated = dated.astype({"released": "datetime64[s]"})  # else, where all are empty
        edition = dated["period"].map(released.to_dict()).astype("datetime64[s]")
        first = {one: calendar.first_day(one) for one in set(dated["period"])}
        begun = dated["period"].map(first).astype("datetime64[s]")
        early = dated["released"] < begun
        unknown = official & ~known_period
        sooner = official & known_period & (dated["released"] < edition)
        wrong = unknown | sooner | (early & ~(official & told))
        for row in dated.index[wrong]:
            if unknown[row]:
                periods = ", ".join(map(str, released.index))
                yield _fault(table, row, "period", "period_unknown", known=periods)
            elif sooner[row]:
                day = edition[row].date()
                yield _fault(table, row, "released", "released_early", edition=day)
            if early[row] and not (official[row] and told):
                yield _fault(table, row, "released", "released_before_period")
    national = tables["national"]
    at_rank = national["statistic"].eq("value_at_rank").fillna(False)
    for row in national.index[at_rank & national["rank"].isna()]:
        yield _fault(national, row, "rank", "cell_empty")
    yield from _rank_faults(tables, calendar)


def _indicator_faults(indicators: pd.DataFrame) -> Iterator[Fault]:
    known = set(indicators["indicator"].dropna())
    for row in indicators.itertuples():
        if pd.notna(row.lower) and pd.notna(row.upper) and row.lower >= row.upper:
            yield _fault(indicators, row.Index, "upper", "scale_reversed", low=f"{row.lower:g}")
        if pd.notna(row.part_of):
            if row.part_of == row.indicator:
                yield _fault(indicators, row.Index, "part_of", "part_of_itself")
            elif row.part_of not in known:
                hint = did_you_mean(row.part_of, known)
                yield _fault(indicators, row.Index, "part_of", "indicator_unknown", hint=hint)
            if pd.isna(row.weight):
                yield _fault(indicators, row.Index, "weight", "weight_missing", part_of=row.part_of)
    wholes = dict(zip(indicators["indicator"], indicators["part_of"], strict=True))
    for row in indicators.dropna(subset=["part_of"]).itertuples():
        chain = [row.part_of]
        while chain[-1] in wholes and pd.notna(wholes[chain[-1]]) and len(chain) <= len(wholes):
            chain.append(wholes[chain[-1]])
            if chain[-1] == row.indicator != row.part_of:
                said = " → ".join([row.indicator, *chain])
                yield _fault(indicators, row.Index, "part_of", "part_of_circle", circle=said)
                break


def _area_faults(areas: pd.DataFrame) -> Iterator[Fault]:
    """Find names that two areas of one time share, and lives and descents that cannot be."""
    descent, known = Descent(areas), set(areas["area"])
    end = areas.set_index("area")["valid_to"]
    owners: dict[str, list[str]] = {}
    for row in areas.dropna(subset=["area"]).itertuples():
        names = [(column, getattr(row, column)) for column in ("area", "name_vi", "name_en")]
        names += [("aliases", alias) for alias in keys(row.aliases)]
        own, told = descent.own(row.area), set()
        for column, name in ((column, name) for column, name in names if pd.notna(name)):
            sharing = owners.setdefault(fold(name), [])
            for owner in (one for one in sharing if one not in (own, *told)):
                if _together(descent, own, owner):
                    yield _fault(areas, row.Index, column, "name_shared", name=name, owner=owner)
                    told.add(owner)
            if own not in sharing:
                sharing.append(own)
        if row.valid_from > row.valid_to:
            day = row.valid_from.date()
            yield _fault(areas, row.Index, "valid_to", "area.life_reversed", start=day)
        parts = keys(row.formed_from)
        if parts and pd.isna(row.valid_from):
            yield _fault(areas, row.Index, "valid_from", "cell_empty")
        for part in parts:
            if part not in known or part == row.area:
                hint = did_you_mean(part, known - {row.area})
                yield _fault(areas, row.Index, "formed_from", "area.part", part=part, hint=hint)
            elif not end[part] < row.valid_from:  # False for unknowns
                day = row.valid_from.date() if pd.notna(row.valid_from) else DASH
                yield _fault(areas, row.Index, "formed_from", "area.goes_on", part=part, day=day)


def _together(descent: Descent, one: str, other: str) -> bool:
    """Tell whether two areas were there at one time."""
    (start, end), (begun, ended) = descent.life(one), descent.life(other)
    return start <= ended and begun <= end


def _release_faults(releases: pd.DataFrame, calendar: Calendar) -> Iterator[Fault]:
    dated = releases.dropna(subset=["period", "released"])
    began = pd.to_datetime(dated["period"].map(calendar.first_day))  # of no rows too
    early = dated["released"] < began
    for row in dated.index[early]:
        yield _fault(releases, row, "released", "released_before_period")
    ordered = dated[~early].sort_values("period")
    for earlier, later in zip(ordered.index[:-1], ordered.index[1:], strict=True):
        if ordered.loc[later, "released"] <= ordered.loc[earlier, "released"]:
            yield _fault(
                releases,
                later,
                "released",
                "released_out_of_order",
                period=ordered.loc[earlier, "period"],
                day=ordered.loc[earlier, "released"].date(),
            )


def _rank_faults(tables: Tables, calendar: Calendar) -> Iterator[Fault]:
    """Find ranks beyond the number of areas that they are among."""
    ranks, descent = tables["ranks"], Descent(tables["areas"])
    maps = map_days(tables["releases"], calendar)
    every = {period: len(descent.on(day)) for period, day in maps.items()}
    editions = tables["releases"].dropna(subset=["period"]).drop_duplicates("period")
    published = ranks["period"].map(editions.set_index("period")["ranked_areas"])
    among = ranks["ranked_areas"].fillna(published).fillna(ranks["period"].map(every))
    for row in ranks.index[(ranks["rank"] > among).fillna(False)]:
        yield _fault(ranks, row, "rank", "rank_beyond", among=among[row])


def plan_faults(tables: Tables, calendar: Calendar) -> Iterator[Fault]:
    """Find what in a plan does not fit the index, the published scores or itself.

    Each row of the targets has the key of its ``area``.
    """
    known = set(tables["indicators"]["indicator"].dropna())
    for name in ("targets", "parent_targets", "actions"):
        yield from _unknown_indicators(tables[name], known)
    editions = calendar.write(tables["releases"])
    for name in ("targets", "parent_targets"):
        yield from _target_faults(tables, tables[name], calendar)
        yield from too_far(calendar.write(tables[name]), editions, str(tables[name].index.name))
    yield from _action_faults(tables["actions"])
    yield from progress_faults(tables)


def plan_area_faults(
    about: Mapping[str, object], file: str, area: str | None, names: AreaNames
) -> Iterator[Fault]:
    """Find a plan issued by an area that was gone by then."""
    issued, end = about.get("issued"), names.descent.life(area or "")[1]
    if area and issued and pd.Timestamp(issued) > end:
        values = {"got": about["area"], "day": issued, "end": end.date()}
        values["heirs"] = _heirs(names, area, issued)
        yield Fault("area.plan_ended", file, None, "area", values)


def _target_faults(tables: Tables, table: pd.DataFrame, calendar: Calendar) -> Iterator[Fault]:
    """Find targets off their scale, before their baseline, or at odds with what was published."""
    indicators = tables["indicators"]
    targets = table[table["measure"] == SCORE]
    targets.index.name = table.index.name
    own = indicators.drop_duplicates("indicator").set_index("indicator")
    lower, ways = targets["indicator"].map(own["lower"]), own["direction"]
    file = str(targets.index.name)
    outside = list(below_zero(targets[~(lower < 0)], tables["scores"], file))
    said = {fault.row for fault in outside}
    columns = ["baseline", "target", "target_upper"]
    ends = ends_of(targets, indicators)
    outside += [one for one in scale_faults(targets, columns, *ends) if one.row not in said]
    yield from outside
    yield from _rank_target_faults(tables, table[table["measure"] == RANK], calendar)
    doubted = {fault.row for fault in outside}  # their sums need no second complaint
    scores = tables["scores"].sort_values("released", kind="stable")
    known = _published(scores[scores["status"].isin(["published", "derived"])], targets, "value")
    for row in targets.itertuples():
        if row.baseline_period is not pd.NA and row.target_period is not pd.NA:
            if row.baseline_period >= row.target_period:
                yield _fault(targets, row.Index, "target_period", "target_not_later")
        elif pd.notna(row.baseline) and row.baseline_period is pd.NA:
            yield _fault(targets, row.Index, "baseline_period", "cell_empty")
        if row.Index in doubted:
            continue
        # all its versions: a plan may rest on an older one
        published = known.get((row.area, row.indicator, row.baseline_period), ())
        if len(published) and all(abs(one - row.baseline) > ROUNDING for one in published):
            values = {"score": f"{published[-1]:g}", "period": row.baseline_period}
            yield _fault(targets, row.Index, "baseline", "baseline_differs", **values)
            doubted.add(row.Index)
        elif abs(row.target - row.baseline - row.planned_rise) > ROUNDING:  # False for unknowns
            values = {"rise": f"{row.target - row.baseline:.4g}"}
            yield _fault(targets, row.Index, "planned_rise", "rise_differs", **values)
    direction, hint = targets["indicator"].map(ways), Hint("direction_file")
    for fault in contradictions(targets, direction, file, hint=hint):
        change = targets.loc[fault.row, "change"]
        if pd.notna(change):
            yield replace(fault, rule="target.change_sign", values={"got": f"{change:g}"})
        elif fault.row not in doubted:
            yield fault


def too_far(targets: pd.DataFrame, editions: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Find targets so far ahead that they can be no more than slips of the pen."""
    periods = editions["period"].dropna()
    if periods.empty:
        return
    first, last = min(periods), max(periods)
    most = max(MOST_AHEAD, HISTORIES_AHEAD * (int(last) - int(first) + 1))
    for row, period in targets["target_period"].dropna().items():
        if int(period) - int(last) > most:
            values = {"got": period, "last": last, "most": most}
            yield Fault("target.far", file, row, "target_period", values)


def _published(figures: pd.DataFrame, targets: pd.DataFrame, column: str) -> dict[tuple, list]:
    """Return the figures of the areas that have targets, by area, indicator and period."""
    own = figures[figures["area"].isin(targets["area"].unique())]
    found: dict[tuple, list] = {}
    for *key, value in own[["area", "indicator", "period", column]].itertuples(index=False):
        found.setdefault(tuple(key), []).append(value)
    return found


def _rank_target_faults(
    tables: Tables, targets: pd.DataFrame, calendar: Calendar
) -> Iterator[Fault]:
    """Find rank targets beyond the number of areas, or whose baseline is not as published."""
    descent = Descent(tables["areas"])
    ranks = tables["ranks"]
    known_ranks = _published(ranks[ranks["status"] != "doubtful"], targets, "rank")
    there = cache(lambda year: len(descent.on(calendar.last_day(year))))
    for row in targets.itertuples():
        years = [one for one in (row.baseline_period, row.target_period) if pd.notna(one)]
        every = max(map(there, years), default=np.inf)
        every = every if pd.isna(row.ranked_areas) else row.ranked_areas
        for column in ("target", "target_upper"):
            if getattr(row, column) > every:  # False for unknowns
                yield _fault(targets, row.Index, column, "target.rank_beyond", all=every)
        if pd.notna(row.baseline) and pd.isna(row.baseline_period):
            yield _fault(targets, row.Index, "baseline_period", "cell_empty")
        known = pd.notna(row.baseline_period) and pd.notna(row.target_period)
        if known and row.baseline_period >= row.target_period:
            yield _fault(targets, row.Index, "target_period", "target_not_later")
        published = known_ranks.get((row.area, row.indicator, row.baseline_period), ())
        if len(published) and pd.notna(row.baseline) and row.baseline not in set(published):
            values = {"score": published[-1], "period": row.baseline_period}
            yield _fault(targets, row.Index, "baseline", "rank_differs", **values)


def _action_faults(actions: pd.DataFrame) -> Iterator[Fault]:
    for row in actions.itertuples():
        if row.start > row.deadline:  # False for unknowns
            yield _fault(
                actions, row.Index, "deadline", "deadline_before_start", start=row.start.date()
            )
        if pd.notna(row.quantity) and pd.isna(row.unit_vi) and pd.isna(row.unit_en):
            yield _fault(actions, row.Index, "quantity", "quantity_without_unit")


def progress_faults(tables: Tables) -> Iterator[Fault]:
    """Find task reports on unknown tasks, of impossible days, or at odds with themselves."""
    progress, actions = tables["progress"], tables["actions"]
    known = list(actions["action"].dropna())
    of = actions.set_index("action")["indicator"].to_dict()
    planned = set(actions.loc[actions["quantity"].notna(), "action"])
    indicators = tables["indicators"]
    own = self_assessed(indicators)
    for row in progress.dropna(subset=["action"]).itertuples():
        if row.action not in known:
            yield _fault(
                progress, row.Index, "action", "action_unknown", known=", ".join(known) or "–"
            )
        if pd.notna(row.quarter) and pd.notna(row.reported):
            quarter = Quarter.parse(row.quarter)
            if row.reported < pd.Timestamp(quarter.first):
                yield _fault(progress, row.Index, "reported", "reported_early", quarter=row.quarter)
            elif row.reported.year - quarter.year > LATEST:
                yield _fault(progress, row.Index, "reported", "reported_far", quarter=row.quarter)
        if 0 < row.percent < 1:
            share = f"{100 * row.percent:.4g}"
            yield _fault(progress, row.Index, "percent", "percent_of_one", percent=share)
        if (row.status == "done" and row.percent < 100) or (
            row.status == "not_started" and row.percent > 0
        ):
            yield _fault(progress, row.Index, "percent", f"percent_{row.status}")
        if row.action not in known:
            continue
        if pd.notna(row.quantity) and row.action not in planned:
            yield _fault(progress, row.Index, "quantity", "quantity_not_planned", action=row.action)
        if pd.notna(row.interim_value) and of[row.action] not in own:
            yield _fault(
                progress,
                row.Index,
                "interim_value",
                "not_self_assessed",
                indicator=of[row.action],
            )
    scored = progress.assign(indicator=progress["action"].map(of))
    scored = scored[scored["indicator"].isin(own)]  # of others the score itself is the fault
    scored.index.name = progress.index.name
    yield from scale_faults(scored, ["interim_value"], *ends_of(scored, indicators))


def self_assessed(indicators: pd.DataFrame) -> set[str]:
    """Name the indicators that units score themselves."""
    return set(indicators.loc[indicators["self_assessed"].eq(True).fillna(False), "indicator"])


def report_faults(progress: pd.DataFrame, rule: Reporting) -> Iterator[Fault]:
    """Find task reports for a year or a quarter that the plan has no report of its own on."""
    for row, of in progress["quarter"].dropna().items():
        if not rule.makes(report := Quarter.parse(of)):
            broken = "no_year_report" if report.whole_year else "no_quarter_report"
            yield _fault(progress, row, "quarter", broken, got=of, year=report.year)


def _unknown_indicators(table: pd.DataFrame, known: set[str]) -> Iterator[Fault]:
    unknown = table["indicator"].notna() & ~table["indicator"].isin(known)
    for row, name in table.loc[unknown, "indicator"].items():
        hint = did_you_mean(name, known)
        yield _fault(table, row, "indicator", "indicator_unknown", hint=hint)


def scale_faults(
    table: pd.DataFrame, columns: Sequence[str], low: pd.Series, high: pd.Series
) -> Iterator[Fault]:
    """Find figures beyond the ends of their scale, which each row has; a missing end is none.

    The name of the table's index is the file that it is from.
    """
    for column in columns:
        value = table[column]
        for row in table.index[((value < low) | (value > high)) & ~(low >= high)]:
            got, lower, upper = value[row], low[row], high[row]
            lost_comma = any(lower <= got / power <= upper for power in (10, 100, 1000))
            values = {
                "got": f"{got:g}",
                "low": "−∞" if pd.isna(lower) else f"{lower:g}",
                "high": "∞" if pd.isna(upper) else f"{upper:g}",
                "hint": Hint("comma_lost") if lost_comma else Hint(),
            }
            if pd.isna(indicator := table.loc[row].get("indicator")):  # of a case there may be none
                yield _fault(table, row, column, "outside_ends", **values)
            else:
                yield _fault(table, row, column, "outside_scale", **values, indicator=indicator)


def ends_of(table: pd.DataFrame, scales: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the ends of the scale of each row: of several for an indicator the widest."""
    ends = scales.groupby("indicator").agg({"lower": "min", "upper": "max"})
    return table["indicator"].map(ends["lower"]), table["indicator"].map(ends["upper"])


def _fault(table: pd.DataFrame, row: int, column: str, rule: str, **values: object) -> Fault:
    cell = table.loc[row].get(column.split(", ")[0])
    if isinstance(cell, pd.Timestamp):
        cell = cell.date()
    elif isinstance(cell, float):
        cell = f"{cell:g}"
    return Fault(rule, str(table.index.name), row, column, {"got": cell} | values)
