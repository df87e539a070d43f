"""The page of an executed notebook for nbconvert: ``jupyter nbconvert --to pgi out.ipynb``.

JupyterLab has it in its menu File > Save and Export Notebook As. Registered in pyproject.toml.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbconvert.exporters import Exporter
from traitlets.config import Application

from pgi_analysis.faults import Fault, InputError
from pgi_analysis.report.html import outputs, to_html

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: what JupyterLab keeps of a slider: nothing moves it in a page
WIDGET = "application/vnd.jupyter.widget-view+json"


class PageExporter(Exporter):
    """Turns an executed notebook into the page that a report has of it, in one offline file."""

    export_from_notebook = "PGI (HTML)"
    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kw: object
    ) -> tuple[str, dict]:
        """Make the page, in the language of the notebook's opening.

        Raises
        ------
        InputError
            The notebook shows no page, failed, or was not run from its first cell to its last. On
            the command line of nbconvert the program ends with that sentence.
        """
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources["metadata"].get("name", "")
        try:
            language = _language_of_whole(notebook, f"{name}.ipynb" if name else "")
        except InputError as error:
            if Application.initialized() and Application.instance().name == "jupyter-nbconvert":
                sys.exit(error.text())
            raise
        return to_html(notebook, title=name, language=language), resources


def _language_of_whole(notebook: NotebookNode, name: str) -> str:
    """Return the language of the page of a notebook, which was run as a whole and shows one."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if not any("pgi_analysis" in cell.source for cell in cells):
        raise InputError([Fault("page.foreign", name)])
    shown = [output for cell in cells for output in cell.outputs]
    for output in shown:
        if output.output_type == "error":
            values = {"got": f"{output.ename}: {output.evalue}"}
            raise InputError([Fault("page.failed", name, values=values)])
    order = [cell.execution_count or 0 for cell in cells]
    if not all(before < after for before, after in zip([0, *order], order, strict=False)):
        raise InputError([Fault("page.not_whole", name)])
    if not (opening := next(outputs(notebook, "title"), None)):
        raise InputError([Fault("page.foreign", name)])
    if any(WIDGET in output.get("data", {}) for output in shown):
        raise InputError([Fault("page.widgets", name)])
    return opening["metadata"]["pgi"]["language"]
