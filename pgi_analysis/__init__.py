"""Gap, trend and calibrated projection of index targets.

The names below are the public interface; each loads its module when it is first used, so that
importing the package stays fast.
"""

from importlib import import_module

_HOMES = {
    "Dataset": "dataset",
    "InputError": "faults",
    "Page": "page",
    "Plan": "dataset",
    "Quarter": "deadlines",
    "assess": "assessment",
    "backtest": "evaluation",
    "calendar": "workplan",
    "changes": "news",
    "gap": "gaps",
    "load": "data",
    "needed_rise": "scenario",
    "plan_names": "data",
    "project": "projection",
    "read_panel": "files",
    "read_targets": "files",
    "scorecard": "scorecards",
    "tasks": "workplan",
    "trend": "trends",
    "what_if": "scenario",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'pgi_analysis' has no attribute {name!r}")
    value = getattr(import_module(f"pgi_analysis.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
