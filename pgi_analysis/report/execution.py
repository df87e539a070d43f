"""Run one parameterised notebook, after its parameters have been checked."""

from __future__ import annotations

import os
import random
import sys
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pgi_analysis.data import Quarter
from pgi_analysis.faults import Fault, InputError, did_you_mean
from pgi_analysis.language import LANGUAGES

_TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool}
#: the engine that runs cells in this process, see `engine`; registered in pyproject.toml
IN_PROCESS = "pgi"
_KERNEL_TROUBLE = ("kernel died", "didn't respond", "address already in use")


@dataclass(frozen=True)
class Run:
    """How one notebook fared: ``error`` is empty when it went through."""

    notebook: Path
    output: Path
    seconds: float
    error: str = ""


def check_parameters(notebook: Path, parameters: Mapping[str, object]) -> None:
    """Refuse parameters that a notebook does not have, or not of that type or value.

    papermill itself only warns of a misspelt name, and the report then shows the default.

    Raises
    ------
    InputError
        Naming every wrong parameter.
    """
    import papermill

    if not notebook.is_file():
        values = {"got": notebook.name, "folder": notebook.parent}
        raise InputError([Fault("notebook_unknown", values=values)])
    known = papermill.inspect_notebook(str(notebook))
    if not known:
        fault = Fault("parameters_cell_missing", values={"notebook": notebook.name})
        raise InputError([fault])
    faults = []
    for name, value in parameters.items():
        where = {"notebook": notebook.name, "name": name}
        if name not in known:
            values = {"got": name, "known": ", ".join(known), "hint": did_you_mean(name, known)}
            faults.append(Fault("parameter_unknown", values=where | values))
            continue
        expected = known[name]["inferred_type_name"]
        allowed = _TYPES.get(expected, object)
        if not isinstance(value, allowed) or (isinstance(value, bool) and expected != "bool"):
            values = {"expected": expected, "got": repr(value)}
            faults.append(Fault("parameter_type", values=where | values))
        elif name == "language" and value not in LANGUAGES:
            faults.append(Fault("language_unknown", values={"got": value}))
        elif name == "quarter":
            try:
                Quarter.parse(str(value))
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, object], *, engine: str | None = None
) -> Run:
    """Execute a notebook with papermill; a failure is told, not raised.

    It runs in a fresh kernel, or in this process by the `engine` `IN_PROCESS`. The executed
    notebook is kept in either case. A kernel that did not start is tried once more, since ports can
    race when several start together.

    Raises
    ------
    InputError
        A parameter is wrong; no kernel is started then.
    """
    check_parameters(notebook, parameters)
    began = time.perf_counter()
    error = _execute(notebook, output, parameters, engine)
    if any(sign in error.lower() for sign in _KERNEL_TROUBLE):
        error = _execute(notebook, output, parameters, engine)
    return Run(notebook, output, time.perf_counter() - began, error)


def run_here(notebook: Path, output: Path, parameters: Mapping[str, object]) -> Run:
    """Execute a notebook in this process, which is as it was before when it is done.

    Only what a notebook changes inside of libraries stays, as in any kernel that is used again.
    """
    import matplotlib
    import numpy as np
    import pandas as pd

    environment, folder, path = dict(os.environ), os.getcwd(), list(sys.path)
    random.seed()
    np.random.seed()  # noqa: NPY002, for notebooks that use it
    with warnings.catch_warnings(), matplotlib.rc_context():
        try:
            return run_notebook(notebook, output, parameters, engine=IN_PROCESS)
        finally:
            if "matplotlib.pyplot" in sys.modules:
                sys.modules["matplotlib.pyplot"].close("all")
            warnings.simplefilter("ignore")  # of options that pandas is about to drop
            pd.reset_option("all")
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            sys.path[:] = path


@cache
def _own_python() -> type:
    """Make the kernel one of the Python that runs this, whatever kernelspecs lie about."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class OwnPython(AsyncKernelManager):
        kernel_spec = KernelSpec(**get_kernel_dict())

    return OwnPython


def _execute(
    notebook: Path, output: Path, parameters: Mapping[str, object], engine: str | None
) -> str:
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    config = Config()
    config.KernelManager.transport_encryption = "auto"  # others on the machine cannot listen in
    options = {"engine_name": engine}
    if engine is None:
        options = {
            "kernel_manager_class": _own_python(),
            "start_timeout": 120,
            "shutdown_kernel": "immediate",  # a polite shutdown interrupts first, and may print so
            "config": config,
        }
    try:
        papermill.execute_notebook(
            str(notebook),
            str(output),
            parameters=dict(parameters),
            kernel_name="python3",
            progress_bar=False,
            **options,
        )
    except PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue}"
    except Exception as error:  # a dead kernel, a full disk: the other pages must go on
        return f"{type(error).__name__}: {error}"
    return ""
