"""One bad figure is pointed at, in any area and unit; real panels are left in peace."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data.plain import DataWarning
from pgi_analysis.data.suspects import suspects

PLAN = "lang-son-transport-2024"


def panel(seed=0, areas=12, periods=6):
    rng = np.random.default_rng(seed)
    level = rng.normal(5.5, 0.8, areas)[:, None] + rng.normal(0, 0.3, (areas, periods))
    rows = [
        (f"a{i}", "x", 2018 + t, round(level[i, t], 2))
        for i in range(areas)
        for t in range(periods)
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def marked(table):
    return suspects(table)[lambda kind: kind != ""].to_dict()


@pytest.mark.parametrize("factor", [0, 10, 100, 1000, 1e6, -1])
@pytest.mark.parametrize("row", [0, 3, 5, 71])
def test_a_bad_score_is_marked_and_no_other(factor, row):
    table = panel()
    assert marked(table) == {}
    table.loc[row, "value"] *= factor
    assert marked(table) == {row: "far" if factor else "zero"}


@pytest.mark.parametrize("periods", [1, 2, 3])
def test_short_series_too(periods):
    table = panel(periods=periods)
    table.loc[4, "value"] *= 1000
    assert marked(table) == {4: "far"}


def test_many_zeros_for_missing_scores():
    table, rng = panel(areas=30), np.random.default_rng(1)
    rows = sorted(rng.choice(len(table), 20, replace=False))
    table.loc[rows, "value"] = 0.0
    assert marked(table) == dict.fromkeys(rows, "zero")
    whole = panel().assign(value=lambda t: t["value"].where(t["period"] != 2020, 0.0))
    assert set(marked(whole)) == set(whole.index[whole["period"] == 2020])


def test_zeros_by_nature_are_not_marked():
    """Counts of rare events, half of them none."""
    counts = np.random.default_rng(2).poisson(0.7, 72)
    assert (counts == 0).mean() > 0.3
    assert marked(panel().assign(value=counts.astype(float))) == {}


def test_large_beside_small_is_not_marked_but_a_slip_among_them_is():
    """Populations: from thousands to a billion."""
    rng = np.random.default_rng(3)
    size = np.exp(rng.normal(15, 2, 60))[:, None] * np.exp(
        rng.normal(0.01, 0.01, (60, 8)).cumsum(1)
    )
    rows = [(f"a{i}", "people", 2010 + t, size[i, t]) for i in range(60) for t in range(8)]
    table = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    assert marked(table) == {}
    largest = table["value"].idxmax()
    table.loc[largest, "value"] *= 1000
    assert marked(table) == {largest: "far"}


@given(
    unit=st.floats(1e-9, 1e9),
    sign=st.sampled_from([-1, 1]),
    seed=st.integers(0, 1000),
    bad=st.dictionaries(st.integers(0, 71), st.sampled_from([0, 0.01, 20, 1000]), max_size=4),
)
def test_the_unit_does_not_matter(unit, sign, seed, bad):
    table = panel(seed)
    table["value"] *= pd.Series(bad, dtype=float).reindex(table.index).fillna(1.0)
    assert marked(table.assign(value=table["value"] * unit * sign)) == marked(table)


@pytest.mark.parametrize(
    ("name", "n", "expected"),
    [
        ("pci_2006_2016", 6678, []),
        ("cpi_1998_2017", 3022, []),
        ("hfi_2008_2016", 11021, [("Timor-Leste", "pf_rol", 2015, 0.0)]),
    ],
)
def test_real_panels_are_left_in_peace(reference, name, n, expected):
    """One of 20,721 scores: the only 0 for the rule of law, between 2.5 and more in other years."""
    table = pd.read_csv(reference(f"data/panels/{name}.csv.gz")).dropna(subset=["value"])
    assert len(table) == n
    found = table[suspects(table) != ""]
    assert list(found.itertuples(index=False, name=None)) == expected


def test_the_data_of_the_repository_are_left_in_peace(ds):
    for known in (ds, *(ds.as_of(day) for day in ("2023-12-31", "2024-12-05", "2025-12-05"))):
        assert known.notices == ()


def aim():
    row = {"area": "a1", "indicator": "x", "target": 6.5, "target_period": 2025, "direction": 1}
    return pd.DataFrame([row])


FAR = (
    "row {row}, value: a3 2020: 5750. This is far from all other scores of x, which lie between "
    "{low} and {high}; one such score makes every interval of this indicator too wide or wrong. Is "
    "a decimal mark lost, or is it in another unit? Correct it or delete the row; leave it if it "
    "is right."
)


def test_results_carry_the_notice_and_a_file_names_its_row(tmp_path):
    table = panel()
    rest = table["value"].drop(20)
    table.loc[20, "value"] = 5750.0
    ends = {"low": f"{rest.min():g}", "high": f"{rest.max():g}"}
    for found in (
        pgi.project(table, aim()),
        pgi.trend(table, area="a1"),
        pgi.backtest(table, history=3, horizons=(1,)),
    ):
        (notice,) = found.notices
        assert notice.text("en") == f"panel {FAR.format(row=20, **ends)}"
        assert "cách xa mọi điểm khác của x" in notice.text("vi")
    file = tmp_path / "scores.csv"
    table.to_csv(file, index=False)
    with pytest.warns(DataWarning) as caught:
        pd.testing.assert_frame_equal(pgi.read_panel(file), table, check_dtype=False)
    assert str(caught[0].message) == f"scores.csv {FAR.format(row=22, **ends)}"


def test_a_folder_is_loaded_with_a_notice_that_no_earlier_day_sees(data_copy, pgi_command):
    scores = data_copy / "scores.csv"
    text = scores.read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("Cần Thơ,s1,2024,"))
    area, indicator, period, value, *rest = row.split(",")
    number = text.splitlines().index(row) + 1
    indicators = data_copy / "indicators.csv"  # an open scale, or the scale itself would refuse it
    indicators.write_text(indicators.read_text("utf-8").replace(",1,10,", ",1,,"), "utf-8")
    slip = ",".join([area, indicator, period, f"{float(value) * 1000:g}", *rest])
    scores.write_text(text.replace(row, slip), "utf-8")
    ds = pgi.load(data_copy, plan=PLAN)
    (notice,) = ds.notices
    assert (notice.file, notice.row) == ("scores.csv", number)
    assert notice.values["cells"].startswith("Cần Thơ 2024: ")
    assert pgi.project(ds.at("2025Q2")).notices == (notice,)
    assert pgi.trend(ds.at("2025Q2")).notices == (notice,)
    assert ds.at("2024Q4").notices == ()
    code, out, err = pgi_command("validate", "--data", data_copy, "--plan", PLAN)
    assert code == 0
    assert out.startswith("The data are sound")
    assert err == f"Note: {notice.text('en')}\n"
