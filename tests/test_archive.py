"""The index of all reports: made from manifests alone, newest first, links that travel."""

import json
import re
import shutil
from html import unescape
from urllib.parse import unquote

import pytest

from pgi_analysis.report.archive import entries, write_archive
from pgi_analysis.report.building import build

PLAN = "lang-son-transport-2024"


@pytest.fixture(scope="module")
def reports(report, in_place, tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    shutil.copytree(report.folder, out / PLAN / "2024Q4")
    pages = ("quarterly_report",)
    build(plan=PLAN, quarter="2025Q2", out=out, notebooks=pages, executor=in_place)
    return out


def test_the_newest_quarter_comes_first(reports):
    html = (reports / "index.html").read_text("utf-8")
    assert [str(one["quarter"]) for one in entries(reports)] == ["2025Q2", "2024Q4"]
    assert html.index("Quý II/2025") < html.index("Quý IV/2024")
    assert "Năm 2024, tỉnh Lạng Sơn đạt 2/4 mục tiêu về chỉ số thành phần;" in unescape(html)
    assert "Kết quả năm 2024 được công bố ngày 06/5/2025." in html


def test_links_are_relative_and_survive_a_copy(reports, tmp_path):
    copied = shutil.copytree(reports, tmp_path / "USB stick")
    shutil.rmtree(copied / PLAN / "2024Q4" / "tables")
    html = (copied / "index.html").read_text("utf-8")
    links = {unescape(link) for link in re.findall('href="([^"]+)"', html)}
    assert len(links) > 2
    for link in links:
        assert not re.match("[a-z]+:|/", link)
        file, _, place = unquote(link).partition("#")
        page = (copied / (file or "index.html")).read_text("utf-8")
        assert not place or re.search(f"id=['\"]{re.escape(place)}['\"]", page), link


def test_what_is_no_report_is_passed_over(reports, tmp_path):
    copied = shutil.copytree(reports, tmp_path / "reports")
    (copied / "notes" / "2024Q4").mkdir(parents=True)
    (copied / PLAN / "2023Q1").mkdir()
    (copied / PLAN / "2023Q1" / "manifest.json").write_text("{half", "utf-8")
    (copied / PLAN / "old").mkdir()
    (copied / PLAN / "old" / "manifest.json").write_text('{"pages": []}', "utf-8")
    assert len(entries(copied)) == 2


def test_a_page_that_failed_is_told(reports, tmp_path):
    copied = shutil.copytree(reports, tmp_path / "reports")
    path = copied / PLAN / "2024Q4" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["pages"][0]["status"] = "failed"
    path.write_text(json.dumps(manifest), "utf-8")
    html = write_archive(copied, "en").read_text("utf-8")
    assert "1 of 5 pages were not completed." in html
    assert "<title>Targets and reports</title>" in html


def test_texts_are_escaped(reports, tmp_path):
    copied = shutil.copytree(reports, tmp_path / "reports")
    path = copied / PLAN / "2024Q4" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["summary"]["answer"] = ["<script>alert(1)</script>"]
    path.write_text(json.dumps(manifest), "utf-8")
    assert "<script" not in write_archive(copied, "vi").read_text("utf-8")


@pytest.mark.parametrize(
    "broken", [{"as_of": "x"}, {"as_of": None}, {"pages": None}, {"summary": {}}, {"pages": [{}]}]
)
def test_one_incomplete_manifest_does_not_stop_the_index(reports, tmp_path, broken):
    copied = shutil.copytree(reports, tmp_path / "reports")
    path = copied / PLAN / "2024Q4" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | broken
    path.write_text(json.dumps(manifest), "utf-8")
    assert [str(one["quarter"]) for one in entries(copied)] == ["2025Q2"]
    write_archive(copied, "vi")
