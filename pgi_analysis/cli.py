"""The ``pgi`` command; each part of it loads what it needs when it runs, so that help is fast."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgi_analysis.faults import InputError, refuse, visible
from pgi_analysis.language import default_language, say

if TYPE_CHECKING:
    from pgi_analysis.data import Dataset, Plan
    from pgi_analysis.report import Order, Outcome
    from pgi_analysis.results import Result
    from pgi_analysis.voice import Voice
else:  # `shows` reads annotations, and these would load what help does not need
    Dataset = Result = object

app = typer.Typer(
    name="pgi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Khoảng cách, xu hướng và dự báo các mục tiêu của một bộ chỉ số. "
    "Gap, trend and projection of the targets of an index.",
)


class Language(StrEnum):
    """A language of reports and messages."""

    vi = "vi"
    en = "en"


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


PlanOption = Annotated[
    str | None,
    typer.Option("--plan", help="Tên kế hoạch, là thư mục trong plans/. A folder of plans/."),
]
QuarterOption = Annotated[
    str | None,
    typer.Option(
        "--quarter", help="Quý, như 2024Q4; mặc định: quý đến hạn. By default the one due next."
    ),
]
DataOption = Annotated[
    Path,
    typer.Option("--data", help="Thư mục dữ liệu hoặc tệp .xlsx. Data folder or .xlsx workbook."),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Ngôn ngữ. Language: vi, en.")
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="Dạng in ra. How the table is printed.")
]
LevelOption = Annotated[
    float, typer.Option("--level", help="Mức của khoảng, như 0.8. Of the interval.")
]


@app.command()
def report(
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            help="Kế hoạch; có thể nêu nhiều lần, hoặc mẫu như '*-2025'. Plans, or a pattern.",
        ),
    ] = None,
    quarter: Annotated[
        str | None,
        typer.Option(
            "--quarter",
            help="Quý, hoặc khoảng như 2024Q1..2025Q2; mặc định: quý đến hạn. Quarter or range.",
        ),
    ] = None,
    lang: Annotated[
        list[Language] | None,
        typer.Option("--lang", help="Ngôn ngữ; có thể nêu hai lần. Language; may be given twice."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="Nơi ghi báo cáo. Where reports are written.")
    ] = Path("reports"),
    data: DataOption = Path("data"),
    notebooks: Annotated[
        Path, typer.Option("--notebooks", help="Thư mục các notebook. Folder of the notebooks.")
    ] = Path("notebooks"),
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Số tiến trình. Processes at once.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi kế hoạch. Every plan of the data folder.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Lập lại cả khi không có gì thay đổi. Build the unchanged."),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Chỉ nêu sẽ lập gì và vì sao. Only tell what and why."),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Cụm Dask, như tcp://host:8786. A Dask cluster."),
    ] = None,
) -> None:
    """Lập báo cáo quý thành các trang HTML. Build the report of a quarter as HTML pages."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are small, threads only wait
    from pgi_analysis.report import orders, plans_like

    if everything and plan:
        raise refuse("batch.options")
    languages = list(dict.fromkeys(one.value for one in lang or [Language.vi]))
    several = everything or len(plan or ()) > 1 or len(languages) > 1 or dry_run or scheduler
    several = several or ".." in (quarter or "") or any(set("*?[") & set(one) for one in plan or ())
    if not several or not data.is_dir():
        _report(
            next(iter(plan or ()), None), quarter, languages[0], out, data, notebooks, jobs, force
        )
        return
    names = plans_like(data, ["*"] if everything else plan or [_load(data, None).plan.name])
    today = date.today()
    asked, faulty = orders(data, names, lambda rule: quarter or str(rule.due(today)), languages)
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    _batch(asked, faulty, languages[0], places, jobs, force, dry_run, scheduler)


def _report(
    plan: str | None,
    quarter: str | None,
    language: str,
    out: Path,
    data: Path,
    notebooks: Path,
    jobs: int | None,
    force: bool,
) -> None:
    """Build one report, unless it stands unchanged, and give the way to it."""
    from pgi_analysis.report import Order, build, build_all

    loaded = _load(data, plan)
    ds = _at(loaded, quarter)
    name, of = ds.require_plan().name, str(ds.quarter)
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    index = out / name / of / "index.html"
    (found,) = build_all([Order(name, of, language, of)], **places, force=force, plan_only=True)
    if found.state == "unchanged":
        typer.echo(say("command.unchanged", language), err=True)
        _note_late(loaded.require_plan(), language)
        typer.echo(index)
        return
    progress = sys.stderr.isatty()
    about = {"plan": name, "quarter": of, "language": language}
    built = build(**about, **places, jobs=jobs, progress=progress)
    for run in built.failed:
        message = say("command.page_failed", language, page=run.notebook.stem, error=run.error)
        typer.echo(message, err=True)
    _note_late(loaded.require_plan(), language)
    typer.echo(built.index)
    if built.failed:
        raise typer.Exit(1)


def _batch(
    asked: list[Order],
    faulty: list[Outcome],
    language: str,
    places: dict[str, Path],
    jobs: int | None,
    force: bool,
    dry_run: bool,
    scheduler: str | None,
) -> None:
    """Build many reports under one bar, and list what came of each."""
    from time import perf_counter

    from pgi_analysis.report import build_all, cluster, count, listed, watched

    began, options = perf_counter(), {"jobs": jobs, "force": force, "plan_only": dry_run}
    with cluster(scheduler) as executor:
        found = build_all(asked, **places, **options, executor=executor)
        done = [*faulty, *watched(found, len(asked), len(faulty), language)]
    for line in listed(done, places["out"], language):
        typer.echo(line)
    key = "summary_planned" if dry_run else "summary"
    counts, seconds = count(done), round(perf_counter() - began)
    typer.echo(say(f"command.{key}", language, all=len(done), seconds=seconds, **counts))
    if counts["failed"]:
        raise typer.Exit(1)


@app.command()
def validate(
    plan: PlanOption = None, data: DataOption = Path("data"), lang: LanguageOption = None
) -> None:
    """Kiểm tra dữ liệu và nêu mọi lỗi. Check the data and name every fault."""
    from pgi_analysis.data import load, plan_names

    plans = [plan] if plan else plan_names(data) or [None]
    faults: dict[object, None] = {}
    loaded = []
    for name in plans:
        try:
            loaded.append(load(data, plan=name))
        except InputError as error:
            said = (fault.text(lang, command=True) for fault in error.faults)
            faults |= dict.fromkeys(said)
    language = lang or default_language()
    if faults:
        typer.echo(say("command.faults", language, n=len(faults)), err=True)
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(1)
    for notice in dict.fromkeys(notice.text(lang) for ds in loaded for notice in ds.notices):
        typer.echo(say("command.notice", language, notice=notice), err=True)
    with_plan = [ds for ds in loaded if ds.plan]
    for ds in with_plan:
        _note_late(ds.plan, language)
    counts = {"scores": len(loaded[-1].scores), "editions": len(loaded[-1].releases)}
    counts["plans"] = len(with_plan)
    typer.echo(say("command.valid", language, **counts))


@app.command()
def template(
    plan: PlanOption = None,
    quarter: QuarterOption = None,
    data: DataOption = Path("data"),
    lang: Annotated[
        Language, typer.Option("--lang", help="Ngôn ngữ của mẫu. Language of the form.")
    ] = Language.vi,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Tệp .xlsx sẽ ghi. The workbook to write."),
    ] = None,
) -> None:
    """Lập mẫu Excel để các đơn vị báo cáo nhiệm vụ. Write the form for task reports."""
    from pgi_analysis.excel import write_form

    ds = _load(data, plan)
    asked = _at(ds, quarter).quarter
    path = out or Path(f"{ds.require_plan().name}-{asked}.xlsx")
    write_form(ds, asked, path, language=lang.value)
    typer.echo(path)


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.xlsx…", help="Các mẫu đã điền. The filled-in forms."),
    ],
    plan: PlanOption = None,
    quarter: Annotated[
        str | None,
        typer.Option(
            "--quarter",
            help="Quý mà mẫu phải thuộc về; cần cho báo cáo muộn. Needed for late reports.",
        ),
    ] = None,
    data: DataOption = Path("data"),
    lang: LanguageOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ghi ngay, không hỏi. Write without asking.")
    ] = False,
) -> None:
    """Nhập các mẫu đã điền vào kế hoạch. Merge filled-in forms into the plan's task reports."""
    from pgi_analysis.data import in_order
    from pgi_analysis.excel import compare_forms, content, intake_sentences, read_forms, save
    from pgi_analysis.voice import Voice

    if not data.is_dir():
        raise refuse("form.not_folder", got=data)
    forms = read_forms(files)
    file = data / "plans" / (plan or forms[0].plan) / "progress.csv"
    seen = content(file)
    ds = _load(data, plan or forms[0].plan)
    found = compare_forms(forms, ds, quarter=quarter)
    voice = Voice(ds, lang or default_language())
    for line in intake_sentences(found, voice):
        typer.echo(line)
    _note_late(replace(found.plan, progress=found.changed), voice.language)
    if found.nothing:
        typer.echo(voice.say("intake.nothing"))
        return
    if not yes and not _agreed(voice, file):
        raise typer.Exit(1)
    if kept := save(found, file, seen=seen):
        typer.echo(voice.say("intake.kept", file=kept))
    typer.echo(voice.say("intake.saved", file=file))
    words = ["pgi", "report", "--plan", found.plan.name]
    words += ["--quarter", in_order(found.changed)["quarter"].iloc[-1]]
    words += [] if data == Path("data") else ["--data", str(data)]
    typer.echo(voice.say("intake.next", command=_typed(words)))


def shows(make: Callable[..., Result]) -> Callable[..., None]:
    """Make a command of a function that finds something out about a plan at a quarter.

    The command has the options that all such commands share, and those of the function; it prints
    the result as a table to read, or its figures as CSV or JSON.
    """

    def command(
        plan: PlanOption = None,
        quarter: QuarterOption = None,
        data: DataOption = Path("data"),
        format: FormatOption = Format.table,
        lang: LanguageOption = None,
        **own: object,
    ) -> None:
        _print(make(_open(data, plan, quarter), **own), format, lang)

    shared = list(signature(command, eval_str=True).parameters.values())[:-1]
    own = list(signature(make, eval_str=True).parameters.values())[1:]
    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*shared, *own)]
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__doc__ = make.__doc__
    return app.command(make.__name__)(command)


@shows
def gap(ds: Dataset) -> Result:
    """Khoảng cách đến từng mục tiêu. The gap of each target."""
    from pgi_analysis.results import gap

    return gap(ds)


@shows
def trend(ds: Dataset, level: LevelOption = 0.8) -> Result:
    """Xu hướng: phần chung và phần riêng. Common and own moves."""
    from pgi_analysis.results import trend

    return trend(ds, level=level)


@shows
def project(
    ds: Dataset,
    level: LevelOption = 0.8,
    model: Annotated[
        str, typer.Option("--model", help="Mô hình. Model: panel, ar1, random_walk.")
    ] = "panel",
    family: Annotated[
        str,
        typer.Option(
            "--family",
            help="Loại số liệu. Kind: subnational_survey, country_index, generic, smooth.",
        ),
    ] = "subnational_survey",
) -> Result:
    """Khả năng đạt từng mục tiêu. How likely each target is to be met."""
    from pgi_analysis.results import project

    return project(ds, level=level, model=model, family=family)


@shows
def assess(
    ds: Dataset,
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
) -> Result:
    """Nhãn theo các phương pháp đã công bố. The verdicts of published methods."""
    from pgi_analysis.assessment import assess, parse_options

    return assess(ds, method=method or None, **parse_options(option or ()))


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


@app.command()
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
        _print(found, format, lang)


def _open(data: Path, plan: str | None, quarter: str | None) -> Dataset:
    """Load a plan as known for a report: by default the only plan, and the report next due."""
    return _at(_load(data, plan), quarter)


def _at(ds: Dataset, quarter: str | None) -> Dataset:
    """Return what was known for the report of a quarter, by default the one next due."""
    return ds.at(quarter or ds.require_plan().reporting.due(date.today()))


def _load(data: Path, plan: str | None) -> Dataset:
    """Load a plan with all that is known, by default the only plan."""
    from pgi_analysis.data import load, plan_names

    if plan is None and data.is_dir():
        names = plan_names(data)
        if len(names) != 1:
            raise refuse("plan_choose", known=", ".join(names) or "–")
        plan = names[0]
    return load(data, plan=plan)


def _typed(words: list[str]) -> str:
    """Write a command as it is typed on this system, names with spaces in quotes."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _agreed(voice: Voice, file: Path) -> bool:
    """Ask until there is a yes or a no; without anybody to answer, say what to do."""
    while True:
        try:
            answer = input(voice.say("intake.ask", file=file) + " ").strip().casefold()
        except EOFError:
            typer.echo(f"\n{voice.say('intake.unanswered')}", err=True)
            return False
        if answer in ("c", "có", "co", "y", "yes"):
            return True
        if answer in ("k", "không", "khong", "n", "no"):
            typer.echo(voice.say("intake.declined"))
            return False


def _note_late(plan: Plan, language: str) -> None:
    """Point out task reports that came after the cut-off of their report."""
    from pgi_analysis.results import late_reports

    for row in late_reports(plan).itertuples():
        typer.echo(say("command.late", language, **row._asdict()), err=True)


def _print(found: Result, format: Format, lang: Language | None) -> None:
    """Print a result: its figures as CSV or JSON, or as a table to read."""
    from pgi_analysis.data import to_csv, to_json
    from pgi_analysis.text import has, standing, tell
    from pgi_analysis.voice import Voice

    if format is Format.csv:
        typer.echo(to_csv(found.table), nl=False)
    elif format is Format.json:
        typer.echo(to_json(found.table))
    else:
        verb = "list_table" if has(found, "list_table") else "table"
        voice = Voice(found.ds, lang or default_language())
        text = tell(found, verb, voice)
        typer.echo(voice.say("command.no_rows") if text.empty else text.to_string(index=False))
        for line in standing(found, voice):
            typer.echo(line, err=True)


def main() -> None:
    """Run the command; a wrong input ends it with a message and exit code 1, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # Windows consoles default to a code page
    language = _asked_language()
    try:
        app()
    except InputError as error:
        typer.echo(error.text(language, command=True), err=True)
        sys.exit(1)
    except BrokenPipeError:  # who read the output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        path = " → ".join(str(one) for one in (error.filename, error.filename2) if one)
        why = error.strerror or str(error)
        typer.echo(visible(say("command.system", language, path=path, why=why)), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo(say("command.interrupted", language), err=True)
        sys.exit(130)


def _asked_language() -> str:
    """Find the language of messages before the command line is parsed."""
    asked = next(
        (after for word, after in zip(sys.argv, sys.argv[1:], strict=False) if word == "--lang"), ""
    )
    return asked if asked in ("vi", "en") else os.environ.get("PGI_LANG") or default_language()
