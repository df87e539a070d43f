"""One data dictionary: every column of the files and results has a name, a kind and a meaning."""

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS
from pgi_analysis.data.contracts import contracts
from pgi_analysis.evaluation import BackTest, LabelWorth, Rolled, label_worth
from pgi_analysis.excel.annex import KINDS
from pgi_analysis.language import LANGUAGES, column, columns, described
from pgi_analysis.results import (
    Changes,
    Deadlines,
    Gap,
    Joint,
    Levels,
    Parent,
    Predecessors,
    Projection,
    Ranks,
    Result,
    Scenario,
    Scorecard,
    Tasks,
    Trend,
)
from pgi_analysis.voice import Voice

#: where the columns of a result are explained
DOCS = {
    Gap: (pgi.gap,),
    Trend: (Trend,),
    Projection: (Projection, pgi.project),
    Joint: (Joint,),
    Levels: (Levels, pgi.levels),
    Parent: (pgi.parent,),
    Predecessors: (Predecessors, pgi.predecessors),
    Ranks: (pgi.ranks,),
    Scenario: (Scenario,),
    Scorecard: (Scorecard,),
    Changes: (Changes,),
    Tasks: (pgi.tasks,),
    Deadlines: (pgi.calendar,),
    pgi.assessment.Verdicts: (pgi.assess,),
    BackTest: (BackTest, pgi.backtest, Rolled),
    LabelWorth: (LabelWorth,),
}
#: tables that have the columns of another
ALIKE = {"reports": "progress", "targets": "panel_targets"}


def parts(found: Result) -> Iterator[tuple[str, pd.DataFrame]]:
    """Go through the tables of a result: the main one by the result's name."""
    for field in fields(found):
        table = getattr(found, field.name)
        if isinstance(table, pd.DataFrame):
            name = type(found).__name__.lower() if field.name == "table" else field.name
            yield ALIKE.get(name, name), table


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """Every public result, once."""
    ds = pgi.load("data", plan="lang-son-transport-2024")
    then, now = ds.at("2024Q4"), ds.at("2025Q2")
    projection = pgi.project(then)
    rows = [
        (f"a{i}", "x", 2020 + t, 3 + i / 2 + (i + t) % 2) for i, t in product(range(6), range(6))
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    return [
        pgi.gap(then),
        pgi.trend(then),
        projection,
        projection.joint(),
        pgi.what_if(projection),
        pgi.scorecard(now),
        pgi.changes(then, projection=projection),
        pgi.tasks(then),
        pgi.calendar(then),
        pgi.assess(then),
        pgi.ranks(now.of_parent()),
        pgi.parent(now),
        pgi.levels(now, pgi.scorecard(now)),
        pgi.predecessors(pgi.load("examples/thirty-four-provinces", plan="tuyen-quang-2026")),
        pgi.backtest(panel, history=2, horizons=[1]),
        label_worth(panel, length=3),
    ]


@pytest.fixture(scope="module")
def tables(results) -> dict[str, set[str]]:
    """The columns of every table of the files and of the results, texts of two languages as one."""
    projection = next(one for one in results if isinstance(one, Projection))
    shown = [part for found in results for part in parts(found)]
    shown += [("needed_rise", pgi.needed_rise(projection))]
    shown += [
        (n, getattr(projection, n)()) for n in ("quantiles", "attainable", "rank", "first_met")
    ]
    found = {name: set(contract.columns) for name, contract in contracts().items()}
    for name, table in shown:
        found[name] = found.get(name, set()) | set(map(str, table.columns))
    stem = re.compile("_(vi|en)$")
    return {name: {stem.sub("", c) for c in of} - set(METHODS) for name, of in found.items()}


def test_every_column_has_a_name_a_kind_and_a_meaning(tables):
    named = [f"{table}.{name}" for table, of in tables.items() for name in of]
    assert not [name for name in named if described(name).get("kind") not in set(KINDS) - {""}]
    assert not [name for name in named if not {"name", "meaning"} <= set(described(name))]


def test_every_text_of_the_dictionary_is_in_both_languages():
    said = [
        (name, part)
        for name, entry in columns().items()
        for part, texts in entry.items()
        if part != "kind" and not (set(texts) == set(LANGUAGES) and all(texts.values()))
    ]
    assert not said


def test_every_entry_is_used(tables):
    rooms = [p for room in ("text", "excel") for p in Path("pgi_analysis", room).glob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in rooms)
    plain = set().union(*tables.values())

    def used(name: str) -> bool:
        table, dot, of = name.rpartition(".")
        if table == "kinds":
            return of in KINDS
        if dot:
            return of in (plain if table == "annex" else tables[table])
        return of in plain or f'"{of}"' in code or of.startswith("rise_")

    assert not [name for name in columns() if not used(name)]


def test_what_a_table_says_of_a_column_is_not_what_all_say():
    own = [(name, part) for name, entry in columns().items() if "." in name for part in entry]
    plain = {name: columns().get(name.rpartition(".")[2], {}) for name, _ in own}
    assert not [(name, p) for name, p in own if plain[name].get(p) == columns()[name][p]]


def test_kinds_are_those_that_files_are_read_by():
    read_as = {
        "text": {"text", "word"},
        "quarter": {"word"},
        "task_status": {"word"},
        "measure": {"word"},
        "comparison": {"word"},
        "number": {"points", "change", "number"},
        "target": {"points"},
        "direction": {"word", "whole"},
        **{key: {"whole"} for key in ("year", "period")},
        **{kind: {kind} for kind in ("whole", "date", "yes_no", "percent")},
    }
    for table, contract in contracts().items():
        for name, spec in contract.columns.items():
            kind = described(f"{table}.{re.sub('_(vi|en)$', '', name)}")["kind"]
            assert kind in read_as[spec.metadata["kind"]], (table, name)


def test_docstrings_name_every_column(results):
    unnamed = {}
    for found in results:
        docs = "".join(one.__doc__ for one in DOCS[type(found)])
        said = set(re.findall(r"\w+", " ".join(re.findall(r"``(.+?)``", docs, re.DOTALL))))
        for name, table in parts(found):
            if missing := set(map(str, table.columns)) - said - set(METHODS):
                unnamed[type(found).__name__, name] = sorted(missing)
    assert not unnamed


README = {"vi": Path("data/README.vi.md"), "en": Path("data/README.md")}
HEADS = {"vi": ("cột", "kiểu", "ý nghĩa"), "en": ("column", "type", "meaning")}
EMPTY = {"vi": "có thể trống", "en": "may be empty"}
MARKED = re.compile(r"(<!-- columns of (\w+)[^>]* -->\n\n).*?(\n<!-- end -->)", re.DOTALL)


def drawn(table: str, language: str) -> str:
    """Draw the columns of a file as a table in Markdown."""
    rows: dict[str, list[str]] = {}
    for name, spec in contracts()[table].columns.items():
        key = f"{table}.{re.sub('_(vi|en)$', '', name)}"
        if key in rows:
            rows[key][0] += f", `{name}`"
            continue
        kind = column(f"kinds.{described(key)['kind']}", "name", language)
        kind += f"; {EMPTY[language]}" if spec.nullable else ""
        rows[key] = [f"`{name}`", kind, Voice(None, language).column(key, "meaning")]
    lines = [HEADS[language], ("---",) * 3, *rows.values()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_has_the_columns_of_every_file(language):
    """The tables between the marks; UPDATE_GOLDEN=1 writes them anew."""
    said = README[language].read_text("utf-8")
    made = MARKED.sub(lambda m: m[1] + drawn(m[2], language) + m[3], said)
    if os.environ.get("UPDATE_GOLDEN"):
        README[language].write_text(made, "utf-8")
    assert made == README[language].read_text("utf-8")
    files = contracts().keys() - {"plan", "panel", "panel_targets", "cases"}
    assert {m[2] for m in MARKED.finditer(said)} == files
