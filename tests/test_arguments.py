"""Arguments that a function does not take are refused in a sentence that names them."""

import inspect
import re
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data import checked, read_panel
from pgi_analysis.results import Result

PANEL = pd.DataFrame(
    {
        "area": ["A", "B", "C"] * 3,
        "indicator": "x",
        "period": [2021] * 3 + [2022] * 3 + [2023] * 3,
        "value": [4.0, 5, 6, 4.2, 5.1, 6.3, 4.5, 5.2, 6.2],
    }
)
TARGETS = pd.DataFrame(
    {"area": ["A"], "indicator": "x", "target": [5.0], "target_period": [2025], "direction": 1}
)
DS = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
PROJECTION = pgi.project(PANEL, TARGETS)

ODD = {
    "text": "a",
    "list": [1],
    "mapping": {"a": 1},
    "none": None,
    "nan": float("nan"),
    "array": np.array([1, 2]),
    "infinite": 1e400,
    "huge": -1e300,
    "true": True,
    "table": PANEL,
    "result": PROJECTION,
    "complex": 1j,
    "object": object(),
}
#: what takes an argument, by a name that its refusal has in it
TAKERS = {
    "level": lambda v: pgi.project(PANEL, TARGETS, level=v),
    "family": lambda v: pgi.project(PANEL, TARGETS, family=v),
    "model": lambda v: pgi.project(PANEL, TARGETS, model=v),
    "direction": lambda v: pgi.project(PANEL, TARGETS.drop(columns="direction"), direction=v),
    "cutoffs": lambda v: pgi.project(PANEL, TARGETS, cutoffs=v),
    "data": lambda v: pgi.project(v, TARGETS),
    "targets": lambda v: pgi.project(PANEL, v),
    "gap": lambda v: pgi.gap(v),
    "area": lambda v: pgi.trend(PANEL, area=v),
    "own_rise": lambda v: pgi.what_if(PROJECTION, own_rise=v),
    "common_move": lambda v: pgi.what_if(PROJECTION, common_move=v),
    "target": lambda v: pgi.what_if(PROJECTION, target=v),
    "success": lambda v: pgi.what_if(PROJECTION, success=v),
    "projection": lambda v: pgi.what_if(v),
    "p": lambda v: pgi.needed_rise(PROJECTION, p=v),
    "quantiles": lambda v: PROJECTION.quantiles(v),
    "attainable": lambda v: PROJECTION.attainable(v),
    "seed": lambda v: PROJECTION.rank(seed=v),
    "indicator": lambda v: PROJECTION.plot(v),
    "history": lambda v: pgi.backtest(PANEL, history=v),
    "horizons": lambda v: pgi.backtest(PANEL, history=2, horizons=v),
    "models": lambda v: pgi.backtest(PANEL, history=2, horizons=1, models=v),
    "window": lambda v: pgi.assess(PANEL, TARGETS, method="eurostat", window=v),
    "method": lambda v: pgi.assess(PANEL, TARGETS, method=v),
    "load": lambda v: pgi.load(v),
    "plan": lambda v: pgi.load("data", plan=v),
    "read_panel": lambda v: read_panel(v),
    "sheets": lambda v: read_panel("examples/synthetic-panel.csv", sheets=v),
    "columns": lambda v: read_panel("examples/synthetic-panel.csv", columns=v),
    "where": lambda v: read_panel("examples/synthetic-panel.csv", where=v),
    "read_targets": lambda v: pgi.read_targets(v),
    "as_of": lambda v: DS.as_of(v),
    "at": lambda v: DS.at(v),
    "quarters": lambda v: pgi.calendar(DS, quarters=v),
    "changes": lambda v: pgi.changes(DS, projection=v),
    "levels": lambda v: pgi.levels(DS, v),
    "scorecard": lambda v: pgi.scorecard(v),
    "tasks": lambda v: pgi.tasks(v),
    "page": lambda v: pgi.Page(v, "en"),
    "language": lambda v: pgi.Page(DS, v),
    "answer": lambda v: pgi.Page(DS, "en").answer(v),
    "points": lambda v: pgi.Page(DS, "en").points(v),
    "each_year": lambda v: next(iter(pgi.Page(DS, "en").each_year(v))),
    "figure": lambda v: pgi.Page(DS, "en").figure(v),
}
SCORECARD = pgi.scorecard(DS)
#: what an analyst has in hand, of which every method that is offered is tried
THINGS = (
    *(DS, DS.plan, PROJECTION, SCORECARD, pgi.Page(DS, "en"), pgi.Quarter.parse("2024Q4")),
    *(make(DS) for make in (pgi.gap, pgi.trend, pgi.tasks, pgi.ranks, pgi.parent, pgi.calendar)),
    *(pgi.what_if(PROJECTION), pgi.levels(DS, SCORECARD), pgi.changes(DS), pgi.predecessors(DS)),
    *(pgi.assess(PANEL, TARGETS, method="statcan"), pgi.backtest(PANEL, history=1, horizons=[1])),
)
METHODS = {
    f"{type(thing).__name__}.{name}": (thing, name)
    for thing in THINGS
    for name in dir(thing)
    if not name.startswith("_") and inspect.ismethod(getattr(thing, name))
}
REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
#: cells of a table, which a column holds and a check must not trip over
CELLS = [1e300, -1e300, 1e308, np.array([1, 2]), [1], {"a": 1}, 1j, b"4.5", len, np.bool_(True)]


@pytest.mark.filterwarnings("ignore::pgi_analysis.data.plain.DataWarning")
@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", TAKERS)
def test_an_odd_argument_is_taken_or_refused_in_a_sentence(name, kind):
    try:
        TAKERS[name](ODD[kind])
    except pgi.InputError as error:
        said = [error.text(language) for language in ("en", "vi")]
        assert said[0] != said[1]
        assert not any(re.search(r"\{\w+\}", text) for text in said)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_that_is_offered_takes_or_refuses_what_it_is_given(method, monkeypatch):
    monkeypatch.setattr(pgi.Page, "_show", lambda *_, **__: None)
    call = getattr(*METHODS[method])
    asked = inspect.signature(call).parameters.values()
    needed = {one.name: "s1" for one in asked if one.default is one.empty and one.kind not in REST}
    for one in asked:
        for value in ODD.values():
            with suppress(pgi.InputError):
                if one.kind is one.VAR_POSITIONAL:
                    call(*needed.values(), value)
                else:
                    call(**needed | {one.name: value})


def test_no_result_has_methods_that_are_not_tried():
    tried = {type(thing) for thing in THINGS}
    left = [
        f"{kind.__name__}.{name}"
        for kind in Result.__subclasses__()
        for name, thing in vars(kind).items()
        if kind not in tried and inspect.isfunction(thing) and not name.startswith("_")
        if kind.__module__.startswith("pgi_analysis.") and name in dir(kind)
    ]
    assert [name for name in left if not name.endswith(".figure")] == []
    assert len(METHODS) > 25


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pgi.levels(DS), "levels needs scorecard as well. Its arguments are: ds, score"),
        (lambda: pgi.project(DS, levl=0.5), "project has no argument «levl». It has: data, targ"),
        (lambda: pgi.gap(DS, None, None), "gap was given more than it takes, or one thing twice."),
        (lambda: pgi.gap(DS, data=DS), "gap was given more than it takes, or one thing twice."),
        (lambda: PROJECTION.plot(ax=3), "ax must be of the kind Axes or None, got 3."),
        (lambda: pgi.Page(DS, "en").heading("gaps"), "A page has no part «gaps». Use one of"),
        (lambda: pgi.Page(None, "en").opening("quarterly_report"), "A plan is needed here. Na"),
    ],
)
def test_arguments_missing_unknown_or_too_many_are_named(call, said):
    with pytest.raises(pgi.InputError, match=re.escape(said)):
        call()


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("own_rise", "none", "own_rise must be a finite number, got None."),
        ("own_rise", "huge", "own_rise must be a finite number, got -1e+300."),
        ("area", "list", "area must be a text in quotes or None, got [1]."),
        ("model", "array", "model must be a text in quotes, got array([1, 2])."),
        ("cutoffs", "text", 'cutoffs must be a dictionary, such as {("s1", 2024): 5.5} or None'),
        ("targets", "text", "targets must be a pandas DataFrame, got str."),
        ("quantiles", "none", "level must lie in (0, 1), got None."),
        ("quantiles", "list", "level must lie in (0, 1), got 1."),
        ("load", "none", "path must be a text in quotes or a path, got None."),
        ("sheets", "none", 'sheets must be a list of texts, such as ["a", "b"], got None.'),
        ("history", "text", "history must be a whole number from 1, got 'a'."),
        ("projection", "text", "projection must be of the kind Projection (as pgi gives it)"),
        ("quarters", "true", "quarters must be a whole number from 1, got True."),
    ],
)
def test_the_refusal_names_the_argument_what_came_and_what_is_wanted(name, kind, said):
    with pytest.raises(pgi.InputError) as caught:
        TAKERS[name](ODD[kind])
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("cell", CELLS, ids=repr)
@pytest.mark.parametrize("column", ["area", "period", "value"])
def test_an_odd_cell_is_read_or_refused(cell, column):
    panel = PANEL.astype({column: object})
    panel[column] = pd.Series([cell, *panel[column][1:]], dtype=object)
    if column == "area":  # whatever it is called
        assert len(pgi.project(panel, TARGETS.assign(area="B")).table) == 1
        return
    with pytest.raises(pgi.InputError, match=rf"panel row 0, {column}: "):
        pgi.project(panel, TARGETS.assign(area="B"))


@pytest.mark.parametrize("value", [1e101, -1e300, 1e308])
def test_a_figure_of_which_the_square_is_none_is_refused(value):
    """Typed as a number, and as text."""
    for cell in (value, f"{value:g}"):
        panel = PANEL.astype({"value": object if isinstance(cell, str) else float})
        panel.loc[0, "value"] = cell
        with pytest.raises(pgi.InputError, match=r"panel row 0, value: .* is not a number"):
            pgi.project(panel, TARGETS)


def test_all_arguments_are_told_of_at_once_and_the_function_does_not_run():
    ran = []

    @checked
    def asked(one: int, *more: str, level: float = 0.8) -> None:
        ran.append(one)

    asked(1, "a", "b", level=0.5)
    with pytest.raises(pgi.InputError) as caught:
        asked("x", "a", 2, level=2)
    assert [fault.rule for fault in caught.value.faults] == ["argument", "argument", "level"]
    assert ran == [1]


@pytest.mark.parametrize("value", [np.float32(0.5), np.float64(0.5), 0.5])
def test_numbers_of_other_libraries_are_numbers(value):
    pd.testing.assert_frame_equal(
        PROJECTION.attainable(value), PROJECTION.attainable(0.5), check_exact=True
    )
    assert len(PROJECTION.quantiles(np.array([0.1, 0.9]))) == len(PROJECTION.quantiles([0.1, 0.9]))
