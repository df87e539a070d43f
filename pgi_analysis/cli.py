"""The ``pgi`` command; each part of it loads what it needs when it runs, so that help is fast."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
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
    from pgi_analysis.faults import Fault
    from pgi_analysis.report import Order, Outcome
    from pgi_analysis.results import Result
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


#: where the data are, if nothing else is said
DATA, NOTEBOOKS = Path("data"), Path("notebooks")


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
        "--quarter",
        help="Quý, như 2024Q4, hoặc năm; mặc định: kỳ đến hạn. "
        "Quarter or year; by default the one due next.",
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
PanelOption = Annotated[
    Path | None,
    typer.Option(
        "--panel",
        help="Bảng điểm của bất kỳ bộ chỉ số nào (CSV, Excel), thay cho kế hoạch. "
        "Scores of any index, in place of a plan.",
    ),
]
TargetsOption = Annotated[
    Path | None,
    typer.Option("--targets", help="Bảng mục tiêu đi cùng --panel. The targets of a --panel."),
]
DirectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--direction",
        help="Nếu bảng mục tiêu không ghi: up (cao hơn là tốt hơn), down, hoặc TÊN=down. "
        "Where the targets have none: up (higher is better), down, or INDICATOR=down.",
    ),
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
            help="Quý, năm, hoặc khoảng như 2024Q1..2025Q2; mặc định: kỳ đến hạn. "
            "Quarter, year or range; by default the one due next.",
        ),
    ] = None,
    lang: Annotated[
        list[Language] | None,
        typer.Option("--lang", help="Ngôn ngữ; có thể nêu hai lần. Language; may be given twice."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", help="Nơi ghi báo cáo. Where reports are written.")
    ] = Path("reports"),
    data: DataOption = DATA,
    notebooks: Annotated[
        Path, typer.Option("--notebooks", help="Thư mục các notebook. Folder of the notebooks.")
    ] = NOTEBOOKS,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Số tiến trình. Processes at once.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi kế hoạch. Every plan of the data folder.")
    ] = False,
    docx: Annotated[
        bool,
        typer.Option("--docx", help="Lập cả dự thảo báo cáo bằng Word. Write a draft in Word too."),
    ] = False,
    no_probabilities: Annotated[
        bool,
        typer.Option(
            "--no-probabilities",
            help="Dự thảo Word không nêu khả năng đạt mục tiêu. Leave chances out of the draft.",
        ),
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
    """Lập báo cáo quý hoặc năm thành các trang HTML. Build a report as HTML pages."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the arrays are small, threads only wait
    from pgi_analysis.report import orders, plans_like

    if everything and plan:
        raise refuse("batch.options")
    if no_probabilities and not docx:
        raise refuse("batch.probabilities")
    word = {"docx": docx, "probabilities": not no_probabilities}
    own = Path(__file__).parent.parent / NOTEBOOKS
    if notebooks == NOTEBOOKS and not notebooks.is_dir() and own.is_dir():
        notebooks = own  # in a folder of the reader's own
    languages = list(dict.fromkeys(one.value for one in lang or ()))  # else the folder's own
    several = everything or len(plan or ()) > 1 or len(languages) > 1 or dry_run or scheduler
    several = several or ".." in (quarter or "") or any(set("*?[") & set(one) for one in plan or ())
    several = several or any(_members(data, one) for one in plan or ())
    if not several or not data.is_dir():
        language = next(iter(languages), None)
        one = next(iter(plan or ()), None)
        _report(one, quarter, language, out, data, notebooks, jobs, force, word)
        return
    names = plans_like(data, ["*"] if everything else plan or [_load(data, None).plan.name])
    today = date.today()
    asked, faulty = orders(data, names, lambda rule: quarter or str(rule.due(today)), languages)
    asked = [replace(one, **word) for one in asked]
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    language = next(iter([*languages, *(one.language for one in asked)]), default_language())
    _note_without(data, language)
    _batch(asked, faulty, language, places, jobs, force, dry_run, scheduler)


def _report(
    plan: str | None,
    quarter: str | None,
    language: str | None,
    out: Path,
    data: Path,
    notebooks: Path,
    jobs: int | None,
    force: bool,
    word: dict[str, bool],
) -> None:
    """Build one report, unless it stands unchanged, and give the way to it."""
    from pgi_analysis.report import Order, build, build_all, drafted

    loaded = _load(data, plan)
    ds, language = _at(loaded, quarter), language or loaded.language
    name, of = ds.require_plan().name, str(ds.quarter)
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    index = out / name / of / "index.html"
    asked = [Order(name, of, language, of, **word)]
    (found,) = build_all(asked, **places, force=force, plan_only=True)
    if found.state == "unchanged":
        typer.echo(say("command.unchanged", language), err=True)
        _echo(drafted(found, out, language))
        _note_late(loaded.require_plan(), language)
        typer.echo(index)
        return
    progress = sys.stderr.isatty()
    about = {"plan": name, "quarter": of, "language": language}
    built = build(**about, **places, **word, jobs=jobs, progress=progress)
    for run in built.failed:
        message = say("command.page_failed", language, page=run.notebook.stem, error=run.error)
        typer.echo(message, err=True)
    state = "failed" if built.failed else "built"
    _echo(drafted(replace(found, state=state, kept=built.kept), out, language))
    _note_late(loaded.require_plan(), language)
    typer.echo(built.index)
    if built.failed:
        raise typer.Exit(1)


def _echo(lines: Iterable[str]) -> None:
    """Say beside the results what is to be known of them."""
    for line in lines:
        typer.echo(visible(line), err=True)


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

    from pgi_analysis.report import build_all, cluster, count, drafted, listed, watched

    began, options = perf_counter(), {"jobs": jobs, "force": force, "plan_only": dry_run}
    with cluster(scheduler) as executor:
        found = build_all(asked, **places, **options, executor=executor)
        done = [*faulty, *watched(found, len(asked), len(faulty), language)]
    for line in listed(done, places["out"], language):
        typer.echo(line)
    for one in done:
        _echo(drafted(one, places["out"], language))
    key = "summary_planned" if dry_run else "summary"
    counts, seconds = count(done), round(perf_counter() - began)
    typer.echo(say(f"command.{key}", language, all=len(done), seconds=seconds, **counts))
    if counts["failed"]:
        raise typer.Exit(1)


@app.command()
def validate(plan: PlanOption = None, data: DataOption = DATA, lang: LanguageOption = None) -> None:
    """Kiểm tra dữ liệu và nêu mọi lỗi. Check the data and name every fault."""
    from pgi_analysis.data import load, plan_names

    plans = (_members(data, plan) or [plan]) if plan else plan_names(data) or [None]
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
    _note((notice for ds in loaded for notice in ds.notices), language)
    _note_without(data, language)
    with_plan = [ds for ds in loaded if ds.plan]
    for ds in with_plan:
        _note_late(ds.plan, language)
    counts = {"scores": len(loaded[-1].scores), "editions": len(loaded[-1].releases)}
    counts["plans"] = len(with_plan)
    typer.echo(say("command.valid", language, **counts))


@app.command()
def verify(
    folder: Annotated[
        Path, typer.Argument(help="Thư mục của một báo cáo. The folder of a report.")
    ],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Lập lại từ số liệu này để so sánh. Make it anew and compare."),
    ] = None,
    notebooks: Annotated[
        Path, typer.Option("--notebooks", help="Thư mục notebook. Folder of the notebooks.")
    ] = NOTEBOOKS,
    lang: LanguageOption = None,
) -> None:
    """Báo cáo có bị thay đổi không. Whether a report is as it was made."""
    from pgi_analysis.report import verify as held_against

    language = lang or default_language()
    found = held_against(folder, data_dir=data, notebook_dir=notebooks)
    for kind in ("altered", "missing", "unknown", "differing"):
        for name in getattr(found, kind):
            typer.echo(visible(say(f"command.{kind}", language, file=name)), err=True)
    for kind in found.newer:
        typer.echo(say(f"command.newer_{kind}", language), err=True)
    if not found.sound:
        raise typer.Exit(1)
    typer.echo(say("command.replayed" if found.replayed else "command.unaltered", language))


@app.command("read-plan")
def read_document(
    documents: Annotated[
        list[Path],
        typer.Argument(help="Kế hoạch: .txt, .docx, .pdf hoặc ảnh quét. The plan, as it was sent."),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="Thư mục sẽ ghi, như data/plans/TÊN. The plan's folder.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Ghi ngay. Write without asking.")] = False,
    lang: LanguageOption = None,
) -> None:
    """Đọc văn bản kế hoạch thành bản thảo. Read a plan's document into a draft."""
    from pgi_analysis.data import load, save_folder
    from pgi_analysis.documents import files_of, lines_of, read_plan, told

    language, index = lang or default_language(), out.parent.parent
    ds = load(index) if (index / "scores.csv").exists() else None
    read = read_plan([line for path in documents for line in lines_of(path)], ds)
    names = ", ".join(path.name for path in documents)
    files = files_of(read, out.name, names, language)
    listed = told(read, language)
    for row in sorted(listed.itertuples(index=False, name=None), key=lambda row: bool(row[4])):
        typer.echo(visible(" · ".join(str(cell) for cell in row if str(cell))))  # doubts last
    counts = {table: len(read.rows(table)) for table in ("targets", "actions")}
    counts |= {"values": len(listed), "doubts": int(listed.iloc[:, 4].ne("").sum())}
    typer.echo(say("document.read", language, document=names, **counts))
    if read.broken:
        typer.echo(say("document.broken", language))
    if not yes and not _agreed(say("document.ask", language, out=out), language):
        raise typer.Exit(1)
    save_folder(out, files)
    typer.echo(say("document.saved", language, out=out))


@app.command()
def template(
    plan: PlanOption = None,
    quarter: QuarterOption = None,
    data: DataOption = DATA,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Ngôn ngữ của mẫu. Language of the form.")
    ] = None,
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
    write_form(ds, asked, path, language=lang.value if lang else ds.language)
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
    data: DataOption = DATA,
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
    if not yes and not _agreed(voice.say("intake.ask", file=file), voice.language):
        raise typer.Exit(1)
    if kept := save(found, file, seen=seen):
        typer.echo(voice.say("intake.kept", file=kept))
    typer.echo(voice.say("intake.saved", file=file))
    words = ["pgi", "report", "--plan", found.plan.name]
    words += ["--quarter", in_order(found.changed)["quarter"].iloc[-1]]
    words += [] if data == DATA else ["--data", str(data)]
    typer.echo(voice.say("intake.next", command=_typed(words)))


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(help="Thư mục dữ liệu sẽ lập. The data folder to make.")
    ],
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="Bảng số liệu: CSV, Excel hoặc một thư mục; có thể nêu nhiều lần. Tables.",
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option("--sheet", help="Trang tính cần đọc. Sheets to read.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", help="Cột nào là gì. What columns are: area=Country,period=Year"),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option("--area", help="Nơi mà cả bảng, hoặc kế hoạch, nói đến. Of table or plan."),
    ] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="Chỉ số của cả bảng. Of the whole table.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Kỳ của cả bảng. Of the whole table, as 2024.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Nhóm cần đọc. The group to read: Sex=Female"),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Địa phương, chỉ số cần bỏ ra. To be left out."),
    ] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option("--direction", help="Chiều tốt lên: up, down, TÊN=down. The better way."),
    ] = None,
    released: Annotated[
        str | None, typer.Option("--released", help="Ngày công bố. When the figures came out.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Tên bộ chỉ số. What the index is called.")
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="Lập cả kế hoạch tên này. Also make a plan.")
    ] = None,
    targets: Annotated[
        Path | None, typer.Option("--targets", help="Bảng mục tiêu. The plan's targets.")
    ] = None,
    lang: LanguageOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ghi ngay, không hỏi. Write without asking.")
    ] = False,
    replace_: Annotated[
        bool, typer.Option("--replace", help="Thay các tệp đã có. Replace files that are there.")
    ] = False,
) -> None:
    """Lập thư mục dữ liệu từ bảng có sẵn. Make a data folder of tables as you have them."""
    from pgi_analysis.data import (
        Asked,
        draft_folder,
        draft_of,
        folder_files,
        of_all,
        pairs,
        plan_files,
        read_tables,
        save_folder,
    )
    from pgi_analysis.text import understood

    language = (lang or default_language()) + ""
    if not plan and (targets or (not from_ and area)):
        raise refuse("init.plan_alone")
    if not from_ and not (plan and (folder / "scores.csv").exists()):
        raise refuse("init.nothing", folder=folder)
    if from_:
        of = None if plan and area and of_all(area) else area  # of the plan alone
        said = {"area": of, "indicator": indicator, "period": period}
        chosen = {"where": pairs(where or ()), "without": without or ()}
        found = read_tables(from_, Asked(sheet or (), pairs(columns or ()), **said, **chosen))
        told = {"directions": direction or [], "released": released, "title": title}
        made = draft_folder(found, **told)
        for line in understood(found, made, language):
            typer.echo(line)
        if not yes:
            told["directions"] += _asked_directions(made.undirected, language)
            if made.released is None:
                told["released"] = _answer(say("init.ask_released", language), language)
            made = draft_folder(found, **told)
    else:
        made = draft_of(folder)
    texts, faults = {}, []
    if area is None and len(made.areas) == 1:
        (area,) = made.areas
    for write in (
        *([lambda: folder_files(made)] if from_ else ()),
        *([lambda: plan_files(made, plan, area, targets)] if plan else ()),
    ):
        try:
            texts |= write()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    names = ", ".join(texts)
    question = say("init.ask", language, files=names, folder=folder)
    if not yes and not _agreed(question, language):
        raise typer.Exit(1)
    save_folder(folder, texts, overwrite=replace_)
    typer.echo(say("init.saved", language, folder=folder, files=names))
    if plan and not targets:
        typer.echo(say("init.fill", language, file=folder / "plans" / plan / "targets.csv"))
    if plan:
        typer.echo(_typed(["pgi", "report", "--data", str(folder), "--plan", plan]))
    else:
        words = ["pgi", "init", str(folder), "--plan", say("init.plan_name", language)]
        words += ["--area", made.areas[0]]
        typer.echo(say("init.no_plan", language, command=_typed(words)))


def _asked_directions(names: list[str], language: str) -> list[str]:
    """Ask for the direction of each indicator that has none."""
    from pgi_analysis.data import DIRECTIONS

    told = []
    for name in names:
        answer = ""
        while answer not in DIRECTIONS:
            answer = _answer(say("init.ask_direction", language, indicator=name), language)
        told.append(f"{name}={answer}")
    return told


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
            plans = (_members(data, plan) if plan else []) or [plan]
            _print([make(_open(data, one, quarter), **own) for one in plans], format, lang)
            return
        asked = {"--plan": plan, "--quarter": quarter, "--data": None if data == DATA else data}
        if not takes_tables:
            raise refuse("tables.plan_only", got=_named(given), command=make.__name__)
        if panel is None:
            raise refuse("tables.no_panel", got=_named(given))
        if any(asked.values()):
            raise refuse("tables.with_plan", got=_named(asked))
        found, notices = _of_tables(make, panel, targets, direction, own)
        _note(notices, lang or default_language())
        _print([found], format, lang)

    shared = list(signature(command, eval_str=True).parameters.values())[:-1]
    own = [one for one in list(parameters_of)[1:] if one.kind is not Parameter.VAR_KEYWORD]
    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*shared, *own)]
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    command.__doc__ = make.__doc__
    return app.command(make.__name__)(command)


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
        _print([found], format, lang)


def _members(data: Path, plan: str) -> list[str]:
    """List the plans of a plan for many areas; nothing where it is one plan."""
    from pgi_analysis.data import plans_of

    names = plans_of(data, plan)
    return [] if names == [plan] else names


def _note_without(data: Path, language: str) -> None:
    """Point out the areas for which a plan for many areas has no target, and so no plan."""
    from pgi_analysis.data import plan_folders, without_plan

    for name in plan_folders(data):
        with suppress(InputError):  # what is wrong with it is told with its plans
            _note(without_plan(data, name), language)


def _note(notices: Iterable[Fault], language: str) -> None:
    """Point out what was accepted, but may be wrong, each once."""
    for notice in dict.fromkeys(notice.text(language) for notice in notices):
        typer.echo(say("command.notice", language, notice=notice), err=True)


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


def _agreed(question: str, language: str) -> bool:
    """Ask until there is a yes or a no; without anybody to answer, say what to do."""
    while True:
        answer = _answer(question, language)
        if answer in ("c", "có", "co", "y", "yes"):
            return True
        if answer in ("k", "không", "khong", "n", "no"):
            typer.echo(say("intake.declined", language))
            return False


def _answer(question: str, language: str) -> str:
    """Ask; without anybody to answer, say what to do and end."""
    try:
        return input(question + " ").strip().casefold()
    except EOFError:
        typer.echo(f"\n{say('intake.unanswered', language)}", err=True)
        raise typer.Exit(1) from None


def _note_late(plan: Plan, language: str) -> None:
    """Point out task reports that came after the cut-off of their report."""
    from pgi_analysis.results import late_reports

    for row in late_reports(plan).itertuples():
        typer.echo(say("command.late", language, **row._asdict()), err=True)


def _print(found: list[Result], format: Format, lang: Language | None) -> None:
    """Print results of one kind: their figures as CSV or JSON, or as tables to read."""
    import pandas as pd

    from pgi_analysis.data import to_csv, to_json
    from pgi_analysis.text import has, standing, tell

    if format is not Format.table:
        several = {one.ds.plan.name: one.table for one in found} if len(found) > 1 else {}
        figures = found[0].table
        if several:  # a column tells them apart
            figures = pd.concat(several, names=["plan"]).reset_index("plan")
        typer.echo(to_csv(figures).rstrip("\n") if format is Format.csv else to_json(figures))
        return
    for one in found:
        verb = "list_table" if has(one, "list_table") else "table"
        voice = one.spoken(lang)
        text = tell(one, verb, voice)
        if len(found) > 1:
            typer.echo(f"\n{one.ds.plan.name}")
        typer.echo(voice.say("command.no_rows") if text.empty else text.to_string(index=False))
        for line in standing(one, voice):
            typer.echo(line, err=True)


def main() -> None:
    """Run the command; a wrong input ends it with a message and exit code 1, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles default to a code page
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
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
