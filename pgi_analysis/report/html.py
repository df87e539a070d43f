"""An executed notebook as one HTML file that loads nothing from any network."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pgi_analysis.language import words

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(str(resources.files("pgi_analysis.report"))) / "templates"

#: cells with this tag are for JupyterLab and do not go into the page
NOTEBOOK_ONLY = "notebook-only"


@cache
def style() -> str:
    """Read the style sheet of all pages."""
    return (TEMPLATES / "style.css").read_text("utf-8")


def to_html(notebook: NotebookNode, *, title: str, language: str, index: str = "") -> str:
    """Turn an executed notebook into a page.

    Parameters
    ----------
    notebook : NotebookNode
    title : str
        Of the document, for a notebook that failed before it could show its own.
    language : {"vi", "en"}
    index : str, optional
        The title of the index that the page links back to.
    """
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {NOTEBOOK_ONLY}
    exporter = HTMLExporter(
        config=config,
        template_name="pgi",
        extra_template_basedirs=[str(TEMPLATES)],
        extra_template_paths=[str(TEMPLATES)],
    )
    shown = list(outputs(notebook, "title"))
    about = {
        "language": language,
        "title": shown[0]["data"]["text/plain"] if shown else title,
        "style": style(),
        "index": index,
        "words": words(language)["page"],
        "headings": [
            (output["data"]["text/html"].split("'")[1], output["data"]["text/plain"])
            for output in outputs(notebook, "heading")
        ],
    }
    html, _ = exporter.from_notebook_node(notebook, resources={"pgi": about})
    return html


def render(template: str, **values: object) -> str:
    """Fill a page template that is no notebook; everything is escaped."""
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template(template).render({"style": style(), **values})


def outputs(notebook: NotebookNode, role: str):
    """Return the outputs of a notebook that play a role: title, heading, answer, table, figure."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("metadata", {}).get("pgi", {}).get("role") == role:
                yield output
