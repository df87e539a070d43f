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
        if target["chance"]:  # in short, with a sign in place of a word
            assert shown == [target["chance"]]
            assert target["chance"].strip("<>~") in target["told"]
        else:
            assert " ".join(shown) in target["told"]
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


def test_it_speaks_of_areas_and_groups_as_the_index_does(made):
    said = {"area": {"singular_vi": "quốc gia"}, "group": {"singular_vi": "mục tiêu chung"}}
    for file in made.rglob("manifest.json"):
        manifest = json.loads(file.read_text("utf-8"))
        manifest["summary"]["nouns"] = said
        file.write_text(json.dumps(manifest), "utf-8")
    text = soup(write_archive(made, "vi")).select_one(".overview").text
    assert "Quốc gia xếp theo số mục tiêu" in text
    assert "theo quốc gia (hàng)" in text
    assert "ịa phương" not in text
    assert "Mục tiêu chung" in text
    english = soup(write_archive(made, "en")).select_one(".overview").text  # no noun in English
    assert "Areas are sorted" in english
    assert "Group" in english


def test_without_any_name_it_is_headed_all_the_same(made):
    for place, file in enumerate(sorted(made.rglob("manifest.json"))):
        manifest = json.loads(file.read_text("utf-8"))
        manifest["family"] = ""
        manifest["summary"] |= {"plan": "", "index": "", "area": "Huế" if place else ""}
        file.write_text(json.dumps(manifest), "utf-8")
    for block in soup(write_archive(made, "en")).select(".overview"):
        assert block.h2.text.strip(": ") == block.h2.text
        assert block.caption.text.startswith("How likely")


def test_the_list_of_reports_is_not_printed_beside_the_overview(made):
    index = soup(write_archive(made, "en"))
    assert index.find("h2", string="The reports").parent["class"] == ["screen"]


@pytest.mark.parametrize("areas", [2, 5])
def test_a_goal_can_be_chosen(tmp_path, areas):
    out = synthetic.manifests(tmp_path / "reports", AREAS[:areas], GOALS, "en")
    block = soup(write_archive(out, "en")).select_one(".overview")
    choices = [label.text.strip() for label in block.select("fieldset.show")[1].select("label")]
    assert choices == ["everything", *dict.fromkeys(GOALS.values())]
    style = block.style.text
    for place in range(3):
        rule = f"#overview-1:has(#group-1-{place}:checked) :is(.of:not(.of-{place}), .count, .count"
        assert rule in style
        assert block.find(id=f"group-1-{place}") is not None
        shown = [one.text for one in block.select(f"details.of-{place} summary span")]
        assert shown == [name for name, goal in GOALS.items() if goal == choices[place + 1]]
        own = f"td.of-{place}" if areas > 3 else f"tbody.of-{place} td:not(.count)"
        assert len(block.select(own)) == areas * len(shown)


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
