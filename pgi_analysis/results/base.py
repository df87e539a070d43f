"""What all results share: a table, rows by indicator, and how they show themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import singledispatch
from typing import TYPE_CHECKING, Self

import pandas as pd

from pgi_analysis.data import calendar_of
from pgi_analysis.faults import refuse
from pgi_analysis.language import DASH
from pgi_analysis.voice import Voice, own_voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: states of a target whose outcome is known, and of one that is still ahead and can be projected
DECIDED, PENDING = ("met", "missed"), ("open", "reached", "nowcast")
#: and of one that no score can be held against
NOT_COMPARABLE = "not_comparable"


@singledispatch
def html(found: Result) -> str:
    """Show a result as its bare table; `notebook.display` registers what says it in words."""
    return found.table.to_html()


_FOR_PAGES = {"ends", "fan", "fans", "figure", "of_year", "only", "over", "spoken"}


@dataclass(frozen=True, eq=False)
class Result:
    """A table with the settings that made it; ``found["column"]`` is that of the table."""

    table: pd.DataFrame

    def __getitem__(self, columns: object) -> pd.Series | pd.DataFrame:
        return self.table[columns]

    def __dir__(self) -> list[str]:
        """List what an analyst asks for; the rest is there for pages and charts."""
        return sorted(set(super().__dir__()) - _FOR_PAGES)

    def __len__(self) -> int:
        return len(self.table)

    def _repr_html_(self) -> str:
        return html(self)

    def _of(self, indicators: Collection[str]) -> Self:
        """Keep the rows of some indicators, in every table of the result."""
        tables = {f.name: getattr(self, f.name) for f in fields(self)}
        kept = {
            name: table[table["indicator"].isin(indicators)]
            for name, table in tables.items()
            if isinstance(table, pd.DataFrame)
        }
        return replace(self, **kept)

    @property
    def years(self) -> list:
        """The target periods: the nearest still ahead first, then the newest that are over."""
        return [year for part in years_of(self) for year in part]

    @property
    def over(self) -> bool:
        """Whether the editions of all target periods are out; of no targets they are."""
        return not years_of(self)[0]

    def of_year(self, year: object) -> Self:
        """Return the part of it that is on the targets for one period."""
        tables = {f.name: getattr(self, f.name) for f in fields(self)}
        kept = {
            name: table[table["target_period"] == year]
            for name, table in tables.items()
            if isinstance(table, pd.DataFrame) and "target_period" in table
        }
        return replace(self, **kept)

    def spoken(self, language: str | None = None) -> Voice:
        """Return who tells of it where there is no page, by default in the language of messages."""
        about = {"calendar": calendar_of(self.table), "language": language}
        return own_voice(getattr(self, "ds", None), self._figures(), self._directions(), **about)

    @property
    def _voice(self) -> Voice:
        return self.spoken()

    def _figures(self) -> Mapping[str, Iterable[float]]:
        """Return the figures that are known of each indicator; a dataset knows them better."""
        return {}

    def _directions(self) -> Mapping[str, int]:
        """Return which way is better for each indicator, where that is known."""
        if not {"direction", "indicator"} <= set(self.table):
            return {}
        known = self.table.dropna(subset=["direction"]).groupby("indicator")["direction"]
        return known.first().astype(int).to_dict()

    def figure(self, voice: Voice, *, shown: bool = False) -> Figure | None:
        """Draw it as the report has it, an Axes for each scale; None where nothing is to draw.

        Parameters
        ----------
        voice : Voice
        shown : bool
            Make it a figure of pyplot, which a notebook shows.
        """
        from pgi_analysis.charts import rows

        return rows.by_scale(
            self.table["indicator"],
            voice,
            lambda some, ax: self._of(some)._draw(voice, ax),
            shown=shown,
        )

    def _plot(self, ax: Axes | None) -> Axes:
        """Draw on one Axes; without one, indicators of very different size on one each."""
        voice = self._voice
        if ax is None and voice.apart and (figure := self.figure(voice, shown=True)):
            return figure.axes[0]
        return self._draw(voice, ax)


def years_of(*found: Result) -> tuple[list, list]:
    """Return the target periods of results: those still ahead, nearest first, and those over.

    Of these the newest first; what cannot be held against any score comes last.
    """
    ahead, every, known = set(), set(), set()
    for one in (one for one in found if "state" in one.table):
        periods, state = one.table["target_period"], one.table["state"]
        every |= set(periods)
        known |= set(periods[state != NOT_COMPARABLE])
        ahead |= set(periods[~state.isin([*DECIDED, "unpublished", NOT_COMPARABLE])])
    over = sorted(every - ahead, reverse=True)
    return sorted(ahead), sorted(over, key=lambda period: period not in known)


def choose(table: pd.DataFrame, indicator: str | None, area: str | None) -> pd.DataFrame:
    """Keep the rows of an indicator of an area, of the first ones where none is named.

    Raises
    ------
    InputError
        The table does not have them.
    """
    for name, wanted in (("indicator", indicator), ("area", area)):
        if wanted is None and len(table):
            wanted = table[name].iloc[0]
        if wanted not in set(table[name]):
            known = ", ".join(dict.fromkeys(table[name])) or DASH
            raise refuse("not_projected", got=wanted or DASH, known=known)
        table = table[table[name] == wanted]
    return table
