"""Results in a notebook: a sentence, a clean table, charts, short lists, errors without code."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel
from matplotlib.axes import Axes

import pgi_analysis as pgi
from pgi_analysis import evaluation
from pgi_analysis.notebook import display
from pgi_analysis.report.execution import run_notebook
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"


@pytest.fixture
def panel():
    rows = [
        (f"A{area}", "x", year, 5 + 0.3 * area + 0.1 * (year - 2020) * (-1) ** area)
        for area in range(30)
        for year in range(2020, 2024)
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


@pytest.fixture
def targets(panel):
    table = pd.DataFrame({"area": panel["area"].unique(), "indicator": "x", "target": 8.0})
    return table.assign(target_period=2025, direction=1)


def results(ds):
    made = pgi.project(ds)
    return {
        "gap": pgi.gap(ds),
        "trend": pgi.trend(ds),
        "projection": made,
        "scenario": pgi.what_if(made, own_rise=0.5, success=0.6),
        "joint": made.joint(),
        "changes": pgi.changes(ds),
        "scorecard": pgi.scorecard(ds),
        "verdicts": pgi.assess(ds),
        "tasks": pgi.tasks(ds),
        "calendar": pgi.calendar(ds),
    }


@pytest.mark.parametrize("quarter", ["2024Q1", "2024Q4", "2025Q2"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_result_shows_a_sentence_and_a_table(ds, quarter, language, monkeypatch):
    monkeypatch.setenv("PGI_LANG", language)
    for name, result in results(ds.at(quarter)).items():
        html = result._repr_html_()
        assert re.search(r"<p>[^<]{15,}</p>", html), name
        assert "nan" not in re.sub("<style>.*?</style>", "", html, flags=re.S).lower().split()
        assert not re.search(r"\d[.,]\d{3,}", html), name  # rounded
        assert len(repr(result).splitlines()) == 1


def test_a_gap_reads_as_in_the_report(ds, monkeypatch):
    monkeypatch.setenv("PGI_LANG", "vi")
    found = pgi.gap(ds.at("2024Q4"))
    html = found._repr_html_()
    assert "<caption>Khoảng cách của từng chỉ số (điểm)</caption>" in html
    for cell in ("Giảm thiểu ô nhiễm và thiên tai", "4,84", "6,58", "thấp\u00a0hơn\u00a01,74"):
        assert f">{cell}<" in html
    assert repr(found) == "Gap(Lạng Sơn, 5 targets)"


def test_a_column_without_figures_is_left_out(ds):
    html = pgi.gap(ds.at("2025Q2"))._repr_html_()
    assert "Target" in html
    assert "Needed a year" not in html


def test_many_rows_are_cut_and_said_to_be(panel, targets):
    html = pgi.project(panel, targets)._repr_html_()
    assert html.count("<tr>") == 1 + display.MOST
    assert "… and 10 more rows; the attribute .table has them all." in html
    assert ">Area<" in html


def test_results_of_a_plain_panel_show_themselves(panel, targets):
    made = pgi.project(panel, targets.head(1))
    for result in (
        pgi.trend(panel, area="A3"),
        made,
        pgi.what_if(made, own_rise=0.5),
        made.joint(),
        pgi.backtest(panel, history=2, horizons=(1,)),
        evaluation.label_worth(panel, length=2),
    ):
        assert re.search(r"<p>[^<]{15,}</p><table", result._repr_html_())


def test_a_scenario_table_says_what_becomes_of_each_target(ds):
    found = pgi.what_if(pgi.project(ds.at("2024Q4")), own_rise=0.5, success=0.6)
    table = tell(found, "table", Voice(found.ds, "en"))
    row = found.table.iloc[0]
    written = [f"about {5 * round(20 * row[name])}%" for name in ("p_met", "p_met_now")]
    assert table["Probability"].iloc[0] == written[0]
    assert table["Probability, nothing assumed"].iloc[0] == written[1]


def test_own_rises_raise_the_probability(ds):
    made = pgi.project(ds.at("2024Q4"))
    table = tell(made, "own_rise_table", Voice(made.ds, "en"), 1.0)
    p = table.iloc[:, 2:].map(lambda cell: int(cell.removeprefix("about ").removesuffix("%")))
    assert (p.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    never = tell(made, "own_rise_table", Voice(made.ds, "en"), 0.0)
    assert (never.iloc[:, 2] == never.iloc[:, 3:].T).all(axis=None)


@pytest.mark.parametrize("name", ["gap", "trend", "projection", "scenario"])
def test_charts_are_those_of_the_report(ds, name, monkeypatch):
    monkeypatch.setenv("PGI_LANG", "vi")
    ax = results(ds.at("2024Q4"))[name].plot()
    assert isinstance(ax, Axes)
    assert ax.figure in [plt.figure(n) for n in plt.get_fignums()]  # a notebook shows it
    texts = [text.get_text() for text in ax.texts] + [ax.get_xlabel(), ax.get_ylabel()]
    assert any("Điểm" in text or "điểm" in text for text in texts)
    if name in ("gap", "trend"):
        assert "Đảm bảo tuân thủ" in texts


def test_a_scenario_draws_its_own_target_and_quantiles(ds):
    made = pgi.project(ds.at("2024Q4"))
    found = pgi.what_if(made, own_rise=0.5, target=7.0)
    lines = {line.get_label(): line for line in found.plot("s3").get_lines()}
    median = found.quantiles([0.5]).query("indicator == 's3'")["value"].iloc[-1]
    assert lines["median projection"].get_ydata()[-1] == pytest.approx(median)
    assert [line.get_ydata()[0] for name, line in lines.items() if name.startswith("target")] == [7]


def test_assumptions_come_about_in_equal_parts():
    rows = [
        (f"A{i}", "x", y, 10 + i + (-1) ** (i + y)) for i in range(12) for y in range(2019, 2024)
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    targets = pd.DataFrame(
        {"area": ["A3"], "indicator": ["x"], "target": [14.0], "target_period": [2026]}
    )
    made = pgi.project(panel, targets, direction=1)
    plain = made.quantiles([0.5])["value"].to_numpy()
    risen = pgi.what_if(made, own_rise=3.0).quantiles([0.5])["value"].to_numpy()
    assert (risen - plain).tolist() == pytest.approx([1, 2, 3])
    moved = pgi.what_if(made, common_move=3.0).quantiles([0.5])["value"].to_numpy()
    assert (moved - moved[0]).tolist() == pytest.approx(
        (plain - plain[0] + [0, 1, 2] - _common(made) + _common(made)[0]).tolist()
    )


def _common(made):
    one = next(made._open())
    return one.made.common[one.place[0]]


def test_areas_and_years_have_charts_of_their_own(panel):
    targets = pd.DataFrame(
        {"area": ["A3", "A3", "A11"], "indicator": "x", "target": [6.0, 7.0, 9.0]}
    ).assign(target_period=[2024, 2025, 2025])
    made = pgi.project(panel, targets, direction=1)
    scenario = pgi.what_if(made, own_rise=0.5)
    for found in (made, scenario):
        wanted = found.table.set_index(["area", "target_period"])["median"]
        for area in ("A3", "A11"):
            line = {ln.get_label(): ln for ln in found.plot("x", area=area).get_lines()}
            drawn = line["median projection"].get_ydata()[-1]
            assert drawn == pytest.approx(wanted[area, 2025])
        assert "Target year" in found._repr_html_()
    with pytest.raises(pgi.InputError, match=r"no projection of «A9»\. Projected are: A3, A11"):
        scenario.plot("x", area="A9")


def test_quantiles_of_a_scenario_without_assumptions_are_the_projections(ds):
    made = pgi.project(ds.at("2024Q4"))
    pd.testing.assert_frame_equal(pgi.what_if(made).quantiles(), made.quantiles())


def test_an_indicator_that_is_not_projected_is_refused(ds):
    with pytest.raises(pgi.InputError, match=r"no projection of «s9». Projected are: s1, s2, s3"):
        pgi.project(ds.at("2024Q4")).plot("s9")


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel, code):
    """Run code and give what the notebook shows of its outputs."""
    found = []
    kernel.execute_interactive(code, timeout=60, output_hook=lambda m: found.append(m))
    return [m["content"] for m in found if m["msg_type"] in ("error", "execute_result")]


def test_an_error_reads_as_on_the_command_line(kernel):
    code = "import pgi_analysis as pgi; pgi.load('data', plan='lang-son')"
    (error,) = run(kernel, code)
    assert error["ename"] == "InputError"
    said = "\n".join(error["traceback"])
    assert said.startswith("There is no plan «lang-son» in the data folder. Known plans: ")
    assert "Traceback" not in said
    assert "pgi_analysis/" not in said


def test_every_chart_is_shown_not_only_the_first(kernel):
    run(kernel, f"import pgi_analysis as pgi; ds = pgi.load('data', plan='{PLAN}').at('2024Q4')")
    for code in ("pgi.gap(ds).plot();", "pgi.project(ds).plot();", "pgi.project(ds).plot();"):
        found = []
        kernel.execute_interactive(code, timeout=60, output_hook=found.append)
        shown = [m["content"]["data"] for m in found if m["msg_type"] == "display_data"]
        assert ["image/png" in data for data in shown] == [True]


def completions(kernel, code):
    kernel.complete(code)
    return kernel.get_shell_msg(timeout=60)["content"]["matches"]


def test_tab_completion_shows_a_short_list(kernel):
    run(kernel, "import pgi_analysis as pgi")
    run(kernel, f"ds = pgi.load('data', plan='{PLAN}').at('2024Q4'); made = pgi.project(ds)")
    names = [name.removeprefix("pgi.") for name in completions(kernel, "pgi.")]
    assert sorted(names) == pgi.__all__
    for thing, wanted in (("ds.", {"at", "as_of"}), ("made.", {"table", "plot", "joint"})):
        offered = {name.removeprefix(thing) for name in completions(kernel, thing)}
        assert wanted <= offered
        assert len(offered) <= 23
        assert not [name for name in offered if name.startswith("_")]


EXAMPLES = {"panel_file": "synthetic-panel.csv", "targets_file": "synthetic-targets.csv"}
WHERE = {
    "start": {"data_dir": "data"},
    "tutorial": {name: f"examples/{file}" for name, file in EXAMPLES.items()},
    "what_if": {"data_dir": "data"},
}


@pytest.mark.parametrize("name", WHERE)
def test_notebooks_of_the_lab_run_without_a_page(name, tmp_path):
    done = run_notebook(Path("notebooks", f"{name}.ipynb"), tmp_path / "out.ipynb", WHERE[name])
    assert done.error == ""


def test_what_if_without_a_page_is_a_table(tmp_path):
    out = tmp_path / "out.ipynb"
    parameters = {"quarter": "2024Q4", "success": 0.5, "data_dir": "data"}
    assert run_notebook(Path("notebooks/what_if.ipynb"), out, parameters).error == ""
    kinds = [
        kind
        for cell in nbformat.read(out, 4).cells
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    ]
    assert not [kind for kind in kinds if "widget" in kind]
    text = out.read_text("utf-8")
    assert "Tự rút ngắn 50%" in text
    assert "khả năng thực hiện được: 50%" in text
