"""From the table people have to pages on a screen: a World Bank file, a sheet a year."""

import csv

import pytest

from pgi_analysis import cli
from pgi_analysis.report import build

from .conftest import SCREEN
from .test_accessibility import axe, grave  # noqa: F401
from .test_layout import PROTRUDING

#: of each trial the table, the options of init, the area and the report
TRIALS = {
    "world-bank": ("world-bank.csv", ("up", "SYN.POV.RATE=down"), "Ardaland", "2026"),
    "papi": ("papi.xlsx", ("up",), "Hà Giang", "2026"),
}
LANGUAGES = [(trial, language) for trial in TRIALS for language in ("en", "vi")]


@pytest.fixture(scope="module", params=LANGUAGES, ids="-".join)
def made(request, tmp_path_factory):
    """The folder of a report, and the list of reports above it."""
    trial, language = request.param
    table, directions, area, of = TRIALS[trial]
    home = tmp_path_factory.mktemp(trial)
    start = [home / "data", "--from", f"tests/tables/{table}", "--released", "2025-09-30"]
    start += [word for one in directions for word in ("--direction", one)]
    for words in (start, [home / "data", "--plan", "plan", "--area", area]):
        cli.app(["init", *map(str, words), "--yes"], standalone_mode=False)
    path = home / "data/plans/plan/targets.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        better = 0.9 if f"{row['indicator']}=down" in directions else 1.1
        row |= {"target": f"{float(row['baseline']) * better:.2f}", "target_period": "2027"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    about = {"plan": "plan", "quarter": of, "language": language}
    report = build(**about, data_dir=home / "data", out=home / "reports")
    assert not report.failed
    return report.folder


def pages(folder):
    return [*sorted(folder.glob("*.html")), folder.parents[1] / "index.html"]


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_reaches_beyond_the_screen_and_nothing_is_fetched(window, complaints, made, width):
    window.set_viewport_size(SCREEN | {"width": width})
    for page in pages(made):
        window.goto(page.as_uri())
        assert window.evaluate(PROTRUDING) == [], page.name
        assert window.evaluate("document.documentElement.scrollWidth") <= width, page.name
    assert complaints == []


def test_no_grave_barrier(axe, window, made):  # noqa: F811
    for page in pages(made):
        window.goto(page.as_uri())
        found = grave(axe, window)
        assert not found, "\n".join([page.name, *found])
