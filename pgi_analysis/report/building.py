"""A quarter's report: notebooks run side by side, then pages, tables, an index and a manifest.

Everything is written aside and moved into place when all is done, so that a folder of reports never
holds half of one.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pgi_analysis.data import Dataset, Quarter, held, load, sources, whole_file
from pgi_analysis.excel import write_annex
from pgi_analysis.faults import InputError
from pgi_analysis.language import say
from pgi_analysis.notebook import png
from pgi_analysis.report import processes
from pgi_analysis.report.archive import write_archive
from pgi_analysis.report.execution import Run, check_parameters, run_here, run_notebook
from pgi_analysis.report.html import outputs, render, to_html
from pgi_analysis.report.summary import summary
from pgi_analysis.results import gap, parent, project, ranks, scorecard
from pgi_analysis.text import report
from pgi_analysis.voice import Voice
from pgi_analysis.word import save_draft

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: what tells how a report was made, and the log of how long that took, which alone goes unhashed
#: seconds by which the clocks of this machine and of its disk may differ
CLOCKS = 60
#: marks what this run sets aside, since another may have its number as a process
_OWN = uuid4().hex[:8]
MANIFEST, LOG = "manifest.json", "build.log"
#: how the name of a draft in Word ends
DRAFT = "-draft.docx"
NOTEBOOKS = ("quarterly_report", "gap", "trend", "projection", "assessment")
_PACKAGES = (
    "pgi-analysis",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "papermill",
    "nbconvert",
    "python-docx",
)


@dataclass(frozen=True)
class Report:
    """A finished report: where it is, and how each page fared.

    ``kept`` is where the draft in Word stands that was there before, if somebody had edited it.
    """

    folder: Path
    runs: tuple[Run, ...]
    kept: Path | None = None

    @property
    def index(self) -> Path:
        """The page to open first."""
        return self.folder / "index.html"

    @property
    def draft(self) -> Path | None:
        """The draft in Word, where one was asked for and all pages were completed."""
        return draft_in(self.folder)

    @property
    def failed(self) -> tuple[Run, ...]:
        """The pages that were not completed."""
        return tuple(run for run in self.runs if run.error)


def build(
    *,
    plan: str,
    quarter: str | Quarter,
    language: str | None = None,
    data_dir: str | Path = "data",
    out: str | Path = "reports",
    notebooks: Iterable[str | Path] = NOTEBOOKS,
    notebook_dir: str | Path = "notebooks",
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    folder: str = "",
    archive: bool = True,
    data_name: str | None = None,
    docx: bool = False,
    probabilities: bool = True,
) -> Report:
    """Build the report of a plan for a quarter.

    Parameters
    ----------
    plan, quarter, language, data_dir
        The parameters of every notebook; by default the first language that the data folder has.
    out : path
        The report goes to ``out/plan/folder``, replacing an earlier one there.
    notebooks : names or paths
        The first is the page to open first.
    jobs : int, optional
        Processes at once; by default as many as there are processors and notebooks. With 0 the
        notebooks run one after another in this process.
    executor : concurrent.futures.Executor, optional
        Runs the notebooks instead, each in a kernel, for example on other processors.
    progress : bool
        Show a progress bar.
    folder : str, optional
        The name of the report's folder; by default the quarter.
    archive : bool
        Write the index of all reports anew.
    data_name : str, optional
        What the notebooks call the data folder, if otherwise, as in a replay; not by an executor.
    docx : bool
        Write a draft in Word too, by Decree 30/2020. What a person has to fill in stands in yellow:
        `word.to_fill` lists it. A draft that somebody has edited is kept beside the folder.
    probabilities : bool
        Say in the draft how likely targets are to be met.

    Raises
    ------
    InputError
        The data, the plan or a parameter is faulty; nothing is written then.
    """
    quarter = Quarter.parse(quarter)
    everything = load(data_dir, plan=plan)
    ds = everything.at(quarter)
    language = language or ds.language
    voice = Voice(ds, language)
    home = Path(notebook_dir)
    paths = [home / f"{n}.ipynb" if isinstance(n, str) else Path(n) for n in notebooks]
    parameters = {
        "plan": ds.require_plan().name,
        "quarter": str(quarter),
        "language": language,
        "data_dir": data_name or str(data_dir),
    }
    for path in paths:
        check_parameters(path, parameters)

    target = Path(out) / plan / (folder or str(quarter))
    runs: tuple[Run, ...] = ()
    kept: Path | None = None

    def fill(aside: Path) -> None:
        nonlocal runs, kept
        (aside / "notebooks").mkdir()
        (aside / "tables").mkdir()
        with held(parameters["data_dir"], everything):
            if executor is None and processes.can_fork():
                foresee(ds)
            runs = _run_all(paths, aside / "notebooks", parameters, jobs, executor, progress)
        word = {"probabilities": probabilities} if docx else None
        _write(aside, runs, voice, parameters, word)
        kept = keep_edited(target)

    put_in_place(fill, target)
    if archive:
        write_archive(Path(out), language)
    return Report(target, runs, kept)


def put_in_place(fill: Callable[[Path], object], target: Path) -> None:
    """Have a folder filled aside, and move it to its place when that is done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    prefix = f".{target.name}-{os.getpid()}-{_OWN}"
    aside = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        os.chmod(aside, 0o755)  # mkdtemp's 0700 would hide the report from colleagues
        fill(aside)
        _move(aside, target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def foresee(ds: Dataset) -> None:
    """Find out what every page asks for, so that the pages, forked from here, know it already."""
    for name in (
        "papermill",
        "scipy.stats",
        "babel.dates",
        "babel.numbers",
        "pgi_analysis.charts.fans",
    ):
        import_module(name)
    with suppress(Exception):  # a page that asks for it anew fails, and says why
        png(gap(ds).figure(Voice(ds)))  # matplotlib reads its fonts at the first chart
        scorecard(ds), project(ds), ranks(ds), parent(ds)


def _run_all(
    paths: list[Path],
    folder: Path,
    parameters: dict[str, object],
    jobs: int | None,
    executor: Executor | None,
    progress: bool,
) -> tuple[Run, ...]:
    """Run the notebooks without a kernel, in other processes, or each in a kernel elsewhere."""
    from tqdm import tqdm

    run = run_here if executor is None else run_notebook
    work = [partial(run, path, folder / path.name, parameters) for path in paths]

    def died(place: int, code: int) -> Run:
        path = paths[place]
        return Run(path, folder / path.name, 0.0, f"the process ended with code {code}")

    ended: Iterable[tuple[int, Run]]
    if executor is None:
        tqdm.monitor_interval = 0  # its thread would be there when processes are forked
        workers = min(len(paths), os.cpu_count() or 1) if jobs is None else jobs
        ended = processes.apart(work, workers, died=died)
    else:
        futures = {executor.submit(call): place for place, call in enumerate(work)}
        ended = ((futures[future], future.result()) for future in as_completed(futures))
    label = say("command.building", str(parameters["language"]))
    done = dict(tqdm(ended, total=len(paths), desc=label, disable=not progress))
    return tuple(done[place] for place in range(len(paths)))


def draft_in(folder: Path) -> Path | None:
    """Return the draft in Word of a report's folder; None where it has none."""
    return next(iter(sorted(folder.glob(f"*{DRAFT}"))), None)


def keep_edited(folder: Path) -> Path | None:
    """Copy a draft that somebody has edited out of a report's folder, which is to be replaced.

    Returns
    -------
    Path or None
        The copy, beside the folder; None where there is no draft, or it is as it was made.
    """
    path = draft_in(folder)
    if path is None:
        return None
    content = path.read_bytes()
    with suppress(OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["files"][path.name] == _sha256(content):
            return None
    names = (folder.with_name(f"{path.stem}-{n}{path.suffix}") for n in range(1, 10**6))
    kept = next(one for one in names if not one.exists())
    with whole_file(kept) as aside:
        aside.write_bytes(content)
    return kept


def _write(
    folder: Path,
    runs: tuple[Run, ...],
    voice: Voice,
    parameters: dict[str, object],
    word: dict[str, bool] | None,
) -> None:
    """Write pages, tables, index and manifest beside the executed notebooks.

    Parameters
    ----------
    word : dict or None
        The options of the draft in Word, if one is asked for; what is not complete has none.
    """
    import nbformat

    index_title = report.folder_title(voice)
    pages, answer, changes, tables = [], [], [], {}
    for run in runs:
        name = run.notebook.stem
        try:
            notebook = nbformat.read(run.output, as_version=4)
        except (OSError, ValueError):  # there is none, or the half that went onto a full disk
            notebook = nbformat.v4.new_notebook(cells=[_failed_cell(run)])
        _untimed(notebook)
        nbformat.write(notebook, run.output)
        known = name in NOTEBOOKS
        title = report.title(name, voice) if known else name
        html = to_html(notebook, title=title, language=voice.language, index=index_title)
        (folder / f"{name}.html").write_text(html, "utf-8")
        for output in outputs(notebook, "table"):
            if "text/csv" in output["data"]:
                tables[output["metadata"]["pgi"]["name"]] = output["data"]["text/csv"]
        for output in outputs(notebook, "answer"):
            answer = answer or output["metadata"]["pgi"]["text"]
        for output in outputs(notebook, "changes"):
            changes = changes or output["metadata"]["pgi"]["text"]
        about = report.about(name, voice) if known else ""
        page = {"file": f"{name}.html", "title": title, "about": about, "failed": bool(run.error)}
        pages.append(page | {"first": not pages and not run.error})
    for name, csv in sorted(tables.items()):
        # a byte order mark makes Excel read Vietnamese letters right
        (folder / "tables" / f"{name}.csv").write_text(csv, "utf-8-sig", newline="\n")
    annex = f"{parameters['plan']}-{parameters['quarter']}-annex.xlsx"
    write_annex(tables, folder / annex, voice, answer=answer)
    draft = ""
    if word and not any(run.error for run in runs):
        draft = f"{parameters['plan']}-{parameters['quarter']}{DRAFT}"
        save_draft(folder / draft, voice, **word)
    (folder / "index.html").write_text(
        render(
            "report.html.j2",
            title=index_title,
            language=voice.language,
            say=voice.say,
            opening=report.opening(voice),
            answer=answer,
            failed=sum(page["failed"] for page in pages),
            pages=pages,
            annex=annex,
            draft=draft,
            tables=[(f"tables/{name}.csv", report.caption(name, voice)) for name in sorted(tables)],
            notebooks=[(f"notebooks/{run.output.name}", run.output.name) for run in runs],
        ),
        "utf-8",
    )
    manifest = {
        "parameters": parameters,
        **({"word": word} if word else {}),
        "family": voice.ds.require_plan().family,
        "as_of": str(voice.ds.vintage),
        "summary": {
            "title": report.plan_title(voice),
            "language": voice.language,
            "answer": answer,
            "changes": changes,
            **summary(voice),
        },
        "versions": versions(),
        "code": code_hash(),
        "inputs": _hashes(voice.ds.files),
        "notebooks": _by_name(run.notebook for run in runs),
        "pages": [
            {
                "page": f"{run.notebook.stem}.html",
                "status": "failed" if run.error else "ok",
                "error": run.error,
            }
            for run in runs
        ],
        "files": hashes(folder),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
    times = "".join(f"{run.notebook.stem} {run.seconds:.2f} s\n" for run in runs)
    (folder / LOG).write_text(times, "utf-8")


def _untimed(notebook: NotebookNode) -> None:
    """Take out of an executed notebook when and where it ran, which makes no two alike."""
    ran = notebook.metadata.get("papermill", {})
    for name in ("duration", "start_time", "end_time", "input_path", "output_path"):
        ran.pop(name, None)
    for place, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        for name in ("duration", "start_time", "end_time"):
            cell.metadata.get("papermill", {}).pop(name, None)
        cell["id"] = f"cell-{place}"


def hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of a report's files, but for its manifest and log."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    named = {file.relative_to(folder).as_posix(): file for file in files}
    return {
        name: _sha256(file.read_bytes())
        for name, file in named.items()
        if name not in (MANIFEST, LOG)
    }


def _failed_cell(run: Run):
    from nbformat import v4

    ename, _, evalue = run.error.partition(": ")
    error = v4.new_output("error", ename=ename, evalue=evalue, traceback=[])
    return v4.new_code_cell("", outputs=[error])


@cache
def code_hash() -> str:
    """Return a hash of all files of this package."""
    root = Path(__file__).parents[1]
    files = (file for file in sorted(root.rglob("*")) if file.suffix not in (".pyc", ""))
    return _sha256("".join(_sha256(file.read_bytes()) for file in files).encode())


def _hashes(files: Iterable[Path]) -> dict[str, str]:
    root = Path(os.path.commonpath([file.parent for file in files]))
    return {f.relative_to(root).as_posix(): _sha256(f.read_bytes()) for f in sorted(files)}


def why(
    folder: Path,
    parameters: dict[str, object],
    notebooks: Iterable[Path],
    word: dict[str, bool] | None = None,
) -> str:
    """Tell why a report has to be built: a key of ``batch.why``; nothing where it is unchanged.

    Parameters
    ----------
    folder : Path
        Where the report stands, or will.
    parameters : dict
        Of its notebooks.
    notebooks : iterable of Path
    word : dict or None
        The options of a draft in Word that is asked for; one that is there may stay.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = sources(str(parameters["data_dir"]), str(parameters["plan"]))
        if manifest["parameters"] != parameters:
            return "parameters"
        if any(page["status"] != "ok" for page in manifest["pages"]):
            return "failed"
        if word and manifest.get("word") != word:
            return "word"
        if manifest["inputs"] != _hashes(files):
            return "inputs"
        if manifest["versions"] != versions() or manifest["code"] != code_hash():
            return "code"
        if manifest["notebooks"] != _by_name(notebooks):
            return "notebooks"
        return "" if manifest["files"] == hashes(folder) else "incomplete"
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return "new"


def _by_name(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: _sha256(path.read_bytes()) for path in paths}


def versions() -> dict[str, str]:
    """Return the versions that a report depends on."""
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sweep(folder: Path) -> None:
    """Clear away what killed builds left behind; a report that one had set aside comes back."""
    for left in folder.glob(".*-*"):
        match = re.fullmatch(r"\.(.+?)-(?:old-(\d+)|(\d+))-\w+", left.name)
        if match is None or not left.is_dir() or _in_use(left, int(match[2] or match[3])):
            continue
        target = left.with_name(match[1])
        if match[2] and not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _in_use(left: Path, process: int) -> bool:
    """Tell whether the process that made a folder is still at it, not a later one of its number."""
    if process == os.getpid():  # in a container every run may have the same
        return _OWN in left.name
    if os.name == "nt":  # Windows has no signal that only asks
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return processes.started(process) <= left.stat().st_mtime + CLOCKS


def _move(aside: Path, target: Path) -> None:
    """Put a finished folder in place; an earlier one leaves only once the new one stands."""
    old = target.with_name(f".{target.name}-old-{os.getpid()}-{_OWN}{uuid4().hex}")
    if target.exists():
        target.rename(old)
    try:
        aside.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
