"""How projections do: past origins replayed, scored on what came, and held against simple models.

Read `backtests` for the public face, `rolling` for the replay, `references` for the models that the
panel model must beat, `labels` for what the labels of assessment methods have been worth, `scores`
and `verification` for the sums, `evidence` for what was found.
"""

from pgi_analysis.evaluation.backtests import MODELS, BackTest, backtest, parse_horizons
from pgi_analysis.evaluation.evidence import (
    human_freedom_index,
    label_record,
    reference_panels,
    reference_trials,
    track_record,
    trial_sentences,
)
from pgi_analysis.evaluation.labels import LabelWorth, label_worth
from pgi_analysis.evaluation.predictive import Forecaster, History, Predictive, Sample, Student
from pgi_analysis.evaluation.rolling import Rolled, panel_model, roll
from pgi_analysis.evaluation.telling import (
    as_text,
    brier_table,
    caution,
    label_sentences,
    label_table,
    method,
    score_table,
    sentences,
    setting,
)
from pgi_analysis.evaluation.verification import event_summary, summary, verdict

__all__ = [
    "MODELS",
    "BackTest",
    "Forecaster",
    "History",
    "LabelWorth",
    "Predictive",
    "Rolled",
    "Sample",
    "Student",
    "as_text",
    "backtest",
    "brier_table",
    "caution",
    "event_summary",
    "human_freedom_index",
    "label_record",
    "label_sentences",
    "label_table",
    "label_worth",
    "method",
    "panel_model",
    "parse_horizons",
    "reference_panels",
    "reference_trials",
    "roll",
    "score_table",
    "sentences",
    "setting",
    "summary",
    "track_record",
    "trial_sentences",
    "verdict",
]
