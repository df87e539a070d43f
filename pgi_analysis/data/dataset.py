"""The tables of an index with a plan, and what of them was known on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from pgi_analysis.data.areas import area_notices
from pgi_analysis.data.cells import parse_date
from pgi_analysis.data.composites import with_composite_scores
from pgi_analysis.data.quarters import Quarter, Reporting
from pgi_analysis.data.suspects import suspect_notices
from pgi_analysis.faults import Fault, refuse

#: what tells one score of a dataset from another
SCORE_KEY = ["area", "indicator", "period", "released"]


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan: who promised what by when, and who reports to whom.

    ``about`` holds the texts of ``plan.toml``; a nested key is reached with a dot.
    """

    name: str
    area: str
    about: Mapping[str, object]
    reporting: Reporting
    targets: pd.DataFrame
    actions: pd.DataFrame
    progress: pd.DataFrame

    def text(self, key: str, language: str) -> str:
        """Return a text of the plan in a language, or nothing where the plan has none."""
        table: object = self.about
        *outer, last = key.split(".")
        for part in outer:
            table = table.get(part, {}) if isinstance(table, Mapping) else {}
        assert isinstance(table, Mapping)
        # one language is enough: a text that is missing in the other stands in for it
        keys = (f"{last}_{language}", last, f"{last}_vi", f"{last}_en")
        return next((str(table[key]) for key in keys if table.get(key)), "")


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of an index, with a plan where one was asked for.

    ``vintage`` is the day whose knowledge the tables hold, None for all of it. ``_rows`` tells the
    row in which each score stands, and its name the file.
    """

    provinces: pd.DataFrame
    indicators: pd.DataFrame
    releases: pd.DataFrame
    scores: pd.DataFrame
    ranks: pd.DataFrame
    national: pd.DataFrame
    plan: Plan | None = None
    vintage: date | None = None
    quarter: Quarter | None = None
    files: tuple[Path, ...] = field(default=(), repr=False)
    _rows: pd.Series | None = field(default=None, repr=False)

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
            releases=known(self.releases),
            scores=known(self.scores),
            ranks=known(self.ranks),
            national=known(self.national),
            plan=plan,
            vintage=stamp.date(),
        )

    def at(self, quarter: str | Quarter) -> Dataset:
        """Return what was published by the reporting deadline of a quarter."""
        quarter = Quarter.parse(quarter)
        rule = self.plan.reporting if self.plan else Reporting()
        return replace(self.as_of(rule.deadline(quarter)), quarter=quarter)

    def official(self) -> pd.DataFrame:
        """Return the scores that are no self-assessment, in their newest version.

        A composite without a score of its own is the sum of its parts, see `composites`.
        """
        return self._official.copy(deep=False)  # copied on write, so that what is kept stays

    def official_ranks(self) -> pd.DataFrame:
        """Return the ranks in their newest version."""
        return self._official_ranks.copy(deep=False)

    def segments(self) -> pd.Series:
        """Return the run of comparable editions that each period is in, by number."""
        return self._segments.copy(deep=False)

    @cached_property
    def notices(self) -> tuple[Fault, ...]:
        """What among the official scores known was accepted, but may be wrong."""
        scores, rows, file = _newest(self.scores), None, "scores.csv"
        if self._rows is not None:
            at = pd.MultiIndex.from_frame(scores[SCORE_KEY])
            rows, file = self._rows.reindex(at).set_axis(scores.index), str(self._rows.name)
        named = area_notices(scores, file, rows, near=False)  # provinces.csv says so
        return (*named, *suspect_notices(scores, file, rows))

    @cached_property
    def _official(self) -> pd.DataFrame:
        return with_composite_scores(_newest(self.scores), self.indicators)

    @cached_property
    def _official_ranks(self) -> pd.DataFrame:
        return _newest(self.ranks)

    @cached_property
    def _segments(self) -> pd.Series:
        ordered = self.releases.sort_values("period")
        return ordered.set_index("period")["series_break"].astype(int).cumsum()

    def panel(self) -> pd.DataFrame:
        """Return the scores that can be compared with the newest edition known.

        Returns
        -------
        DataFrame
            area, indicator, period, value, status, released: one row a score.
        """
        segments = self.segments()
        latest = segments.index[segments == segments.iloc[-1]] if len(segments) else []
        scores = self.official()
        columns = ["area", "indicator", "period", "value", "status", "released"]
        return scores.loc[scores["period"].isin(latest), columns].reset_index(drop=True)

    def weights(self) -> dict[str, dict[str, float]]:
        """Return the weights of each composite's parts, by the composite and the part."""
        parts = self.indicators.dropna(subset=["part_of"])
        return {
            str(whole): dict(zip(rows["indicator"], rows["weight"].astype(float), strict=True))
            for whole, rows in parts.groupby("part_of", sort=False)
        }

    def name(self, indicator: str, language: str) -> str:
        """Return the name of an indicator in a language."""
        names = self.indicators.set_index("indicator")[f"name_{language}"]
        return str(names.get(indicator, indicator))

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
        rows = self.provinces[self.provinces["name_vi"] == area]
        kind = rows[f"kind_{language}"].iloc[0] if len(rows) else None
        if not isinstance(kind, str) or kind.casefold() in area.casefold():
            return area
        return f"{kind} {area}" if language == "vi" else f"{area} {kind}"

    def require_plan(self) -> Plan:
        """Return the plan, or say that one is needed."""
        if self.plan is None:
            raise refuse("plan_needed")
        return self.plan


def _newest(table: pd.DataFrame) -> pd.DataFrame:
    official = table[table["status"] != "interim"].sort_values("released", kind="stable")
    newest = official.drop_duplicates(["area", "indicator", "period"], keep="last")
    return newest.sort_index().reset_index(drop=True)
