"""Areas that begin, end and merge: whose a score is, and what compares with what."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import AreaNames
from pgi_analysis.data.descent import Descent, known_on
from pgi_analysis.evaluation import ANEW, merger_records, repeat_mergers
from pgi_analysis.panel import family_named, fit_panel, predict, with_band
from pgi_analysis.panel.components import latent_covariance
from pgi_analysis.text import report, standing, tell
from pgi_analysis.voice import Voice

EXAMPLE = Path("examples/thirty-four-provinces")
UNCHANGED, ENDED, NEW = "lang-son-2024-2026", "tuyen-quang-2024", "tuyen-quang-2026"
RELEASED = "2026-05-20"


@pytest.fixture(scope="module")
def example():
    """The example's plans, by name, as known in June 2026."""
    plans = {name: pgi.load(EXAMPLE, plan=name) for name in (UNCHANGED, ENDED, NEW)}
    return {name: ds.at("2026Q2") for name, ds in plans.items()}


@pytest.fixture
def copy(tmp_path):
    """Copy a data folder, to be added to: ``copy("data", scores=["Huế,s1,2025,…"])``."""

    def made(source, **rows):
        folder = tmp_path / Path(source).name
        shutil.copytree(source, folder, dirs_exist_ok=True)
        for name, lines in rows.items():
            path = folder / f"{name}.csv"
            path.write_text(path.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
        return folder

    return made


def faults(folder, plan=None):
    with pytest.raises(pgi.InputError) as caught:
        pgi.load(folder, plan=plan)
    return [fault.text("en") for fault in caught.value.faults]


# --- Who was there when. ---


def test_sixty_three_provinces_became_thirty_four(ds):
    then, now = (ds.descent.on(f"{year}-12-31") for year in (2024, 2025))
    formed = ds.descent.formed("2025-12-31")
    assert (len(then), len(now), len(formed)) == (63, 34, 23)
    kept = set(then) & set(now)
    assert {ds.area_name(area) for area in kept} == {
        *("Hà Nội", "Huế", "Cao Bằng", "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn"),
        *("Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh"),
    }
    assert sorted(part for parts in formed.values() for part in parts) == sorted(set(then) - kept)
    everything = pgi.load("data")  # every merged one bears the name of one of its parts
    assert all(everything.area_name(area) in parts for area, parts in formed.items())


def test_the_map_is_the_one_of_the_reference(reference):
    table = pd.read_csv(reference("data/provinces.csv"), dtype=str)
    names = AreaNames(pgi.load("data").areas)
    for row in table.itertuples():
        own = names.find(row.name_vi, "2024-12-31")
        heirs = names.descent.heirs(own, "2025-12-31") or [own]
        assert heirs == [names.find(row.successor_2025, "2025-12-31")]


def test_the_former_table_of_provinces_says_the_same(reference, copy):
    folder = copy("data")
    (folder / "areas.csv").unlink()
    shutil.copy(reference("data/provinces.csv"), folder / "provinces.csv")
    old, new = pgi.load(folder), pgi.load("data")
    for year in (2024, 2025):
        day = f"{year}-12-31"
        assert set(old.descent.on(day)) == set(new.descent.on(day))
    for area, parts in new.descent.formed().items():
        assert set(old.descent.parts(area)) == set(parts)
    pd.testing.assert_frame_equal(old.scores, new.scores)


def test_a_new_name_is_no_new_area(ds):
    names = AreaNames(pgi.load("data").areas)
    spellings = ("Huế", "Thành phố Huế", "Thừa Thiên Huế", "Hue City")
    assert {names.find(name, f"{year}-12-31") for name in spellings for year in (2023, 2025)} == {
        "Thừa Thiên Huế"
    }
    whole = pgi.load("data")
    assert [whole.at(q).full_name("Thừa Thiên Huế", "vi") for q in ("2024Q2", "2025Q2")] == [
        "tỉnh Thừa Thiên Huế",
        "thành phố Huế",
    ]


def test_a_report_knows_of_a_merger_from_its_announcement():
    whole = pgi.load("data")
    before, after = whole.as_of("2025-06-11"), whole.as_of("2025-06-12")
    assert (before.n_areas(2025), after.n_areas(2025)) == (63, 34)
    table = whole.areas.assign(announced=pd.NaT)  # else from the day itself
    assert [
        len(Descent(known_on(table, pd.Timestamp(day))).on("2025-12-31"))
        for day in ("2025-06-30", "2025-07-01")
    ] == [63, 34]


@given(st.data())
def test_any_map_counts_its_areas(data):
    """However areas merge and split, each day has those that have begun and not ended."""
    rows, alive, day = [], [f"a{i}" for i in range(6)], pd.Timestamp("2000-01-01")
    lives = {name: [None, None] for name in alive}
    formed = dict.fromkeys(alive)
    for step in range(data.draw(st.integers(0, 4))):
        day = day + pd.Timedelta(days=data.draw(st.integers(2, 500)))
        gone = data.draw(st.lists(st.sampled_from(alive), min_size=1, max_size=3, unique=True))
        born = [f"b{step}{i}" for i in range(data.draw(st.integers(1, 3)))]
        for name in gone:
            lives[name][1] = day - pd.Timedelta(days=1)
        alive = [name for name in alive if name not in gone] + born
        lives |= {name: [day, None] for name in born}
        formed |= dict.fromkeys(born, ";".join(gone))
    rows = [
        {"area": name, "valid_from": start, "valid_to": end, "formed_from": formed[name]}
        for name, (start, end) in lives.items()
    ]
    known = Descent(pd.DataFrame(rows))
    last = known.on(day)
    assert len(last) == len(alive)
    assert {known.own(name) for name in alive} == set(last)
    for name in last:
        assert known.own(name) == name
        for part in known.parts(name):
            assert not known.valid(part, day)
            assert name in known.heirs(part, day)


# --- Whose a score is. ---


def test_a_name_means_the_area_of_its_edition(copy):
    folder = copy(
        "data",
        releases=[f"2025,{RELEASED},no,34,,invented,,".replace(",,invented", ",invented")],
        scores=[f"{name},s1,2025,6,published,{RELEASED},invented,," for name in ("Gia Lai", "Huế")],
    )
    scores = pgi.load(folder).scores.query("period == 2025")
    assert scores["area"].tolist() == ["Gia Lai (2025)", "Thừa Thiên Huế"]


def test_a_score_of_an_area_that_was_not_there_is_refused(copy):
    folder = copy(
        "data",
        releases=[f"2025,{RELEASED},no,34,invented,,"],
        scores=[
            f"Hà Giang,s1,2025,6,published,{RELEASED},invented,,",
            f"Tuyên Quang (2025),s1,2024,6,published,{RELEASED},invented,,",
            f"Tuyên Quang (2025),s2,2025,6,backcast,{RELEASED},invented,,",
        ],
        ranks=[f"Bình Định,total,2025,3,,published,{RELEASED},invented,,"],
    )
    said = faults(folder)
    assert len(said) == 4
    assert (
        "«Hà Giang» was no area of its own in edition 2025: it ended on 2025-06-30, and on "
        "2025-12-31 it was part of «Tuyên Quang (2025)»." in said[0]
    )
    assert (
        "was formed on 2025-07-01, and on 2024-12-31 there were «Hà Giang», «Tuyên Quang»"
        in (said[1])
    )
    assert "Write published." in said[2]
    assert "it was part of «Gia Lai (2025)»" in said[3]


def test_an_edition_may_be_on_an_older_map(copy):
    folder = copy("data", scores=[f"Hà Giang,s1,2025,6,published,{RELEASED},invented,,"])
    table = pd.read_csv(folder / "releases.csv", dtype=str)
    row = {"period": "2025", "released": RELEASED, "series_break": "no", "source": "invented"}
    row |= {"areas_as_of": "2025-03-31"}
    pd.concat([table, pd.DataFrame([row])]).to_csv(folder / "releases.csv", index=False)
    found = pgi.load(folder)
    assert found.n_areas(2025) == 63
    assert found.n_areas(2026) == 34
    assert "Hà Giang" in set(found.scores.query("period == 2025")["area"])


def test_lives_and_descents_that_cannot_be_are_refused(copy):
    folder = copy(EXAMPLE)
    table = pd.read_csv(folder / "areas.csv", dtype=str)
    row = table.index[table["area"] == "Gia Lai (2025)"][0]
    table.loc[row, "formed_from"] = "Gia Lai;Lạng Sơn;Bình Đinh"
    table.loc[0, ["valid_from", "valid_to"]] = "2024-01-01", "2023-01-01"
    table.to_csv(folder / "areas.csv", index=False)
    said = "\n".join(faults(folder))
    assert "«Lạng Sơn» has not ended before 2025-07-01" in said
    assert "«Bình Đinh» is not the key" in said
    assert "Did you mean Bình Định?" in said
    assert "2023-01-01 lies before the start 2024-01-01" in said


# --- What compares with what. ---


def test_the_merged_provinces_of_a_public_report(reference, copy):
    """thanglequoc/vietnamese-provinces-database #80."""
    case = reference("cases/inputs/12-merged-provinces")
    lines = {
        name: (case / f"{name}_{end}.txt").read_text("utf-8").splitlines()
        for name, end in (("releases", "row"), ("scores", "rows"))
    }
    folder = copy("data", **lines)
    targets = folder / "plans" / "gia-lai-2024" / "targets.csv"
    targets.write_text(targets.read_text("utf-8").replace(",2024,", ",2027,"), "utf-8")
    old = pgi.load(folder, plan="gia-lai-2024").at("2026Q2")
    assert old.plan.area == "Gia Lai"
    gaps, ahead, moved = pgi.gap(old).table, pgi.project(old).table, pgi.trend(old).moves
    assert set(gaps["state"]) == set(ahead["state"]) == {"not_comparable"}
    assert gaps[["gap", "progress", "required_pace"]].isna().all(axis=None)
    assert ahead[["p_met", "p_met_by", "median", "value"]].isna().all(axis=None)
    assert (gaps["period"].dropna() < 2025).all()
    assert (moved["to_period"] < 2025).all()
    said = " ".join(standing(pgi.gap(old), Voice(old, "en")))
    assert "ends on 30 June 2025" in said
    assert "part of the new Gia Lai Province" in said
    assert "write «Gia Lai (2025)» as area" in old.notices[-1].text("en")
    goes_on = pgi.load(folder, plan="lang-son-transport-2024").at("2026Q2")
    assert pgi.trend(goes_on).moves["to_period"].max() == 2025


def own_figures(ds):
    """Return what is an area's own: gaps, paces, changes and verdicts, whatever others did."""
    moved = pgi.trend(ds)
    pool = ["common_move", "common_lower", "common_upper", "own_move", "n_areas"]
    own = moved.table.drop(columns=[*pool[:1], *pool[3:], "place", "n_known"])
    verdicts = pgi.assess(ds).table
    return pgi.gap(ds).table, own, moved.moves.drop(columns=pool), verdicts


def test_a_merged_area_shares_nothing_with_its_parts(example):
    """Whatever its parts scored: gap, trend, own move and verdicts are those of its own scores."""
    ds = example[NEW]
    parts = ds.descent.parts(ds.plan.area)
    old = ds.scores["area"].isin(parts)
    shifted = ds.scores.assign(value=ds.scores["value"].mask(old, 3.33))
    other = replace(ds, scores=shifted)
    for one, same in zip(own_figures(ds), own_figures(other), strict=True):
        pd.testing.assert_frame_equal(one, same)
    gaps, moved = pgi.gap(ds).table, pgi.trend(ds)
    assert gaps["progress"].isna().all()
    assert gaps["baseline"].isna().all()
    assert moved.moves.empty
    assert (moved["n_obs"] == 1).all()
    first = pgi.assess(ds).table.query("baseline_period.notna()", engine="python")
    assert first.empty


def test_areas_that_go_on_do_not_notice_that_others_merge(example, ds):
    """The figures of Lạng Sơn are the same bytes, whether 2025 is on 34 areas or on 63."""
    mine = example[UNCHANGED]
    alone = mine.areas.assign(valid_to=pd.NaT)[mine.areas["formed_from"].isna()]
    scores = mine.scores[mine.scores["area"].isin(alone["area"])]
    apart = replace(mine, areas=alone.reset_index(drop=True), scores=scores)
    assert (mine.n_areas(2025), apart.n_areas(2025)) == (34, 63)
    kept = ["gap", "own", "moves", "verdicts"]
    for _, one, same in zip(kept, own_figures(mine), own_figures(apart), strict=True):
        columns = [name for name in one if name != "rank"]  # of the edition's own number of areas
        assert one[columns].to_csv() == same[columns].to_csv()
    # and before anybody merges, nothing at all depends on the map to come
    early = pgi.load("data", plan="lang-son-transport-2024").at("2025Q2")
    former = early.areas["formed_from"].isna() & (early.areas["area"] != "Huế")
    still = replace(early, areas=early.areas.assign(valid_to=pd.NaT)[former])
    for make in (pgi.gap, pgi.project, pgi.ranks, pgi.assess):
        assert make(early).table.to_csv() == make(still).table.to_csv()


def test_one_area_split_into_two_ends_and_they_begin(tmp_path):
    """As a NUTS revision does: neither part carries on the series of the whole."""
    folder = tmp_path / "split"
    shutil.copytree(EXAMPLE, folder)
    rows = ["area,name_vi,name_en,valid_from,valid_to,formed_from"]
    rows += [f"K{i},K{i},K{i},,," for i in range(8)]
    rows += ["W,W,W,,2023-12-31,", "W1,W,W,2024-01-01,,W", "W2,Đông,Dong,2024-01-01,,W"]
    (folder / "areas.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (folder / "ranks.csv").unlink()
    rng = np.random.default_rng(2)
    lines = ["area,indicator,period,value,status,released,source"]
    for year in (2022, 2023, 2024, 2025):
        names = [f"K{i}" for i in range(8)] + (["W"] if year < 2024 else ["W1", "Đông"])
        lines += [
            f"{name},s1,{year},{value:.2f},published,{year + 1}-05-09,x"
            for name, value in zip(names, 5 + rng.standard_normal(len(names)), strict=True)
        ]
    (folder / "scores.csv").write_text("\n".join(lines) + "\n", "utf-8")
    plan = folder / "plans" / NEW / "plan.toml"
    (plan.parent / "targets.csv").write_text(
        "indicator,baseline,baseline_period,target,target_period,source\ns1,,,6,2027,x\n", "utf-8"
    )
    plan.write_text(plan.read_text("utf-8").replace("Tuyên Quang", "W", 1), "utf-8")
    ds = pgi.load(folder, plan=NEW).at("2026Q2")
    assert ds.plan.area == "W1"  # issued in 2025, under the name that both bore
    assert pgi.trend(ds).moves["from_period"].tolist() == [2024]
    assert ds.descent.became("W") == ["W1", "W2"]
    row = pgi.project(ds).table.query("indicator == 's1'").iloc[0]
    assert row["n_obs"] == 2
    assert "new_area" in row["cautions"]
    assert 0 < row["p_met"] < 1
    early = plan.read_text("utf-8").replace("2025-10-15", "2023-10-15")
    plan.write_text(early, "utf-8")
    whole = pgi.load(folder, plan=NEW).at("2026Q2")
    assert whole.plan.area == "W"
    assert set(pgi.gap(whole)["state"]) == {"not_comparable"}
    said = standing(pgi.gap(whole), Voice(whole, "en"))
    assert said[0].endswith("from 1 January 2024 on it is divided into the new W and the new Đông.")


def test_what_the_publisher_casts_back_wins(copy):
    rows = [
        f"{NAME},{name},2024,{value},backcast,2026-05-05,x,,"
        for NAME in ("Tuyên Quang",)
        for name, value in (("s1", 6.7), ("s2", 6.6), ("s3", 5.0), ("s4", 6.1))
    ]
    rows = [row.removesuffix(",,") for row in rows]
    ds = pgi.load(copy(EXAMPLE, scores=rows), plan=NEW).at("2026Q2")
    gaps = pgi.gap(ds).table
    assert gaps["progress"].notna().sum() >= 8
    assert gaps["baseline"].notna().all()
    assert set(pgi.trend(ds).moves["from_period"]) == {2024}
    assert pgi.predecessors(ds).table.empty


def test_a_break_of_one_area_leaves_the_others_joined(copy):
    folder = copy(EXAMPLE)
    table = pd.read_csv(folder / "scores.csv", dtype=str)
    here = (table[["area", "indicator", "period"]] == ["Lạng Sơn", "s1", "2024"]).all(axis=1)
    table["series_break"] = np.where(here, "yes", "")
    table.to_csv(folder / "scores.csv", index=False)
    ds = pgi.load(folder, plan=UNCHANGED).at("2026Q2")
    moves = pgi.trend(ds).moves
    assert moves.query("indicator == 's1'")["from_period"].tolist() == [2024]
    assert moves.query("indicator == 's2'")["from_period"].tolist() == [2022, 2023, 2024]
    gaps, ahead = pgi.gap(ds).table, pgi.project(ds).table
    for table in (gaps, ahead):  # the baseline of 2023 lies before the break
        assert set(table.query("indicator == 's1'")["state"]) <= {"not_comparable", "open"}
        assert set(table.query("indicator == 's2'")["state"]) == {"missed", "open"}
    assert ahead.query("indicator == 's1'")["p_met"].isna().all()
    other = pgi.load(folder, plan=ENDED).at("2026Q2")
    same = pgi.load(EXAMPLE, plan=ENDED).at("2026Q2")
    assert pgi.gap(other).table.to_csv() == pgi.gap(same).table.to_csv()


def test_a_break_in_a_plain_table():
    rng = np.random.default_rng(5)
    rows = [
        (f"a{i}", "x", 2018 + t, 5 + i / 4 + rng.normal(0, 0.3), i == 0 and t == 4)
        for i in range(9)
        for t in range(7)
    ]
    names = ["area", "indicator", "period", "value", "series_break"]
    panel = pd.DataFrame(rows, columns=names)
    late = panel["period"] >= 2022
    panel.loc[(panel["area"] == "a0") & late, "value"] += 4
    targets = pd.DataFrame(
        {
            "area": ["a0", "a0", "a1"],
            "indicator": "x",
            "baseline": [5.0, 9.0, 5.0],
            "baseline_period": [2020, 2022, 2020],
            "target": [5.5, 9.5, 5.5],
            "target_period": [2026, 2027, 2026],
        }
    )
    found = pgi.project(panel, targets, direction=1).table
    assert found["state"].tolist()[:2] == ["not_comparable", "open"]
    assert found["n_obs"].tolist()[1:] == [3, 7]
    assert abs(found["median"][1] - 9) < 1
    moved = pgi.trend(panel, area="a0")
    assert moved.table["n_obs"].item() == 3
    assert moved.moves["from_period"].min() == 2022
    verdicts = pgi.assess(panel, targets, method="statcan", direction=1).table
    assert verdicts["signal"].tolist()[0] == "not_assessed" != verdicts["signal"].tolist()[2]


# --- Ranks. ---


def test_a_rank_is_among_the_areas_of_its_edition(example):
    rows = {name: pgi.gap(ds).table.set_index("indicator") for name, ds in example.items()}
    voice = Voice(example[UNCHANGED], "en")
    shown = tell(pgi.gap(example[UNCHANGED]), "table", voice)
    assert rows[UNCHANGED].loc["total", "rank"].notna().all()
    assert any(str(cell).endswith("/34") for cell in shown.to_numpy().ravel())
    ended = tell(pgi.gap(example[ENDED]), "table", Voice(example[ENDED], "en"))
    cells = [str(cell) for cell in ended.to_numpy().ravel()]
    assert any(cell.endswith("/63") for cell in cells)
    assert not any(cell.endswith("/34") for cell in cells)


def test_a_rank_set_among_more_areas_is_to_be_restated(example, copy):
    found = pgi.ranks(example[UNCHANGED])
    row = found.table.iloc[0]
    assert (row["state"], row["n_areas"], row["period"]) == ("to_restate", 63, 2024)
    assert pd.isna(row["p_met"])
    said = tell(found, "answer", Voice(example[UNCHANGED], "en"))[0]
    assert "rank 34" in said
    assert "do not convert" in said
    folder = copy(EXAMPLE)
    file = folder / "plans" / UNCHANGED / "targets.csv"
    table = pd.read_csv(file, dtype=str)
    table["ranked_areas"] = np.where(table["measure"] == "rank", "34", "")
    table.to_csv(file, index=False)  # the plan's owner has restated it
    again = pgi.ranks(pgi.load(folder, plan=UNCHANGED).at("2026Q2")).table.iloc[0]
    assert (again["state"], again["n_areas"], again["rank"]) == ("reached", 34, 27)
    assert 0.5 < again["p_met"] < 1


def test_a_rank_to_come_is_among_those_that_will_be_there(example):
    """Of the 86 areas that the fit knows, 34 will be ranked: the last of them is sure."""
    ds = example[NEW]
    aims = ds.plan.rank_targets

    def chance(rank):
        asked = replace(ds.plan, rank_targets=aims.assign(target=rank))
        return pgi.ranks(replace(ds, plan=asked)).table["p_met"].item()

    chances = [chance(rank) for rank in (1, 8, 17, 33)]
    assert chances == sorted(chances)
    assert chances[-1] > 0.97
    assert chance(34) == 1


# --- The band. ---


def test_the_parts_stand_side_by_side(example):
    found = pgi.predecessors(example[NEW])
    total = found.table.query("indicator == 'total'")
    assert total["area"].tolist() == ["Hà Giang", "Tuyên Quang"]
    assert total["value"].is_monotonic_increasing
    assert set(total["period"]) == {2024}
    band = found.bands.set_index("indicator").loc["total"]
    assert [band["lowest"], band["highest"]] == total["value"].tolist()
    assert found.bands["centre"].isna().all()  # nobody said what the parts weigh
    assert pgi.predecessors(example[UNCHANGED]).table.empty
    assert pgi.predecessors(example[ENDED]).table.empty


@pytest.mark.parametrize("known", [True, False])
def test_a_centre_needs_every_score_and_weight(example, known):
    ds = example[NEW]
    weights = ds.areas["area"].map({"Hà Giang": 1500.0, "Tuyên Quang": 2500.0})
    lost = (ds.scores["area"] == "Hà Giang") & (not known)
    ds = replace(ds, areas=ds.areas.assign(weight=weights), scores=ds.scores[~lost])
    found = pgi.predecessors(ds)
    band = found.bands.set_index("indicator").loc["s1"]
    assert (band["n_known"], band["n_areas"]) == (1 + known, 2)
    if known:
        low, high = found.table.query("indicator == 's1'").set_index("area")["value"][
            ["Hà Giang", "Tuyên Quang"]
        ]
        assert band["centre"] == pytest.approx((1500 * low + 2500 * high) / 4000)
    else:
        assert np.isnan(band["centre"])
        assert "not known" in tell(found, "table", Voice(ds, "en")).to_string()


def test_the_band_moves_the_new_area_as_the_normal_law_says():
    """Against the conditional of the joint normal, written down whole."""
    rng = np.random.default_rng(1)
    y = 5 + rng.standard_normal((30, 1)) + 0.5 * rng.standard_normal((30, 5))
    y[0, :4] = np.nan
    times, at = np.arange(2020.0, 2025), np.array([2025.0, 2027.0])
    fit = fit_panel(y, times, family_named("generic"))
    made = predict(fit, at, doubt=False)
    found = with_band(made, fit, at, 0, 2023.0, (4.0, 7.0))
    parts, sigma2 = fit.components, fit.variance[0]
    when = np.r_[2024.0, 2023.0, at]
    wide = parts.noise + 9 / 12 / sigma2
    joint = latent_covariance(parts, when, when)
    joint = (joint + np.diag([parts.noise, wide, parts.noise, parts.noise])) * sigma2
    mean = np.r_[fit.mean[4], fit.mean[3], made.location[0] * 0]
    seen, ahead = slice(0, 2), slice(2, 4)
    gain = joint[ahead, seen] @ np.linalg.inv(joint[seen, seen])
    own = gain @ (np.r_[y[0, 4], 5.5] - mean[seen])
    alone = joint[ahead, :1] @ np.linalg.inv(joint[:1, :1]) @ (y[0, 4:] - mean[:1])
    np.testing.assert_allclose(found.location[0] - made.location[0], own - alone, atol=1e-9)
    cov = joint[ahead, ahead] - gain @ joint[seen, ahead]
    np.testing.assert_allclose(found.own[0], cov, rtol=1e-6)
    np.testing.assert_array_equal(found.location[1:], made.location[1:])


def test_merged_on_paper_intervals_cover_and_errors_are_no_larger(reference):
    kept = [one for one in merger_records() if one.family == "subnational_survey"]
    panel = pgi.read_panel(reference("data/panels/pci_2006_2016.csv.gz"))
    again = repeat_mergers(panel, pgi.load("data").areas, family_named("subnational_survey"))
    assert [(one.way, one.editions, one.n) for one in again] == [
        (one.way, one.editions, one.n) for one in kept
    ]
    for one, was in zip(again, kept, strict=True):
        assert one.crps == pytest.approx(was.crps, abs=0.01)
        assert one.coverage_80 == pytest.approx(was.coverage_80, abs=0.01)
    for one in merger_records():  # gluing breaks what is said, on scores alone it costs nothing
        assert one.ratio <= (1.003 if one.way == "glued" else 1)
    ours = [one for one in merger_records() if one.way == ANEW]
    assert all(0.78 < one.coverage_80 < 0.9 for one in ours)


# --- Plans and agencies. ---


def test_a_plan_of_an_area_that_ended_closes(example):
    ds = example[ENDED]
    gaps = pgi.gap(ds).table.set_index(["target_period", "indicator"])
    assert set(gaps.loc[2024, "state"]) == {"met", "missed"}
    assert set(gaps.loc[2025, "state"]) == {"not_comparable"}
    assert (gaps["period"] == 2024).all()  # the last on its own territory
    assert pgi.calendar(ds).table.empty
    assert pgi.levels(ds, pgi.scorecard(ds)).table.empty
    vi, en = (standing(pgi.gap(ds), Voice(ds, language)) for language in ("vi", "en"))
    assert "Kế hoạch này khép lại với kết quả cuối cùng trên địa bàn cũ" in vi[1]
    assert "This plan closes with the last result within the old borders" in en[1]
    assert "đã được thay thế bằng Kế hoạch số 03/KH-UBND ngày 15/10/2025" in vi[2]


def test_the_plan_that_replaces_another_must_be_there(copy):
    folder = copy(EXAMPLE)
    file = folder / "plans" / ENDED / "plan.toml"
    file.write_text(file.read_text("utf-8").replace("tuyen-quang-2026", "tuyen-quang"), "utf-8")
    said = faults(folder, ENDED)
    assert len(said) == 1
    assert "replaced_by" in said[0]
    assert NEW in said[0]


def test_a_plan_cannot_be_issued_by_an_area_that_is_gone(copy):
    folder = copy(EXAMPLE)
    file = folder / "plans" / NEW / "plan.toml"
    text = file.read_text("utf-8").replace('area = "Tuyên Quang"', 'area = "Hà Giang"')
    file.write_text(text, "utf-8")
    assert any("part of «Tuyên Quang (2025)»" in line for line in faults(folder, NEW))


@pytest.mark.parametrize(("quarter", "ended"), [("2024Q4", False), ("2025Q2", True)])
def test_an_agency_that_ended_signs_no_report(quarter, ended):
    """The Department of Transport of Lạng Sơn was merged on 1 March 2025; into what, no source."""
    ds = pgi.load("data", plan="lang-son-transport-2024").at(quarter)
    voice = Voice(ds, "vi")
    said = report.standing(voice)
    assert voice.agency().startswith("cơ quan kế tục ") == ended
    assert any("bổ sung tên đó vào tệp agencies.csv" in line for line in said) == ended


def test_an_agency_goes_by_the_name_of_its_day(copy):
    row = "Sở Xây dựng tỉnh Lạng Sơn,Department of Construction,2025-03-01,,"
    row += "Sở Giao thông vận tải tỉnh Lạng Sơn;Sở Xây dựng cũ,invented,,"
    older = "Sở Xây dựng cũ,,,2025-02-28,,invented,,"
    folder = copy("data", agencies=[row, older])
    whole = pgi.load(folder, plan="lang-son-transport-2024")
    names = {q: Voice(whole.at(q), "vi").agency() for q in ("2024Q4", "2025Q2")}
    assert names == {
        "2024Q4": "Sở Giao thông vận tải tỉnh Lạng Sơn",
        "2025Q2": "Sở Xây dựng tỉnh Lạng Sơn",
    }
    assert Voice(whole.at("2025Q2"), "en").agency() == "Department of Construction"
    ninh = pgi.load(folder, plan="ninh-thuan-2024")
    assert Voice(ninh.at("2025Q4"), "vi").agency() == "UBND tỉnh Khánh Hòa"


# --- The example. ---


def test_the_example_is_on_the_real_map_and_says_that_its_figures_are_not(example):
    assert (EXAMPLE / "areas.csv").read_bytes() == Path("data/areas.csv").read_bytes()
    for ds in example.values():
        tables = (ds.scores, ds.ranks, ds.releases, ds.indicators, ds.plan.targets)
        assert all(table["source"].str.contains("synthetic").all() for table in tables)
        for language, word in (("vi", "giả định"), ("en", "synthetic")):
            assert all(word in ds.plan.text(key, language) for key in ("index", "title", "agency"))
