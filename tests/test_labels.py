"""What labels have been worth: seen from the past, scored on the other half, told honestly."""

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS
from pgi_analysis.evaluation import label_records, panels
from pgi_analysis.evaluation.labels import _from_other_half, label_worth
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

PLACE = ["indicator", "area", "baseline_period", "origin", "target_period", "rise"]
SEEN = [*PLACE, "target", "reached", "p_met", *METHODS]


def synthetic(seed=0, *, areas=12, periods=9, indicators=("x", "y")):
    """Scores that wander about a usual place of their own; synthetic."""
    rng = np.random.default_rng(seed)
    rows = []
    for indicator in indicators:
        place = rng.normal(5, 1, areas)
        scores = place[:, None] + rng.normal(0, 0.4, (areas, periods)) + rng.normal(0, 0.2, periods)
        rows += [
            (f"a{i}", indicator, 2010 + t, scores[i, t])
            for i in range(areas)
            for t in range(periods)
        ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


@pytest.fixture(scope="module")
def found():
    return label_worth(synthetic(), length=4)


def test_nothing_is_labelled_with_what_came_later(found):
    """Scores after an origin may change as they will: its labels and probabilities stay."""
    panel = synthetic()
    later = panel["period"] > 2014
    changed = panel.assign(value=panel["value"].where(~later, 9.9 - panel["value"]))
    early = [w.cases[w.cases["origin"] <= 2014] for w in (found, label_worth(changed, length=4))]
    before, after = (one[SEEN].reset_index(drop=True) for one in early)
    pd.testing.assert_frame_equal(before, after)
    assert not early[0]["met"].equals(early[1]["met"])


def test_a_case_is_what_assess_would_say(found):
    """The labels of one case, by the public face, from the scores up to its origin."""
    panel = synthetic()
    case = found.cases.iloc[[777]]
    known = panel[panel["period"] <= case["origin"].item()]
    targets = case[["area", "indicator", "target", "target_period", "baseline_period"]]
    targets = targets.assign(lower=0.0, upper=10.0)
    verdicts = pgi.assess(known, targets, direction=1).table.set_index("method")["verdict"]
    assert verdicts.to_dict() == case[list(METHODS)].iloc[0].to_dict()


def test_an_outcome_is_the_score_at_the_target_period(found):
    scores = synthetic().set_index(["area", "indicator", "period"])["value"]
    cases = found.cases
    keys = pd.MultiIndex.from_frame(cases[["area", "indicator", "target_period"]])
    came = scores.reindex(keys).to_numpy()
    np.testing.assert_array_equal(came >= cases["target"].to_numpy(), cases["met"].to_numpy())


def test_shares_add_up_to_the_cases(found):
    for name, table in found.table.groupby("method"):
        assert table["n"].sum() == len(found.cases), name
        met = (table["n"] * table["met"]).sum()
        assert met == pytest.approx(found.cases["met"].sum())


def test_on_track_means_called_so_and_not_met_yet(found):
    row = found.methods.set_index("method").loc["sdsn"]
    cases = found.cases
    called = cases[(cases["sdsn"] == "on_track_or_maintaining") & ~cases["reached"]]
    assert row["on_track_n"] == len(called)
    assert row["on_track_met"] == pytest.approx(called["met"].mean())
    assert row["on_track_p"] == pytest.approx(called["p_met"].mean())


def test_a_label_is_read_from_the_other_half():
    label = pd.Series(["a", "a", "b", "a", "a", "c"])
    met = np.array([1.0, 0, 1, 1, 1, 0])
    half = np.array([False, False, False, True, True, True])
    read = _from_other_half(label, met, half)
    np.testing.assert_allclose(read, [1, 1, 0.5, 0.5, 0.5, 0.5])


def test_labels_that_tell_nothing_score_like_the_base_rate(found):
    """With every label the same, all that is left is the share of all targets met."""
    label = pd.Series("same", found.cases.index)
    met = found.cases["met"].to_numpy(float)
    half = np.arange(len(met)) % 2 == 0
    read = _from_other_half(label, met, half)
    np.testing.assert_allclose(np.unique(read), np.unique([met[half].mean(), met[~half].mean()]))


def test_the_projection_tells_more_than_any_label_where_scores_wander():
    """Passing noise is what fixed rules take for progress; here most of each change is."""
    worth = label_worth(synthetic(1, areas=40, periods=12), length=5)
    assert (worth.methods["ratio"] > 1).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"length": 1}, "length must be a whole number from 2, got 1."),
        (
            {"length": 9},
            "A plan of 9 periods does not fit a panel of 9, since it takes a baseline, a period on "
            "the way and the target's. Give a smaller length, or add periods.",
        ),
        ({"family": "x"}, "There is no prior family «x». Known are: "),
    ],
)
def test_wrong_arguments_are_refused(arguments, message):
    with pytest.raises(pgi.InputError) as error:
        label_worth(synthetic(), **arguments)
    assert str(error.value).startswith(message)


@pytest.mark.slow
@pytest.mark.parametrize("panel", ["pci", "hfi"])
def test_the_records_can_be_repeated(reference, panel):
    """The stored numbers, computed anew on the real panel."""
    kept = {one.method: one for one in label_records() if one.panel == panel}
    first = next(iter(kept.values()))
    scores = pd.read_csv(reference(panels()[panel]["file"]))
    worth = label_worth(scores, family=first.family, length=first.length)
    assert set(worth.methods["method"]) == set(kept)
    for row in worth.methods.itertuples():
        record = kept[row.method]
        assert (row.n, row.on_track_n) == (record.n, record.on_track_n)
        for name in ("on_track_met", "on_track_p", "ratio", "ratio_lower", "ratio_upper"):
            assert getattr(row, name) == pytest.approx(getattr(record, name), abs=0.01), name


@pytest.mark.parametrize("language", ["vi", "en"])
def test_worth_is_told(found, language):
    voice = Voice(None, language)
    lines = tell(found, "answer", voice) + tell(found, "record", voice)
    assert len(lines) == 5
    assert not [line for line in lines if "nan" in line.lower() or "{" in line]
    table = tell(found, "table", voice)
    assert table.shape == (len(METHODS), 8)


def test_a_missing_edition_moves_no_score_to_another_year():
    """Editions 2010 to 2012 and 2014 to 2018: the labels are those of the years as they are."""
    panel = synthetic()
    panel = panel[panel["period"] != 2013]
    cases = label_worth(panel, length=4).cases
    case = cases[cases["origin"] == 2014].iloc[[100]]
    known = panel[panel["period"] <= 2014]
    targets = case[["area", "indicator", "target", "target_period", "baseline_period"]]
    targets = targets.assign(lower=0.0, upper=10.0)
    verdicts = pgi.assess(known, targets, direction=1).table.set_index("method")
    assert verdicts["verdict"].to_dict() == case[list(METHODS)].iloc[0].to_dict()


def test_one_plan_cannot_be_halved():
    panel = synthetic(periods=3, indicators=("x",))
    with pytest.raises(pgi.InputError, match="A plan of 2 periods does not fit a panel of 3"):
        label_worth(panel, length=2)
