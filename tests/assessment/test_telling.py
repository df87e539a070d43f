"""Verdicts in words: the plan's own, made ones for rarer cases, and a word for everything."""

import re
from pathlib import Path

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis import assessment
from pgi_analysis.assessment import METHODS, SIGNALS, Verdicts
from pgi_analysis.assessment.verdicts import NOT_YEARLY
from pgi_analysis.data.plain import DataWarning
from pgi_analysis.language import words
from pgi_analysis.results import Result
from pgi_analysis.text.assessment import (
    answer,
    legend,
    list_table,
    methods,
    sentences,
    special,
    table,
)
from pgi_analysis.voice import Voice

LANG_SON = "lang-son-transport-2024"
LANGUAGES = ["vi", "en"]


def told(found, voice, projected):
    """Every text that is made of verdicts."""
    texts = [*answer(found, voice, projected), *sentences(found, voice, projected)]
    texts += [*special(found, voice), *legend(found, voice), *methods(found, voice)]
    for shown in (table(found, voice, projected), list_table(found, voice)):
        texts += [*shown.columns, *shown.to_numpy().ravel().tolist()]
    return texts


def sound(texts):
    """Nothing is unfilled, missing, doubled or broken off."""
    for text in texts:
        assert isinstance(text, str)
        assert not re.search(r"[{}]|\bnan\b|(?<!^)\bNone\b|  |\bassess\.|^\s|\s$|:$", text), text


def projection(*rows):
    return Result(pd.DataFrame(rows, columns=["indicator", "target_period", "p_met", "state"]))


def cases(**columns):
    terms = {"baseline": 4.0, "baseline_period": 2020, "period": 2022, "target_period": 2024}
    return pd.DataFrame(
        {"area": "a", "indicator": "x", "target": 6.0, "direction": 1} | terms | columns
    )


@pytest.mark.parametrize("quarter", ["2024Q1", "2024Q4", "2025Q2"])
@pytest.mark.parametrize("plan", [LANG_SON, "gia-lai-2024"])
def test_every_text_on_a_plan_is_whole(data_dir, plan, quarter):
    ds = pgi.load(data_dir, plan=plan).at(quarter)
    found, projected = pgi.assess(ds), pgi.project(ds)
    for language in LANGUAGES:
        sound(told(found, Voice(ds, language), projected))


@pytest.fixture(scope="module")
def decided(data_dir):
    ds = pgi.load(data_dir, plan=LANG_SON).at("2025Q2")
    return ds, pgi.assess(ds), pgi.project(ds)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            "Reducing pollution and natural disasters: of the 9 methods that can judge, 3 say "
            "progress, but slow, 6 say little or no progress. Outcome: missed.",
            "Promoting green practices: all 9 methods that can judge note that the newest score "
            "meets the target. Outcome: met.",
        ),
        (
            "vi",
            "Giảm thiểu ô nhiễm và thiên tai: trong 9 phương pháp đánh giá được, 3 cho là có tiến "
            "triển nhưng chậm, 6 cho là ít hoặc không tiến triển. Kết quả: không đạt.",
            "Thúc đẩy thực hành xanh: cả 9 phương pháp đánh giá được đều ghi nhận điểm mới nhất đã "
            "đạt mục tiêu. Kết quả: đạt.",
        ),
    ],
)
def test_the_sentences_of_a_decided_plan(decided, language, first, second):
    ds, found, projected = decided
    said = sentences(found, Voice(ds, language), projected)
    assert len(said) == 5
    assert (said[0], said[2]) == (first, second)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_of_a_decided_plan(decided, language):
    ds, found, projected = decided
    voice = Voice(ds, language)
    shown = table(found, voice, projected)
    assert shown.shape == (11, 6)  # ten methods and the projection; their names and five targets
    assert list(shown)[1:] == [voice.name(name) for name in ("s1", "s2", "s3", "s4", "total")]
    states = ("missed", "missed", "met", "met", "sum_met")
    outcomes = [voice.say(f"state.{state}") for state in states]
    assert shown.iloc[-1, 1:].tolist() == outcomes
    achieved = voice.say("assess.verdict.statcan.target_achieved")
    assert shown.iloc[0, 3] == f"✓ {achieved}"
    pd.testing.assert_frame_equal(table(found, voice), shown.iloc[:-1])
    listed = list_table(found, voice)
    assert listed.shape == (50, 4)
    assert listed.iloc[:10, 2].tolist() == shown.iloc[:-1, 1].tolist()


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_method_can_judge_the_answer_says_so_and_nothing_else_is_said(data_dir, language):
    ds = pgi.load(data_dir, plan=LANG_SON).at("2024Q4")
    found, projected, voice = pgi.assess(ds), pgi.project(ds), Voice(ds, language)
    assert answer(found, voice, projected) == [voice.say("assess.none")]
    assert sentences(found, voice, projected) == []
    assert table(found, voice, projected).empty
    (line,) = special(found, voice)
    assert voice.say("assess.every_indicator") in line
    assert voice.say("assess.every_method") in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_method_alone_is_named(language):
    found, voice = pgi.assess(cases(value=[5.5]), method="sdsn"), Voice(None, language)
    projected = projection(("x", 2024, 0.4, "open"))
    texts = told(found, voice, projected)
    sound(texts)
    said = sentences(found, voice, projected)[0]
    assert voice.say("assess.method.sdsn") in said
    assert voice.say("assess.signal.on_track") in said
    assert said.endswith(voice.say("assess.probability", p=0.4))


@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_of_one_indicator_are_told_apart_by_their_years(language):
    rows = cases(value=[5.5, 5.5], target_period=[2024, 2030])
    found, voice = pgi.assess(rows), Voice(None, language)
    projected = projection(("x", 2024, 0.4, "open"), ("x", 2030, 0.8, "open"))
    sound(told(found, voice, projected))
    assert list(table(found, voice))[1:] == ["x, 2024", "x, 2030"]
    said = sentences(found, voice, projected)
    assert [line.split(":")[0] for line in said] == ["x, 2024", "x, 2030"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_special_rule_is_told_with_its_methods(language):
    rows = cases(value=[5.0, 5.0], baseline=[7.0, 4.0], indicator=["x", "y"])
    with pytest.warns(
        DataWarning, match="the target is worse than its own baseline|worse than its"
    ):
        found = pgi.assess(rows, method=["statcan", "sdsn"])
    voice = Voice(None, language)
    projected = projection(("x", 2024, 0.4, "open"), ("y", 2024, 0.8, "open"))
    sound(told(found, voice, projected))
    (line,) = special(found, voice)
    rule = voice.say("assess.rule.baseline_beyond_target")
    assert rule[1:] in line
    assert "x" in line
    assert "y;" not in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_that_no_method_can_judge_beside_one_that_some_can(language):
    rows = cases(value=[5.0, None], indicator=["x", "y"])
    found, voice = pgi.assess(rows), Voice(None, language)
    projected = projection(("x", 2024, 0.4, "open"), ("y", 2024, float("nan"), "no_observation"))
    sound(told(found, voice, projected))
    assert voice.say("assess.rule.no_score") in sentences(found, voice, projected)[1]


def test_tables_of_single_methods_put_together_read_as_one():
    rows, voice = cases(value=[5.5]), Voice(None, "en")
    projected = projection(("x", 2024, 0.4, "open"))
    names = ["statcan", "sdsn", "un_2022"]
    parts = [pgi.assess(rows, method=name).table for name in names]
    apart = Verdicts(pd.concat(parts, ignore_index=True))
    together = pgi.assess(rows, method=names)
    assert sentences(apart, voice, projected) == sentences(together, voice, projected)


def rules():
    """Every rule that the modules of the methods name, read from their text."""
    texts = [
        path.read_text("utf-8")
        for path in Path(assessment.__file__).parent.glob("*.py")
        if path.stem not in ("__init__", "assessing", "cases", "methods", "verdicts")
    ]
    last = r', "([a-z_]+)"\)|^ +"([a-z_]+)",$|"([a-z_]+)" if hold else|^_LOST = "([a-z_]+)"'
    named = {name for text in texts for hit in re.findall(last, text, re.M) for name in hit}
    verdicts = {verdict for method in METHODS.values() for verdict in method.signals}
    inner = {"all", "mean"}  # of `overall`, which shows no rule
    return named - verdicts - inner - {""} | {"undefined", "range"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_a_word_and_every_word_a_rule(language):
    assert rules() | {NOT_YEARLY} == set(words(language)["assess"]["rule"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_signal_method_and_verdict_has_a_word_of_its_own(language):
    voice = Voice(None, language)
    groups = [[f"assess.signal.{signal}" for signal in SIGNALS]]
    groups += [[f"assess.{kind}.{name}" for name in METHODS] for kind in ("method", "how")]
    groups += [
        [f"assess.verdict.{name}.{verdict}" for verdict in method.signals]
        for name, method in METHODS.items()
    ]
    for keys in groups:
        said = [voice.say(key) for key in keys]
        sound(said)
        assert all(said)
        assert len(set(said)) == len(said)
