"""The ``pgi`` command; each part of it loads what it needs when it runs, so that help is fast.

`options` are what commands share, `plans` what they are asked about, `talk` what they print and
ask. `entry` has those by which data come in, `figures` those that print figures, and `reports`
those that make reports.
"""

from __future__ import annotations

import os
import sys

import typer

from pgi_analysis.cli import entry, figures, reports
from pgi_analysis.faults import InputError, visible
from pgi_analysis.language import default_language, say

app = typer.Typer(
    name="pgi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Khoảng cách, xu hướng và dự báo các mục tiêu của một bộ chỉ số. "
    "Gap, trend and projection of the targets of an index.",
)
for name, command in {
    "report": reports.report,
    "verify": reports.verify,
    "init": entry.init,
    "read-plan": entry.read_document,
    "validate": entry.validate,
    "template": entry.template,
    "import": entry.import_,
    "gap": figures.gap,
    "trend": figures.trend,
    "project": figures.project,
    "assess": figures.assess,
    "ranks": figures.ranks,
    "levels": figures.levels,
    "calendar": figures.calendar,
    "backtest": figures.backtest,
}.items():
    app.command(name, short_help=command.__doc__)(command)  # whole, for it has two languages


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
