"""Commands that print figures: of a plan at a quarter, or of plain tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgi_analysis.cli.options import (
    DATA,
    DataOption,
    DirectionOption,
    Format,
    FormatOption,
    LanguageOption,
    LevelOption,
    PanelOption,
    PlanOption,
    QuarterOption,
    TargetsOption,
)
from pgi_analysis.cli.plans import members, open_plan
from pgi_analysis.cli.talk import note, show
from pgi_analysis.faults import InputError, refuse
from pgi_analysis.language import default_language

if TYPE_CHECKING:
    from pgi_analysis.data import Dataset
    from pgi_analysis.faults import Fault
    from pgi_analysis.results import Result
else:  # `shows` reads annotations, and these would load what help does not need
    Dataset = Result = object


def shows(make: Callable[..., Result]) -> Callable[..., None]:
    """Make a command of a function that finds something out about a plan at a quarter.

    The command has the options that all such commands share, and those of the function; it prints
    the result as a table to read, or its figures as CSV or JSON. A function with ``**tables`` takes
    a panel as well, with its ``targets`` and ``direction``.
    """
    parameters_of = signature(make, eval_str=True).parameters.values()
    takes_tables = any(one.kind is Parameter.VAR_KEYWORD for one in parameters_of)

    def command(
        plan: PlanOption = None,
        quarter: QuarterOption = None,
        data: DataOption = DATA,
        panel: PanelOption = None,
        targets: TargetsOption = None,
        direction: DirectionOption = None,
        format: FormatOption = Format.table,
        lang: LanguageOption = None,
        **own: object,
    ) -> None:
        given = {"--panel": panel, "--targets": targets, "--direction": direction}
        if not any(given.values()):
            plans = (members(data, plan) if plan else []) or [plan]
            show([make(open_plan(data, one, quarter), **own) for one in plans], format, lang)
            return
        asked = {"--plan": plan, "--quarter": quarter, "--data": None if data == DATA else data}
        if not takes_tables:
            raise refuse("tables.plan_only", got=_named(given), command=make.__name__)
        if panel is None:
            raise refuse("tables.no_panel", got=_named(given))
        if any(asked.values()):
            raise refuse("tables.with_plan", got=_named(asked))
        found, notices = _of_tables(make, panel, targets, direction, own)
        note(notices, lang or default_language())
        show([found], format, lang)

    shared = list(signature(command, eval_str=True).parameters.values())[:-1]
    own = [one for one in list(parameters_of)[1:] if one.kind is not Parameter.VAR_KEYWORD]
    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*shared, *own)]
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__doc__ = make.__doc__
    command.__name__ = make.__name__
    return command


def _named(options: Mapping[str, object]) -> str:
    """List the options that were given."""
    return ", ".join(name for name, value in options.items() if value)


def _of_tables(
    make: Callable[..., Result],
    panel: Path,
    targets: Path | None,
    direction: list[str] | None,
    own: Mapping[str, object],
) -> tuple[Result, list[Fault]]:
    """Find something out about plain tables; faults and notices name the rows of the files."""
    from pgi_analysis.data import Tables, directions_of

    tables = Tables.read(panel, targets)
    names = tables.panel[["indicator"]].drop_duplicates(ignore_index=True)
    which = directions_of(direction or (), names).groupby(names["indicator"]).first().dropna()
    try:
        found = make(tables.panel, **own, targets=tables.targets, direction=which)
    except InputError as error:
        raise InputError(tables.as_read(fault) for fault in error.faults) from None
    said = {notice.rule for notice in tables.notices}
    more = (one for one in getattr(found, "notices", ()) if one.rule not in said)
    return found, [*tables.notices, *map(tables.as_read, more)]


@shows
def gap(data: Dataset, **tables: object) -> Result:
    """Khoảng cách đến từng mục tiêu. The gap of each target."""
    from pgi_analysis.results import gap

    return gap(data, **tables)


@shows
def trend(
    data: Dataset,
    area: Annotated[
        str | None,
        typer.Option("--area", help="Địa phương cần xem trong --panel. The area of a --panel."),
    ] = None,
    level: LevelOption = 0.8,
    **tables: object,
) -> Result:
    """Xu hướng: phần chung và phần riêng. Common and own moves."""
    from pgi_analysis.results import trend

    targets = tables.pop("targets", None)
    if area is None and targets is not None and targets["area"].nunique() == 1:
        area = targets["area"].iloc[0]
    return trend(data, area=area, level=level, **tables)


@shows
def project(
    data: Dataset,
    level: LevelOption = 0.8,
    model: Annotated[
        str, typer.Option("--model", help="Mô hình. Model: panel, ar1, random_walk.")
    ] = "panel",
    family: Annotated[
        str | None,
        typer.Option(
            "--family",
            help="Loại số liệu. Kind: subnational_survey, country_index, generic, smooth.",
        ),
    ] = None,
    **tables: object,
) -> Result:
    """Khả năng đạt từng mục tiêu. How likely each target is to be met."""
    from pgi_analysis.results import project

    return project(data, level=level, model=model, family=family, **tables)


@shows
def assess(
    data: Dataset,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method", help="Phương pháp; có thể nêu nhiều lần. Method; may be given repeatedly."
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option", help="Tùy chọn của một phương pháp, như window=15. Option of one method."
        ),
    ] = None,
    **tables: object,
) -> Result:
    """Nhãn theo các phương pháp đã công bố. The verdicts of published methods."""
    from pgi_analysis.assessment import assess, parse_options

    if tables and tables["targets"] is None:
        raise refuse("targets_needed")
    return assess(data, method=method or None, **tables, **parse_options(option or ()))


@shows
def ranks(ds: Dataset) -> Result:
    """Thứ hạng so với mục tiêu. Ranks against the ranks aimed at."""
    from pgi_analysis.results import ranks

    return ranks(ds)


@shows
def levels(ds: Dataset) -> Result:
    """Mức tham khảo cho kế hoạch mới. Levels for a new plan."""
    from pgi_analysis.results import levels, scorecard

    return levels(ds, scorecard(ds))


@shows
def calendar(
    ds: Dataset,
    quarters: Annotated[
        int, typer.Option("--quarters", min=1, max=40, help="Số quý. How many quarters.")
    ] = 4,
) -> Result:
    """Các hạn báo cáo sắp tới. The next reporting deadlines."""
    from pgi_analysis.results import calendar

    return calendar(ds, quarters=quarters)


def backtest(
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL.csv",
            help="Tệp có các cột area, indicator, period, value. A CSV file, or .csv.gz.",
        ),
    ],
    history: Annotated[
        int, typer.Option("--history", help="Số kỳ mô hình được thấy. Periods that a model sees.")
    ] = 3,
    horizons: Annotated[
        str, typer.Option("--horizons", help="Dự báo trước mấy kỳ. Periods ahead.")
    ] = "1,2,3",
    family: Annotated[
        str, typer.Option("--family", help="subnational_survey, country_index, generic, smooth")
    ] = "generic",
    format: FormatOption = Format.table,
    lang: LanguageOption = None,
) -> None:
    """Thử lại dự báo trên số liệu đã qua. How projections would have done on a panel."""
    from tqdm import tqdm

    from pgi_analysis.data import read_panel
    from pgi_analysis.evaluation import backtest as replayed
    from pgi_analysis.evaluation import parse_horizons
    from pgi_analysis.text import as_text
    from pgi_analysis.voice import Voice

    found = replayed(
        read_panel(panel),
        history=history,
        horizons=parse_horizons(horizons),
        family=family,
        progress=lambda origins: tqdm(origins, leave=False, disable=not sys.stderr.isatty()),
    )
    if format is Format.table:
        typer.echo(as_text(found, Voice(None, lang or default_language())))
    else:
        show([found], format, lang)
