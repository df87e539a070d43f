"""The public face: three forms of input, one table out, and what it refuses."""

import io
import json
import re
from functools import partial

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS, SIGNALS, parse_options

LANG_SON = "lang-son-transport-2024"
COLUMNS = (
    "area indicator baseline_period target_period period value target target_upper direction "
    "method verdict signal rule measure score stated"
).split()
CASE = {"baseline": 4.0, "baseline_period": 2020, "value": 5.5, "period": 2022}
CASE |= {"target": 6.0, "target_period": 2024, "direction": 1, "lower": 1.0, "upper": 10.0}
WHERE = {"area": "a", "indicator": "x"}


def case(**changes):
    return pd.DataFrame([CASE | changes])


def panel(*values, first=2020, **more):
    rows = pd.DataFrame({"period": range(first, first + len(values)), "value": values})
    return rows.assign(**WHERE, **more)


def targets(**changes):
    terms = ("target", "target_period", "direction", "lower", "upper")
    return pd.DataFrame([{name: CASE[name] for name in terms} | WHERE | changes])


def same(one, other):
    words = ["method", "verdict", "signal", "rule"]
    kept = [*words, "period", "value", "target", "measure", "score"]
    one, other = (found[kept].reset_index(drop=True) for found in (one, other))
    one, other = (found.astype(dict.fromkeys(words, str)) for found in (one, other))
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def test_a_case_and_a_panel_of_two_scores_are_the_same():
    by_panel = pgi.assess(panel(4.0, None, 5.5), targets(baseline_period=2020)).table
    same(pgi.assess(case()).table, by_panel)
    assert (by_panel["verdict"] != "not_assessed").sum() == 9  # weather takes four scores


def test_a_plan_and_its_scores_as_a_panel_are_the_same(data_dir):
    ds = pgi.load(data_dir, plan=LANG_SON).at("2025Q2")
    by_plan = pgi.assess(ds).table
    scores = ds.official()
    plan = by_plan.drop_duplicates("indicator")
    ends = ds.indicators.set_index("indicator")[["lower", "upper"]]
    # the scores of 2022 are of another series
    own = scores[(scores["area"] == "Lạng Sơn") & (scores["period"] >= 2023)]
    wanted = plan[["area", "indicator", "target", "target_period", "baseline_period", "direction"]]
    same(by_plan, pgi.assess(own, wanted.join(ends, on="indicator")).table)


def test_a_plan_has_a_row_a_target_and_method_and_its_total(data_dir):
    found = pgi.assess(pgi.load(data_dir, plan=LANG_SON).at("2025Q2")).table
    assert found["indicator"].unique().tolist() == ["s1", "s2", "s3", "s4", "total"]
    assert found["method"].tolist() == [*METHODS] * 5
    total = found[found["indicator"] == "total"].iloc[0]
    assert (total["target"], total["area"], total["verdict"]) == (
        *(22.37, "Lạng Sơn"),
        "target_achieved",
    )


@pytest.mark.parametrize("form", ["case", "panel", "plan"])
def test_the_table_has_its_columns_and_words(form, ds):
    given = {"case": [case()], "panel": [panel(4.0, 5.0, 5.5), targets()], "plan": [ds]}[form]
    found = pgi.assess(*given).table
    assert list(found) == COLUMNS
    assert found.index.tolist() == list(range(len(found)))
    for row in found.itertuples():
        assert row.verdict == "not_assessed" or row.verdict in METHODS[row.method].signals
        assert row.signal in SIGNALS
    none = found["verdict"] == "not_assessed"
    assert found.loc[none, ["measure", "score"]].isna().all(axis=None)
    assert (found["signal"][none] == "not_assessed").all()


def test_a_method_says_the_same_alone_and_in_company():
    both = pgi.assess(case(), method=["sdsn", "statcan", "sdsn"]).table
    assert both["method"].tolist() == ["sdsn", "statcan"]
    for name, rows in both.groupby("method"):
        same(rows, pgi.assess(case(), method=name).table)


def test_interim_scores_are_left_out():
    known = panel(4.0, 5.0, 5.5, status="published")
    early = known.tail(1).assign(period=2023, value=9.0, status="interim")
    assert pgi.assess(early, targets()).table["rule"].eq("no_score").all()
    with_early = pgi.assess(pd.concat([known, early]), targets()).table
    pd.testing.assert_frame_equal(with_early, pgi.assess(known, targets()).table)


def test_a_stated_baseline_that_the_panel_does_not_hold_counts():
    stated = targets(baseline=4.0, baseline_period=2020)
    same(pgi.assess(panel(5.5, first=2022), stated).table, pgi.assess(case()).table)
    assert pgi.assess(panel(5.5, first=2022), targets()).table["verdict"].eq("not_assessed").all()


def test_a_score_of_the_panel_goes_before_the_stated_baseline():
    stated = targets(baseline=2.0, baseline_period=2020)
    same(pgi.assess(panel(4.0, None, 5.5), stated).table, pgi.assess(case()).table)


def test_a_stated_baseline_counts_where_the_panel_has_an_empty_score():
    stated = targets(baseline=4.0, baseline_period=2020)
    same(pgi.assess(panel(None, None, 5.5), stated).table, pgi.assess(case()).table)


def test_a_baseline_without_its_period_is_no_second_score():
    found = pgi.assess(case(baseline_period=None)).table
    assert found["verdict"].eq("not_assessed").all()


def test_a_score_of_zero_after_the_target_period_warns_of_nothing():
    pgi.assess(case(value=0.0, lower=0.0, target_period=2021), method="un_2023")


def test_a_baseline_after_the_target_period_is_no_score():
    known = panel(4.0, 5.0, 5.5)
    late = targets(baseline=1.0, baseline_period=2030)
    found = pgi.assess(known, late).table
    assert found["period"].unique().tolist() == [2022]
    same(found, pgi.assess(known, targets(baseline_period=2030)).table)


#: baseline, newest score, target, direction; then what each method says
ZERO_OR_EQUAL = [
    (
        (6.0, 6.0, 6.0, 1),  # held at the target that the baseline was
        "target_achieved significant_progress substantial_progress on_track on_track "
        "will_meet_target on_track_or_maintaining not_assessed on_track achieved",
        {"met", "not_assessed"},
    ),
    (
        (8.0, 4.0, 0.0, -1),  # half of the way to none
        "limited_progress not_assessed not_assessed fair_progress slow_progress "
        "need_to_accelerate on_track_or_maintaining not_assessed some_progress on_track",
        {"on_track", "slow", "stalled", "not_assessed"},
    ),
    (
        (5.0, 0.0, 0.0, -1),  # none left
        "target_achieved significant_progress substantial_progress on_track on_track "
        "will_meet_target on_track_or_maintaining not_assessed on_track achieved",
        {"met", "not_assessed"},
    ),
    (
        (6.0, 5.0, 6.0, 1),  # the target is what there was, and is lost
        "not_assessed not_assessed not_assessed not_assessed regression no_progress_expected "
        "decreasing not_assessed worsening off_track",
        {"away", "stalled", "not_assessed"},
    ),
]


@pytest.mark.parametrize(("numbers", "verdicts", "signals"), ZERO_OR_EQUAL)
def test_a_target_of_zero_or_of_the_baseline(numbers, verdicts, signals):
    """After akvo/akvo-rsr issue 2830, where a report failed for either."""
    terms = dict(zip(("baseline", "value", "target", "direction"), numbers, strict=True))
    found = pgi.assess(case(**terms, lower=0.0)).table
    assert found["verdict"].tolist() == verdicts.split()
    assert set(found["signal"]) == signals


def test_a_target_met_by_a_zero_replaced_is_not_signalled_as_met():
    """Statistics Canada reads a target of 0 as .001, which .0003 is below; 0 it is not."""
    found = pgi.assess(
        case(baseline=0.0006, value=0.0003, target=0.0, lower=0.0, direction=-1), method="statcan"
    ).table
    assert found[["verdict", "signal"]].to_numpy().tolist() == [["target_achieved", "on_track"]]


def test_a_direction_for_all_is_shown_as_it_was_taken():
    found = pgi.assess(case().drop(columns="direction"), method="sdsn", direction=1).table
    assert found["direction"].tolist() == [1]


def test_large_scores_reach_an_edge_as_small_ones_do():
    """Half of the time, half of the way: .3 of .6."""
    terms = {"baseline_period": 2015, "period": 2020, "target_period": 2025}
    scores = pd.DataFrame({"baseline": [0.0, 10_000], "value": [0.3, 10_000.3]})
    both = scores.assign(target=scores["baseline"] + 0.6, direction=1, **terms)
    assert pgi.assess(both, method="sdsn").table["signal"].tolist() == [
        "on_track",
        "on_track",
    ]


def test_columns_are_of_one_kind_however_many_methods():
    one, two = (
        pgi.assess(case(), method=names).table.dtypes for names in (["sdsn"], ["sdsn", "un_2022"])
    )
    assert one.to_dict() == two.to_dict()


@pytest.mark.parametrize(
    "given",
    [
        [case().iloc[:0]],
        [panel(), targets().iloc[:0]],
        [panel(4.0, 5.0), targets().iloc[:0]],
    ],
)
def test_of_no_rows_there_are_no_verdicts(given):
    found = pgi.assess(*given).table
    assert found.empty
    assert list(found) == COLUMNS


KNOWN = ", ".join(METHODS)
REFUSED = {
    "unknown method": (
        lambda: pgi.assess(case(), method="eurostats").table,
        f"There is no method «eurostats». Known are: {KNOWN}. Did you mean eurostat?",
        f"Không có phương pháp «eurostats». Hiện có: {KNOWN}. Có phải là eurostat?",
    ),
    "nothing like it": (
        lambda: pgi.assess(case(), method=["sdsn", "oecd"]).table,
        f"There is no method «oecd». Known are: {KNOWN}.",
        None,
    ),
    "unknown option": (
        lambda: pgi.assess(case(), method="eurostat", windows=15).table,
        "The method eurostat has no option «windows». Known are: window, variant. "
        "Did you mean window?",
        "Phương pháp eurostat không có tùy chọn «windows». Hiện có: window, variant. "
        "Có phải là window?",
    ),
    "no options at all": (
        lambda: pgi.assess(case(), method="sdsn", window=15).table,
        "The method sdsn has no option «window». Known are: –.",
        None,
    ),
    "wrong word": (
        lambda: pgi.assess(case(), method="eurostat", variant="eustats").table,
        "variant cannot be 'eustats'. It can be: eurostat, eustat. Did you mean eustat?",
        None,
    ),
    "wrong truth": (
        lambda: pgi.assess(case(), method="weather", hold="yes").table,
        "hold cannot be 'yes'. It can be: True, False.",
        None,
    ),
    "not a number": (
        lambda: pgi.assess(case(), method="statcan", zero="small").table,
        "zero must be a number, got 'small'.",
        "zero phải là một số, nhưng nhận được 'small'.",
    ),
    "not finite": (
        lambda: pgi.assess(case(), method="nutrition", k=float("inf")).table,
        "k must be a number, got inf.",
        None,
    ),
    "options of several": (
        lambda: pgi.assess(case(), window=15).table,
        'The option window belongs to one method. Name exactly one, like method="eurostat".',
        None,
    ),
    "targets with a plan": (
        lambda: pgi.assess(pgi.load("data", plan=LANG_SON), targets()).table,
        "targets go with a panel; a dataset with a plan brings its own. Leave targets out.",
        "targets đi cùng bảng số liệu; với một bộ dữ liệu có kế hoạch thì mục tiêu lấy từ kế "
        "hoạch. Hãy bỏ targets.",
    ),
    "text for a number": (
        lambda: pgi.assess(case(value="5 points")).table,
        "cases row 0, value: «5 points» is not a number. Write it like 4.84 or 4,84, without a "
        "unit or a thousands separator.",
        None,
    ),
    "targets of no year": (
        lambda: (
            pgi.assess(
                pd.concat([case(), case(target_period=None), case(target_period=None)])
            ).table
        ),
        "cases rows 1, 2, target_period: the cell is empty, and may not be. Fill it in.",
        "cases các dòng 1, 2, target_period: ô này không được để trống. Hãy điền vào.",
    ),
    "missing column": (
        lambda: pgi.assess(case().drop(columns="period")).table,
        "cases, period: the column is missing. Add it to the header row.",
        None,
    ),
    "missing column of targets": (
        lambda: pgi.assess(panel(4.0, 5.0), targets().drop(columns="target_period")).table,
        "panel_targets, target_period: the column is missing. Add it to the header row.",
        None,
    ),
    "direction 2": (
        lambda: pgi.assess(case(direction=2)).table,
        "cases row 0, direction: «2» is not allowed. Allowed are: 1, -1.",
        None,
    ),
    "not a table": (
        lambda: pgi.assess([1]).table,
        "data must be of the kind Dataset (as pgi gives it) or a pandas DataFrame, got [1].",
        None,
    ),
    "no plan": (
        lambda: pgi.assess(pgi.load("data")).table,
        "A plan is needed here. Name one with load(..., plan=...).",
        None,
    ),
    "an option without a value": (
        lambda: parse_options(["window"]),
        "An option is written name=value, like window=15, got «window».",
        "Tùy chọn phải có dạng tên=giá trị, như window=15, nhưng nhận được «window».",
    ),
    "an option without a name": (
        lambda: parse_options(["base=after", " =15"]),
        "An option is written name=value, like window=15, got «=15».",
        None,
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_wrong_is_said_exactly(fault):
    wrong, english, vietnamese = REFUSED[fault]
    with pytest.raises(pgi.InputError, match=re.escape(english)) as caught:
        wrong()
    assert str(caught.value) == english
    if vietnamese:
        assert caught.value.text("vi") == vietnamese


def test_an_empty_list_of_methods_is_refused_or_gives_no_rows():
    try:
        assert pgi.assess(case(), method=[]).table.empty
    except ValueError as error:
        assert isinstance(error, pgi.InputError)  # noqa: PT017


def test_a_number_of_numpy_is_a_number():
    found = pgi.assess(case(), method="eurostat", window=np.int64(5)).table
    assert found["verdict"].item() == "significant_progress"


def test_a_window_is_a_whole_number():
    with pytest.raises(pgi.InputError, match="window"):
        pgi.assess(case(), method="eurostat", window=2.5)


def test_options_reach_the_method():
    series = panel(*[40.0, *[50.0] * 10, 52.0], first=2009)
    wanted = targets(target=60.0, target_period=2025, upper=100.0)
    found = [
        pgi.assess(series, wanted, method="eurostat", **parse_options(words))
        .table["measure"]
        .item()
        for words in ([], ["window=15"], ["window=none"], ["variant=eustat"])
    ]
    rates = [(52 / 50) ** (1 / 5) - 1, (52 / 40) ** (1 / 11) - 1]
    needed = [(60 / 50) ** (1 / 10) - 1, (60 / 40) ** (1 / 16) - 1]
    short, long = (rate / need for rate, need in zip(rates, needed, strict=True))
    np.testing.assert_allclose(found, [short, long, long, long])


@pytest.fixture
def command(pgi_command):
    return partial(pgi_command, "assess", "--plan", LANG_SON)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_command_prints_a_row_a_target_and_method(command, lang):
    words = ["--quarter", "2025Q2", "--method", "statcan", "--method", "sdsn", "--lang", lang]
    printed = {kind: command(*words, "--format", kind) for kind in ("table", "csv", "json")}
    assert {(code, err) for code, _, err in printed.values()} == {(0, "")}
    rows = json.loads(printed["json"][1])
    assert [row["method"] for row in rows] == ["statcan", "sdsn"] * 5
    assert pd.read_csv(io.StringIO(printed["csv"][1]))["rule"].tolist() == [
        row["rule"] for row in rows
    ]
    lines = printed["table"][1].strip().splitlines()
    assert len(lines) == 11
    assert ("Statistics Canada" if lang == "en" else "Thống kê Canada") in lines[1]


def test_the_command_passes_options_on(command):
    words = ["--quarter", "2025Q2", "--method", "eurostat", "--format", "json"]
    code, _, err = command(*words, "--option", "window=0")
    assert code == 1
    assert "window must be a whole number from 1, got 0" in err
    for option, head in (
        ("window=15", "15 years"),
        ("window=none", "since"),
        ("variant=eustat", "EUSTAT"),
    ):
        _, out, _ = command(*words[:-2], "--lang", "en", "--option", option)
        assert head in out
        assert "5 years" not in out.replace("15 years", "")
    _, out, _ = command(*words, "--option", "window=15")
    assert {row["rule"] for row in json.loads(out)} == {"ratio", "target_met"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--method", "x"], "There is no method «x»"),
        (["--option", "window=15"], "The option window belongs to one method"),
        (["--method", "eurostat", "--option", "window"], "like window=15, got «window»"),
        (
            ["--method", "eurostat", "--option", "window=long"],
            "window must be a whole number, got 'long'",
        ),
        (["--method", "sdsn", "--option", "base=after"], "The method sdsn has no option «base»"),
    ],
)
def test_the_command_says_what_is_wrong(command, words, message):
    code, out, err = command(*words)
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err
