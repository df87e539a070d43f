"""A notebook run by plain papermill or in JupyterLab becomes the page that its report has."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbconvert.nbconvertapp import NbConvertApp
from traitlets.config import Application

import pgi_analysis as pgi
from pgi_analysis.report.building import NOTEBOOKS
from pgi_analysis.report.exporter import WIDGET, PageExporter


def export(path):
    return PageExporter().from_filename(str(path))[0]


@pytest.mark.parametrize("language", ["report", "english"])
def test_the_page_is_that_of_the_report(language, request):
    """But for the way back to the index, which does not lie beside a page made by itself."""
    folder = request.getfixturevalue(language).folder
    for name in NOTEBOOKS:
        page = (folder / f"{name}.html").read_text("utf-8")
        alone, links = re.subn(r'<header class="top">.*?</header>\n', "", page)
        assert links == 1
        assert export(folder / "notebooks" / f"{name}.ipynb") == alone


def test_nbconvert_finds_it_by_its_entry_point():
    entries = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    module, _, name = entries["nbconvert.exporters"]["pgi"].partition(":")
    assert getattr(import_module(module), name) is PageExporter


def book(*cells, counts=None):
    """Make a notebook of cells that were run: source and outputs."""
    counts = counts or range(1, len(cells) + 1)
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=count)
            for (source, outputs), count in zip(cells, counts, strict=True)
        ]
    )


OPENING = nbformat.v4.new_output(
    "display_data",
    {"text/html": "<h1>T</h1>", "text/plain": "T"},
    metadata={"pgi": {"role": "title", "language": "vi"}},
)
IMPORT = ("import pgi_analysis as pgi", [])
ERROR = nbformat.v4.new_output("error", ename="KeyError", evalue="s9", traceback=[])
SLIDER = nbformat.v4.new_output("display_data", {WIDGET: {}, "text/plain": "VBox()"})
PARTIAL = {
    "foreign": (book(("1 + 1", [])), "shows no page of pgi_analysis"),
    "page.opening": (book(IMPORT, ("pgi.gap(ds)", [])), "shows no page of pgi_analysis"),
    "failed": (book(IMPORT, ("f()", [OPENING, ERROR])), r"failed.*KeyError: s9.*run the notebook"),
    "not run": (book(IMPORT, ("f()", []), counts=[None, None]), "were not all run"),
    "run in part": (book(IMPORT, ("f()", [OPENING]), counts=[1, None]), "were not all run"),
    "out of order": (book(IMPORT, ("f()", [OPENING]), counts=[7, 3]), "not one after the other"),
    "sliders": (book(IMPORT, ("f()", [OPENING, SLIDER])), "sliders.*papermill"),
}


@pytest.mark.parametrize("name", PARTIAL)
def test_what_is_no_whole_page_is_refused_by_name(name, tmp_path):
    notebook, said = PARTIAL[name]
    nbformat.write(notebook, tmp_path / "out.ipynb")
    with pytest.raises(pgi.InputError, match=f"^out.ipynb: .*{said}"):
        export(tmp_path / "out.ipynb")


def test_a_cell_left_empty_is_no_hole():
    whole = book(IMPORT, (" ", []), ("page.opening()", [OPENING]), counts=[1, None, 4])
    page = PageExporter().from_notebook_node(whole)[0]
    assert '<html lang="vi">' in page
    assert "<title>T</title>" in page


def test_the_command_of_nbconvert_ends_with_the_sentence(tmp_path, monkeypatch):
    """Without a traceback, exit code 1, and nothing written."""
    path = tmp_path / "out.ipynb"
    nbformat.write(PARTIAL["failed"][0], path)
    for part in NbConvertApp._walk_mro():  # what the tests of other files started is not ours
        monkeypatch.setattr(part, "_instance", None, raising=False)
    command = NbConvertApp.instance(log_level="ERROR")
    assert Application.instance() is command
    monkeypatch.setattr(command, "exporter", PageExporter(), raising=False)
    with pytest.raises(SystemExit, match=r"^out\.ipynb: the notebook failed"):
        command.export_single_notebook(str(path), {})
    assert [file.name for file in tmp_path.iterdir()] == ["out.ipynb"]
