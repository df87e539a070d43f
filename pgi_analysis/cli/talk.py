"""What commands print and point out, and what they ask."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pgi_analysis.cli.options import Format, Language
from pgi_analysis.faults import InputError, visible
from pgi_analysis.language import say

if TYPE_CHECKING:
    from pgi_analysis.data import Plan
    from pgi_analysis.faults import Fault
    from pgi_analysis.results import Result


def show(found: list[Result], format: Format, lang: Language | None) -> None:
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


def echo(lines: Iterable[str]) -> None:
    """Say beside the results what is to be known of them."""
    for line in lines:
        typer.echo(visible(line), err=True)


def note(notices: Iterable[Fault], language: str) -> None:
    """Point out what was accepted, but may be wrong, each once."""
    for notice in dict.fromkeys(notice.text(language) for notice in notices):
        typer.echo(say("command.notice", language, notice=notice), err=True)


def note_late(plan: Plan, language: str) -> None:
    """Point out task reports that came after the cut-off of their report."""
    from pgi_analysis.results import late_reports

    for row in late_reports(plan).itertuples():
        typer.echo(say("command.late", language, **row._asdict()), err=True)


def note_without(data: Path, language: str) -> None:
    """Point out the areas for which a plan for many areas has no target, and so no plan."""
    from pgi_analysis.data import plan_folders, without_plan

    for name in plan_folders(data):
        with suppress(InputError):  # what is wrong with it is told with its plans
            note(without_plan(data, name), language)


def as_typed(words: list[str]) -> str:
    """Write a command as it is typed on this system, names with spaces in quotes."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def agreed(question: str, language: str) -> bool:
    """Ask until there is a yes or a no; without anybody to answer, say what to do."""
    while True:
        answer = ask(question, language)
        if answer in ("c", "có", "co", "y", "yes"):
            return True
        if answer in ("k", "không", "khong", "n", "no"):
            typer.echo(say("intake.declined", language))
            return False


def ask(question: str, language: str) -> str:
    """Ask; without anybody to answer, say what to do and end."""
    try:
        return input(question + " ").strip().casefold()
    except EOFError:
        typer.echo(f"\n{say('intake.unanswered', language)}", err=True)
        raise typer.Exit(1) from None
