"""How projections do: past origins replayed, scored on what came, and held against simple models.

Read `backtests` for the public face, `rolling` for the replay, `references` for the models that the
panel model must beat, `scores` and `verification` for the sums, `evidence` for what was found.
"""

from pgi_analysis.evaluation.backtests import MODELS, BackTest, backtest
from pgi_analysis.evaluation.predictive import Forecaster, History, Predictive, Sample, Student
from pgi_analysis.evaluation.rolling import Rolled, panel_model, roll
from pgi_analysis.evaluation.verification import event_summary, summary, verdict

__all__ = [
    "MODELS",
    "BackTest",
    "Forecaster",
    "History",
    "Predictive",
    "Rolled",
    "Sample",
    "Student",
    "backtest",
    "event_summary",
    "panel_model",
    "roll",
    "summary",
    "verdict",
]
