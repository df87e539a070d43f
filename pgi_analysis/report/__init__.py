"""A quarter's report: notebooks run, pages, tables, annex, index and manifest."""

from pgi_analysis.report.batch import Order, Outcome, build_all, cluster, orders, plans_like
from pgi_analysis.report.building import NOTEBOOKS, Report, build
from pgi_analysis.report.execution import Run, run_notebook
from pgi_analysis.report.listing import count, drafted, listed, watched
from pgi_analysis.report.verifying import Verified, verify

__all__ = [
    "NOTEBOOKS",
    "Order",
    "Outcome",
    "Report",
    "Run",
    "Verified",
    "build",
    "build_all",
    "cluster",
    "count",
    "drafted",
    "listed",
    "orders",
    "plans_like",
    "run_notebook",
    "verify",
    "watched",
]
