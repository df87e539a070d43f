"""Who speaks: a language, and the names that a dataset has in it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from pgi_analysis.data import (
    YEARS,
    Calendar,
    Dataset,
    Measure,
    Quarter,
    Reporting,
    in_per_cent,
    measures,
    measures_of,
    text_of,
)
from pgi_analysis.faults import refuse
from pgi_analysis.language import (
    DASH,
    LANGUAGES,
    Writer,
    capital,
    column,
    default_language,
    number,
    percent,
    words,
)

ROMAN = ("I", "II", "III", "IV")
#: what a report is on, where a quarter is written in full
LONG = {"quarter": "quarter_long"}
#: kinds of areas, in small letters, that are provinces to those who speak of them
PROVINCES = {"tỉnh", "thành phố", "province", "city"}
#: a place among fewer known areas than this would be taken for a rank that it is not
PLACED = 30
#: the agencies that a plan names, as keys of ``plan.toml``
AGENCIES = ("agency", "reporting.unit", "reporting.reports_to")
#: probabilities that rest on one edition are told to the nearest 1 / STEPS
STEPS = 20

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


@dataclass(frozen=True)
class Goal:
    """A target as a text writes it: a value, a range, and the change that a plan states instead.

    ``change``, of a range up to ``change_upper``, is in points, or where it is ``relative`` in per
    cent of the figure of ``since``.
    """

    value: float
    upper: float = math.nan
    change: float = math.nan
    change_upper: float = math.nan
    relative: bool = False
    since: object = None

    @classmethod
    def of(cls, row) -> Goal:
        """Return the target of a row of a result."""
        fields = ("target_upper", "change", "change_upper", "relative", "baseline_period")
        return cls(row.target, *(getattr(row, name, cls.upper) for name in fields))

    @property
    def ranged(self) -> bool:
        """Whether it is a range."""
        return bool(pd.notna(self.upper))


@dataclass(frozen=True, eq=False)
class Voice(Writer):
    """Who speaks to whom: a language, and the names that a dataset has in it.

    Its formats come on top of those of `language.Writer`, for the texts: ``{indicator:name}``,
    ``{names:listed}``, ``{quarter:quarter}``, ``{quarter:report}``, ``{p:likelihood}``, and with
    the unit of what it speaks `about` ``{value:amount}``, ``{gap:distance}``, ``{pace:change}``.
    Without a dataset, indicators go by their codes, and no unit is claimed. A `rough`
    voice knows probabilities no better than in steps of 5 %.
    """

    ds: Dataset | None
    language: str = "vi"
    measures: Mapping[str, Measure] | None = None
    rough: bool = False
    calendar: Calendar = YEARS

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise refuse("language_unknown", got=self.language)
        if self.ds:
            object.__setattr__(self, "calendar", self.ds.calendar)
        if self.measures is None:
            known = measures_of(self.ds, self.language) if self.ds else {}
            object.__setattr__(self, "measures", known)

    def about(self, *indicators: str) -> Voice:
        """Speak about some indicators: with their decimals and, where it is one, in their unit."""
        known = {name: self.measures[name] for name in indicators if name in self.measures}
        return replace(self, measures=known)

    def on(self, row) -> Voice:
        """Speak about a row of a result: of its indicator; roughly if it rests on one edition."""
        rough = getattr(row, "prior_only", False)
        return replace(self.about(row.indicator), rough=bool(pd.notna(rough) and rough))

    @property
    def digits(self) -> int:
        """The decimals of a score."""
        return max((one.digits for one in self.measures.values()), default=Writer.digits)

    @property
    def unit(self) -> str:
        """The unit of what is spoken about; empty where there are several, or none is known."""
        units = {one.unit for one in self.measures.values()}
        return units.pop() if len(units) == 1 else ""

    @property
    def step(self) -> str:
        """The unit of differences: two per cent figures lie points apart."""
        return self.say("page.per_cent_points") if in_per_cent(self.unit) else self.unit

    @property
    def scored(self) -> bool:
        """Whether nothing spoken about is known to be in another unit than points."""
        points = {words(language)["page"]["unit"] for language in LANGUAGES}
        return {one.unit for one in self.measures.values()} <= {"", *points}

    @property
    def falls(self) -> bool:
        """Whether some of what is spoken about should fall: to rise is then not to improve."""
        return any(one.direction == -1 for one in self.measures.values())

    @property
    def alike(self) -> bool:
        """Whether what is spoken about is measured alike: in one unit that is known, on one scale.

        Plain tables name no units, so that only one indicator is known to be like itself.
        """
        kinds = {(one.unit, one.scale) for one in self.measures.values()}
        return len(kinds) == 1 and (len(self.measures) == 1 or bool(self.unit))

    @property
    def apart(self) -> bool:
        """Whether some of what is spoken about would not be seen on an axis with the rest."""
        sizes = [one.size for one in self.measures.values() if one.size is not None]
        units = {one.unit for one in self.measures.values()}
        return len(units) > 1 or (bool(sizes) and max(sizes) - min(sizes) > 1)

    def points(self, value: float | Goal, *, sign: bool = False) -> str:
        """Write a score, a difference of scores, or a target."""
        if not isinstance(value, Goal):
            return super().points(value, sign=sign)
        low, high = (super(Voice, self).points(end) for end in (value.value, value.upper))
        return self.span(low, high) if value.ranged else low

    def amount(self, value: float | Goal) -> str:
        """Write a score or a target with its unit; of a target also the change that it comes from.

        Examples
        --------
        >>> Voice(None, "en", {"s1": Measure(unit="points")}).amount(4.84)
        '4.84 points'
        """
        return self._with_change(self._in(self.unit, self.points(value)), value)

    def goal(self, value: float | Goal) -> str:
        """Write a target without its unit, which the sentence has said, with what it comes from."""
        return self._with_change(self.points(value), value)

    def _with_change(self, said: str, value: float | Goal) -> str:
        changed = self.changed(value) if isinstance(value, Goal) else ""
        return f"{said} ({changed})" if changed else said

    def changed(self, goal: Goal) -> str:
        """Write the change that a plan states in place of a value; nothing where it does not.

        Examples
        --------
        >>> Voice(None, "en").changed(Goal(35.0, change=-30.0, relative=True, since=2020))
        '−30% against 2020'
        """
        if pd.isna(goal.change):
            return ""
        write = self._part if goal.relative else self.change
        ends = [write(end) for end in (goal.change, goal.change_upper) if pd.notna(end)]
        return self.say("page.since", change=self.span(ends[0], ends[-1]), since=goal.since)

    def _part(self, per_cent: float) -> str:
        """Write a change in per cent, without decimals that say nothing."""
        part = number(per_cent, self.language, digits=2, sign=True)
        return re.sub(r"[.,]0+$", "", part) + "%"

    def distance(self, value: float, *, sign: bool = False) -> str:
        """Write a difference of scores with its unit.

        Examples
        --------
        >>> Voice(None, "vi", {"s1": Measure(unit="%")}).distance(1.5)
        '1,50 điểm phần trăm'
        """
        return self._in(self.step, self._difference(value, sign=sign))

    def signed(self, value: float) -> str:
        """Write a difference of scores with its sign.

        Examples
        --------
        >>> people = Voice(None, "en", {"deaths": Measure(digits=0)})
        >>> people.signed(-12.0), people.signed(0.3), people.signed(0.0)
        ('−12', '+0.3', '0')
        >>> people.signed(-1.6)
        '−1.6'
        """
        return self._difference(value, sign=True)

    def _difference(self, value: float, *, sign: bool) -> str:
        """Write a difference; a small one of whole figures, as a pace is, with its decimals."""
        digits = self.digits
        if not digits and abs(value) < 10 and not math.isclose(value, round(value), abs_tol=0.005):
            digits = 1 if abs(value) >= 0.05 else 2
        return number(value, self.language, digits=digits, sign=sign)

    def change(self, value: float) -> str:
        """Write a difference of scores with its sign and unit."""
        return self.distance(value, sign=True)

    def _in(self, unit: str, written: str) -> str:
        return f"{written}{'' if unit == '%' else ' '}{unit}".strip()

    def say(self, key: str, **values: object) -> str:
        """Fill a text; its `nouns` say what the areas of the index are.

        A text that has another of its name and ``_falls`` beside it is for what should rise; that
        other one is for what should fall, or speaks of both.
        """
        key = f"{key}_falls" if self.falls and self.knows(f"{key}_falls") else key
        return self.fill(key, {**self.nouns, **values})

    @cached_property
    def nouns(self) -> dict[str, str]:
        """What areas and periods are called: provinces by their kind, or as ``index.toml`` says.

        ``figure`` and ``figures`` are what is spoken about, scores where it is in points. Of areas,
        ``areas`` and ``places`` are several of them, ``locality`` and ``kind`` one, ``everywhere``
        all; the second and third are more general where they are provinces.
        """
        of = "provinces" if self.of_provinces else "any"
        found = dict(words(self.language)["page"]["nouns"][of])
        if own := own_nouns(self.ds.about.get("area") if self.ds else None, self.language):
            found |= dict.fromkeys(("locality", "kind"), own[0])
            found |= dict.fromkeys(("areas", "places"), own[1])
        one = found["locality"]
        for name in ("everywhere", "ranked"):
            found[name] = found[name].format(places=found["places"])
        found |= {name.title(): capital(found[name]) for name in ("locality", "places", "kind")}
        said = words(self.language)["page"]["when"][self.calendar.kind]
        found |= words(self.language)["page"]["measured"]["points" if self.scored else "any"]
        found |= {name.title(): capital(found[name]) for name in ("figure", "figures")}
        found |= {"when": said, "whens": f"{said}s", "When": capital(said)}
        composed = self.ds is None or self.ds.indicators["part_of"].notna().any()
        found["An_indicator"] = words(self.language)["page"]["part"][
            f"meaning_{'part' if composed else 'any'}"
        ]
        found["a_locality"] = f"{'an' if one[:1].lower() in 'aeio' else 'a'} {one}"
        return found

    @cached_property
    def of_provinces(self) -> bool:
        """Whether the areas are provinces, by what ``areas.csv`` says they are."""
        kinds = set() if self.ds is None else set(self.ds.areas[f"kind_{self.language}"].dropna())
        own = self.ds is not None and "area" in self.ds.about
        return bool(kinds) and not own and {kind.casefold() for kind in kinds} <= PROVINCES

    def knows(self, key: str) -> bool:
        """Tell whether there is a text under a dotted key."""
        entry: object = words(self.language)
        for part in key.split("."):
            entry = entry.get(part) if isinstance(entry, dict) else None
        return entry is not None

    def either(self, row: Mapping[str, object], name: str) -> str:
        """Return a text of a row; one that stands in the other language alone stands in for it."""
        other = next(language for language in LANGUAGES if language != self.language)
        texts = (row[f"{name}_{language}"] for language in (self.language, other))
        return next((text for text in texts if isinstance(text, str)), "")

    def column(self, name: str, part: str = "head", **fill: object) -> str:
        """Head a column."""
        return self.vformat(column(name, part, self.language), (), {**self.nouns, **fill})

    def name(self, indicator: str) -> str:
        """Name an indicator; by its code where no dataset knows it."""
        return self.ds.name(indicator, self.language) if self.ds else indicator

    def bare(self, area: str) -> str:
        """Name an area by its name alone."""
        return self.ds.area_name(area, self.language) if self.ds else area

    def full(self, area: str) -> str:
        """Name an area in full, as a sentence does: tỉnh Lạng Sơn; charts and cells keep it short.

        In Vietnamese it begins small (Thành phố Hồ Chí Minh apart): a text that begins with it is
        to be put through `language.capital`.
        """
        return self.ds.full_name(area, self.language) if self.ds else area

    def row(self, indicator: str) -> str:
        """Name an indicator at the head of a row, with its unit where rows have several."""
        unit = self.about(indicator).unit
        return self.name(indicator) + (bracketed(unit) if unit != self.unit else "")

    def beyond(self, period: object) -> bool:
        """Tell whether the plan's area is no more in a period; of plain tables that is not known.

        See `Dataset.beyond`.
        """
        return self.ds is not None and self.ds.beyond(period)

    @property
    def weights(self) -> Mapping[str, Mapping[str, float]]:
        """The weights of the parts of each composite; plain tables have none."""
        return self.ds.weights() if self.ds else {}

    def parts(self, indicators: Iterable[str]) -> dict[str, str]:
        """Say what indicators are, one and several: parts of a composite, or any."""
        composed = {name for parts in self.weights.values() for name in parts}
        kind = "part" if set(indicators) <= composed else "any"
        said = self.say(f"page.part.{kind}"), self.say(f"page.part.{kind}_several")
        return dict(zip(("part", "parts"), said, strict=True))

    def aim(self, row) -> str:
        """Name the indicator of a target, and say so where the plan sets no such target."""
        named = self.name(row.indicator)
        return named if row.stated else f"{named} ({self.say('page.not_target')})"

    def state(self, state: str, *, stated: bool = True) -> str:
        """Write the state of a target; a sum that the plan does not promise is said to be one."""
        summed = not stated and state in ("met", "missed", "reached", "open")
        return self.say(f"state.{'sum_' if summed else ''}{state}")

    def listed(self, indicators: Iterable[str]) -> str:
        """Name indicators, in quotes, one after the other."""
        return self.joined(f"“{self.name(indicator)}”" for indicator in dict.fromkeys(indicators))

    def joined(self, names: Iterable[str]) -> str:
        """Write names one after the other, the last after «and»."""
        *first, last = [*names] or [""]
        return self.say("page.and").join(filter(None, [", ".join(first), last]))

    def quarter(self, quarter: Quarter | str | None = None) -> str:
        """Write a quarter as the language counts it, the dataset's own if none is given."""
        return self._quarter(quarter, lambda known: "year" if known.whole_year else "quarter")

    def report(self, quarter: Quarter | str | None = None) -> str:
        """Write what the report of a quarter is on: the fourth may be reported on with its year.

        Examples
        --------
        >>> Voice(None, "en").quarter("2024Q4"), Voice(None, "en").report("2024Q4")
        ('Q4 2024', 'Q4 and the year 2024')
        """
        rule = self.ds.plan.reporting if self.ds and self.ds.plan else Reporting()
        return self._quarter(quarter, lambda one: LONG.get(rule.kind(one), rule.kind(one)))

    def _quarter(self, quarter: Quarter | str | None, kind: Callable[[Quarter], str]) -> str:
        if quarter is None:
            day = self.ds.vintage or self.ds.releases["released"].max()
            rule = self.ds.plan.reporting if self.ds.plan else Reporting()
            quarter = self.ds.quarter or rule.current(day)
        known = Quarter.parse(quarter)
        roman = ROMAN[min(known.number, len(ROMAN)) - 1]
        values = {"year": known.year, "number": known.number, "roman": roman}
        return self.say(f"page.{kind(known)}", **values)

    def span(self, low: object, high: object) -> str:
        """Write two ends, once if they are one."""
        return self.period(low) if low == high else self.say("page.span", low=low, high=high)

    def shown(self, probability: float) -> float:
        """Return a probability as it is written, so that words and counts agree with numbers.

        Examples
        --------
        >>> Voice(None).shown(0.213), Voice(None, rough=True).shown(0.213)
        (0.21, 0.2)
        """
        least = 1 / STEPS if self.rough else 0.01
        if not self.rough and min(probability, 1 - probability) < least:
            return probability
        if probability in (0, 1) or least <= probability <= 1 - least:
            return round(probability / least) * least if self.rough else round(probability, 2)
        return least / 2 if probability < least else 1 - least / 2

    def chance(self, probability: float, *, short: bool = False) -> str:
        """Write a probability as well as it is known: about 20% where it rests on one edition.

        In the `short` form, for a cell among many, with a sign in place of a word.

        Examples
        --------
        >>> [Voice(None, "en", rough=True).chance(p) for p in (0.213, 0.04, 0.96)]
        ['about 20%', 'below 5%', 'above 95%']
        >>> Voice(None, "en").chance(0.213), Voice(None, "en").chance(0.004)
        ('21%', 'below 1%')
        >>> Voice(None, "en").chance(0.004, short=True)
        '<1%'
        """
        if pd.isna(probability):
            return DASH
        least = 1 / STEPS if self.rough else 0.01
        if 0 < probability < least:
            sign, key, said = "<", "less", percent(least)
        elif 1 - least < probability < 1:
            sign, key, said = ">", "more", percent(1 - least)
        else:
            sign, key, said = "~", "roughly", percent(self.shown(probability))
            if probability in (0, 1) or not self.rough:
                return said
        return sign + said if short else self.say(f"page.{key}", p=said)

    def likelihood(self, probability: float) -> str:
        """Put a probability into the words of the IPCC's scale.

        Its terms overlap (``unlikely`` is 0 to 33 %); the narrowest that fits is used. The
        probability counts as it is written (`shown`), so that word and number never disagree.

        Examples
        --------
        >>> Voice(None, "en").likelihood(0.083), Voice(None, "en", rough=True).likelihood(0.083)
        ('very unlikely', 'unlikely')
        """
        shown = self.shown(probability)
        low = (key for least, key in LIKELIHOODS if shown >= least)
        return self.say(f"likelihood.{next(low, 'impossible')}")

    def place(self, row) -> str:
        """Write an area's place among those known; where few of many are, only at an end.

        Empty where nobody said which way is better, and where a rank was published: that counts.
        """
        if pd.isna(row.place) or row.n_known < 2 or self._ranked(row):
            return ""
        every = self.ds.n_areas(row.last_period) if self.ds else row.n_known
        at = {"place": row.place, "n_known": row.n_known}
        if row.n_known >= min(PLACED, every):
            return self.say("place.of", **at)
        best = self.ds.indicators.set_index("indicator")["direction"][row.indicator]
        ends = {1: "highest", row.n_known: "lowest"}
        if best < 0:
            ends = {1: "lowest", row.n_known: "highest"}
        return self.say(f"place.{ends[row.place]}", **at) if row.place in ends else ""

    def _ranked(self, row) -> bool:
        """Tell whether a rank was published for the score that a place is of."""
        if not self.ds:
            return False
        ranks = self.ds.official_ranks()
        key = {"area": row.area, "indicator": row.indicator, "period": row.last_period}
        return bool((ranks[list(key)] == list(key.values())).all(axis=1).any())

    def outlook(self, probability: float) -> str:
        """Write a probability with the words for it."""
        return f"{self.chance(probability)}, {self.likelihood(probability)}"

    @property
    def area(self) -> str:
        """The plan's area, by the key that the data have; texts write it `full` or `bare`."""
        return self.ds.require_plan().area

    def agency(self, key: str = "agency") -> str:
        """Name an agency of the plan as it is called on the day by which the report is due.

        One that has ended by then goes by its successor's name; where that is not known it is
        called the successor, and `ended_agencies` says what is needed.
        """
        named = self.ds.require_plan().text(key, self.language)
        row = self._agency_row(key)
        if row is None:
            return named
        if row.empty:
            return self.say("page.successor", agency=named)
        return self.either(row, "name")

    def ended_agencies(self) -> dict[str, pd.Timestamp]:
        """Return the agencies of the plan whose successors are not known, and their last days."""
        plan = self.ds.require_plan()
        return {
            plan.text(key, self.language): self.ds.agencies_known.life(plan.text(key, "vi"))[1]
            for key in AGENCIES
            if (row := self._agency_row(key)) is not None and row.empty
        }

    def _agency_row(self, key: str) -> pd.Series | None:
        """Return the row of an agency that has another name by now, empty where it is not known."""
        named, known = self.ds.require_plan().text(key, "vi"), self.ds.agencies_known
        if named not in known:
            return None
        own, day = known.own(named), self.ds.due_day
        heirs = [own] if known.valid(own, day) else known.heirs(own, day)
        row = known.row(heirs[0], day) if len(heirs) == 1 else pd.Series()
        return None if row.get("name_vi") == named else row

    @property
    def index(self) -> str:
        """The name of the index, short where the plan has one; empty where nobody named it."""
        plan, ds = self.ds.require_plan(), self.ds
        return plan.text("index", self.language) or text_of(ds.about, "name", self.language)

    @property
    def known_publisher(self) -> str:
        """Who publishes the index; empty where nobody said."""
        own = self.ds.require_plan().text("publisher", self.language)
        return own or text_of(self.ds.about, "publisher", self.language)

    @property
    def publisher(self) -> str:
        """Who publishes the index, named or not."""
        return self.known_publisher or self.say("page.publisher")

    @property
    def main(self) -> str:
        """What the main page of a report is."""
        return self.say(f"page.main.{self.ds.require_plan().reporting.rhythm}")


def own_nouns(said: Mapping[str, str] | None, language: str) -> tuple[str, ...]:
    """Return what ``index.toml`` calls one and several areas or groups; empty if nothing.

    Examples
    --------
    >>> own_nouns({"singular_en": "goal", "plural_en": "goals"}, "en"), own_nouns(None, "vi")
    (('goal', 'goals'), ())
    """
    pair = [(said or {}).get(f"{number}_{language}") for number in ("singular", "plural")]
    if language == "vi":  # which has one form for both
        pair = [one or other for one, other in zip(pair, pair[::-1], strict=True)]
    return tuple(pair) if all(pair) else ()


def bracketed(unit: str) -> str:
    """Write a unit behind a heading; nothing where there is none.

    Examples
    --------
    >>> bracketed("points"), bracketed("")
    (' (points)', '')
    """
    return f" ({unit})" if unit else ""


def own_voice(
    ds: Dataset | None,
    figures: Mapping[str, Iterable[float]],
    directions: Mapping[str, int],
    *,
    calendar: Calendar = YEARS,
    language: str | None = None,
) -> Voice:
    """Speak of a result by itself, which has no page to ask.

    Parameters
    ----------
    ds : Dataset or None
    figures, directions : mapping
        Without a dataset: the figures known of each indicator, for their decimals, and which way
        is better.
    calendar : Calendar
        Without a dataset: that of the result.
    language : {"vi", "en"}, optional
        By default that of messages.
    """
    known = None if ds else measures(figures, directions)
    return Voice(ds, language or default_language(), known, calendar=calendar)
