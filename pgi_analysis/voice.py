"""Who speaks: a language, the names that a dataset has in it, and how numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pgi_analysis import language as lang
from pgi_analysis.data import Dataset, Quarter
from pgi_analysis.faults import refuse

ROMAN = ("I", "II", "III", "IV")

#: the likelihood scale of the IPCC: (least probability, key)
LIKELIHOODS = (
    (1.0, "certain"),
    (0.99, "virtually_certain"),
    (0.9, "very_likely"),
    (0.66, "likely"),
    (0.33, "even"),
    (0.1, "unlikely"),
    (0.01, "very_unlikely"),
    (1e-300, "exceptionally_unlikely"),
)


@dataclass(frozen=True, eq=False)
class Voice:
    """Who speaks to whom: a language, and the names that a dataset has in it.

    Without a dataset, indicators go by their codes.
    """

    ds: Dataset | None
    language: str = "vi"

    def __post_init__(self) -> None:
        if self.language not in lang.LANGUAGES:
            raise refuse("language_unknown", got=self.language)

    def say(self, key: str, **values: object) -> str:
        """Fill a text, numbers as points with two decimals."""
        spoken = {k: self.points(v) if isinstance(v, float) else v for k, v in values.items()}
        return lang.say(key, self.language, **spoken)

    def points(self, value: float, *, sign: bool = False) -> str:
        """Write a score or a difference of scores."""
        return lang.number(value, self.language, sign=sign)

    def percent(self, share: float) -> str:
        """Write a probability or a level."""
        return lang.percent(share)

    def share(self, value: float) -> str:
        """Write a progress: whole per cent, of any size and sign."""
        if pd.isna(value):
            return "–"
        return lang.number(100 * value, self.language, digits=0) + "%"

    def day(self, value: object) -> str:
        """Write a date."""
        return lang.day(pd.Timestamp(value).date(), self.language)

    def name(self, indicator: str) -> str:
        """Give an indicator's name; its code where no dataset knows it."""
        return self.ds.name(indicator, self.language) if self.ds else indicator

    def quarter(self, quarter: Quarter | str | None = None) -> str:
        """Write a quarter, the dataset's own if none is given."""
        day = self.ds.vintage or self.ds.releases["released"].max()
        own = self.ds.quarter or Quarter(day.year, (day.month - 1) // 3 + 1)
        return self.quarter_name(Quarter.parse(quarter or own))

    def quarter_name(self, quarter: Quarter) -> str:
        """Write a quarter as the language counts it."""
        values = {"year": quarter.year, "number": quarter.number}
        return self.say("page.quarter", roman=ROMAN[quarter.number - 1], **values)

    def stated(self, table: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of indicators that the plan itself sets a target for; without one, all."""
        if self.ds is None:
            return table
        return table[table["indicator"].isin(self.ds.require_plan().targets["indicator"])]

    def aim(self, indicator: str) -> str:
        """Name an indicator, and say so where the plan sets no target for it."""
        if not self.ds or indicator in set(self.ds.require_plan().targets["indicator"]):
            return self.name(indicator)
        return f"{self.name(indicator)} ({self.say('page.not_target')})"

    def state(self, indicator: str, state: str) -> str:
        """Write the state of a target; a sum that the plan does not promise is said to be one."""
        stated = not self.ds or indicator in set(self.ds.require_plan().targets["indicator"])
        summed = not stated and state in ("met", "missed", "reached", "open")
        return self.say(f"state.{'sum_' if summed else ''}{state}")

    def listed(self, indicators: Iterable[str]) -> str:
        """Name indicators, in quotes, one after the other."""
        named = [f"“{self.name(indicator)}”" for indicator in dict.fromkeys(indicators)]
        return self.say("page.and").join(filter(None, [", ".join(named[:-1]), *named[-1:]]))

    @property
    def area(self) -> str:
        """The plan's area."""
        return self.ds.require_plan().area


def own_voice(ds: Dataset | None) -> Voice:
    """Speak the language of messages: a result that shows itself has nobody to ask."""
    return Voice(ds, lang.default_language())


def likelihood(probability: float, voice: Voice) -> str:
    """Put a probability into the words of the IPCC's scale.

    Its terms overlap (``unlikely`` is 0 to 33 %); the narrowest that fits is used. The probability
    counts as it is written, in whole per cent, so that word and number never disagree.
    """
    shown = probability if min(probability, 1 - probability) < 0.01 else round(probability, 2)
    low = (key for least, key in LIKELIHOODS if shown >= least)
    return voice.say(f"likelihood.{next(low, 'impossible')}")
