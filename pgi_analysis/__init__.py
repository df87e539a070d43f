"""Gap, trend and calibrated projection of index targets.

The names below are the public interface; each loads its module when it is first used, so that
importing the package stays fast.
"""

from importlib import import_module

_HOMES = {
    "Dataset": "data",
    "InputError": "faults",
    "Page": "notebook",
    "Plan": "data",
    "Quarter": "data",
    "assess": "assessment",
    "backtest": "evaluation",
    "calendar": "results",
    "changes": "results",
    "gap": "results",
    "levels": "results",
    "load": "data",
    "needed_rise": "results",
    "parent": "results",
    "plan_names": "data",
    "predecessors": "results",
    "project": "results",
    "ranks": "results",
    "read_panel": "data",
    "read_targets": "data",
    "scorecard": "results",
    "tasks": "results",
    "trend": "results",
    "what_if": "results",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


#: rooms with results, which show themselves in a notebook
_SHOWN = ("results", "assessment", "evaluation")


def __getattr__(name: str) -> object:
    if name in ("assessment", "evaluation"):  # open to whoever wants more than the public names
        return import_module(f"pgi_analysis.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'pgi_analysis' has no attribute {name!r}")
    if _HOMES[name] in _SHOWN:
        import_module("pgi_analysis.notebook.display")
    value = getattr(import_module(f"pgi_analysis.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
