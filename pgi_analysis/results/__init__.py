"""What is found out about a plan or a panel, as tables that know how they were made.

Read `gaps` for the arithmetic of a target, `trends` for how scores moved, `projection` for where
they are heading (`forecasting` runs the models of `panel`, `attainment` holds a forecast against
targets, `joint` puts targets together), `scenario` for what if, `scorecards` for earlier
projections, `news` for what changed, `workplan` for tasks and deadlines.
"""

from pgi_analysis.results.background import Background
from pgi_analysis.results.base import DECIDED, NOT_COMPARABLE, PENDING, Result, html, years_of
from pgi_analysis.results.forecasting import forecast_all
from pgi_analysis.results.gaps import Gap, comparable_scores, gap, own_baselines
from pgi_analysis.results.joint import Joint
from pgi_analysis.results.levels import Levels, levels
from pgi_analysis.results.news import Changes, changes
from pgi_analysis.results.parents import Parent, parent
from pgi_analysis.results.predecessors import Predecessors, predecessors
from pgi_analysis.results.projecting import project
from pgi_analysis.results.projection import Projection
from pgi_analysis.results.rank_targets import Ranks, ranks, worst_aimed_at
from pgi_analysis.results.scenario import SHARES, Scenario, needed_rise, own_rises, what_if
from pgi_analysis.results.scorecards import Scorecard, scorecard
from pgi_analysis.results.trends import Trend, trend
from pgi_analysis.results.workplan import Deadlines, Tasks, calendar, late_reports, tasks

__all__ = [
    "DECIDED",
    "NOT_COMPARABLE",
    "PENDING",
    "SHARES",
    "Background",
    "Changes",
    "Deadlines",
    "Gap",
    "Joint",
    "Levels",
    "Parent",
    "Predecessors",
    "Projection",
    "Ranks",
    "Result",
    "Scenario",
    "Scorecard",
    "Tasks",
    "Trend",
    "calendar",
    "changes",
    "comparable_scores",
    "forecast_all",
    "gap",
    "html",
    "late_reports",
    "levels",
    "needed_rise",
    "own_baselines",
    "own_rises",
    "parent",
    "predecessors",
    "project",
    "ranks",
    "scorecard",
    "tasks",
    "trend",
    "what_if",
    "worst_aimed_at",
    "years_of",
]
