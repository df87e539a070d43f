"""The overview of many reports: areas by indicators as a matrix, and a small fan of each target.

All of it is read from manifests (`summary`); nothing is computed but what to put where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import mean

from pgi_analysis.charts import small_fan
from pgi_analysis.language import capital, number
from pgi_analysis.report.summary import Entry
from pgi_analysis.voice import LIKELIHOODS, Voice, own_nouns

#: what a cell can be, and its sign, which tells without the colour
SIGNS = {"met": "✓", "likely": "▲", "even": "◆", "unlikely": "▼", "missed": "✕", "none": "–"}
#: kinds that count as going well
WELL = ("met", "likely")
#: the page of a report on which its targets stand
PAGE = "quarterly_report.html"
#: columns from which their heads are written upright
MANY = 8

#: words from which the beginning of titles names what they have in common
FEW_WORDS = 3

_LEAST = {key: least for least, key in LIKELIHOODS}


@dataclass(frozen=True)
class Cell:
    """A target of an area: what kind of news it is, in short, in full, and where it is told."""

    kind: str
    short: str
    full: str
    link: str = ""
    year: str = ""

    @property
    def sign(self) -> str:
        """The sign of its kind."""
        return SIGNS[self.kind]


@dataclass(frozen=True)
class Line:
    """A row or column: an area with the report on it, or an indicator."""

    name: str
    group: str = ""
    link: str = ""
    count: str = ""


@dataclass(frozen=True)
class Matrix:
    """The targets of reports that go together.

    ``rows`` holds a line and its cells, one for each of `columns`; the longer side goes down.
    ``nouns`` are what areas and groups of indicators are called.
    """

    title: str
    language: str
    columns: list[Line]
    rows: list[tuple[Line, list[Cell]]]
    areas_down: bool
    fans: list[tuple[Line, str, list[tuple[str, Cell, str]]]]
    nouns: dict[str, str]

    @property
    def upright(self) -> bool:
        """Whether the heads of its columns are written upright."""
        return len(self.columns) > MANY

    @property
    def heads(self) -> list[tuple[str, int]]:
        """The groups of its columns, and how many columns each has."""
        return _runs([line.group for line in self.columns])

    @property
    def bodies(self) -> list[tuple[str, list[tuple[Line, list[Cell]]]]]:
        """The rows by their group."""
        found, rest = [], iter(self.rows)
        for group, n in _runs([line.group for line, _ in self.rows]):
            found.append((group, [next(rest) for _ in range(n)]))
        return found

    @property
    def groups(self) -> list[str]:
        """The groups to choose from; none where all indicators are of one."""
        lines = self.columns if self.areas_down else [line for line, _ in self.rows]
        found = list(dict.fromkeys(line.group for line in lines))
        return found if len(found) > 1 else []

    @property
    def kinds(self) -> list[str]:
        """The kinds that some cell is of."""
        seen = {cell.kind for _, cells in self.rows for cell in cells}
        return [kind for kind in SIGNS if kind in seen]


def kind_of(target: Entry) -> str:
    """Tell what kind of news a target is: met, missed, likely, even, unlikely or none.

    Examples
    --------
    >>> [kind_of({"state": "open", "p": p}) for p in (0.66, 0.4, 0.2, None)]
    ['likely', 'even', 'unlikely', 'none']
    """
    state, p = target["state"], target["p"]
    if p is None:
        return str(state) if state in ("met", "missed") else "none"
    return "likely" if p >= _LEAST["likely"] else "even" if p >= _LEAST["even"] else "unlikely"


def matrices(reports: Sequence[Mapping[str, object]], voice: Voice) -> list[Matrix]:
    """Put reports together that share a plan for many areas or an index; each plan's newest.

    Parameters
    ----------
    reports : sequence of mapping
        As `archive.entries` gives them, a plan each.
    """
    groups: dict[str, list[Mapping[str, object]]] = {}
    for one in reports:
        if one["targets"]:
            groups.setdefault(str(one["family"] or one["index"] or one["plan"]), []).append(one)
    return [_matrix(group, voice) for group in groups.values()]


def _matrix(reports: list[Mapping[str, object]], voice: Voice) -> Matrix:
    indicators: dict[str, Line] = {}
    for target in (target for one in reports for target in one["targets"]):
        line = Line(str(target["name"]), str(target["group"]))
        indicators.setdefault(str(target["indicator"]), line)
    groups = list(dict.fromkeys(line.group for line in indicators.values()))
    order = sorted(indicators, key=lambda name: groups.index(indicators[name].group))
    years = {str(target["year"]) for one in reports for target in one["targets"]}
    names = [str(one["area"] or one["title"]) for one in reports]
    lines, chosen = [], []
    for one, name in zip(reports, names, strict=True):
        if names.count(name) > 1:  # two plans of one area
            name = f"{name}: {one['title']}"
        own = {key: target for key in order if (target := _nearest(one["targets"], key))}
        promised = [target for target in own.values() if target["stated"]]
        well = sum(kind_of(target) in WELL for target in promised)
        count = voice.say("overview.count", n=well, all=len(promised))
        lines.append(Line(name, link=str(one["plan"]), count=count))
        chosen.append((own, well / max(len(promised), 1)))
    places = sorted(range(len(lines)), key=lambda at: _rank(lines[at], *chosen[at]))
    cells = [
        [_cell(chosen[at][0].get(key), reports[at], lines[at], voice, years) for key in order]
        for at in places
    ]
    lines = [lines[at] for at in places]
    columns = [indicators[key] for key in order]
    areas_down = len(lines) >= len(columns)
    turned = list(zip(columns, map(list, zip(*cells, strict=True)), strict=True))
    rows = list(zip(lines, cells, strict=True)) if areas_down else turned
    fans = [
        _fans(line, [chosen[at][0].get(key) for at in places], lines, column, voice)
        for key, (line, column) in zip(order, turned, strict=True)
    ]
    first = reports[0]
    title = _shared([str(one["plan_title"]) for one in reports])
    title = title or first["index"] or first["family"] or (names[0] if len(names) == 1 else "")
    return Matrix(
        str(title),
        str(first["lang"]),
        columns if areas_down else lines,
        rows,
        areas_down,
        [fan for fan in fans if fan[2]],
        _nouns(first["nouns"], voice),
    )


def _nouns(said: Mapping[str, Mapping[str, str]], voice: Voice) -> dict[str, str]:
    """Return what areas and groups are called, in the language of the overview."""
    area = own_nouns(said.get("area"), voice.language)
    area = area or (voice.nouns["locality"], voice.nouns["places"])
    group = own_nouns(said.get("group"), voice.language) or [voice.say("overview.group")]
    found = {"area": area[0], "areas": area[1], "group": group[0]}
    return found | {name.title(): capital(noun) for name, noun in found.items()}


def _shared(titles: Sequence[str]) -> str:
    """Return what plans are all called, or how all their titles begin; nothing if that is little.

    Examples
    --------
    >>> _shared(["Plan for water of Lao PDR", "Plan for water of Thailand"]), _shared(["A", "B"])
    ('Plan for water of …', '')
    """
    if len(set(titles)) == 1:
        return titles[0]
    side_by_side = zip(*(title.split() for title in titles), strict=False)
    start = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, side_by_side)]
    return " ".join([*start, "…"]) if len(start) >= FEW_WORDS else ""


def _rank(line: Line, own: Mapping[str, Entry], share: float) -> tuple[float, float, str]:
    """Sort areas: those with the most that goes well first, then by the probabilities."""
    return -share, -mean([_chance(target) for target in own.values()] or [0.0]), line.name


def _chance(target: Entry) -> float:
    return float(target["state"] == "met") if target["p"] is None else float(target["p"])


def _nearest(targets: Iterable[Entry], indicator: str) -> Entry | None:
    """Choose an indicator's target: the nearest still ahead, else the one that was last."""
    own = [target for target in targets if target["indicator"] == indicator]
    ahead = [target for target in own if target["p"] is not None]
    return (ahead or own[::-1] or [None])[0]


def _cell(
    target: Entry | None,
    report: Mapping[str, object],
    area: Line,
    voice: Voice,
    years: set[str],
) -> Cell:
    if target is None:
        return Cell("none", "", voice.say("overview.no_target"))
    kind = kind_of(target)
    promised = kind in ("met", "missed") and target["stated"]  # a mere sum is neither
    decided = voice.say(f"state.{kind}") if promised else ""
    about = {key: target[key] for key in ("name", "value", "target", "told", "year")}
    about["when"] = target.get("when", voice.nouns["when"])
    full = voice.say("overview.cell", area=area.name, **about)
    link = f"{report['folder']}/{PAGE}#{target['place']}"
    if PAGE not in report["files"]:
        link = str(report["link"])
    year = str(target["year"]) if len(years) > 1 else ""
    return Cell(kind, str(target["chance"]) or decided, full, link, year)


def _fans(
    indicator: Line,
    targets: list[Entry | None],
    areas: list[Line],
    cells: list[Cell],
    voice: Voice,
) -> tuple[Line, str, list[tuple[str, Cell, str]]]:
    """Draw the fan of every area on one scale; the scale in words."""
    drawn = [target["fan"] for target in targets if target and target["fan"]]
    heights = [
        height
        for fan in drawn
        for height in (
            *(score for _, score in fan["scores"]),
            *(end for _, *ends in fan["ahead"] for end in ends),
            *fan["goals"],
        )
    ]
    if not heights:
        return indicator, "", []
    low, high = min(heights), max(heights)
    first = min(fan["scores"][0][0] for fan in drawn)
    last = max(fan["until"] for fan in drawn)
    about = next(target for target in targets if target and target["fan"])
    ends = (number(end, voice.language, digits=int(about["digits"])) for end in (low, high))
    unit = "" if str(about["unit"]) in indicator.name else str(about["unit"])
    scale = voice.say("overview.scale", span=voice.span(*ends), unit=unit).strip()
    pictures = [
        (area.name, cell, small_fan(**target["fan"], ends=(low, high), periods=(first, last)))
        for area, target, cell in zip(areas, targets, cells, strict=True)
        if target and target["fan"]
    ]
    return indicator, scale, pictures


def _runs(groups: Iterable[str]) -> list[tuple[str, int]]:
    """Count neighbours that are alike."""
    found: list[tuple[str, int]] = []
    for group in groups:
        n = found.pop()[1] if found and found[-1][0] == group else 0
        found.append((group, n + 1))
    return found
