"""The face of the projection: laws that hold whatever the model, and degenerate inputs."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.results.scorecards import _replay_quarter

models = st.sampled_from(["panel", "ar1", "random_walk"])
scores = st.lists(st.floats(1, 10), min_size=3, max_size=12, unique=True)


def panel(values, periods=1, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for area, value in enumerate(values):
        for period in range(periods):
            rows.append((f"area {area}", "x", 2020 + period, value + period * rng.normal(0, 0.3)))
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def targets(*values, year=2022, **more):
    table = pd.DataFrame({"area": "area 0", "indicator": "x", "target": values})
    table["target_period"] = [year] * len(values) if isinstance(year, int) else year
    return table.assign(**{"direction": 1} | more)


def one(*args, **kwargs):
    return pgi.project(*args, **kwargs).table.iloc[0]


@given(scores, models, st.floats(0, 15), st.floats(0.1, 5))
def test_p_met_falls_as_the_target_rises(values, model, target, step):
    assume(np.ptp(values) > 0.01)
    low = one(panel(values), targets(target), model=model)
    high = one(panel(values), targets(target + step), model=model)
    assert low["p_met"] >= high["p_met"]
    assert low["p_met_by"] >= high["p_met_by"] - 1e-12


@given(scores, models, st.integers(1, 6))
def test_intervals_are_nested_and_p_met_by_is_no_less_than_p_met(values, model, ahead):
    assume(np.ptp(values) > 0.01)
    narrow = one(panel(values, 2), targets(6.0, year=2021 + ahead), level=0.5, model=model)
    wide = one(panel(values, 2), targets(6.0, year=2021 + ahead), level=0.9, model=model)
    assert wide["lower"] <= narrow["lower"] <= narrow["median"] <= narrow["upper"] <= wide["upper"]
    assert narrow["p_met_by"] >= narrow["p_met"]


@given(scores, models, st.floats(0.1, 50), st.floats(-100, 100))
def test_shift_and_scale(values, model, factor, shift):
    assume(np.ptp(values) > 0.1)
    plain = panel(values, 3)
    moved = plain.assign(value=plain["value"] * factor + shift)
    here = one(plain, targets(6.0, year=2024), model=model)
    there = one(moved, targets(6.0 * factor + shift, year=2024), model=model)
    np.testing.assert_allclose(there["p_met"], here["p_met"], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(there["p_met_by"], here["p_met_by"], atol=2e-3)
    for name in ("median", "lower", "upper"):
        np.testing.assert_allclose(there[name], here[name] * factor + shift, rtol=1e-4, atol=1e-4)


@given(scores, models)
def test_mirror_of_direction(values, model):
    assume(np.ptp(values) > 0.1)
    plain = panel(values, 2)
    mirrored = plain.assign(value=-plain["value"])
    up = one(plain, targets(6.0, year=2023, direction=1), model=model)
    down = one(mirrored, targets(-6.0, year=2023, direction=-1), model=model)
    np.testing.assert_allclose(up["p_met"], down["p_met"], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(up["gap"], down["gap"])


@given(scores, models, st.randoms())
def test_labels_and_row_order_do_not_matter(values, model, random):
    assume(np.ptp(values) > 0.1)
    plain = panel(values, 2)
    names = {name: f"N{i}" for i, name in enumerate(sorted(set(plain["area"]), reverse=True))}
    renamed = plain.assign(area=plain["area"].map(names)).sample(
        frac=1, random_state=random.randint(0, 9999)
    )
    aim = targets(6.0, year=2023)
    here = one(plain, aim, model=model)
    there = one(renamed, aim.assign(area=names["area 0"]), model=model)
    np.testing.assert_allclose(there["p_met"], here["p_met"], rtol=1e-4, atol=1e-6)


def test_an_area_without_data_changes_nobody():
    plain = panel([4, 5, 6, 7.5])
    empty = pd.DataFrame({"area": ["new"], "indicator": "x", "period": 2020, "value": [np.nan]})
    here = pgi.project(plain, targets(6.0)).table
    there = pgi.project(pd.concat([plain, empty]), targets(6.0)).table
    pd.testing.assert_frame_equal(here, there)


def test_an_area_without_data_has_a_reason_not_a_number():
    scores = panel([4, 5, 6, np.nan])  # the last area is in the table, without a score
    table = pgi.project(scores, targets(6.0).assign(area="area 3")).table.iloc[0]
    assert table["state"] == "no_observation"
    assert np.isnan(table["p_met"])


def test_targets_that_the_panel_knows_nothing_of_are_refused():
    wrong = targets(6.0).assign(area="aera 1", indicator="y")
    message = (
        "targets row 0, area: the panel does not have «aera 1», so this target cannot be "
        "projected. Correct it, or add its scores. Did you mean area 1?\n"
        "targets row 0, indicator: the panel does not have «y», so this target cannot be "
        "projected. Correct it, or add its scores."
    )
    with pytest.raises(pgi.InputError, match=f"^{re.escape(message)}$"):
        pgi.project(panel([4, 5, 6]), wrong)


@pytest.mark.parametrize(("target", "direction"), [(1.0, 1), (10.0, -1)])
def test_at_the_ends_of_the_scale_the_answer_is_sure(target, direction):
    aim = targets(target, direction=direction, lower=1.0, upper=10.0)
    found = one(panel([4, 5, 6]), aim)
    assert (found["p_met"], found["p_met_by"]) == (1, 1)


def test_intervals_stay_within_the_scale():
    found = one(panel([9.0, 1.5, 9.5, 2.0]), targets(9.5, lower=1.0, upper=10.0), level=0.98)
    assert 1.0 <= found["lower"] <= found["upper"] <= 10.0


def test_a_target_met_before_counts_as_met_by():
    found = one(panel([7.0, 5, 4, 3]), targets(6.0, year=2023, baseline_period=2019))
    assert found["p_met_by"] == 1.0
    assert found["p_met"] < 1.0
    later = one(panel([7.0, 5, 4, 3]), targets(6.0, year=2023, baseline_period=2020))
    assert later["p_met_by"] < 1.0


def test_what_was_met_before_a_plan_without_a_baseline_is_not_its_success():
    """5.6 was reached in the first year and lost again: only the newest score counts."""
    scores = panel([7.0, 5, 4, 3], 3)
    scores.loc[(scores["area"] == "area 0") & (scores["period"] > 2020), "value"] = 5.0
    made = pgi.project(scores, targets(5.6, year=2024, direction=1))
    found, first = made.table.iloc[0], made.first_met()
    assert found["p_met"] < found["p_met_by"] < 1
    assert first["period"].dropna().min() == 2023
    since = pgi.project(scores, targets(5.6, year=2024, direction=1, baseline_period=2019))
    assert (since.table["p_met_by"] == 1).all()
    assert since.first_met()["period"].tolist() == [2020]
    reached = pgi.project(scores, targets(4.9, year=2024, direction=1))
    assert reached.table["p_met_by"].iloc[0] == 1.0
    assert reached.first_met()["period"].tolist() == [2022]


@pytest.mark.parametrize(("sign", "end"), [(1, "lower"), (-1, "upper")])
def test_an_interval_beyond_zero_is_pointed_at_unless_the_scale_ends_there(sign, end):
    values = [0.3, 1.0, 5.0, 9.0]
    scores = panel(values).assign(value=[sign * value for value in values])
    aim = targets(sign * 1.0, direction=1)
    found = one(scores, aim)
    assert sign * found["lower" if sign > 0 else "upper"] < 0
    assert found["cautions"].split()[-1] == "beyond_zero"
    bounded = one(scores, aim.assign(**{end: 0.0}))
    assert bounded[end] == 0.0
    assert "beyond_zero" not in bounded["cautions"]
    both_sides = one(scores.assign(value=scores["value"] - sign * 0.5), aim)
    assert "beyond_zero" not in both_sides["cautions"]
    far = one(scores.assign(value=scores["value"] + sign * 100), aim)
    assert "beyond_zero" not in far["cautions"]


def test_once_the_outcome_is_known_it_is_told():
    found = one(panel([7.0, 5, 4], 3), targets(6.0, year=2020))
    assert (found["state"], found["p_met"], found["median"]) == ("met", 1.0, 7.0)


def test_prior_only_is_said(ds):
    assert pgi.project(ds.at("2024Q4")).table["prior_only"].all()
    assert not pgi.project(ds.at("2025Q2")).table["prior_only"].any()


def test_a_target_beyond_a_series_break_is_not_projected(ds):
    table = pgi.project(ds.as_of("2024-01-31")).table
    assert set(table["state"]) == {"not_comparable"}
    assert table["p_met"].isna().all()


def test_one_area_is_too_few_and_equal_scores_teach_nothing():
    assert one(panel([5.0]), targets(6.0))["state"] == "too_few_areas"
    assert one(panel([5.0, 5.0, 5.0]), targets(6.0))["state"] == "constant"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"level": 80}, r"level must lie in \(0, 1\), got 80. Did you mean 0.8\?"),
        ({"level": 1}, r"level must lie in \(0, 1\), got 1."),
        ({"level": "0.8"}, r"level must lie in \(0, 1\), got 0.8"),
        ({"model": "arima"}, "no projection model «arima». Known are: panel, ar1, random_walk"),
        ({"family": "pgi"}, "no prior family «pgi». Known are: subnational_survey"),
    ],
)
def test_wrong_options(change, message):
    with pytest.raises(pgi.InputError, match=message):
        pgi.project(panel([4, 5, 6]), targets(6.0), **change)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda t: t.assign(value=["x", 5, 6]), "panel row 0, value: «x» is not a number"),
        (lambda t: t.assign(value=[4, np.inf, 6]), "panel row 1, value: «inf» is not a number"),
        (lambda t: pd.concat([t, t]), "stands already in row 0"),
        (lambda t: t.drop(columns="period"), "panel, period: the column is missing"),
        (lambda t: t.assign(value=np.nan), "The panel has no score"),
        (lambda t: t.iloc[:0], "The panel has no score"),
        (
            lambda t: [1, 2],
            r"data must be of the kind Dataset .* or a pandas DataFrame, got \[1, 2\]",
        ),
    ],
)
def test_wrong_panels(damage, message):
    with pytest.raises(pgi.InputError, match=message):
        pgi.project(damage(panel([4, 5, 6])), targets(6.0))


def test_arguments_are_not_modified():
    plain, aim = panel([4, 5, 6]), targets(6.0)
    before = plain.copy(), aim.copy()
    pgi.project(plain, aim)
    pd.testing.assert_frame_equal(plain, before[0])
    pd.testing.assert_frame_equal(aim, before[1])


def test_the_scorecard_replays_what_was_known(ds):
    table = pgi.scorecard(ds.at("2025Q2")).table
    then = pgi.project(ds.at("2024Q4")).table.set_index("indicator")
    made = table[table["model"] == "panel"].set_index("indicator")
    np.testing.assert_allclose(made["p_met"], then.loc[made.index, "p_met"])
    assert made["met"].to_dict() == {
        "s1": False,
        "s2": False,
        "s3": True,
        "s4": True,
        "total": True,
    }
    np.testing.assert_allclose(made.loc["s1", "brier"], then.loc["s1", "p_met"] ** 2)


@pytest.mark.parametrize(
    ("released", "quarter"), [("2024-12-04", "2024Q3"), ("2024-12-05", "2024Q4")]
)
def test_a_replay_ends_before_the_outcome_is_out(ds, released, quarter):
    """The cut-off is 4 December: what is out on that very day would be seen at it."""
    found = _replay_quarter(ds, 2024, date.fromisoformat(released))
    assert str(found) == quarter


def with_interim(period, released=None):
    """Twenty areas, three editions, and self-assessments a point up for a later period."""
    official = panel(np.linspace(3, 8, 20), 3).assign(status="published", released=pd.NaT)
    early = official[official["period"] == 2022].assign(status="interim", period=period)
    early = early.assign(value=early["value"] + np.tile([1.0, 0.0], 10))
    return pd.concat([official, early.assign(released=pd.Timestamp(released))], ignore_index=True)


def test_interim_scores_count_less_the_further_they_are_from_the_next_edition():
    """Half of the areas report a point more than the others inside 2023, or six years later."""
    bare = one(with_interim(2023).query("status != 'interim'"), targets(6.0, year=2023))
    here = one(with_interim(2023, "2023-05-01"), targets(6.0, year=2023))
    late = one(with_interim(2029, "2029-05-01"), targets(6.0, year=2023))
    assert here["median"] - bare["median"] > 0.05
    assert abs(late["median"] - bare["median"]) < 0.5 * (here["median"] - bare["median"])
    assert here["upper"] - here["lower"] < bare["upper"] - bare["lower"]


def test_an_interim_score_without_a_date_stands_at_mid_year():
    columns = ["median", "lower", "upper", "p_met", "p_met_by"]
    aim = targets(6.0, year=2023)
    bare = one(with_interim(2023).drop(columns="released"), aim)[columns].astype(float)
    undated = one(with_interim(2023), aim)[columns].astype(float)
    dated = {
        m: one(with_interim(2023, f"2023-{m}-01"), aim)[columns].astype(float) for m in (2, 5, 8)
    }
    pd.testing.assert_series_equal(bare, dated[5])
    pd.testing.assert_series_equal(undated, dated[5])
    assert (dated[2] - dated[5]).abs().max() > 1e-4 < (dated[8] - dated[5]).abs().max()
