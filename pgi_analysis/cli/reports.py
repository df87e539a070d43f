"""Commands that make reports, and hold them against what they were made as."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgi_analysis.cli.options import (
    DATA,
    NOTEBOOKS,
    DataOption,
    Language,
    LanguageOption,
    NotebooksOption,
)
from pgi_analysis.cli.plans import at_quarter, load_plan, members
from pgi_analysis.cli.talk import echo, note_late, note_without
from pgi_analysis.faults import refuse, visible
from pgi_analysis.language import default_language, say

if TYPE_CHECKING:
    from pgi_analysis.report import Order, Outcome


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
    notebooks: NotebooksOption = NOTEBOOKS,
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
    own = Path(__file__).parents[2] / NOTEBOOKS
    if notebooks == NOTEBOOKS and not notebooks.is_dir() and own.is_dir():
        notebooks = own  # in a folder of the reader's own
    languages = list(dict.fromkeys(one.value for one in lang or ()))  # else the folder's own
    several = everything or len(plan or ()) > 1 or len(languages) > 1 or dry_run or scheduler
    several = several or ".." in (quarter or "") or any(set("*?[") & set(one) for one in plan or ())
    several = several or any(members(data, one) for one in plan or ())
    if not several or not data.is_dir():
        language = next(iter(languages), None)
        one = next(iter(plan or ()), None)
        _report(one, quarter, language, out, data, notebooks, jobs, force, word)
        return
    names = plans_like(data, ["*"] if everything else plan or [load_plan(data, None).plan.name])
    today = date.today()
    asked, faulty = orders(data, names, lambda rule: quarter or str(rule.due(today)), languages)
    asked = [replace(one, **word) for one in asked]
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    language = next(iter([*languages, *(one.language for one in asked)]), default_language())
    note_without(data, language)
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

    loaded = load_plan(data, plan)
    ds, language = at_quarter(loaded, quarter), language or loaded.language
    name, of = ds.require_plan().name, str(ds.quarter)
    places = {"data_dir": data, "out": out, "notebook_dir": notebooks}
    index = out / name / of / "index.html"
    asked = [Order(name, of, language, of, **word)]
    (found,) = build_all(asked, **places, force=force, plan_only=True)
    if found.state == "unchanged":
        typer.echo(say("command.unchanged", language), err=True)
        echo(drafted(found, out, language))
        note_late(loaded.require_plan(), language)
        typer.echo(index)
        return
    progress = sys.stderr.isatty()
    about = {"plan": name, "quarter": of, "language": language}
    built = build(**about, **places, **word, jobs=jobs, progress=progress)
    for run in built.failed:
        message = say("command.page_failed", language, page=run.notebook.stem, error=run.error)
        typer.echo(message, err=True)
    state = "failed" if built.failed else "built"
    echo(drafted(replace(found, state=state, kept=built.kept), out, language))
    note_late(loaded.require_plan(), language)
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

    from pgi_analysis.report import build_all, cluster, count, drafted, listed, watched

    began, options = perf_counter(), {"jobs": jobs, "force": force, "plan_only": dry_run}
    with cluster(scheduler) as executor:
        found = build_all(asked, **places, **options, executor=executor)
        done = [*faulty, *watched(found, len(asked), len(faulty), language)]
    for line in listed(done, places["out"], language):
        typer.echo(line)
    for one in done:
        echo(drafted(one, places["out"], language))
    key = "summary_planned" if dry_run else "summary"
    counts, seconds = count(done), round(perf_counter() - began)
    typer.echo(say(f"command.{key}", language, all=len(done), seconds=seconds, **counts))
    if counts["failed"]:
        raise typer.Exit(1)


def verify(
    folder: Annotated[
        Path, typer.Argument(help="Thư mục của một báo cáo. The folder of a report.")
    ],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Lập lại từ số liệu này để so sánh. Make it anew and compare."),
    ] = None,
    notebooks: NotebooksOption = NOTEBOOKS,
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
