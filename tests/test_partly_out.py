"""Editions partly out, and editions that show the best areas only: laws and simulated truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from budget import often

import pgi_analysis as pgi
from pgi_analysis.panel import family_named, fit_panel, nowcast, pool, predict
from pgi_analysis.panel.selective import completed
from pgi_analysis.text import projection as text
from pgi_analysis.voice import Voice

SURVEY = family_named("subnational_survey")
AREAS, PERIODS = 60, 5


def drawn(rng, areas=AREAS, periods=PERIODS):
    """Draw scores: lasting differences, a common move a period, own changes."""
    level = rng.normal(0, 0.8, (areas, 1)) + rng.normal(0, 0.3, (areas, periods)).cumsum(axis=1)
    move = rng.normal(0, 0.5, periods).cumsum()
    return 5 + level + move + rng.normal(0, 0.3, (areas, periods))


def tidy(y, empty=False):
    rows = [(f"a{i:02}", "x", 2020 + t, y[i, t]) for i, t in np.ndindex(y.shape)]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    return panel if empty else panel.dropna()


def goals(y, period, step=0.3):
    last = np.array([row[~np.isnan(row)][-1] for row in y])
    areas = [f"a{i:02}" for i in range(len(y))]
    about = {"area": areas, "indicator": "x", "target": last + step, "target_period": period}
    return pd.DataFrame(about).assign(direction=1)


def best_only(y, shown=30):
    """Leave the best scores of each period, and return the last score shown of each."""
    cutoffs = np.sort(y, axis=0)[-shown]
    return np.where(y >= cutoffs, y, np.nan), cutoffs


def test_an_edition_partly_out_is_told_for_the_others_and_better_than_waited_for():
    rng, waited, told, inside = np.random.default_rng(0), [], [], []
    for _ in range(often(8)):
        y = drawn(rng)
        seen = y.copy()
        out = rng.permutation(AREAS) < 20
        seen[~out, -1] = np.nan
        made = pgi.project(tidy(seen), goals(seen[:, :-1], 2024))
        table = made.table.set_index("area")
        assert set(table["state"]) == {"nowcast", "met", "missed"}
        now = table[table["state"] == "nowcast"]
        came = y[~out, -1]
        before = pgi.project(tidy(seen[:, :-1]), goals(seen[:, :-1], 2024)).table
        waited += list(np.abs(before["median"].to_numpy()[~out] - came))
        told += list(np.abs(now["median"] - came))
        inside += list((now["lower"] <= came) & (came <= now["upper"]))
        assert now[["p_met", "p_met_by", "common_part"]].notna().all(axis=None)
        apart = now["value"] + now["common_part"] + now["own_part"] - now["median"]
        assert apart.abs().max() < 1e-9
    assert np.mean(told) < 0.8 * np.mean(waited)
    assert 0.74 < np.mean(inside) < 0.9


def test_what_is_out_at_the_limits():
    """Nothing out: the forecast; very much out: the move is known."""
    rng = np.random.default_rng(1)
    y, times = drawn(rng, areas=400), np.arange(4.0)
    fit = fit_panel(y[:, :4], times, SURVEY)
    common = pool([fit])
    plain = predict(fit, np.array([4.0]), common=common)
    nothing, none = nowcast(fit, 4.0, np.full(400, np.nan), common=common)
    np.testing.assert_allclose(nothing.location, plain.location, atol=1e-9)
    assert none == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(nothing.common, plain.common, rtol=1e-3)
    most, moved = nowcast(fit, 4.0, np.where(np.arange(400) < 390, y[:, 4], np.nan), common=common)
    move = (most.location - plain.location)[0, 0]
    assert move == pytest.approx(moved)
    assert move == pytest.approx((y[:390, 4] - plain.location[:390, 0]).mean(), abs=0.02)
    assert most.common[0, 0] < 0.02 * plain.common[0, 0]


@pytest.mark.parametrize("best", [1, -1])
def test_beyond_the_cutoff_nothing_is_promised(best):
    y, _ = best_only(drawn(np.random.default_rng(2)))
    y, cutoff = best * y, best * np.nanmin(y[:, -1])
    complete = ~np.isnan(y[:, :4]).all(axis=1)
    fit = fit_panel(y[complete, :4], np.arange(4.0), SURVEY)
    found, _ = nowcast(fit, 4.0, y[complete, 4], common=pool([fit]), cutoff=cutoff, best=best)
    absent = np.isnan(y[complete, 4])
    for level in (0.01, 0.5, 0.99):
        assert (best * (cutoff - found.quantile(level)[absent]) >= -1e-9).all()
    assert (found.prob_at(cutoff, direction=best)[absent] <= 1e-9).all()
    share = found.prob_at(found.quantile(0.3), direction=1)[absent]
    np.testing.assert_allclose(share, 0.7, atol=1e-6)
    draws = found.paths(np.random.default_rng(0), 4000)[:, absent, 0]
    assert (best * (cutoff - draws) >= -1e-9).all()
    np.testing.assert_allclose(np.median(draws, axis=0), found.median[absent, 0], atol=0.06)


def test_the_best_alone_flatter_unless_it_is_said_that_they_are_the_best():
    """Targets of areas that have dropped out: too likely by far, and right once it is declared."""
    rng, p, met = np.random.default_rng(3), {"silent": [], "declared": []}, []
    for _ in range(often(8)):
        y = drawn(rng, periods=4)
        shown, cutoffs = best_only(y[:, :3])
        dropped = np.isnan(shown[:, -1]) & ~np.isnan(shown).all(axis=1)
        known = np.flatnonzero(dropped)
        last = np.array([shown[i][~np.isnan(shown[i])][-1] for i in known])
        targets = pd.DataFrame({"area": [f"a{i:02}" for i in known], "target": last - 0.2})
        targets = targets.assign(indicator="x", target_period=2023, direction=1)
        said = {("x", 2020 + t): cutoff for t, cutoff in enumerate(cutoffs)}
        for name, about in (("silent", {}), ("declared", {"cutoffs": said})):
            made = pgi.project(tidy(shown, empty=True), targets, **about)
            p[name] += list(made.table["p_met"])
        assert made.table["cautions"].str.contains("selective").all()
        met += list(y[known, 3] >= last - 0.2)
    came = np.mean(met)
    assert np.mean(p["silent"]) > came + 0.12
    assert np.mean(p["declared"]) == pytest.approx(came, abs=0.06)


def test_absent_scores_are_drawn_beyond_the_cutoff_and_nothing_else_is():
    y, cutoffs = best_only(drawn(np.random.default_rng(4)))
    cutoffs[1] = np.nan  # of this edition all areas are shown, and what is absent is not known
    for z in completed(y, np.arange(5.0), SURVEY, cutoffs):
        given = ~np.isnan(y)
        np.testing.assert_array_equal(z[given], y[given])
        assert np.isnan(z[:, 1]).sum() == np.isnan(y[:, 1]).sum()
        filled = ~np.isnan(z) & ~given
        assert (z < np.where(np.isnan(cutoffs), np.inf, cutoffs))[filled].all()
        assert filled.sum() == np.isnan(y[:, [0, 2, 3, 4]]).sum()


def test_interim_scores_tell_of_an_edition_that_is_partly_out():
    """Areas that have reported on themselves are told better than without it, one alone as well."""
    rng, error, alone = np.random.default_rng(8), {"silent": [], "reported": []}, []
    for _ in range(often(8)):
        y = drawn(rng)
        early = y[:, -1] + rng.normal(0, 0.1, AREAS)
        seen = y.copy()
        seen[20:, -1] = np.nan
        panel = tidy(seen).assign(status="published")
        rows = pd.DataFrame({"area": [f"a{i:02}" for i in range(AREAS)], "value": early})
        rows = rows.assign(indicator="x", period=2024, status="interim")
        told = {"silent": panel, "reported": pd.concat([panel, rows.iloc[20:40]])}
        told["alone"] = pd.concat([panel, rows.iloc[[30]]])
        for name, known in told.items():
            table = pgi.project(known, goals(seen[:, :-1], 2024)).table.set_index("area")
            assert (table["state"] == "nowcast").sum() == 40
            told[name] = table["median"]
        for name in error:
            error[name] += list(np.abs(told[name].to_numpy() - y[:, -1])[20:40])
        assert (told["silent"].drop("a30") == told["alone"].drop("a30")).all()
        alone.append(abs(told["alone"]["a30"] - early[30]) < abs(told["silent"]["a30"] - early[30]))
    assert np.mean(error["reported"]) < 0.75 * np.mean(error["silent"])
    assert all(alone)


def test_a_trend_of_the_best_alone_is_that_of_all_once_it_is_said():
    """All fall by .5: the best who stay shown hide it, and the declared cutoff brings it back."""
    rng, common, held = np.random.default_rng(9), {"silent": [], "declared": []}, []
    for _ in range(often(12)):
        y = 5 + rng.normal(0, 0.6, (AREAS, 1)) + rng.normal(0, 0.3, (AREAS, 3)) - [0, 0.5, 1.0]
        shown, cutoffs = best_only(y, shown=20)
        both = np.flatnonzero(~np.isnan(shown).any(axis=1))
        area, panel = f"a{both[0]:02}", tidy(shown, empty=True)
        said = {("x", 2020 + t): cutoff for t, cutoff in enumerate(cutoffs)}
        for name, about in (("silent", {}), ("declared", {"cutoffs": said})):
            found = pgi.trend(panel, area=area, direction=1, **about)
            common[name].append(found.moves["common_move"].mean())
        assert (found.moves["n_areas"] == AREAS).all()
        assert (found.moves["n_estimated"] >= AREAS - 20).all()
        true = y[:, 2].mean() - y[:, 1].mean()
        held.append(found.moves.iloc[-1][["common_lower", "common_upper"]].sub(true).prod() <= 0)
    assert np.mean(common["declared"]) == pytest.approx(-0.5, abs=0.06)
    assert abs(np.mean(common["silent"]) + 0.5) > 2 * abs(np.mean(common["declared"]) + 0.5)
    assert np.mean(held) > 0.5


def test_cutoffs_go_by_the_periods_as_they_are_written():
    y = drawn(np.random.default_rng(10), periods=4)
    shown, cutoffs = best_only(y)
    panel = tidy(shown, empty=True).replace(
        {"period": {2020 + t: f"2024Q{t + 1}" for t in range(4)}}
    )
    said = {("x", f"2024Q{t + 1}"): cutoff for t, cutoff in enumerate(cutoffs)}
    targets = pd.DataFrame({"area": ["a00"], "indicator": "x", "target": 9.0, "direction": 1})
    made = pgi.project(panel, targets.assign(target_period="2025Q1"), cutoffs=said)
    assert made.table["cautions"].str.contains("selective").all()
    with pytest.raises(pgi.InputError, match="no such indicator and period"):
        pgi.project(panel, targets.assign(target_period="2025Q1"), cutoffs={("x", "2025Q4"): 1.0})


def test_cutoffs_that_mean_nothing_are_refused():
    y = drawn(np.random.default_rng(5))
    panel, targets = tidy(y), goals(y, 2026)
    for wrong in ({("y", 2020): 3.0}, {("x", 1999): 3.0}):
        with pytest.raises(pgi.InputError, match="no such indicator and period"):
            pgi.project(panel, targets, cutoffs=wrong)
    with pytest.raises(pgi.InputError, match="cutoffs must be"):
        pgi.project(panel, targets, cutoffs={("x", 2020): np.nan})
    with pytest.raises(pgi.InputError, match="highest or the lowest"):
        pgi.trend(panel, area="a00", cutoffs={("x", 2020): 3.0})


def test_a_nowcast_is_told_on_the_page_and_ranked(data_dir):
    """Of the dataset: an edition out without the area's own scores."""
    ds = pgi.load(data_dir, plan="lang-son-transport-2024")
    scores = ds.scores[~((ds.scores["area"] == ds.plan.area) & (ds.scores["period"] == 2024))]
    late = replace(ds, scores=scores).at("2025Q2")
    made = pgi.project(late)
    told = made.table[made.table["indicator"] != "total"]
    assert (told["state"] == "nowcast").all()
    for language, word in (("en", "not yet for"), ("vi", "chưa có của")):
        said = text.sentences(made, Voice(late, language))
        assert all(word in line for line in said)
    ranks = made.rank()
    assert ((ranks["lower"] <= ranks["median"]) & (ranks["median"] <= ranks["upper"])).all()
    assert made.joint().table["p_all"].between(0, 1).all()
    assert len(made.quantiles()) == 3 * len(made.table)


def test_an_area_that_was_not_there_is_not_absent():
    y, cutoffs = best_only(drawn(np.random.default_rng(6)))
    there = np.ones(y.shape, bool)
    there[:10, :2] = False
    for z in completed(y, np.arange(5.0), SURVEY, cutoffs, there=there):
        np.testing.assert_array_equal(np.isnan(z), np.isnan(y) & ~there)


def test_parts_that_are_not_out_sum_to_the_total_that_is(data_dir):
    """Gia Lai, 2024: its total is out (25.05), its four parts are not."""
    ds = pgi.load(data_dir, plan="gia-lai-2024").at("2025Q2")
    made = pgi.project(ds)
    parts = made.table[made.table["state"] == "nowcast"]
    assert len(parts) == 4
    assert parts["median"].sum() == pytest.approx(25.05)
    assert parts["cautions"].str.contains("known_total").all()
    total = ds.scores["indicator"] == "total"
    silent = ~(total & (ds.scores["area"] == ds.plan.area) & (ds.scores["period"] == 2024))
    without = pgi.project(replace(ds, scores=ds.scores[silent])).table
    without = without[without["indicator"].isin(parts["indicator"])]
    assert not without["cautions"].str.contains("known_total").any()
    width = parts["upper"] - parts["lower"]
    assert (width.to_numpy() < (without["upper"] - without["lower"]).to_numpy()).all()


def test_a_published_mean_of_all_corrects_for_areas_known_since_they_are_good():
    """The better half of each edition is known: too high by far, unless the mean of all is."""
    rng, error = np.random.default_rng(7), {"silent": [], "known": []}
    for _ in range(often(30)):
        y = drawn(rng, periods=3)
        good = y[:, :2].mean(axis=1) > np.median(y[:, :2].mean(axis=1))
        means = y[:, :2].mean(axis=0)
        for name, known in (("silent", None), ("known", means)):
            fit = fit_panel(y[good, :2], np.arange(2.0), SURVEY, known_mean=known)
            made = predict(fit, np.array([2.0]))
            error[name].append((made.location[:, 0] - y[good, 2]).mean())
            if known is not None:
                np.testing.assert_allclose(fit.mean * fit.unit.size + fit.unit.origin, means)
    assert np.mean(error["silent"]) > np.mean(error["known"]) + 0.05


def test_one_mean_that_is_known_moves_the_others_along():
    """One edition corrected by its mean: the others follow by what they share with it."""
    y = drawn(np.random.default_rng(8))
    plain = fit_panel(y, np.arange(5.0), SURVEY)
    known = np.array([np.nan, np.nan, np.nan, np.nan, y[:, 4].mean() - 0.5])
    held = fit_panel(y, np.arange(5.0), SURVEY, known_mean=known)
    moved = (held.mean - plain.mean) * plain.unit.size
    assert moved[-1] == pytest.approx(-0.5, abs=0.05)
    assert (moved[:-1] < 0).all()
    assert (np.abs(moved[:-1]) < 0.5).all()


def test_a_dataset_declares_its_cutoffs_for_ranks_and_levels_too(data_dir):
    """A made-up cutoff, in a dataset of the tests alone."""
    ds = pgi.load(data_dir, plan="lang-son-transport-2024").at("2024Q4")
    row = ds.national.iloc[[0]].assign(
        indicator="total", period=2023, statistic="cutoff", rank=30, value=17.0, status="published"
    )
    declared = replace(ds, national=pd.concat([ds.national, row], ignore_index=True))
    made, plain = pgi.project(declared), pgi.project(ds)
    total = made.table.set_index("indicator").loc["total"]
    assert "selective" in total["cautions"]
    assert total["median"] < plain.table.set_index("indicator").loc["total", "median"]
    assert int(total["n_areas"]) == 63
    place = [pgi.parent(one).ranks.table["p_met"].iloc[0] for one in (declared, ds)]
    assert place[0] != place[1]
    with pytest.raises(pgi.InputError, match=r"national\.csv"):
        pgi.project(ds, cutoffs={("total", 2023): 17.0})
