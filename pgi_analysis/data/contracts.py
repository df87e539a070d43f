"""The columns, kinds of cell, allowed values and key of every table, as pandera schemas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from pgi_analysis.data.cells import TASK_STATUS, YEARS

if TYPE_CHECKING:
    import pandera.pandas as pa

#: characters of a text; a cell of Excel holds 767 more
LONGEST = 32_000
SCORE_STATUS = ("published", "derived", "doubtful", "interim")
STATISTICS = ("median", "value_at_rank")


@cache
def contracts() -> dict[str, pa.DataFrameSchema]:
    """Give the pandera schema of every table, by the table's name."""
    import pandera.pandas as pa

    def column(kind: str, *checks: pa.Check, empty: bool = False, optional: bool = False):
        return pa.Column(  # the dtype is that of its kind, given when the cells are read
            checks=list(checks),
            nullable=empty or optional,
            required=not optional,
            metadata={"kind": kind},
        )

    def one_of(allowed: Iterable[object]) -> pa.Check:
        return pa.Check.isin(list(allowed), error="allowed|" + ", ".join(map(str, allowed)))

    def between(low: float, high: float) -> pa.Check:
        return pa.Check.in_range(low, high, error=f"between|{low:.0f}|{high:.0f}")

    def table(name: str, key: list[str], /, **columns: pa.Column) -> pa.DataFrameSchema:
        return pa.DataFrameSchema(columns, unique=key or None, strict=True, name=name)

    text, number, whole, day = "text", "number", "whole", "date"
    year = between(*YEARS)
    short = pa.Check.str_length(max_value=LONGEST, error=f"too_long|{LONGEST}")
    notes = {"note_vi": column(text, optional=True), "note_en": column(text, optional=True)}
    origin = {"source": column(text), **notes}
    release = {
        "status": column(text, one_of(SCORE_STATUS)),
        "released": column(day),
        **origin,
    }
    both = {"name_vi": column(text), "name_en": column(text)}
    direction = one_of((1, -1))
    schemas = [
        table("plan", ["key"], key=column(text), value=column(text, empty=True)),
        table(
            "provinces",
            ["name_vi"],
            code=column(text, optional=True),
            **both,
            region_vi=column(text, optional=True),
            region_en=column(text, optional=True),
            aliases=column(text, optional=True),
            successor_2025=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "indicators",
            ["indicator"],
            indicator=column(text),
            **both,
            unit_vi=column(text, optional=True),
            unit_en=column(text, optional=True),
            direction=column(whole, direction),
            lower=column(number, empty=True),
            upper=column(number, empty=True),
            part_of=column(text, optional=True),
            weight=column(number, pa.Check.gt(0, error="positive"), optional=True),
            **origin,
        ),
        table(
            "releases",
            ["period"],
            period=column(whole, year),
            released=column(day),
            series_break=column("yes_no"),
            ranked_areas=column(whole, pa.Check.ge(1, error="at_least|1"), optional=True),
            **origin,
        ),
        table(
            "scores",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(whole, year),
            value=column(number),
            **release,
        ),
        table(
            "ranks",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(whole, year),
            rank=column(whole, pa.Check.ge(1, error="at_least|1")),
            **release,
        ),
        table(
            "national",
            ["indicator", "period", "statistic", "rank", "released"],
            indicator=column(text),
            period=column(whole, year),
            statistic=column(text, one_of(STATISTICS)),
            rank=column(whole, pa.Check.ge(1, error="at_least|1"), empty=True),
            value=column(number),
            **release,
        ),
        table(
            "targets",
            ["indicator", "target_period"],
            indicator=column(text),
            baseline=column(number, empty=True),
            baseline_period=column(whole, year, empty=True),
            target=column(number),
            target_period=column(whole, year),
            planned_rise=column(number, optional=True),
            **origin,
        ),
        table(
            "actions",
            ["action"],
            action=column(text),
            indicator=column(text),
            task_vi=column(text),
            task_en=column(text),
            lead_unit_vi=column(text),
            lead_unit_en=column(text),
            cooperating_units_vi=column(text, optional=True),
            cooperating_units_en=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "progress",
            ["action", "quarter", "reported"],
            action=column(text),
            quarter=column("quarter"),
            reported=column(day),
            status=column("task_status", one_of(TASK_STATUS)),
            percent=column("percent", between(0, 100), empty=True),
            evidence=column(text, short, optional=True),
            obstacle=column(text, short, optional=True),
            interim_value=column(number, optional=True),
        ),
        table(
            "panel",
            ["area", "indicator", "period"],
            area=column(text),
            indicator=column(text),
            period=column(whole, between(-1e6, 1e6)),
            value=column(number, empty=True),
            status=column(text, one_of(SCORE_STATUS), optional=True),
            released=column(day, optional=True),
        ),
        table(
            "cases",
            [],
            area=column(text, optional=True),
            indicator=column(text, optional=True),
            value=column(number, empty=True),
            period=column(whole, between(-1e6, 1e6), empty=True),
            baseline=column(number, optional=True),
            baseline_period=column(whole, between(-1e6, 1e6), optional=True),
            target=column(number, optional=True),
            target_period=column(whole, between(-1e6, 1e6), optional=True),
            direction=column(whole, direction, optional=True),
            limit=column(number, optional=True),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
        ),
        table(
            "panel_targets",
            ["area", "indicator", "target_period"],
            area=column(text),
            indicator=column(text),
            target=column(number),
            target_period=column(whole, between(-1e6, 1e6)),
            baseline=column(number, optional=True),
            baseline_period=column(whole, between(-1e6, 1e6), optional=True),
            direction=column(whole, direction, optional=True),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
        ),
    ]
    return {schema.name: schema for schema in schemas}
