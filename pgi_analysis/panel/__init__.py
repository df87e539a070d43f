"""The panel model: what the scores of all areas say about where each is heading.

Read `components` for the model, `fitting` for its fit, `common` for the path that all areas share,
`prediction` and `forecast` for what follows, `self_assessment` for what an area says of itself and
`band` for what a newly formed one's parts say of it;
`simple` has two models to compare with, `own_history` one for series without areas to compare them
with.
"""

from pgi_analysis.panel.band import with_band
from pgi_analysis.panel.cautions import cautions
from pgi_analysis.panel.common import CommonPrior
from pgi_analysis.panel.families import Family, families, family_named
from pgi_analysis.panel.fitting import PanelFit, fit_panel, pool
from pgi_analysis.panel.forecast import (
    LEAST_DF,
    Forecast,
    chi_square,
    covariance_root,
    doubt_df,
    last_seen,
)
from pgi_analysis.panel.nowcast import nowcast
from pgi_analysis.panel.prediction import predict, shared_change
from pgi_analysis.panel.selective import completed, mixed
from pgi_analysis.panel.self_assessment import with_self_assessment
from pgi_analysis.panel.siblings import Scores, fit_siblings
from pgi_analysis.panel.transforms import Transform, choose
from pgi_analysis.panel.trend import with_trend
from pgi_analysis.panel.units import Unit, all_equal, unit_of

__all__ = [
    "LEAST_DF",
    "CommonPrior",
    "Family",
    "Forecast",
    "PanelFit",
    "Scores",
    "Transform",
    "Unit",
    "all_equal",
    "cautions",
    "chi_square",
    "choose",
    "completed",
    "covariance_root",
    "doubt_df",
    "families",
    "family_named",
    "fit_panel",
    "fit_siblings",
    "last_seen",
    "mixed",
    "nowcast",
    "pool",
    "predict",
    "shared_change",
    "unit_of",
    "with_band",
    "with_self_assessment",
    "with_trend",
]
