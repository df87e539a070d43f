"""A quarter's report: notebooks run, pages, tables, annex, index and manifest."""

from pgi_analysis.report.building import NOTEBOOKS, Report, build
from pgi_analysis.report.execution import Run, run_notebook

__all__ = [
    "NOTEBOOKS",
    "Report",
    "Run",
    "build",
    "run_notebook",
]
