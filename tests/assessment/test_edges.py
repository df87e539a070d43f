"""Every method at its edges: each rule, each threshold from both sides, each odd case, by hand.

A case is base, value, target in 2015, 2020, 2025 and up is better, unless a row says otherwise.
Where growth is compounded the steps are of one year (`A_YEAR`), so that a rate is a plain share.
"""

import math
import re
import statistics

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS, Cases, statcan
from pgi_analysis.assessment.nutrition import PRESETS

ON_ITS_WAY = {"baseline": 4.0, "baseline_period": 2015, "value": 5.0, "period": 2020}
ON_ITS_WAY |= {"target": 6.0, "target_period": 2025, "direction": 1}
A_YEAR = {"baseline": 100.0, "period": 2016, "target": 200.0, "target_period": 2016}
NO_TARGET = A_YEAR | {"target": None, "target_period": None}
HALF = {"limit": 100.0} | NO_TARGET | {"baseline": 50.0}  # C = 1 − .5^4.44 = .9539
ONE = {"baseline": None, "baseline_period": None}

STATCAN = [
    ({"value": 195.0} | A_YEAR, "substantial_progress ratio"),
    (A_YEAR | {"value": 194.9}, "moderate_progress ratio"),
    (A_YEAR | {"value": 160.0}, "moderate_progress ratio"),
    (A_YEAR | {"value": 159.9}, "limited_progress ratio"),
    (A_YEAR | {"value": 100.0}, "limited_progress ratio"),
    (A_YEAR | {"value": 99.9}, "deterioration ratio"),
    (NO_TARGET | {"value": 101.5}, "substantial_progress growth"),
    (NO_TARGET | {"value": 101.49}, "moderate_progress growth"),
    (NO_TARGET | {"value": 100.5}, "moderate_progress growth"),
    (NO_TARGET | {"value": 100.49}, "limited_progress growth"),
    (NO_TARGET | {"value": 100.0}, "limited_progress growth"),
    (NO_TARGET | {"value": 99.99}, "deterioration growth"),
    # 1.5 % · C is .71546 of 50, .5 % · C is .23849
    (HALF | {"value": 50.716}, "substantial_progress limit_scaled"),
    (HALF | {"value": 50.715}, "moderate_progress limit_scaled"),
    (HALF | {"value": 50.239}, "moderate_progress limit_scaled"),
    (HALF | {"value": 50.238}, "limited_progress limit_scaled"),
    (HALF | {"value": 49.9}, "deterioration limit_scaled"),
    # from above: (2 · 100 − 150) / 100 is one half too
    (
        HALF | {"baseline": 150.0, "value": 147.85, "direction": -1},
        "substantial_progress limit_scaled",
    ),
    (
        HALF | {"baseline": 150.0, "value": 147.86, "direction": -1},
        "moderate_progress limit_scaled",
    ),
    (HALF | {"baseline": 200.0, "value": 197.1, "direction": -1}, "moderate_progress growth"),
    (HALF | {"value": 49.28, "direction": -1}, "moderate_progress growth"),  # away from it
    (HALF | {"baseline": 100.0, "value": 100.0}, "substantial_progress at_limit"),
    (HALF | {"baseline": 100.0, "value": 99.9}, "deterioration limit_scaled"),
    ({"limit": 6.0}, "substantial_progress ratio"),  # a target leaves no use for a limit
    ({"value": 6.0}, "target_achieved target_met"),
    ({"baseline": 9.0, "value": 7.0}, "target_achieved target_met"),
    ({"value": 7.0, "direction": -1}, "deterioration baseline_beyond_target"),
    ({"baseline": 7.0}, "deterioration baseline_beyond_target"),
    ({"baseline": 6.0}, "not_assessed target_equals_baseline"),
    ({"baseline": 6.0, "value": 6.5}, "target_achieved target_met"),
    ({"baseline": 0.0, "value": 3.0}, "substantial_progress zero_replaced"),
    ({"value": 1.0, "target": 0.0, "direction": -1}, "limited_progress zero_replaced"),
    ({"value": 0.001, "target": 0.0, "direction": -1}, "target_achieved target_met"),
    ({"value": -1.0}, "not_assessed opposite_signs"),
    ({"value": 3.0, "target": -1.0, "direction": -1}, "not_assessed opposite_signs"),
    ({"baseline": -4.0, "value": -3.0, "target": -2.0}, "moderate_progress ratio"),
    (ONE, "not_assessed too_few_points"),
    ({"value": None}, "not_assessed no_score"),
    ({"target_period": 2015}, "not_assessed no_time"),
    ({"target_period": 2010}, "not_assessed no_time"),
    ({"target_period": 2020}, "limited_progress ratio"),
]
EUROSTAT = [
    (A_YEAR | {"value": 195.0}, "significant_progress ratio"),
    (A_YEAR | {"value": 194.9}, "moderate_progress ratio"),
    (A_YEAR | {"value": 160.0}, "moderate_progress ratio"),
    (A_YEAR | {"value": 159.9}, "insufficient_progress ratio"),
    (A_YEAR | {"value": 100.0}, "insufficient_progress ratio"),
    (A_YEAR | {"value": 99.9}, "movement_away ratio"),
    (NO_TARGET | {"value": 101.01}, "significant_progress growth"),
    (NO_TARGET | {"value": 101.0}, "moderate_progress growth"),
    (NO_TARGET | {"value": 100.11}, "moderate_progress growth"),
    (NO_TARGET | {"value": 100.1}, "no_progress growth"),
    (NO_TARGET | {"value": 99.9}, "no_progress growth"),
    (NO_TARGET | {"value": 99.89}, "moderate_movement_away growth"),
    (NO_TARGET | {"value": 99.0}, "moderate_movement_away growth"),
    (NO_TARGET | {"value": 98.99}, "significant_movement_away growth"),
    (HALF | {"value": 50.49}, "moderate_progress growth"),  # limits do not count
    ({"value": 6.0}, "significant_progress target_met"),
    ({"baseline": 7.0}, "movement_away baseline_beyond_target"),
    ({"baseline": 6.0}, "not_assessed target_equals_baseline"),
    ({"baseline": 0.0}, "not_assessed zero_base"),
    ({"value": 3.0, "target": 0.0, "direction": -1}, "not_assessed zero_target"),
    ({"value": -1.0}, "not_assessed opposite_signs"),
    ({"value": None}, "not_assessed no_score"),
    (ONE, "not_assessed too_few_points"),
    ({"period": 2021}, "not_assessed too_few_points"),  # the base is out of the window
    ({"target_period": 2015}, "not_assessed no_time"),
]
EUSTAT = [
    (A_YEAR | {"value": 195.0}, "significant_progress ratio"),
    (A_YEAR | {"value": 160.0}, "moderate_progress ratio"),
    (A_YEAR | {"value": 159.9}, "moderate_deterioration ratio"),
    (A_YEAR | {"value": 99.9}, "significant_deterioration ratio"),
    # 1 % · C is .47698 of 50, .1 % · C is .0477, but −.1 % stays .05
    (HALF | {"value": 50.477}, "significant_progress limit_scaled"),
    (HALF | {"value": 50.476}, "moderate_progress limit_scaled"),
    (HALF | {"value": 50.0477}, "moderate_progress limit_scaled"),
    (HALF | {"value": 50.0476}, "no_progress limit_scaled"),
    (HALF | {"value": 49.95}, "no_progress limit_scaled"),
    (HALF | {"value": 49.949}, "moderate_deterioration limit_scaled"),
    (HALF | {"value": 49.5231}, "moderate_deterioration limit_scaled"),
    (HALF | {"value": 49.522}, "significant_deterioration limit_scaled"),
    (HALF | {"value": 49.5231, "limit": None}, "moderate_deterioration growth"),
    ({"baseline": 0.0, "value": 3.0}, "significant_progress zero_replaced"),
    ({"period": 2021}, "moderate_progress ratio"),  # no window
]
UN_2022 = [
    (A_YEAR | {"value": 195.0}, "substantial_progress ratio"),
    (A_YEAR | {"value": 194.9}, "fair_progress ratio"),
    (A_YEAR | {"value": 150.0}, "fair_progress ratio"),
    (A_YEAR | {"value": 149.9}, "limited_progress ratio"),
    (A_YEAR | {"value": 90.0}, "limited_progress ratio"),
    (A_YEAR | {"value": 89.9}, "deterioration ratio"),
    (NO_TARGET | {"value": 101.01}, "substantial_progress growth"),
    (NO_TARGET | {"value": 101.0}, "fair_progress growth"),
    (NO_TARGET | {"value": 100.5}, "fair_progress growth"),
    (NO_TARGET | {"value": 100.49}, "limited_progress growth"),
    (NO_TARGET | {"value": 99.0}, "limited_progress growth"),
    (NO_TARGET | {"value": 98.99}, "deterioration growth"),
    (NO_TARGET | {"value": 98.99, "direction": -1}, "substantial_progress growth"),
    ({"value": 6.0}, "substantial_progress target_met"),
    ({"baseline": 7.0}, "deterioration baseline_beyond_target"),
    ({"baseline": 6.0}, "not_assessed target_equals_baseline"),
    ({"baseline": 0.0}, "not_assessed zero_base"),
    ({"baseline": 0.0, "value": 7.0}, "substantial_progress target_met"),  # whatever the growth
    ({"baseline": -1.0, "value": 7.0}, "substantial_progress target_met"),
    ({"value": 3.0, "target": 0.0, "direction": -1}, "not_assessed zero_target"),
    ({"value": -1.0}, "not_assessed opposite_signs"),
    ({"value": None}, "not_assessed no_score"),
    (ONE, "not_assessed too_few_points"),
    ({"target_period": 2015}, "not_assessed no_time"),
]
TWO_YEARS = A_YEAR | {"target_period": 2017}  # P = value² / 100
UN_2023 = [
    (A_YEAR | {"value": 195.0}, "on_track projected"),
    (A_YEAR | {"value": 194.9}, "fair_progress projected"),
    (A_YEAR | {"value": 110.0}, "fair_progress projected"),
    (A_YEAR | {"value": 109.9}, "stagnation_or_regression projected"),
    (TWO_YEARS | {"value": 150.0, "target": 232.0}, "fair_progress projected"),  # 125 of 132
    (TWO_YEARS | {"value": 150.0, "target": 231.0}, "on_track projected"),  # 125 of 131
    (NO_TARGET | {"value": 102.0}, "on_track growth"),
    (NO_TARGET | {"value": 101.99}, "fair_progress growth"),
    (NO_TARGET | {"value": 100.5}, "fair_progress growth"),
    (NO_TARGET | {"value": 100.49}, "stagnation_or_regression growth"),
    ({"value": 6.0}, "on_track target_met"),
    ({"baseline": 7.0}, "stagnation_or_regression baseline_beyond_target"),
    ({"baseline": 6.0}, "not_assessed target_equals_baseline"),
    ({"baseline": 0.0}, "not_assessed zero_base"),
    ({"baseline": 0.0, "value": 7.0}, "on_track target_met"),  # whatever the growth
    ({"baseline": -1.0, "value": 7.0}, "on_track target_met"),
    (ONE | {"value": 7.0}, "not_assessed too_few_points"),  # two years at the least
    ({"value": 3.0, "target": 0.0, "direction": -1}, "fair_progress projected"),  # 2.25
    ({"value": -1.0}, "not_assessed opposite_signs"),
    ({"value": None}, "not_assessed no_score"),
    (ONE, "not_assessed too_few_points"),
    ({"target_period": 2015}, "not_assessed no_time"),
]
PER_CENT = [
    ({"baseline": 99.5, "value": 99.0, "target": 100.0}, "on_track nearly_met"),
    ({"baseline": 99.5, "value": 98.9, "target": 100.0}, "stagnation_or_regression projected"),
    ({"value": 1.0, "target": 0.0, "direction": -1}, "on_track nearly_met"),
    ({"baseline": 97.5, "value": 97.0, "target": 98.0}, "stagnation_or_regression projected"),
    ({"baseline": 100.0, "value": 99.0, "target": 100.0}, "on_track nearly_met"),
    ({"baseline": 0.0, "value": 99.0, "target": 100.0}, "on_track nearly_met"),
]
ESCAP_STATUS = [
    ({"value": 5.81}, "on_track status"),
    ({"value": 5.8}, "slow_progress status"),  # 9 of 10
    ({"value": 4.01}, "slow_progress status"),
    ({"value": 4.0}, "regression status"),
    ({"value": 3.9}, "regression status"),
    ({"value": 6.0}, "on_track target_met"),
    (ONE | {"value": 6.0}, "on_track target_met"),
    (ONE, "not_assessed too_few_points"),
    ({"baseline": 7.0}, "regression baseline_beyond_target"),
    ({"baseline": 6.0}, "regression target_equals_baseline"),
    ({"value": None}, "not_assessed no_score"),
    ({"target": None, "target_period": None}, "not_assessed no_target"),
    ({"target_period": 2010}, "slow_progress status"),  # it does not ask for time
    ({"baseline": -4.0, "value": 1.0}, "slow_progress status"),
]
PARITY = [
    ({"baseline": 0.5, "value": 0.96, "target": 1.0}, "on_track status"),  # 9.2
    ({"baseline": 0.5, "value": 0.95, "target": 1.0}, "slow_progress status"),  # 9
    ({"baseline": 0.5, "value": 0.5, "target": 1.0}, "regression status"),
    ({"baseline": 1.0, "value": 0.9, "target": 1.0}, "regression target_equals_baseline"),
    ({"baseline": 1.5, "value": 0.9, "target": 1.0}, "slow_progress status"),  # 8
    ({"baseline": 1.5, "value": 1.4, "target": 1.0, "direction": -1}, "slow_progress status"),
]
BEYOND_PARITY = [
    ({"baseline": 1.2, "value": 1.05, "target": 1.0}, "slow_progress status"),  # 7.5
    ({"baseline": 0.9, "value": 1.5, "target": 1.0}, "regression status"),  # −40
    ({"baseline": 1.5, "value": 0.4, "target": 1.0, "direction": -1}, "regression status"),
]
# 20, 50 and then 80: the logits are −1.39, 0 and 1.39; up by 60, so 9 tenths are 54
RISE = {"baseline": 20.0, "value": 50.0, "upper": 100.0}
ESCAP_ANTICIPATED = [
    (RISE | {"target": 80.0}, "will_meet_target projected"),
    (RISE | {"target": 86.6}, "will_meet_target projected"),  # 60 of 66.6
    (RISE | {"target": 86.7}, "need_to_accelerate projected"),
    (RISE | {"value": 20.0, "target": 80.0}, "no_progress_expected projected"),
    (RISE | {"value": 19.0, "target": 80.0}, "no_progress_expected projected"),
    (RISE | {"target": 40.0}, "will_meet_target target_met"),
    (RISE | {"baseline": 90.0, "target": 80.0}, "no_progress_expected baseline_beyond_target"),
    (RISE | {"baseline": 80.0, "target": 80.0}, "no_progress_expected target_equals_baseline"),
    (ONE | {"value": 90.0, "target": 80.0}, "will_meet_target target_met"),
    (ONE | {"value": 70.0, "target": 80.0}, "not_assessed too_few_points"),
    (RISE | {"value": None}, "not_assessed no_score"),
    (RISE | {"target": None, "target_period": None}, "not_assessed no_target"),
    # at the end of the scale the logit is infinite: the newest score stays
    (RISE | {"baseline": 0.0, "target": 60.0}, "need_to_accelerate projected"),
    (RISE | {"target": 80.0, "target_period": 2020}, "need_to_accelerate projected"),  # 5
    (RISE | {"target": 80.0, "upper": None}, "not_assessed no_scale"),
    (RISE | {"target": 30.0, "upper": 40.0}, "not_assessed undefined"),  # 50 of 40
]
SDSN = [
    ({"value": 5.0}, "on_track_or_maintaining ratio"),
    ({"value": 4.99}, "moderately_improving ratio"),
    ({"value": 4.5}, "moderately_improving ratio"),
    ({"value": 4.49}, "stagnating ratio"),
    ({"value": 4.0}, "stagnating ratio"),
    ({"value": 3.99}, "decreasing ratio"),
    ({"value": 6.0}, "on_track_or_maintaining target_met"),
    ({"baseline": 8.0, "value": 6.0}, "on_track_or_maintaining held"),
    ({"baseline": 6.0, "value": 6.0}, "on_track_or_maintaining held"),
    ({"baseline": 7.0}, "decreasing baseline_beyond_target"),
    ({"baseline": 6.0}, "decreasing target_equals_baseline"),
    ({"baseline": 0.0, "value": 3.0}, "on_track_or_maintaining ratio"),
    (
        {"baseline": 2.0, "value": 1.0, "target": 0.0, "direction": -1},
        "on_track_or_maintaining ratio",
    ),
    ({"baseline": -4.0, "value": 1.0}, "on_track_or_maintaining ratio"),
    (ONE, "not_assessed too_few_points"),
    ({"value": None}, "not_assessed no_score"),
    ({"target": None, "target_period": None}, "not_assessed no_target"),
    ({"target_period": 2015}, "not_assessed no_time"),
]
PACE_RATIO = [
    ({"value": 4.9}, "on_track ratio"),
    ({"value": 4.89}, "at_risk ratio"),
    ({"value": 4.6}, "at_risk ratio"),
    ({"value": 4.59}, "off_track ratio"),
    ({"value": 3.0}, "off_track ratio"),
    ({"value": 6.0}, "achieved target_met"),
    ({"value": 6.0, "target_period": 2015}, "achieved target_met"),
    ({"baseline": 7.0}, "off_track baseline_beyond_target"),
    ({"baseline": 6.0}, "off_track target_equals_baseline"),
    ({"value": 5.8, "target_period": 2018}, "on_track ratio"),  # no more time than all of it
    ({"value": 5.79, "target_period": 2018}, "at_risk ratio"),
    ({"baseline": 0.0, "value": 2.7}, "on_track ratio"),
    (ONE, "not_assessed too_few_points"),
    ({"value": None}, "not_assessed no_score"),
    ({"target": None, "target_period": None}, "not_assessed no_target"),
    ({"target_period": 2015}, "not_assessed no_time"),
]
# prevalences of what is unwanted, one year on; 50 in the same year asks for 50 % a year
SCALE = {"lower": 0.0, "upper": 200.0}
LESS = A_YEAR | {"target": 50.0, "direction": -1, "lower": 0.0, "upper": 100.0}
UNKNOWN = LESS | {"lower": None}
NUTRITION = [
    (LESS | {"value": 99.5}, "no_progress rate"),  # a rate of k itself is none
    (LESS | {"value": 99.4}, "some_progress rate"),
    (LESS | {"value": 100.5}, "no_progress rate"),
    (LESS | {"value": 100.6}, "worsening rate"),
    (LESS | {"value": 50.0}, "on_track target_met"),
    (LESS | {"value": 50.04}, "on_track target_met"),  # 50.0, rounded
    (LESS | {"value": 50.05}, "some_progress rate"),  # 50.1: half goes away from zero
    (LESS | {"value": 62.25, "target": 62.2}, "some_progress rate"),  # 62.3, to even 62.2
    (LESS | {"value": 90.0, "target": 81.0, "target_period": 2017}, "on_track rate"),
    (LESS | {"value": 90.1, "target": 81.0, "target_period": 2017}, "some_progress rate"),
    (LESS | {"value": None}, "not_assessed no_score"),
    (LESS | ONE | {"value": 50.0}, "on_track target_met"),  # one score is enough for that
    (LESS | ONE | {"value": 90.0}, "not_assessed too_few_points"),
    (LESS | {"baseline": 0.0, "value": 60.0}, "not_assessed too_few_points"),  # no logarithm
    (LESS | {"target": None, "target_period": None}, "not_assessed no_target"),
    (LESS | {"value": 90.0, "target_period": 2015}, "not_assessed no_time"),
    (A_YEAR | {"value": 150.0}, "not_assessed no_scale"),
    # of a scale from 100 to 300: 50 %, then 45 %, in time for 40 %
    (
        A_YEAR
        | {"baseline": 200.0, "value": 190.0, "target": 180.0, "direction": -1}
        | {"lower": 100.0, "upper": 300.0},
        "some_progress rate",
    ),
    # in a unit unknown nothing is rounded
    (UNKNOWN | {"value": 50.04}, "some_progress rate"),
    (UNKNOWN | {"baseline": 0.1, "value": 0.14, "target": 0.12}, "worsening rate"),
    (LESS | {"baseline": 40.0, "value": 50.2, "target_period": 2016}, "worsening rate"),  # lost
    # what is missing of a scale of 0 to 200: 50 %, then 45 %, in time for 40 %
    (A_YEAR | SCALE | {"value": 110.0, "target": 120.0}, "some_progress rate"),
]

TABLES = [
    ("statcan", {}, STATCAN),
    ("eurostat", {}, EUROSTAT),
    ("eurostat", {"variant": "eustat"}, EUSTAT),
    ("un_2022", {}, UN_2022),
    ("un_2023", {}, UN_2023),
    ("un_2023", {"percentage": True}, PER_CENT),
    ("escap_status", {}, ESCAP_STATUS),
    ("escap_status", {"parity": True}, PARITY),
    ("escap_anticipated", {}, ESCAP_ANTICIPATED),
    ("sdsn", {}, SDSN),
    ("pace_ratio", {}, PACE_RATIO),
    ("nutrition", {}, NUTRITION),
]


def verdicts(rows, method, **options):
    """What a method says of rows of changes to a case, as «verdict rule», and its measures."""
    table = pd.DataFrame([ON_ITS_WAY | row for row in rows]).astype(float)
    found = METHODS[method].run(Cases.of(**table), **options)
    return (found["verdict"].astype(str) + " " + found["rule"].astype(str)).tolist(), found


@pytest.mark.parametrize(("method", "options", "rows"), TABLES)
def test_every_edge_by_hand(method, options, rows):
    said, _ = verdicts([row for row, _ in rows], method, **options)
    assert said == [expected for _, expected in rows]


def test_parity_is_missed_on_either_side():
    said, _ = verdicts([row for row, _ in BEYOND_PARITY], "escap_status", parity=True)
    assert said == [expected for _, expected in BEYOND_PARITY]


def named(method):
    """The rules that a method's docstring names."""
    text = METHODS[method].run.__doc__
    listed = text[text.index("``rule``") + 8 : text.index("Examples")]
    return set(re.findall("``([a-z_]+)``", listed))


@pytest.mark.parametrize("method", METHODS)
def test_every_rule_that_a_docstring_names_fires_in_this_file(method):
    rows = [row for name, _, rows in TABLES for row in rows if name == method]
    shown = {expected.split()[1] for _, expected in rows}
    shown |= {row[-1].split()[1] for row in WEATHER if method == "weather"}
    assert shown == named(method)


# scores of 2013, 2016 and 2018 of 1, 2 and 4, on the way to 6 in 2020: from 2013 the pace is
# (3/5) / (5/7) = .84, from 2016 it is (2/4) / (2/4) = 1; from 2018 there is none
BASES = [
    ("after", 2013, 0.84),
    ("after", 2014, 1.0),
    ("after", 2017, None),
    ("after", 2019, None),
    ("after", None, 0.84),
    ("nearest", 2014, 0.84),
    ("nearest", 2015, 1.0),
    ("nearest", 2017, None),  # of two as near, the later
    ("nearest", 2010, 0.84),
    ("nearest", None, 0.84),
    ("after_or_before", 2014, 1.0),
    ("after_or_before", 2017, 1.0),
    ("after_or_before", 2018, 1.0),
    ("after_or_before", None, 0.84),
    ("within_one", 2014, 0.84),
    ("within_one", 2015, 1.0),
    ("within_one", 2012, 0.84),
    ("within_one", 2011, None),
    ("within_one", None, 0.84),
]


@pytest.mark.parametrize(("rule", "since", "pace"), BASES)
def test_the_base_score_where_the_base_period_has_none(rule, since, pace):
    panel = pd.DataFrame({"period": [2013, 2016, 2018], "value": [1.0, 2, 4]})
    target = {"target": 6.0, "target_period": 2020, "baseline_period": since, "direction": 1}
    where = {"area": "a", "indicator": "x"}
    found = pgi.assess(
        panel.assign(**where), pd.DataFrame([target | where]), method="pace_ratio", base=rule
    ).table.iloc[0]
    assert (found["rule"] == "too_few_points") == (pace is None)
    np.testing.assert_allclose(found["measure"], np.nan if pace is None else pace)


@pytest.mark.parametrize(
    ("preset", "value", "verdict"),
    [
        ("overweight", 98.5, "no_progress"),
        ("overweight", 98.4, "some_progress"),
        ("wasting", 98.0, "no_progress"),
        ("wasting", 97.9, "some_progress"),
        ("wasting", 5.0, "on_track"),
        ("anaemia", 96.2, "on_track"),  # 3.8 a year, of 3.78
        ("anaemia", 96.3, "some_progress"),
        ("anaemia", 99.5, "no_progress"),
        ("low_birth_weight", 98.0, "on_track"),  # 2.0 a year, of 1.96
        ("low_birth_weight", 98.1, "some_progress"),
        ("not_exclusively_breastfed", 99.2, "no_progress"),
        ("not_exclusively_breastfed", 99.1, "some_progress"),
    ],
)
def test_unicef_s_settings_by_indicator(preset, value, verdict):
    said, _ = verdicts([LESS | {"value": value, "target": 3.0}], "nutrition", **PRESETS[preset])
    assert said[0].split()[0] == verdict


def test_rates_are_rounded_half_away_from_zero():
    """From 100 to 99.495 is a rate of .505, which is .51; to even it would be .50."""
    rows = [LESS | {"value": value} for value in (99.495, 100.505)]
    _, found = verdicts(rows, "nutrition", decimals=3)
    assert found["measure"].tolist() == [0.51, -0.51]
    assert found["verdict"].tolist() == ["some_progress", "worsening"]


def test_the_rate_is_the_slope_of_logarithms_through_all_scores_from_the_base_on():
    years, values = range(2012, 2018), [90.0, 40.0, 36.1, 30.2, 29.0, 25.5]
    slope, _ = statistics.linear_regression(years[1:], [math.log(v) for v in values[1:]])
    terms = {"baseline_period": 2013, "target": 10.0, "target_period": 2020, "direction": -1}
    found = METHODS["nutrition"].run(Cases.of_series([values], years, **terms)).iloc[0]
    assert found["measure"] == pytest.approx(100 * (1 - math.exp(slope)), abs=0.005)
    assert found["verdict"] == "some_progress"  # 10.4 a year, of 17.97


def test_a_prevalence_of_zero_is_no_base():
    """Left out before the base is chosen: from 60 in 2016 to 30 in 2020, not from 0 in 2015."""
    terms = {"baseline_period": 2015, "target": 10.0, "target_period": 2020, "direction": -1}
    scores = [[0.0, 60.0, 50.0, 40.0, 30.0], [np.nan, 60.0, 50.0, 40.0, 30.0]]
    found = METHODS["nutrition"].run(
        Cases.of_series(scores, [2015, 2016, 2018, 2019, 2020], **terms)
    )
    assert found["verdict"].tolist() == ["some_progress"] * 2  # 15.9 a year, of 36.11
    np.testing.assert_allclose(*found["measure"])


def test_a_target_once_met_asks_for_no_rise():
    """From 40 to 50.1 at the end, where 50 was allowed: all four years before it stayed at 40."""
    terms = {"baseline_period": 2015, "target": 50.0, "target_period": 2019, "direction": -1}
    found = METHODS["nutrition"].run(
        Cases.of_series([[40, 40, 40, 40, 50.1]], range(2015, 2020), **terms)
    )
    assert found[["verdict", "rule"]].to_numpy().tolist() == [["worsening", "rate"]]


@pytest.mark.parametrize("method", ["sdsn", "pace_ratio", "statcan", "un_2023", "escap_status"])
def test_a_target_is_its_baseline_but_for_rounding(method):
    """Three tenths are .1 + .2, which is .30000000000000004."""
    rows = [{"baseline": base, "value": 0.2, "target": 0.3} for base in (0.3, 0.1 + 0.2)]
    said, _ = verdicts(rows, method)
    assert said[0].endswith("target_equals_baseline")
    assert said[1] == said[0]


def test_a_score_meets_its_target_but_for_rounding():
    said, _ = verdicts([{"value": 0.1 + 0.2, "target": 0.3, "direction": -1}], "sdsn")
    assert said == ["on_track_or_maintaining target_met"]


UP = [4.0, 4.2, 4.4, 4.6, 4.8, 5.0]
BACK = UP[::-1]
# series from 2015 on, target of 2025, whether to be held; with no turn it gains 1 till then
WEATHER = [
    (UP, 6.0, False, "sun projected"),
    (UP, 5 + 1 / 0.951, False, "sun projected"),  # 4.9 % missed
    (UP, 5 + 1 / 0.95, False, "light_cloud projected"),
    (UP, 6.25, False, "light_cloud projected"),  # a fifth of the way
    (UP, 6.26, False, "cloud projected"),
    ([5.0] * 6, 6.0, False, "thunderstorm projected"),
    (BACK, 6.0, False, "thunderstorm projected"),
    (UP, 5.0, False, "sun target_met"),
    ([5.0] * 6, 5.0, False, "sun target_met"),
    (BACK, 4.0, False, "light_cloud target_met"),
    (UP, 5.0, True, "sun held"),
    (BACK, 4.0, True, "light_cloud held"),
    (UP, 6.0, True, "cloud held"),
    ([5.0] * 6, 6.0, True, "cloud held"),
    (BACK, 6.0, True, "thunderstorm held"),
    (UP, None, False, "sun direction"),
    ([*UP[:5], 4.8], None, False, "light_cloud direction"),
    ([6.0, 5, 4, 3, 2, 2.5], None, False, "cloud direction"),
    ([5.0] * 6, None, False, "thunderstorm direction"),
    (BACK, None, True, "thunderstorm direction"),
    (UP[2:], 6.0, False, "sun projected"),  # four will do
    (UP[3:], 6.0, False, "not_assessed too_few_points"),
    ([4.0, None, None, 4.6, None, 5.0], 6.0, False, "not_assessed too_few_points"),
    ([None] * 6, 6.0, False, "not_assessed no_score"),
    ([4.0, None, 4.4, 4.6, 4.8, 5.0], 6.0, False, "sun projected"),
    ([4.0, 4.2, None, 4.6, 4.8, 5.0], 6.0, False, "sun projected"),
    ([4.0, None, 4.4, None, 4.8, 5.0], 6.0, False, "sun projected"),  # four will do, with gaps
    ([0.0, *UP], 6.0, False, "sun projected"),  # the seventh does not count
    # six of eight years: 1 in seven years is .71 till 2025, in five it would be 1
    ([4.0, None, 4.4, None, 4.5, 4.6, 4.8, 5.0], 6.0, False, "cloud projected"),
    ([3.0, 4.0, None, 4.4, 4.5, 4.6, 4.8, 5.0], 6.0, False, "light_cloud projected"),
    ([0.1 + 0.2, 0.3, 0.3, 0.3], None, False, "thunderstorm direction"),  # no change but rounding
]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(("series", "target", "hold", "expected"), WEATHER)
def test_weather_by_hand(series, target, hold, expected, down):
    """The same where lower is better, all signs changed."""
    sign = -1 if down else 1
    values = [math.nan if v is None else sign * v for v in series]
    terms = {"target": math.nan if target is None else sign * target, "direction": sign}
    years = range(2021 - len(series), 2021)
    made = Cases.of_series([values], years, target_period=2025, **terms)
    found = METHODS["weather"].run(made, hold=hold).iloc[0]
    assert f"{found['verdict']} {found['rule']}" == expected


YEARS, SHARES = [2015, 2016, 2018, 2020], [0.20, 0.30, 0.35, 0.50]
LOGITS = [math.log(y / (1 - y)) for y in SHARES]


def share(logit):
    return 1 / (1 + math.exp(-logit))


def mean_slope(ahead):
    steps = zip(LOGITS, LOGITS[1:], YEARS, YEARS[1:], strict=False)
    slopes = [(b - a) / (end - start) for a, b, start, end in steps]
    return share(LOGITS[-1] + ahead * sum(slopes) / 3)


def geometric(ahead):
    return SHARES[-1] * math.exp(ahead / 5 * math.log(SHARES[-1] / SHARES[0]))


def least_squares(ahead):
    slope, start = statistics.linear_regression(YEARS, LOGITS)
    return share(start + slope * (2020 + ahead))


def weighted(ahead):
    """The slope of numpy's weighted fit, laid through the plain mean."""
    end = 2020 + ahead
    w = [(end - YEARS[0]) / (end - year) for year in YEARS]
    slope, _ = np.polyfit(np.array(YEARS) - 2015.0, LOGITS, 1, w=np.sqrt(w))
    return share(statistics.fmean(LOGITS) + slope * (end - statistics.fmean(YEARS)))


@pytest.mark.parametrize("upper", [None, 100.0, 10.0])
@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("logit_mean", mean_slope),
        ("geometric", geometric),
        ("logit_regression", least_squares),
        ("weighted_regression", weighted),
    ],
)
def test_the_four_extrapolations_by_hand(name, by_hand, upper):
    """Where the target is not reached: here 98 of 100, or for growth without end 200."""
    scale = upper or 100.0
    target = 2.0 if name == "geometric" else 0.98
    reached = by_hand(5)
    made = Cases.of_series(
        [[scale * y for y in SHARES]],
        YEARS,
        target=scale * target,
        target_period=2025,
        upper=math.nan if upper is None else upper,
    )
    found = METHODS["escap_anticipated"].run(made, extrapolation=name, scale=100.0).iloc[0]
    assert reached < target
    assert found["measure"] == pytest.approx(10 * (reached - 0.2) / (target - 0.2), rel=1e-9)
    assert found["verdict"] == "need_to_accelerate"


@pytest.mark.parametrize("name", ["logit_mean", "geometric", "logit_regression"])
def test_the_scale_can_be_given_as_an_option(name):
    rows = [RISE | {"target": 80.0}, {"baseline": 200.0, "value": 500.0, "target": 800.0}]
    small = verdicts(rows[:1], "escap_anticipated", extrapolation=name)[1]
    large = verdicts(rows[1:], "escap_anticipated", extrapolation=name, scale=1000.0)[1]
    assert small["measure"].item() == pytest.approx(large["measure"].item())


def test_a_target_met_in_its_own_year_will_be_met_by_every_extrapolation():
    row = {"baseline": 40.0, "value": 50.0, "target": 45.0, "target_period": 2020, "upper": 100.0}
    names = "logit_mean geometric logit_regression weighted_regression".split()
    said = [verdicts([row], "escap_anticipated", extrapolation=name)[0][0] for name in names]
    assert said == ["will_meet_target target_met"] * 4


def rows_of(*cells):
    names = ["goal", "indicator", "part", "score"]
    return pd.DataFrame(cells, columns=names).assign(verdict="limited_progress")


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (2.5, "substantial_progress"),
        (2.49, "moderate_progress"),
        (0.0, "moderate_progress"),
        (-0.01, "limited_progress"),
        (-2.5, "limited_progress"),
        (-2.51, "deterioration"),
    ],
)
def test_the_bands_of_an_indicator(score, verdict):
    parts = rows_of((1, "a", "x", score - 1), (1, "a", "y", score + 1))
    assert statcan.overall(parts).to_dict("records") == [
        {"verdict": verdict, "score": pytest.approx(score), "n_series": 2}
    ]


def test_groups_of_groups_count_once_at_each_depth():
    """Goal 2: indicator a is (1 + (3 + 5) / 2) / 2 = 2.5, b is −1, together .75; flat it is 2."""
    parts = rows_of((2, "a", "x", 1.0), (2, "a", "y", 3.0), (2, "a", "y", 5.0), (2, "b", "x", -1.0))
    parts = pd.concat([parts, rows_of((1, "c", "x", 4.0))])
    nested = statcan.overall(parts, ["goal", "indicator", "part"])
    assert nested["score"].to_dict() == {2: 0.75, 1: 4.0}
    assert nested["n_series"].to_dict() == {2: 4, 1: 1}
    assert statcan.overall(parts, ["goal"])["score"].to_dict() == {2: 2.0, 1: 4.0}


def test_achieved_is_only_what_every_series_achieved():
    parts = rows_of(*((1, "a", "x", 5.0) for _ in range(3)))
    parts["verdict"] = "target_achieved"
    assert statcan.overall(parts)["verdict"].item() == "target_achieved"
    parts.loc[0, "verdict"] = "substantial_progress"
    assert statcan.overall(parts)["verdict"].item() == "substantial_progress"
    parts.loc[0, ["verdict", "score"]] = ["not_assessed", np.nan]
    found = statcan.overall(parts)
    assert (found["verdict"].item(), found["n_series"].item()) == ("target_achieved", 2)


@pytest.mark.parametrize("groups", [[], ["goal"], ["goal", "indicator"]])
def test_of_series_none_of_which_is_assessed_nothing_is_said(groups):
    parts = rows_of((1, "a", "x", np.nan)).assign(verdict="not_assessed")
    found = statcan.overall(parts, groups)
    assert found.empty
    assert list(found) == ["verdict", "score", "n_series"]


def test_the_score_s_ends():
    """−60 % of the growth needed is −5, 130 % is 5, and nothing is beyond them."""
    _, found = verdicts([A_YEAR | {"value": v} for v in (40.0, 30.0, 230.0, 100.0)], "statcan")
    np.testing.assert_allclose(found["score"], [-5, -5, 5, -2.5], atol=1e-3)


def test_a_gap_in_a_series_changes_nothing():
    """Scores in a row with a hole, and the same scores without it."""
    terms = {"target": 6, "target_period": 2020, "upper": 10}
    holed = Cases.of_series([[2, np.nan, 4]], [2015, 2016, 2017], **terms)
    whole = Cases.of_series([[2, 4]], [2015, 2017], **terms)
    for method in METHODS.values():
        pd.testing.assert_frame_equal(method.run(holed), method.run(whole))


def test_a_target_met_to_the_hundredth_is_met_whatever_the_rounding():
    """A prevalence is rounded to one decimal, its target must not be missed by that."""
    scores = np.arange(1.0, 9.99, 0.01).round(2)
    cases = Cases.of(
        baseline=0.5,
        baseline_period=2015,
        value=scores,
        period=2017,
        target=scores,
        target_period=2020,
        lower=0,
        upper=10,
    )
    assert set(METHODS["nutrition"].run(cases)["rule"]) == {"target_met"}


def test_the_base_of_an_arrow_is_never_the_newest_score():
    series = Cases.of_series(
        [[4.0, 5.0]], [2018, 2020], baseline_period=2019, target=6, target_period=2024
    )
    assert METHODS["sdsn"].run(series)["rule"].item() == "ratio"


def test_a_series_without_a_group_counts_by_itself():
    parts = pd.DataFrame(
        {
            "goal": [1, 1],
            "part": ["a", None],
            "score": [5.0, -5.0],
            "verdict": ["target_achieved", "deterioration"],
        }
    )
    found = statcan.overall(parts, ["goal", "part"])
    assert found[["score", "n_series"]].to_numpy().tolist() == [[0.0, 2.0]]
