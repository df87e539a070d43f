"""What must hold of every method whatever the scores: units, mirrors, order, independence.

Scores are whole quarters, so that shifts and units are exact and no threshold is crossed by
rounding.
"""

import numpy as np
import pandas as pd
import pytest
from budget import often
from hypothesis import given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS, NONE, SIGNALS, Cases

LAST = 2020
LINEAR = ("sdsn", "weather", "pace_ratio", "escap_status")
GROWTH = ("statcan", "eurostat", "un_2022", "un_2023")
#: methods that judge by the base score and the newest one alone
ENDPOINTS = ("statcan", "un_2022", "un_2023", "escap_status", "sdsn", "pace_ratio")
SAID = ["method", "verdict", "signal", "rule"]

points = st.integers(1, 360).map(lambda quarters: quarters / 4)
one_area = st.fixed_dictionaries(
    {
        "scores": st.lists(points, min_size=1, max_size=8),
        "gap": st.integers(2, 9),
        "target": points,
        "target_period": st.integers(LAST, LAST + 10),
        "baseline_period": st.integers(LAST - 8, LAST - 1),
        "direction": st.sampled_from([-1, 1]),
    }
)
areas = st.lists(one_area, min_size=8, max_size=20)
#: each example holds many areas
law = settings(max_examples=often(5))
#: most are no powers of two, so that scores are rounded and thresholds are nearly missed
units = st.integers(-9, 9).map(lambda power: 10.0**power)


def tables(drawn):
    """The panel and the targets; the series end in 2020, and may have a gap before that."""
    scores, targets = [], []
    for number, area in enumerate(drawn):
        name = {"area": f"a{number:02d}", "indicator": "x"}
        first = LAST + 1 - len(area["scores"])
        scores += [
            name | {"period": period, "value": value}
            for period, value in enumerate(area["scores"], first)
            if period != LAST + 1 - area["gap"]
        ]
        terms = {k: area[k] for k in ("target", "target_period", "baseline_period", "direction")}
        targets.append(name | terms | {"lower": 0.0, "upper": 100.0})
    return pd.DataFrame(scores), pd.DataFrame(targets)


def changed(drawn, change, ends=True):
    """The tables with every score, target and (unless told otherwise) end of scale changed."""
    panel, targets = tables(drawn)
    names = ["target", "lower", "upper"] if ends else ["target"]
    return panel.assign(value=change(panel["value"])), targets.assign(**change(targets[names]))


def alike(one, other, methods=tuple(METHODS)):
    one, other = (found[found["method"].isin(methods)] for found in (one, other))
    assert one[SAID].astype(str).to_numpy().tolist() == other[SAID].astype(str).to_numpy().tolist()
    for number in ("measure", "score"):
        np.testing.assert_allclose(one[number], other[number], rtol=1e-9, atol=1e-9)


@law
@given(drawn=areas, unit=units, ends=st.booleans())
def test_a_change_of_unit_changes_no_verdict(drawn, unit, ends):
    """From 1e-9 to 1e9, also where the ends of the scale are not known."""
    made = [tables(drawn), changed(drawn, lambda x: unit * x)]
    if not ends:
        made = [(panel, targets.drop(columns=["lower", "upper"])) for panel, targets in made]
    alike(*(pgi.assess(*one).table for one in made))


@law
@given(drawn=areas, unit=units, base=points)
def test_a_stated_baseline_is_scaled_with_the_scores(drawn, unit, base):
    made = tables(drawn), changed(drawn, lambda x: unit * x)

    def assessed(panel, targets, by):
        below = targets["target"] - targets["direction"] * abs(base) * by
        endless = targets.drop(columns=["lower", "upper"])  # some lie beyond them
        return pgi.assess(panel, endless.assign(baseline=below)).table

    alike(assessed(*made[0], 1), assessed(*made[1], unit))


@law
@given(drawn=areas, unit=units)
def test_without_a_target_there_is_no_unit_either(drawn, unit):
    """The direction of the weather symbols and the growth rates; m itself has the unit."""
    scores = [[np.nan] * (8 - len(area["scores"])) + area["scores"] for area in drawn]
    direction = [area["direction"] for area in drawn]
    for method in (*GROWTH, "weather"):
        one, other = (
            METHODS[method].run(
                Cases.of_series(by * np.array(scores), range(2013, 2021), direction=direction)
            )
            for by in (1.0, unit)
        )
        assert one["verdict"].tolist() == other["verdict"].tolist()
        by = unit if method == "weather" else 1
        np.testing.assert_allclose(
            by * one["measure"], other["measure"], rtol=1e-6, atol=1e-12 * by
        )


@law
@given(drawn=areas, unit=units, limit=points)
def test_limits_are_scaled_with_the_scores(drawn, unit, limit):
    case = pd.DataFrame(
        {
            "baseline": [area["scores"][0] for area in drawn],
            "baseline_period": 2015,
            "value": [area["scores"][-1] for area in drawn],
            "period": LAST,
            "direction": [area["direction"] for area in drawn],
            "limit": limit,
        }
    )
    numbers = ["baseline", "value", "limit"]
    other = case.assign(**unit * case[numbers])
    alike(pgi.assess(case, method="statcan").table, pgi.assess(other, method="statcan").table)
    eustat = {"method": "eurostat", "variant": "eustat"}
    alike(pgi.assess(case, **eustat).table, pgi.assess(other, **eustat).table)


@pytest.mark.parametrize(
    ("method", "options", "scores"),
    [
        ("nutrition", {"floor": 5.0, "decimals": None}, {"baseline": 9, "value": 4, "target": 3}),
        ("statcan", {}, {"baseline": 4, "value": 0.01, "target": 0}),
        ("un_2023", {"percentage": True}, {"baseline": 98.5, "value": 99.5, "target": 100}),
    ],
)
def test_a_fixed_number_of_points_ties_a_method_to_its_unit(method, options, scores):
    """UNICEF's floor, a zero made .001 and the UN's one point have units."""
    terms = {"baseline_period": 2015, "period": 2020, "target_period": 2025}
    case = pd.DataFrame([{"direction": 1 if method == "un_2023" else -1} | scores | terms])
    numbers = ["baseline", "value", "target"]
    other = case.assign(**100 * case[numbers].astype(float))
    found = [pgi.assess(one, method=method, **options).table.iloc[0] for one in (case, other)]
    said = [(one["verdict"], one["rule"], round(one["measure"], 6)) for one in found]
    assert said[0] != said[1]


@law
@given(drawn=areas)
def test_a_mirror_changes_no_verdict(drawn):
    """Not of what takes logarithms of scores or of shares of a scale that begins at 0."""
    panel, targets = changed(drawn, lambda x: -x, ends=False)
    ends = {"lower": -100.0, "upper": 0.0}
    mirrored = pgi.assess(panel, targets.assign(direction=-targets["direction"], **ends)).table
    alike(pgi.assess(*tables(drawn)).table, mirrored, (*LINEAR, *GROWTH))


@law
@given(drawn=areas)
def test_a_mirror_within_the_scale_changes_no_verdict(drawn):
    """What is missing of 100, which should be low, instead of what should be high; and back."""
    panel, targets = changed(drawn, lambda x: 100 - x, ends=False)
    mirrored = pgi.assess(panel, targets.assign(direction=-targets["direction"])).table
    alike(pgi.assess(*tables(drawn)).table, mirrored, (*LINEAR, "nutrition", "escap_anticipated"))


@law
@given(drawn=areas, shift=st.integers(-4000, 4000).map(lambda quarters: quarters / 4))
def test_a_shift_changes_no_verdict_of_linear_methods(drawn, shift):
    shifted = pgi.assess(*changed(drawn, lambda x: x + shift)).table
    alike(pgi.assess(*tables(drawn)).table, shifted, LINEAR)


def ranks(found):
    """Where each signal stands, 0 the best; NaN where not assessed."""
    order = {signal: place for place, signal in enumerate(SIGNALS) if signal != NONE}
    return found["signal"].astype(str).map(order).to_numpy(float)


@law
@given(drawn=areas, target=points)
def test_a_harder_target_never_signals_better(drawn, target):
    """Of all but `un_2022`, for the reason shown below."""
    panel, targets = tables(drawn)
    up = targets["direction"] == 1
    high, low = targets["target"].clip(lower=target), targets["target"].clip(upper=target)
    others = [name for name in METHODS if name != "un_2022"]
    easy = ranks(pgi.assess(panel, targets.assign(target=low.where(up, high)), method=others).table)
    hard = ranks(pgi.assess(panel, targets.assign(target=high.where(up, low)), method=others).table)
    both = ~np.isnan(easy) & ~np.isnan(hard)
    assert (hard[both] >= easy[both]).all()


def test_a_harder_target_excuses_a_decline_in_the_ratio_of_2022():
    """A fall of 1 % is a tenth of the 10 % needed, but two tenths of 5 %, and −.1 is the edge."""
    terms = {"baseline": 100.0, "baseline_period": 2019, "value": 99.0, "period": LAST}
    case = pd.DataFrame({"target": [105.0, 110.0], "target_period": LAST, "direction": 1} | terms)
    found = pgi.assess(case, method="un_2022").table
    assert found["verdict"].tolist() == ["deterioration", "limited_progress"]


@law
@given(drawn=areas, gain=st.integers(1, 100).map(lambda quarters: quarters / 4))
def test_a_better_newest_score_never_signals_worse(drawn, gain):
    """Of methods that look at no score between; its sign kept, since growth needs one."""
    panel, targets = tables(drawn)
    direction = panel["area"].map(targets.set_index("area")["direction"])
    better = panel["value"] + gain * direction
    newer = panel["value"].mask((panel["period"] == LAST) & better.between(0.25, 100), better)
    before, after = (
        pgi.assess(one, targets, method=ENDPOINTS).table
        for one in (panel, panel.assign(value=newer))
    )
    before, after = ranks(before), ranks(after)
    both = ~np.isnan(before) & ~np.isnan(after)
    assert (after[both] <= before[both]).all()


@law
@given(drawn=areas, seed=st.integers(0, 99))
def test_a_case_does_not_depend_on_its_company(drawn, seed):
    panel, targets = tables(drawn)
    together = pgi.assess(panel, targets).table
    single = [pgi.assess(panel, targets.iloc[[i]]).table for i in range(2)]
    pd.testing.assert_frame_equal(pd.concat(single, ignore_index=True), together[:20])
    mixed = [table.sample(frac=1, random_state=seed) for table in (panel, targets)]
    shuffled = pgi.assess(*mixed).table.sort_values("area", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(shuffled, together)


@law
@given(drawn=areas)
def test_arguments_stay_as_they_are_and_other_columns_do_not_matter(drawn):
    panel, targets = tables(drawn)
    copies = panel.copy(), targets.copy()
    found = pgi.assess(panel, targets).table
    pd.testing.assert_frame_equal(panel, copies[0])
    pd.testing.assert_frame_equal(targets, copies[1])
    more = panel.assign(note="n", limit=1.0), targets.assign(note="n", value=1.0)
    pd.testing.assert_frame_equal(pgi.assess(*more).table, found)


@law
@given(drawn=areas, later=st.lists(points, min_size=1, max_size=3))
def test_scores_after_the_target_period_do_not_matter(drawn, later):
    panel, targets = tables(drawn)
    targets["target_period"] = LAST
    rows = [
        {"area": area, "indicator": "x", "period": LAST + 1 + step, "value": value}
        for area in targets["area"]
        for step, value in enumerate(later)
    ]
    longer = pd.concat([panel, pd.DataFrame(rows)])
    pd.testing.assert_frame_equal(
        pgi.assess(longer, targets).table, pgi.assess(panel, targets).table
    )


@law
@given(drawn=areas, margin=st.integers(0, 40).map(lambda quarters: quarters / 4))
def test_a_met_target_never_signals_away_or_stalled(drawn, margin):
    """Whatever the trend; `weather` and `escap_anticipated` warn of one that leads back."""
    panel, targets = tables(drawn)
    newest = panel[panel["period"] == LAST].set_index("area")["value"]
    met = (targets["area"].map(newest) - margin * targets["direction"]).clip(lower=0.25)
    found = pgi.assess(panel, targets.assign(target=met), method=[*GROWTH, *LINEAR]).table
    assert not found["signal"].isin(["away", "stalled"]).any()
    assessed = found[(found["signal"] != NONE) & (found["method"] != "weather")]
    assert (assessed["signal"] == "met").all()
