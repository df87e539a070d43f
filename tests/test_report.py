"""Reports as they are built: checked first, whole or not at all, the same whenever they run."""

import contextlib
import json
import re
import shutil
import sys
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.report.building import NOTEBOOKS, build
from pgi_analysis.report.execution import check_parameters, run_notebook
from pgi_analysis.report.html import outputs

LANG_SON = "lang-son-transport-2024"
TEMPLATES = Path("notebooks")


def test_every_page_is_there(report):
    assert report.index == report.folder / "index.html"
    assert not report.failed
    written = {path.relative_to(report.folder).as_posix() for path in report.folder.rglob("*.*")}
    pages = {f"{name}.html" for name in NOTEBOOKS} | {"index.html", "manifest.json"}
    notebooks = {f"notebooks/{name}.ipynb" for name in NOTEBOOKS}
    tables = {f"tables/{n}.csv" for n in ("gap", "trend", "projection", "tasks", "calendar")}
    assert pages | notebooks | tables <= written


def test_the_pages_load_nothing(report, english):
    for page in [*report.folder.glob("*.html"), *english.folder.glob("*.html")]:
        html = page.read_text("utf-8")
        loads = re.findall(r"<(?:img|link|script|iframe|source|object|embed)[^>]*", html)
        assert not [tag for tag in loads if re.search("https?://", tag)], page
        assert "@import" not in html
        assert "<script" not in html
        assert "Content-Security-Policy" in html


def test_pages_say_their_language_and_have_alt_text(report, english):
    for built, language in ((report, "vi"), (english, "en")):
        for page in built.folder.glob("*.html"):
            html = page.read_text("utf-8")
            assert f'<html lang="{language}">' in html
            assert len(re.findall("<h1>", html)) == 1
            for image in re.findall("<img [^>]*>", html):
                assert len(re.search(r"""alt=["']([^"']*)""", image)[1]) > 40


def test_numbers_are_written_as_the_language_does(report, english):
    assert "6,58" in (report.folder / "gap.html").read_text("utf-8")
    assert "6.58" in (english.folder / "gap.html").read_text("utf-8")
    shown = re.sub(r"<details>.*", "", (english.folder / "gap.html").read_text("utf-8"), flags=re.S)
    text = re.sub(r"<[^>]+>|https?://\S+", " ", shown.split("Sources")[0])
    assert not re.search(r"\d,\d\d\b", text)


def test_no_vietnamese_sentence_is_left_in_the_english_report(english):
    html = (english.folder / "projection.html").read_text("utf-8")
    text = re.sub(r"<[^>]+>", " ", html.split("<details>")[0].split("Sources</h2>")[0])
    for word in ("điểm", "mục tiêu", "báo cáo", "chỉ số", "kế hoạch"):
        assert word not in text.lower()


def test_the_page_of_2025q2_puts_both_projections_beside_the_outcome(english):
    table = pd.read_csv(english.folder / "tables" / "scorecard.csv")
    assert set(table["model"]) == {"panel", "ar1", "random_walk"}
    assert set(table["quarter"]) == {"2024Q4"}
    assert table.groupby("indicator")["outcome"].first().to_dict() == {
        "s1": 4.95,
        "s2": 4.95,
        "s3": 6.71,
        "s4": 6.02,
        "total": 22.63,
    }
    html = (english.folder / "projection.html").read_text("utf-8")
    assert "Return to the mean" in html
    assert "No change" in html


def broken_notebook(folder: Path) -> Path:
    book = nbformat.read(TEMPLATES / "gap.ipynb", as_version=4)
    book.cells[-1].source = "raise ValueError('<b>no such score</b>')"
    path = folder / "broken.ipynb"
    nbformat.write(book, path)
    return path


@pytest.fixture(scope="module")
def hostile(data_dir, tmp_path_factory, in_place):
    """A report with markup for names, a formula for a task, and a page that fails."""
    folder = tmp_path_factory.mktemp("hostile")
    data = Path(shutil.copytree(data_dir, folder / "data"))
    plan = data / "plans" / LANG_SON
    indicators = (data / "indicators.csv").read_text("utf-8")
    indicators = indicators.replace("Đảm bảo tuân thủ,", "<script>alert(1)</script>,", 1)
    (data / "indicators.csv").write_text(indicators, "utf-8")
    actions = (plan / "actions.csv").read_text("utf-8")
    (plan / "actions.csv").write_text(
        actions.replace("n6,s4,", "\"=cmd|'/c calc'!A1\",s4,", 1), "utf-8"
    )
    return build(
        plan=LANG_SON,
        quarter="2024Q4",
        data_dir=data,
        out=folder,
        notebooks=[*NOTEBOOKS, broken_notebook(folder)],
        executor=in_place,
    )


def test_tables_come_out_the_same_each_time(report, as_it_is):
    """The defaults of a notebook are the parameters of `report`, but for the way to the data."""
    for name in ("gap", "projection"):
        again = nbformat.read(as_it_is(name).output, as_version=4)
        (table,) = (t for t in outputs(again, "table") if t["metadata"]["pgi"]["name"] == name)
        written = (report.folder / "tables" / f"{name}.csv").read_bytes()
        assert written == table["data"]["text/csv"].encode("utf-8-sig")


def test_the_manifest_says_what_went_in(report):
    manifest = json.loads((report.folder / "manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["quarter"] == "2024Q4"
    assert manifest["as_of"] == "2024-12-04"
    assert len(manifest["inputs"]) == 11
    assert {page["status"] for page in manifest["pages"]} == {"ok"}
    assert {"python", "pandas", "papermill"} <= set(manifest["versions"])


def test_a_page_that_fails_is_shown_as_failed_and_the_others_are_kept(hostile):
    assert [run.notebook.stem for run in hostile.failed] == ["broken"]
    html = (hostile.folder / "broken.html").read_text("utf-8")
    assert "Trang này chưa lập được" in html
    assert "&lt;b&gt;no such score" in html
    assert "chưa lập được" in hostile.index.read_text("utf-8")
    for name in NOTEBOOKS:
        assert (hostile.folder / f"{name}.html").exists()
    manifest = json.loads((hostile.folder / "manifest.json").read_text("utf-8"))
    assert [page["status"] for page in manifest["pages"]] == ["ok"] * 5 + ["failed"]


def test_faulty_data_leave_an_earlier_report_as_it_is(data_copy, tmp_path):
    kept = tmp_path / LANG_SON / "2024Q4"
    kept.mkdir(parents=True)
    (kept / "index.html").write_text("earlier")
    targets = data_copy / "plans" / LANG_SON / "targets.csv"
    targets.write_text(targets.read_text("utf-8").replace("6.58", "65.8"), "utf-8")
    with pytest.raises(pgi.InputError, match=r"65\.8 lies outside the scale"):
        build(plan=LANG_SON, quarter="2024Q4", data_dir=data_copy, out=tmp_path)
    assert [path.name for path in kept.parent.iterdir()] == ["2024Q4"]
    assert (kept / "index.html").read_text() == "earlier"


def test_a_crash_leaves_nothing_half_written(tmp_path, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pgi_analysis.report.building._run_all", lambda *_: ())
    monkeypatch.setattr("pgi_analysis.report.building._write", crash)
    with pytest.raises(KeyboardInterrupt):
        build(plan=LANG_SON, quarter="2024Q4", out=tmp_path)
    assert not list((tmp_path / LANG_SON).iterdir())


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"quater": "2024Q4"}, "has no parameter «quater».*Did you mean quarter"),
        ({"quarter": 4}, "quarter of gap.ipynb must be str, got 4"),
        ({"quarter": "2024Q5"}, "«2024Q5» is not a quarter"),
        ({"language": "fr"}, "no language «fr»"),
        ({"plan": None}, "plan of gap.ipynb must be str, got None"),
    ],
)
def test_wrong_parameters_are_refused_before_a_kernel_starts(tmp_path, parameters, message):
    with pytest.raises(pgi.InputError, match=message):
        run_notebook(TEMPLATES / "gap.ipynb", tmp_path / "out.ipynb", parameters)
    assert not list(tmp_path.iterdir())


def test_all_wrong_parameters_are_named_at_once():
    with pytest.raises(pgi.InputError) as error:
        check_parameters(TEMPLATES / "gap.ipynb", {"quater": "x", "language": 3})
    assert len(error.value.faults) == 2


def test_a_notebook_without_parameters_is_refused(tmp_path):
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "bare.ipynb")
    with pytest.raises(pgi.InputError, match="no cell tagged «parameters»"):
        check_parameters(tmp_path / "bare.ipynb", {})
    with pytest.raises(pgi.InputError, match=r"no notebook «none\.ipynb»"):
        check_parameters(tmp_path / "none.ipynb", {})


@pytest.fixture(scope="module")
def as_it_is(tmp_path_factory):
    """Run a notebook as JupyterLab does, once: default parameters, in the folder of notebooks."""
    folder = tmp_path_factory.mktemp("office")
    for name in ("data", "notebooks"):
        shutil.copytree(name, folder / name)

    @cache
    def run(name):
        with contextlib.chdir(folder / "notebooks"):
            return run_notebook(Path(f"{name}.ipynb"), folder / f"{name}.ipynb", {})

    return run


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_notebook_runs_from_its_own_folder_as_it_is(as_it_is, name):
    assert as_it_is(name).error == ""


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_templates(path):
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    tags = [cell.metadata.get("tags", []) for cell in book.cells]
    assert tags[0] == ["notebook-only"]
    assert tags.count(["parameters"]) == 1
    assert book.cells[0].source.startswith("# ")
    for cell, tag in zip(book.cells, tags, strict=True):
        if cell.cell_type == "markdown":
            assert tag == ["notebook-only"]
            continue
        assert cell.outputs == []
        assert cell.execution_count is None
        told = re.sub(r"^for .* in page\.each_year\(", "", cell.source, flags=re.M)
        assert not re.search(r"^\s*(def|class|for|while)\b", told, re.M)


def test_hostile_names_are_text_everywhere(hostile):
    for page in hostile.folder.glob("*.html"):
        assert "<script" not in page.read_text("utf-8")
    assert "&lt;script&gt;" in (hostile.folder / "gap.html").read_text("utf-8")
    tasks = pd.read_csv(hostile.folder / "tables" / "tasks.csv")
    assert tasks["action"].iloc[-1] == "'=cmd|'/c calc'!A1"


def test_a_kernel_is_of_the_python_that_runs_this(tmp_path, monkeypatch):
    """A kernelspec python3 of an interpreter that is not there lies first on the path."""
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = [str(tmp_path / "no-python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(about), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    book = nbformat.v4.new_notebook(metadata={"kernelspec": about | {"name": "python3"}})
    parameters = nbformat.v4.new_code_cell("x: int = 1", metadata={"tags": ["parameters"]})
    book.cells = [parameters, nbformat.v4.new_code_cell("import sys; print(sys.executable, x)")]
    nbformat.write(book, tmp_path / "which.ipynb")
    run = run_notebook(tmp_path / "which.ipynb", tmp_path / "out.ipynb", {"x": 7})
    assert run.error == ""
    said = nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].outputs[0].text
    assert said == f"{sys.executable} 7\n"
