"""A papermill engine that runs the cells of a notebook in this process: no kernel to start.

It stays papermill's execution, with papermill's record in the notebook: its parameters, and the
times, states and errors of its cells. What a cell shows is kept as a kernel would send it. What a
notebook changes (settings, figures, random numbers) stays in the process: `execution.run_here` puts
it back.
"""

from __future__ import annotations

import base64
import io
import os
import platform
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

#: what a kernel says of its language
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": sys.version_info.major},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": f"ipython{sys.version_info.major}",
    "version": platform.python_version(),
}
#: where figures go that a notebook leaves open at the end of a cell
INLINE = "module://matplotlib_inline.backend_inline"


class InProcess:
    """Runs cells in an IPython shell of this process; papermill's own engine asks a kernel.

    It is none of its subclasses: papermill loads its engines while it is imported itself.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: nbformat.NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        *,
        progress_bar: bool = True,
        log_output: bool = False,
        **options: object,
    ) -> nbformat.NotebookNode:
        """Run the cells in order until one fails; papermill saves the notebook and raises."""
        from papermill.engines import NotebookExecutionManager

        # without a path: saved once at the end, and not before and after every cell
        kept = NotebookExecutionManager(nb, progress_bar=progress_bar, log_output=log_output)
        kept.notebook_start()
        try:
            with _shell() as shell:
                for index, cell in enumerate(nb.cells):
                    if cell.cell_type != "code" or not cell.source.strip():
                        continue
                    kept.cell_start(cell, index)
                    error = shell.run_notebook_cell(cell)
                    if error is None or "raises-exception" in cell.metadata.get("tags", []):
                        kept.cell_complete(cell, index)
                        continue
                    kept.cell_exception(cell, index, exception=error)
                    break
        finally:
            kept.cleanup_pbar()
            kept.notebook_complete()
        nb.metadata["language_info"] = dict(LANGUAGE)
        return nb

    @staticmethod
    def nb_kernel_name(nb: nbformat.NotebookNode, name: str | None = None) -> str:
        """Return the name of the kernel that the notebook asks for, which is not started."""
        return name or nb.metadata.get("kernelspec", {}).get("name", "python3")

    @staticmethod
    def nb_language(nb: nbformat.NotebookNode, language: str | None = None) -> str:
        """Return the language of the notebook."""
        return language or "python"


class _Publisher(DisplayPublisher):
    """Adds what is displayed to the outputs of the cell."""

    outputs: list

    def publish(self, data, metadata=None, *, transient=None, update=False, **rest) -> None:
        """Add a display, or change an earlier one of the same name."""
        output = nbformat.v4.new_output("display_data", _as_text(data), metadata=metadata or {})
        named = (transient or {}).get("display_id")
        if update:
            for earlier in self.named.get(named, ()):
                earlier.data, earlier.metadata = output.data, output.metadata
            return
        self.outputs.append(output)
        if named:
            self.named.setdefault(named, []).append(output)

    def clear_output(self, wait: bool = False) -> None:
        """Drop what the cell has shown."""
        self.outputs.clear()


class _Hook(DisplayHook):
    """Adds the value of a cell's last line to its outputs."""

    outputs: list

    def write_output_prompt(self) -> None:
        """Leave the prompt to the reader of the notebook."""

    def write_format_data(self, format_dict, md_dict=None) -> None:
        """Add the value in all its formats."""
        about = {"execution_count": self.shell.cell_count, "metadata": md_dict or {}}
        self.outputs.append(
            nbformat.v4.new_output("execute_result", _as_text(format_dict), **about)
        )

    def finish_displayhook(self) -> None:
        """Print nothing."""


class _Stream(io.TextIOBase):
    """Adds what is printed to the stream output before it, where that is of the same name."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: list) -> None:
        self.name, self.outputs = name, outputs

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Add a text."""
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == self.name:
            last["text"] += text
        elif text:
            self.outputs.append(nbformat.v4.new_output("stream", name=self.name, text=text))
        return len(text)


class _Shell(InteractiveShell):
    """A shell whose outputs go into the cells of a notebook."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def run_notebook_cell(self, cell: nbformat.NotebookNode) -> BaseException | None:
        """Run a cell, its outputs in the order in which they come; return what it raised."""
        self.cell_count, self.shown = self.execution_count, []
        cell.outputs, cell.execution_count = [], self.cell_count
        self.display_pub.outputs = self.displayhook.outputs = cell.outputs
        out, err = (_Stream(name, cell.outputs) for name in ("stdout", "stderr"))
        with redirect_stdout(out), redirect_stderr(err):
            done = self.run_cell(cell.source, store_history=True)
        error = done.error_before_exec or done.error_in_exec
        if error is not None:
            about = {"ename": type(error).__name__, "evalue": str(error), "traceback": self.shown}
            cell.outputs.append(nbformat.v4.new_output("error", **about))
        return error

    def enable_gui(self, gui: str | None = None) -> None:
        """Figures go into the notebook: there is no window to wait for."""

    def _showtraceback(self, etype, evalue, stb) -> None:
        self.shown = list(stb)


@contextmanager
def _shell() -> Iterator[_Shell]:
    """Open the shell that `IPython.get_ipython` finds, as a notebook's cells expect one."""
    before = InteractiveShell._instance
    InteractiveShell.clear_instance()
    config = Config({"HistoryManager": {"enabled": False}})
    shell = _Shell.instance(config=config, user_module=types.ModuleType("__main__"))
    shell.display_pub.named = {}
    os.environ["MPLBACKEND"] = INLINE
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")  # a page shows no figure of whoever asked
    if "matplotlib" in sys.modules:  # loaded, and so bound to another backend
        from matplotlib_inline.backend_inline import configure_inline_support

        configure_inline_support.current_backend = ""  # else only the first shell gets pictures
        shell.enable_matplotlib("inline")
    try:
        yield shell
    finally:
        _Shell.clear_instance()
        InteractiveShell._instance = before


def _as_text(data: Mapping[str, object]) -> dict[str, object]:
    """Return the formats of a display, bytes as a notebook keeps them."""
    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
