"""The panel model: what the scores of all areas say about where each is heading.

Read `components` for the model, `fitting` for its fit, `common` for the path that all areas share,
`prediction` and `forecast` for what follows; `simple` has two models to compare with.
"""

from pgi_analysis.panel.cautions import cautions
from pgi_analysis.panel.families import Family, families, family_named
from pgi_analysis.panel.fitting import PanelFit, fit_panel, pool
from pgi_analysis.panel.forecast import Forecast
from pgi_analysis.panel.prediction import predict
from pgi_analysis.panel.siblings import fit_siblings

__all__ = [
    "Family",
    "Forecast",
    "PanelFit",
    "cautions",
    "families",
    "family_named",
    "fit_panel",
    "fit_siblings",
    "pool",
    "predict",
]
