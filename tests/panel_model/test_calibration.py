"""On panels drawn from the model, intervals cover what they claim, within binomial limits."""

from dataclasses import replace

import numpy as np
import pytest
from budget import often
from scipy import stats
from simulate import draw_panel

from pgi_analysis.panel.families import family_named
from pgi_analysis.panel.fitting import fit_panel, pool
from pgi_analysis.panel.prediction import predict

SURVEY = family_named("subnational_survey")
PANELS = often(150)
pytestmark = pytest.mark.deep


@pytest.mark.parametrize(
    ("history", "areas"), [(1, 6), (2, 6), (3, 6), (5, 6), (8, 6), (1, 60), (3, 60), (8, 60)]
)
def test_coverage(history, areas):
    """One area a panel is counted, so that counts are binomial; theta is drawn from the prior."""
    rng = np.random.default_rng([history, areas])
    inside = np.zeros(2)
    for _ in range(PANELS):
        ratio = rng.normal(SURVEY.change_log_mean, SURVEY.change_log_sd)
        ratio = min(ratio, 0.5)
        share = rng.normal(SURVEY.noise_logit(ratio), SURVEY.noise_sd)
        y = draw_panel(
            rng, theta=(0.0, ratio, share), areas=areas, periods=history + 3,
            common=SURVEY.common_ratio, tail=SURVEY.tail_df,
        )  # fmt: skip
        fit = fit_panel(y[:, :history], np.arange(float(history)), SURVEY)
        found = predict(fit, history + np.array([0.0, 2.0]), common=pool([fit]))
        low, high = found.quantile(0.1)[0], found.quantile(0.9)[0]
        future = y[0, [history, history + 2]]
        inside += (low <= future) & (future <= high)
    limits = stats.binom.ppf([0.001, 0.999], PANELS, 0.8)
    assert ((inside >= limits[0]) & (inside <= limits[1])).all(), inside / PANELS


def test_probabilities_come_true():
    """Of the targets given 70 %, about 70 % are met: reliability over many panels."""
    rng = np.random.default_rng(11)
    p, met = [], []
    for _ in range(often(300)):
        y = draw_panel(rng, theta=(0.0, 0.0, 1.0), areas=40, periods=6, common=0.53)
        fit = fit_panel(y[:, :3], np.arange(3.0), replace(SURVEY, tail_df=25))
        target = y[0, 2] + rng.uniform(-1, 1.5)
        found = predict(fit, np.array([3.0, 4.0, 5.0])).take(np.array([0]))
        p.append(found.prob_by(target, size=500)[0, -1])
        met.append(y[0, 3:].max() >= target)
    p, met = np.array(p), np.array(met)
    spread = np.sqrt((p * (1 - p)).sum()) / len(p)
    assert abs(p.mean() - met.mean()) < 3.3 * spread
