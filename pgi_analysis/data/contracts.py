"""The columns, kinds of cell, allowed values and key of every table, as pandera schemas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from pgi_analysis.data.cells import COMPARISONS, MEASURES, TASK_STATUS, YEARS

if TYPE_CHECKING:
    import pandera.pandas as pa

#: characters of a text; a cell of Excel holds 767 more
LONGEST = 32_000
SCORE_STATUS = ("published", "derived", "doubtful", "backcast", "interim")
#: decimals that may be asked for
MOST_DIGITS = 9
STATISTICS = ("mean", "median", "value_at_rank", "cutoff")


@cache
def contracts() -> dict[str, pa.DataFrameSchema]:
    """Return the pandera schema of every table, by the table's name."""
    import pandera.pandas as pa

    def column(
        kind: str, *checks: pa.Check, empty: bool = False, optional: bool = False, told: bool = True
    ):
        return pa.Column(  # the dtype is that of its kind, given when the cells are read
            checks=list(checks),
            nullable=empty or optional,
            required=told and not optional,  # else the whole column may be left out
            metadata={"kind": kind},
        )

    def one_of(allowed: Iterable[object]) -> pa.Check:
        return pa.Check.isin(list(allowed))

    def table(name: str, key: list[str], /, **columns: pa.Column) -> pa.DataFrameSchema:
        return pa.DataFrameSchema(columns, unique=key or None, strict=True, name=name)

    text, number, whole, day = "text", "number", "whole", "date"
    period, year = "period", "year"
    in_time = pa.Check.in_range(*YEARS)
    short = pa.Check.str_length(max_value=LONGEST)
    notes = {"note_vi": column(text, optional=True), "note_en": column(text, optional=True)}
    origin = {"source": column(text, told=False), **notes}
    release = {
        "status": column(text, one_of(SCORE_STATUS)),
        "released": column(day, optional=True),
        **origin,
    }
    both = {"name_vi": column(text), "name_en": column(text)}
    signs = one_of((1, -1))
    schemas = [
        table("plan", ["key"], key=column(text), value=column(text, empty=True)),
        table(
            "areas",
            ["area"],
            area=column(text, optional=True),
            code=column(text, optional=True),
            **both,
            kind_vi=column(text, optional=True),
            kind_en=column(text, optional=True),
            region_vi=column(text, optional=True),
            region_en=column(text, optional=True),
            aliases=column(text, optional=True),
            valid_from=column(day, optional=True),
            valid_to=column(day, optional=True),
            formed_from=column(text, optional=True),
            announced=column(day, optional=True),
            weight=column(number, pa.Check.gt(0), optional=True),
            weight_source=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "agencies",
            ["name_vi"],
            name_vi=column(text),
            name_en=column(text, optional=True),
            valid_from=column(day, optional=True),
            valid_to=column(day, optional=True),
            formed_from=column(text, optional=True),
            **origin,
        ),
        table(
            "indicators",
            ["indicator"],
            indicator=column(text),
            **both,
            unit=column(text, optional=True),
            unit_vi=column(text, optional=True),
            unit_en=column(text, optional=True),
            digits=column(whole, pa.Check.in_range(0, MOST_DIGITS), optional=True),
            group=column(text, optional=True),
            group_vi=column(text, optional=True),
            group_en=column(text, optional=True),
            direction=column("direction", signs),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
            part_of=column(text, optional=True),
            weight=column(number, pa.Check.gt(0), optional=True),
            self_assessed=column("yes_no", optional=True),
            **origin,
        ),
        table(
            "releases",
            ["period"],
            period=column(year, in_time),
            released=column(day),
            series_break=column("yes_no"),
            ranked_areas=column(whole, pa.Check.ge(1), optional=True),
            areas_as_of=column(day, optional=True),
            **origin,
        ),
        table(
            "scores",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(year, in_time),
            value=column(number),
            series_break=column("yes_no", optional=True),
            **release,
        ),
        table(
            "ranks",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(year, in_time),
            rank=column(whole, pa.Check.ge(1)),
            ranked_areas=column(whole, pa.Check.ge(1), optional=True),
            **release,
        ),
        table(
            "national",
            ["indicator", "period", "statistic", "rank", "released"],
            indicator=column(text),
            period=column(year, in_time),
            statistic=column(text, one_of(STATISTICS)),
            rank=column(whole, pa.Check.ge(1), empty=True),
            value=column(number),
            **release,
        ),
        table(
            "targets",
            ["area", "indicator", "measure", "target_period"],
            area=column(text, optional=True),
            indicator=column(text),
            measure=column("measure", one_of(MEASURES), optional=True),
            baseline=column(number, optional=True),
            baseline_period=column(year, in_time, optional=True),
            comparison=column("comparison", one_of(COMPARISONS), optional=True),
            target=column("target"),
            target_upper=column("target", optional=True),
            target_period=column(year, in_time),
            ranked_areas=column(whole, pa.Check.ge(1), optional=True),
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
            start=column(day, optional=True),
            deadline=column(day, optional=True),
            deliverable_vi=column(text, optional=True),
            deliverable_en=column(text, optional=True),
            quantity=column(number, pa.Check.gt(0), optional=True),
            unit_vi=column(text, optional=True),
            unit_en=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "progress",
            ["action", "quarter", "reported"],
            action=column(text),
            quarter=column("quarter"),
            reported=column(day),
            status=column("task_status", one_of(TASK_STATUS)),
            percent=column("percent", pa.Check.in_range(0, 100), empty=True),
            evidence=column(text, short, optional=True),
            obstacle=column(text, short, optional=True),
            interim_value=column(number, optional=True),
            cause=column(text, short, optional=True),
            proposal=column(text, short, optional=True),
            quantity=column(number, pa.Check.ge(0), optional=True),
        ),
        table(
            "panel",
            ["area", "indicator", "period"],
            area=column(text),
            indicator=column(text),
            period=column(period),
            value=column(number, empty=True),
            series_break=column("yes_no", optional=True),
            status=column(text, one_of(SCORE_STATUS), optional=True),
            released=column(day, optional=True),
        ),
        table(
            "cases",
            [],
            area=column(text, optional=True),
            indicator=column(text, optional=True),
            value=column(number, empty=True),
            period=column(period, empty=True),
            baseline=column(number, optional=True),
            baseline_period=column(period, optional=True),
            target=column("target", optional=True),
            target_period=column(period, optional=True),
            direction=column("direction", signs, optional=True),
            limit=column(number, optional=True),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
        ),
        table(
            "panel_targets",
            ["area", "indicator", "target_period"],
            area=column(text),
            indicator=column(text),
            target=column("target"),
            target_upper=column("target", optional=True),
            target_period=column(period),
            baseline=column(number, optional=True),
            baseline_period=column(period, optional=True),
            direction=column("direction", signs, optional=True),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
        ),
    ]
    return {schema.name: schema for schema in schemas}
