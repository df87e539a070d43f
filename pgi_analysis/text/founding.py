"""What was understood of tables, before a data folder is made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pgi_analysis.data import Draft, Layout, Understood, decimals
from pgi_analysis.faults import Fault
from pgi_analysis.language import DASH, number, say

#: what columns are said to tell
ROLES = (
    *("area", "indicator", "period", "part", "value", "unit"),
    *("status", "released", "source", "group", "note", "direction"),
)
#: areas, tables and rows with a remark that are listed
SHOWN = 8


def understood(found: Understood, made: Draft, language: str) -> list[str]:
    """Say how tables were read, what they hold and what was left out, a line each."""
    scores = made.scores
    lines = [say("init.read", language)]
    kinds = Counter(map(_shape, found.layouts))
    first = {_shape(one): one for one in reversed(found.layouts)}
    for shape, times in kinds.items():
        more = say("init.alike", language, n=times - 1) if times > 1 else ""
        lines.append(f"  {_layout(first[shape], language)}{more}")
    areas = list(dict.fromkeys(scores["area"]))
    names = ", ".join(areas[:SHOWN]) + (", …" if len(areas) > SHOWN else "")
    lines.append(say("init.areas", language, n=len(areas), names=names))
    periods = scores["period"].drop_duplicates().sort_values()
    ends = {"first": periods.iloc[0], "last": periods.iloc[-1]}
    lines.append(say("init.periods", language, n=len(periods), **ends))
    lines.append(say("init.indicators", language, n=len(made.indicators)))
    for row in made.indicators.to_dict("records"):
        own = scores[scores["indicator"] == row["indicator"]]
        name = "" if row["name"] == row["indicator"] else f" ({row['name']})"
        way = {1: "higher", -1: "lower"}.get(row["direction"], "open")
        values = {"unit": row["unit"] or DASH, "way": say(f"init.{way}", language)}
        values |= {"first": own["period"].min(), "last": own["period"].max()}
        digits = decimals(own["value"])
        ends = (
            number(end, language, digits=digits) for end in (own["value"].min(), own["value"].max())
        )
        values |= dict(zip(("low", "high"), ends, strict=True)) | {"n": len(own)}
        lines.append(f"  {row['indicator']}{name}: {say('init.indicator', language, **values)}")
    if "series_break" in scores:
        for row in scores[scores["series_break"].eq(True)].itertuples():
            about = {"area": row.area, "indicator": row.indicator, "period": row.period}
            lines.append(say("init.break", language, **about))
    lines += _listed("init.left", found.left, language)
    return [*lines, *_listed("init.doubts", made.notices, language)]


def _listed(key: str, faults: Sequence[Fault], language: str) -> list[str]:
    alike: dict[str, list[Fault]] = {}
    for fault in faults:
        alike.setdefault(fault.message(language, command=True), []).append(fault)
    shown = []
    for first, *others in list(alike.values())[:SHOWN]:
        more = say("init.alike", language, n=len(others)) if others else ""
        shown.append(f"  {first.text(language, command=True)}{more}")
    if len(alike) > SHOWN:
        shown.append("  " + say("init.more", language, n=len(alike) - SHOWN))
    return [say(key, language), *shown] if faults else []


def _shape(layout: Layout) -> tuple[str, ...]:
    names = [f"{name} {column.name}" for name, column in sorted(layout.at.items())]
    return layout.grid.file if layout.grid.sheet else "", layout.kind, *names


def _columns(layout: Layout, language: str) -> list[str]:
    """Say which column, or what around the table, tells what."""
    told = [
        say(f"init.role_{n}", language, what=layout.at[n].name) for n in ROLES if n in layout.at
    ]
    known = [name for name in ROLES if name in layout.given and name not in layout.at]
    return [*told, *(say(f"init.all_{n}", language, what=layout.given[n]) for n in known)]


def _layout(layout: Layout, language: str) -> str:
    values = {"kind": say(f"init.kind_{layout.kind}", language)}
    values |= {"label": layout.grid.label, "columns": ", ".join(_columns(layout, language))}
    read = {layout.at[name].place for name in ROLES if name in layout.at}
    rest = [
        one
        for one in (*layout.at.values(), *layout.further, *layout.aside)
        if one.place not in read
    ]
    names = ", ".join(f"«{name}»" for name in dict.fromkeys(c.name for c in rest if c.name))
    more = say("init.unread", language, names=names) if names else ""
    return say("init.layout", language, **values) + more
