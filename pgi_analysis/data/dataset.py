"""The tables of an index with a plan, and what of them was known on a given day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from pgi_analysis.data.areas import apart, area_notices
from pgi_analysis.data.arguments import checked
from pgi_analysis.data.cells import parse_date
from pgi_analysis.data.composites import with_composite_scores
from pgi_analysis.data.consistency import map_days, self_assessed
from pgi_analysis.data.descent import Descent, known_on
from pgi_analysis.data.entries import text_of
from pgi_analysis.data.folder import FAMILIES
from pgi_analysis.data.names import AreaNames, fold
from pgi_analysis.data.periods import YEARS, Calendar
from pgi_analysis.data.plausibility import score_doubts
from pgi_analysis.data.quarters import Quarter, Reporting, in_order
from pgi_analysis.data.suspects import suspect_notices
from pgi_analysis.faults import Fault, refuse
from pgi_analysis.language import LANGUAGES

#: what tells one score of a dataset from another
SCORE_KEY = ["area", "indicator", "period", "released"]
_FOR_PAGES = {
    "about",
    "agencies",
    "agencies_known",
    "area_name",
    "beyond",
    "calendar",
    "descent",
    "doubted",
    "due_day",
    "full_name",
    "groups",
    "language",
    "map_day",
    "n_areas",
    "name",
    "segments",
}
_PLAN_TABLES = ("targets", "rank_targets", "actions", "progress")


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan: who promised what by when, and who reports to whom.

    ``about`` holds the texts of ``plan.toml``; a nested key is reached with a dot. Targets are
    those on scores, and apart from them those on ranks, resolved to values (`targets.resolve`).
    ``parent`` is the plan that this one carries out, where it sets targets of its own;
    ``family`` is the name of a plan for many areas that this one is of, and ``notices`` tell of the
    targets that this area does not have of it. ``tasked`` tells whether it has a table of tasks, be
    it one in which none has been entered yet.
    """

    name: str
    area: str
    about: Mapping[str, object]
    reporting: Reporting
    targets: pd.DataFrame
    rank_targets: pd.DataFrame
    actions: pd.DataFrame
    progress: pd.DataFrame
    parent: Plan | None = None
    family: str = ""
    notices: tuple[Fault, ...] = ()
    tasked: bool = True

    @checked
    def text(self, key: str, language: str) -> str:
        """Return a text of the plan in a language, or nothing where the plan has none."""
        return text_of(self.about, key, language)


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of an index, with a plan where one was asked for.

    Periods are whole numbers inside, which ``calendar`` counts and writes; years as they are.
    ``about`` holds what ``index.toml`` says of the whole folder, and ``language`` is the one that
    its names are in, the first of several. ``vintage`` is the day whose knowledge the tables hold,
    None for all of it. ``_rows`` tells the row in which each score stands, and its name the file;
    ``_doubts`` are those that came up on reading.
    """

    areas: pd.DataFrame
    indicators: pd.DataFrame
    releases: pd.DataFrame
    scores: pd.DataFrame
    ranks: pd.DataFrame
    national: pd.DataFrame
    agencies: pd.DataFrame
    plan: Plan | None = None
    vintage: date | None = None
    quarter: Quarter | None = None
    calendar: Calendar = YEARS
    about: Mapping[str, object] = field(default_factory=dict)
    language: str = LANGUAGES[0]
    files: tuple[Path, ...] = field(default=(), repr=False)
    _rows: pd.Series | None = field(default=None, repr=False)
    _doubts: tuple[Fault, ...] = field(default=(), repr=False)

    def __dir__(self) -> list[str]:
        """List what an analyst asks for; the rest is there for results and pages."""
        return sorted(set(super().__dir__()) - _FOR_PAGES)

    @property
    def family(self) -> str:
        """The kind of panel it is to the projection, as ``index.toml`` says."""
        return str(self.about.get("family", FAMILIES[0]))

    def __repr__(self) -> str:
        plan = f"plan {self.plan.name}" if self.plan else "no plan"
        known = f"as of {self.vintage}" if self.vintage else "all vintages"
        return f"Dataset({plan}, {len(self.scores)} scores, {known})"

    def as_of(self, day: str | date) -> Dataset:
        """Return what was published by a day, that day included.

        Of a figure that was revised both versions stay, so that an earlier day can still be asked
        for; `official` gives the newest. Task reports count from the day they were made.

        Raises
        ------
        InputError
            ``day`` is no date.
        """
        try:
            stamp = parse_date(str(day))
        except ValueError:
            raise refuse("as_of", got=day) from None

        def known(table: pd.DataFrame, column: str = "released") -> pd.DataFrame:
            return table[table[column] <= stamp].reset_index(drop=True)

        plan = self.plan and replace(self.plan, progress=known(self.plan.progress, "reported"))
        return replace(
            self,
            areas=known_on(self.areas, stamp),
            releases=known(self.releases),
            scores=known(self.scores),
            ranks=known(self.ranks),
            national=known(self.national),
            plan=plan,
            vintage=stamp.date(),
        )

    def at(self, quarter: str | Quarter) -> Dataset:
        """Return what was published by the cut-off of a quarter's report.

        A year alone is the year's report, where the plan has one (`Reporting`).
        """
        rule = self.plan.reporting if self.plan else Reporting()
        report = rule.report(quarter)
        if report not in self._kept:
            self._kept[report] = replace(self.as_of(rule.cut_off(report)), quarter=report)
        return self._kept[report]

    def official(self) -> pd.DataFrame:
        """Return the scores that are no self-assessment, in their newest version.

        A composite without a score of its own is the sum of its parts, see `composites`.
        """
        return self._official.copy(deep=False)  # copied on write, so that what is kept stays

    def official_ranks(self) -> pd.DataFrame:
        """Return the ranks in their newest version, each with the number of areas it is among."""
        return self._official_ranks.copy(deep=False)

    def segments(self, area: str | None = None, indicator: str | None = None) -> pd.Series:
        """Return the run of comparable editions that each period is in, by number.

        Of an area's indicator a run also ends where its scores are marked to begin anew, and it is
        in none before the area was formed, unless the publisher went back so far, nor after its
        end.
        """
        if area is None:
            return self._segments.copy(deep=False)
        if (area, indicator) not in self._kept:
            self._kept[area, indicator] = self._own_segments(area, indicator)
        return self._kept[area, indicator].copy(deep=False)

    @cached_property
    def _kept(self) -> dict[object, object]:
        """What has been found out about this dataset, see `kept.of_dataset`."""
        return {}

    def _own_segments(self, area: str, indicator: str | None) -> pd.Series:
        runs, scores = self._segments, self._official
        own = scores[(scores["area"] == area) & (scores["indicator"] == indicator)]
        for period in own.loc[own["series_break"].eq(True), "period"]:
            runs = runs + (runs.index >= period)
        there = [self.descent.valid(area, self.map_day(period)) for period in runs.index]
        return runs.where(np.array(there, bool) | runs.index.isin(own["period"]))

    @cached_property
    def descent(self) -> Descent:
        """Who of the areas was there when, and who came of whom."""
        return Descent(self.areas)

    @cached_property
    def agencies_known(self) -> Descent:
        """Which agency bears which name when."""
        return Descent(
            self.agencies.rename(columns={"name_vi": "area"}).assign(
                name_vi=self.agencies["name_vi"]
            )
        )

    @property
    def due_day(self) -> date:
        """The day before which the report is due; of no report that of what is known."""
        if self.quarter and self.plan:
            return self.plan.reporting.final_deadline(self.quarter)
        return self.vintage or date.max

    def map_day(self, period: int) -> pd.Timestamp:
        """Return the day whose areas an edition is on; that of one to come is its period's last."""
        return self._map_days.get(int(period), self.calendar.last_day(period))

    def beyond(self, period: int) -> bool:
        """Tell whether the plan's area has ended before an edition, out or to come."""
        return self.map_day(period) > self.descent.life(self.require_plan().area)[1]

    def n_areas(self, period: int) -> int:
        """Count the areas that an edition is on, out or to come.

        Examples
        --------
        >>> import pgi_analysis as pgi
        >>> ds = pgi.load("data")
        >>> ds.n_areas(2024), ds.n_areas(2025)
        (63, 34)
        """
        return len(self.descent.on(self.map_day(period)))

    @cached_property
    def _map_days(self) -> dict[int, pd.Timestamp]:
        return map_days(self.releases, self.calendar)

    @cached_property
    def notices(self) -> tuple[Fault, ...]:
        """What among the official scores known was accepted, but may be wrong."""
        own = self.plan.notices if self.plan else ()
        return (*own, *self._doubts, *self._score_notices, *self._area_notices())

    def _area_notices(self) -> Iterator[Fault]:
        """Point at a plan whose area may be meant for the one that it became part of."""
        if self.plan is None or self.plan.about.get("issued"):
            return
        name, end = str(self.plan.about["area"]), self.descent.life(self.plan.area)[1]
        others = [one for one in AreaNames(self.areas).all(name) if one != self.plan.area]
        years = [*self.plan.targets["target_period"], *self.plan.rank_targets["target_period"]]
        if others and any(map(self.beyond, years)):
            values = {"got": name, "end": end.date(), "others": ", ".join(others)}
            folder = self.plan.family or self.plan.name
            yield Fault("area.which", f"plans/{folder}/plan.toml", None, "area", values)

    @cached_property
    def doubted(self) -> set[tuple[str, str, int]]:
        """The scores that a notice is on, by area, indicator and period."""
        rows = {row for notice in self._score_notices for row in notice.rows}
        doubted = self._by_row[self._by_row.index.isin(rows)]
        return set(doubted[SCORE_KEY[:3]].itertuples(index=False, name=None))

    @cached_property
    def _by_row(self) -> pd.DataFrame:
        """The scores in all versions, each by its row in the file where that is known."""
        if self._rows is None:
            return self.scores
        return self.scores.set_axis(
            self._rows.reindex(pd.MultiIndex.from_frame(self.scores[SCORE_KEY]))
        )

    @cached_property
    def _score_notices(self) -> tuple[Fault, ...]:
        scores, rows, file = newest(self.scores), None, "scores.csv"
        if self._rows is not None:
            at = pd.MultiIndex.from_frame(scores[SCORE_KEY])
            rows, file = self._rows.reindex(at).set_axis(scores.index), str(self._rows.name)
        named = area_notices(scores, file, rows, near=False)  # areas.csv says so
        runs = self._segments.set_axis(map(self.calendar.period, self._segments.index)).to_dict()
        alone = list(suspect_notices(self.calendar.write(scores), file, rows, runs))
        told = [row for notice in alone for row in notice.rows]  # their sums need no second word
        rest = self._by_row[~self._by_row.index.isin(told)]
        about = {"area": self.plan.area} if self.plan else {}
        doubts = score_doubts(rest, self.indicators, self.calendar, file, **about)
        return (*named, *alone, *doubts)

    @cached_property
    def _official(self) -> pd.DataFrame:
        return with_composite_scores(newest(self.scores), self.indicators)

    @cached_property
    def _official_ranks(self) -> pd.DataFrame:
        ranks = newest(self.ranks)
        every = {period: self.n_areas(period) for period in ranks["period"].unique()}
        among = ranks["ranked_areas"].fillna(ranks["period"].map(every))
        return ranks.assign(ranked_areas=among.astype("Int64"))

    @cached_property
    def _segments(self) -> pd.Series:
        ordered = self.releases.sort_values("period")
        return ordered.set_index("period")["series_break"].astype(int).cumsum()

    def panel(self) -> pd.DataFrame:
        """Return the scores that can be compared with the newest edition known.

        Scores of an area's indicator from before a break of its own are those of another area, see
        `areas.apart`. Of the plan's area a self-assessment stands for a year without an official
        score: with the status ``interim``, the one reported last, see `self_assessments`.

        Returns
        -------
        DataFrame
            area, indicator, period, value, status, released: one row a score.
        """
        segments = self.segments()
        latest = segments.index[segments == segments.iloc[-1]] if len(segments) else []
        scores = self.official()
        columns = ["area", "indicator", "period", "value", "status", "released"]
        known = apart(scores[scores["period"].isin(latest)])[columns]
        own = self.self_assessments()
        own = own[own["period"].isin(latest) | ~own["period"].isin(segments.index)]
        if own.empty:
            return known.reset_index(drop=True)
        own = own.drop_duplicates(["indicator", "period"], keep="last")
        return pd.concat([known, own[columns]], ignore_index=True)

    def self_assessments(self) -> pd.DataFrame:
        """Return what the plan's units give indicators that score themselves, the newest last.

        Only of years without an official score; of each task the last report of a quarter.

        Returns
        -------
        DataFrame
            action, area, indicator, quarter, period, value, status, released: ``period`` is the
            year of the quarter, ``released`` the day of the report.
        """
        names = "action area indicator quarter period value status released".split()
        if self.plan is None:
            return pd.DataFrame(columns=names)
        of = self.plan.actions.set_index("action")["indicator"].to_dict()
        reports = self.plan.progress.dropna(subset=["interim_value"])
        found = reports.rename(columns={"interim_value": "value", "reported": "released"}).assign(
            area=self.plan.area,
            indicator=reports["action"].map(of),
            period=reports["quarter"].str[:4].astype("int64"),
            status="interim",
        )
        scores = self.official()
        official = scores.loc[scores["area"] == self.plan.area, ["indicator", "period"]]
        scored = pd.MultiIndex.from_frame(official)
        pending = ~pd.MultiIndex.from_frame(found[["indicator", "period"]]).isin(scored)
        pending &= np.array([not self.beyond(period) for period in found["period"]], bool)
        found = found[pending & found["indicator"].isin(self_assessed(self.indicators))]
        found = in_order(found, "released")
        return found.drop_duplicates(["action", "quarter"], keep="last")[names]

    def weights(self) -> dict[str, dict[str, float]]:
        """Return the weights of each composite's parts, by the composite and the part."""
        parts = self.indicators.dropna(subset=["part_of"])
        return {
            str(whole): dict(zip(rows["indicator"], rows["weight"].astype(float), strict=True))
            for whole, rows in parts.groupby("part_of", sort=False)
        }

    def groups(self, language: str) -> dict[str, str]:
        """Return the group of each indicator that has one, such as its goal, in a language."""
        other = next(one for one in LANGUAGES if one != language)
        named = self.indicators.set_index("indicator")
        found = named[f"group_{language}"].combine_first(named[f"group_{other}"])
        return {str(name): str(group) for name, group in found.dropna().items()}

    def name(self, indicator: str, language: str) -> str:
        """Return the name of an indicator in a language."""
        names = self.indicators.set_index("indicator")[f"name_{language}"]
        return str(names.get(indicator, indicator))

    def of_parent(self) -> Dataset:
        """Return the dataset with the plan that this one carries out in the place of its own.

        Where that sets no targets, or there is none, it is a plan without targets.
        """
        plan = self.require_plan()
        if "parent" not in self._kept:
            none = {name: getattr(plan, name).iloc[:0] for name in _PLAN_TABLES}
            self._kept["parent"] = replace(self, plan=plan.parent or replace(plan, **none))
        return self._kept["parent"]

    def area_name(self, area: str, language: str = LANGUAGES[0]) -> str:
        """Return the name that an area bears, or bore last.

        A Vietnamese name keeps its diacritics in English texts.

        Examples
        --------
        >>> import pgi_analysis as pgi
        >>> ds = pgi.load("data")
        >>> ds.area_name("Thừa Thiên Huế", "en"), ds.area_name("Lạng Sơn", "en")
        ('Huế', 'Lạng Sơn')
        """
        row = self._named(area)
        if row is None:
            return area
        named, vietnamese = str(row[f"name_{language}"]), str(row["name_vi"])
        return vietnamese if fold(named) == fold(vietnamese) else named

    def _named(self, area: str) -> pd.Series | None:
        return self.descent.row(area, self.vintage or date.max)

    def full_name(self, area: str, language: str) -> str:
        """Return an area with what it is, as sentences name it; bare where no kind is given.

        Examples
        --------
        >>> import pgi_analysis as pgi
        >>> ds = pgi.load("data")
        >>> [ds.full_name(area, "vi") for area in ("Lạng Sơn", "Hải Phòng", "Hồ Chí Minh")]
        ['tỉnh Lạng Sơn', 'thành phố Hải Phòng', 'Thành phố Hồ Chí Minh']
        >>> ds.full_name("Hải Phòng", "en")
        'Hải Phòng City'
        """
        row, name = self._named(area), self.area_name(area, language)
        kind = None if row is None else row[f"kind_{language}"]
        if not isinstance(kind, str) or kind.casefold() in name.casefold():
            return name
        return f"{kind} {name}" if language == "vi" else f"{name} {kind}"

    def require_plan(self) -> Plan:
        """Return the plan, or say that one is needed."""
        if self.plan is None:
            raise refuse("plan_needed")
        return self.plan


def official_national(ds: Dataset) -> pd.DataFrame:
    """Return the figures of all areas together in their newest version."""
    return newest(ds.national, ["indicator", "period", "statistic", "rank"])


def newest(table: pd.DataFrame, key: Sequence[str] = SCORE_KEY[:3]) -> pd.DataFrame:
    """Return the official figures of scores, ranks or the country in their newest version."""
    official = table[table["status"] != "interim"].sort_values("released", kind="stable")
    newest = official.drop_duplicates(list(key), keep="last")
    return newest.sort_index().reset_index(drop=True)
