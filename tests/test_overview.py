"""The overview says what the reports say, cell by cell, and links to where they say it."""

import json
import shutil
from urllib.parse import unquote

import pytest
import synthetic
from bs4 import BeautifulSoup

from pgi_analysis.report.archive import entries, write_archive
from pgi_analysis.report.overview import SIGNS, matrices
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"
GOALS = {
    "Nước": "Mục tiêu 6",
    "Điện": "Mục tiêu 7",
    "Rừng": "Mục tiêu 15",
    "Nhà vệ sinh": "Mục tiêu 6",
}
AREAS = ["Lạng Sơn", "Hà Nội", "Huế", "Cà Mau", "Đà Nẵng"]


def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("name", ["report", "english"])
def test_a_cell_is_what_the_report_says(name, request, tmp_path):
    folder = request.getfixturevalue(name).folder
    out = tmp_path / "reports"
    shutil.copytree(folder, out / PLAN / folder.name)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    index = soup(write_archive(out, manifest["summary"]["language"]))
    cells = {a["href"]: a for a in index.select("table.matrix td a")}
    targets = manifest["summary"]["targets"]
    assert len(cells) == len({one["indicator"] for one in targets}) > 4
    for target in targets:
        page = soup(folder / "quarterly_report.html")
        row = page.find(id=target["place"])
        assert row.find_all("td")[-1].text == target["told"]
        cell = cells[f"{PLAN}/{folder.name}/quarterly_report.html#{target['place']}"]
        assert target["told"] in cell["aria-label"]
        sign, *shown = cell.text.split()
        assert " ".join(shown) in row.find_all("td")[-1].text
        assert bool(shown) == (target["stated"] or target["p"] is not None)
        assert sign == SIGNS[cell.parent["class"][0]]


@pytest.fixture
def made(tmp_path):
    return synthetic.manifests(tmp_path / "reports", AREAS, GOALS, "vi")


def test_goals_stand_together_and_the_best_areas_first(made):
    (matrix,) = matrices([one | {"lang": "vi"} for one in entries(made)], Voice(None, "vi"))
    assert matrix.areas_down
    assert matrix.heads == [("Mục tiêu 6", 2), ("Mục tiêu 7", 1), ("Mục tiêu 15", 1)]
    well = [sum(cell.kind in ("met", "likely") for cell in cells) for _, cells in matrix.rows]
    assert well == sorted(well, reverse=True)
    counts = [line.count for line, _ in matrix.rows]
    assert counts == [f"{n}/4" for n in well]


def test_the_longer_side_goes_down(tmp_path):
    out = synthetic.manifests(tmp_path / "reports", AREAS[:2], GOALS, "en")
    (matrix,) = matrices([one | {"lang": "en"} for one in entries(out)], Voice(None, "en"))
    assert not matrix.areas_down
    assert [group for group, _ in matrix.bodies] == list(dict.fromkeys(GOALS.values()))[:3]
    assert [line.name for line in matrix.columns] != []


def test_every_link_of_the_overview_leads_somewhere(made):
    index = soup(write_archive(made, "vi"))
    links = [a["href"] for a in index.find_all("a")]
    assert len(links) > 2 * len(AREAS) * len(GOALS)
    for link in links:
        file, _, place = unquote(link).partition("#")
        page = soup(made / (file or "index.html"))
        assert not place or page.find(id=place) is not None, link


@pytest.mark.parametrize("broken", [None, 5, [{}], [{"p": "x"}], "text"])
def test_what_is_no_summary_leaves_the_list(made, broken):
    for file in made.rglob("manifest.json"):
        manifest = json.loads(file.read_text("utf-8"))
        manifest["summary"]["targets"] = broken
        file.write_text(json.dumps(manifest), "utf-8")
    index = soup(write_archive(made, "vi"))
    assert index.select("table.matrix") == []
    assert len(index.select("section.quarter")) == len(AREAS)


def test_what_a_manifest_says_is_escaped(made):
    file = next(made.rglob("manifest.json"))
    text = file.read_text("utf-8").replace("target-i0", "x' onclick='alert(1)")
    file.write_text(text.replace("N\\u01b0\\u1edbc", "<script>alert(1)</script>"), "utf-8")
    html = write_archive(made, "vi").read_text("utf-8")
    assert "<script" not in html
    assert soup(made / "index.html").select("[onclick]") == []
