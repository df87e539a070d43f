"""How projections do: past origins replayed, scored on what came, and held against simple models.

Read `backtests` for the public face, `rolling` for the replay, `mergers` for areas merged on paper,
`partly_out` for editions shown in part,
`references` for the models that the panel model must beat, `labels` for what the labels of
assessment methods have been worth, `scores` and `verification` for the sums, `evidence` for what
was found.
"""

from pgi_analysis.evaluation.backtests import MODELS, BackTest, backtest, parse_horizons
from pgi_analysis.evaluation.evidence import (
    ANEW,
    MergerRecord,
    PartlyOutRecord,
    human_freedom_index,
    label_records,
    life_expectancy,
    merger_records,
    panels,
    partly_out_records,
    records,
    reference_panels,
    reference_trials,
    series_records,
    smooth_records,
)
from pgi_analysis.evaluation.labels import LabelWorth, label_worth
from pgi_analysis.evaluation.mergers import repeat_mergers
from pgi_analysis.evaluation.partly_out import repeat_partly_out
from pgi_analysis.evaluation.predictive import Forecaster, History, Predictive, Sample, Student
from pgi_analysis.evaluation.rolling import Rolled, panel_model, roll
from pgi_analysis.evaluation.verification import event_summary, summary, verdict

__all__ = [
    "ANEW",
    "MODELS",
    "BackTest",
    "Forecaster",
    "History",
    "LabelWorth",
    "MergerRecord",
    "PartlyOutRecord",
    "Predictive",
    "Rolled",
    "Sample",
    "Student",
    "backtest",
    "event_summary",
    "human_freedom_index",
    "label_records",
    "label_worth",
    "life_expectancy",
    "merger_records",
    "panel_model",
    "panels",
    "parse_horizons",
    "partly_out_records",
    "records",
    "reference_panels",
    "reference_trials",
    "repeat_mergers",
    "repeat_partly_out",
    "roll",
    "series_records",
    "smooth_records",
    "summary",
    "verdict",
]
