"""Many reports in one go: what has to be built, side by side, and what came of each.

Where processes can be forked (Linux), all are forked from one that has imported everything and
fitted the panel; elsewhere each of a few does that once. A report that stands and was made of the
same inputs, code and versions is left as it is: a run that was stopped goes on where it was.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from pgi_analysis.data import Quarter, Reporting, load, plan_folders, plan_names, plans_of
from pgi_analysis.faults import InputError, refuse
from pgi_analysis.language import default_language
from pgi_analysis.report import processes
from pgi_analysis.report.archive import write_archive
from pgi_analysis.report.building import (
    NOTEBOOKS,
    build,
    foresee,
    keep_edited,
    put_in_place,
    sweep,
    versions,
    why,
)


@dataclass(frozen=True)
class Order:
    """One report to build, and the name of its folder beside those of other quarters.

    ``docx`` asks for a draft in Word as well, with ``probabilities`` or without.
    """

    plan: str
    quarter: str
    language: str
    folder: str
    docx: bool = False
    probabilities: bool = True

    @property
    def word(self) -> dict[str, bool] | None:
        """The options of its draft in Word, if one is asked for."""
        return {"probabilities": self.probabilities} if self.docx else None

    @property
    def name(self) -> str:
        """The report as a line of a log names it."""
        return f"{self.plan} {self.quarter} {self.language}"


@dataclass(frozen=True)
class Outcome:
    """What came of an order: ``state`` is built, unchanged, planned or failed.

    ``reason`` is a key of ``batch.why`` where it was built, or is to be; ``error`` says for every
    page that failed, or for the report, what was wrong. ``kept`` is where a draft in Word stands
    that somebody had edited.
    """

    order: Order
    state: str
    reason: str = ""
    error: str = ""
    kept: Path | None = None


def plans_like(data_dir: str | Path, patterns: Sequence[str]) -> list[str]:
    """List the plans of a data folder that a name or a pattern such as ``*-2025`` means.

    The name of a plan for many areas means all that it unfolds into.

    Raises
    ------
    InputError
        A name or pattern means no plan.
    """
    known, found = plan_names(data_dir), []
    for pattern in patterns:
        meant = [name for name in known if fnmatchcase(name, pattern)]
        meant = meant or [name for name in plans_of(data_dir, pattern) if name in known]
        if not meant:
            raise refuse(
                "plan_unknown", got=pattern, known=", ".join(plan_folders(data_dir)) or "–"
            )
        found += meant
    return list(dict.fromkeys(found))


def quarters_in(text: str, rule: Reporting) -> list[Quarter]:
    """Read a quarter, or a range such as ``2024Q1..2025Q2``: every report of a plan in it.

    Examples
    --------
    >>> [str(one) for one in quarters_in("2024Q3..2025Q1", Reporting())]
    ['2024Q3', '2024Q4', '2025Q1']
    """
    first, dots, last = text.partition("..")
    if not dots:
        return [rule.report(text)]
    start, end = Quarter.parse(first), Quarter.parse(last)
    if start > end:
        raise refuse("batch.range", got=text)
    every = (one for year in range(start.year, end.year + 1) for one in rule.reports(year))
    return [one for one in every if start <= one <= end]


def orders(
    data_dir: str | Path,
    plans: Iterable[str],
    quarter: Callable[[Reporting], str],
    languages: Sequence[str],
) -> tuple[list[Order], list[Outcome]]:
    """Return the reports that are asked for, and those whose data are faulty.

    Parameters
    ----------
    quarter : function
        Of a plan's reporting rule: a quarter or a range.
    languages : sequence of str
        The first goes to the quarter's own folder, others to one beside it: ``2025Q2-en``. Without
        any it is the first that the data folder has.
    """
    asked, faulty = [], []
    for plan in plans:
        try:
            ds = load(data_dir, plan=plan)
            rule = ds.require_plan().reporting
            for one in quarters_in(quarter(rule), rule):
                for place, language in enumerate(languages or [ds.language]):
                    folder = f"{one}-{language}" if place else str(one)
                    asked.append(Order(plan, str(one), language, folder))
        except InputError as error:
            language = next(iter(languages), default_language())
            order = Order(plan, "", language, "")
            faulty.append(Outcome(order, "failed", error=error.text(language, command=True)))
    return asked, faulty


def build_all(
    asked: Sequence[Order],
    *,
    data_dir: str | Path = "data",
    out: str | Path = "reports",
    notebook_dir: str | Path = "notebooks",
    jobs: int | None = None,
    force: bool = False,
    plan_only: bool = False,
    executor: Executor | None = None,
) -> Iterator[Outcome]:
    """Build reports side by side, and tell of each as it ends; their index is written once.

    Parameters
    ----------
    asked : sequence of Order
    data_dir, out, notebook_dir
        As for `build`.
    jobs : int, optional
        Reports at once; by default as many as there are processors.
    force : bool
        Build those too that are unchanged.
    plan_only : bool
        Build nothing, and tell what would be built and why.
    executor : concurrent.futures.Executor, optional
        Builds the reports instead, for example on a cluster: the data folder and the notebooks
        travel with each, and what was built comes back.
    """
    out, home = Path(out), Path(notebook_dir)
    paths = [home / f"{name}.ipynb" for name in NOTEBOOKS]
    todo: list[Outcome] = []
    for order in asked:
        sweep(out / order.plan)
        parameters = {"plan": order.plan, "quarter": order.quarter, "language": order.language}
        parameters["data_dir"] = str(data_dir)
        reason = why(out / order.plan / order.folder, parameters, paths, order.word)
        if force or reason:
            todo.append(Outcome(order, "planned", reason or "forced"))
        else:
            yield Outcome(order, "unchanged")
    if plan_only:
        yield from todo
        return
    places = {"data_dir": str(data_dir), "out": str(out), "notebook_dir": str(notebook_dir)}
    if executor is not None:
        yield from _elsewhere(todo, executor, places)
    elif len(todo) > 1:
        yield from _side_by_side(todo, places, jobs or os.cpu_count() or 1)
    else:
        yield from (_build(one, **places, jobs=jobs) for one in todo)
    if todo and out.is_dir():  # else not one report came about, and each has said why
        write_archive(out, todo[0].order.language)


def _build(planned: Outcome, *, jobs: int | None = 1, **places: str) -> Outcome:
    """Build one report; what is wrong is told, not raised."""
    order, kept = planned.order, None
    try:
        about = {"plan": order.plan, "quarter": order.quarter, "language": order.language}
        word = {"docx": order.docx, "probabilities": order.probabilities}
        made = build(**about, **places, **word, folder=order.folder, jobs=jobs, archive=False)
        kept = made.kept
        error = "; ".join(f"{run.notebook.stem}: {run.error}" for run in made.failed)
    except InputError as fault:
        error = fault.text(order.language, command=True)
    except Exception as trouble:  # a full disk, say: the other reports must go on
        error = f"{type(trouble).__name__}: {trouble}"
    return replace(planned, state="failed" if error else "built", error=error, kept=kept)


def _side_by_side(todo: Sequence[Outcome], places: dict[str, str], jobs: int) -> Iterator[Outcome]:
    """Build reports in other processes; where they can be forked, what they share is done here."""
    forks = processes.can_fork()
    shared = {one.order.quarter: one.order.plan for one in todo} if forks else {}
    for quarter, plan in shared.items():
        with suppress(Exception):  # the report itself says what is wrong
            foresee(load(places["data_dir"], plan=plan).at(quarter))

    def died(place: int, code: int) -> Outcome:
        return replace(todo[place], state="failed", error=f"the process ended with code {code}")

    # a process that stays for the next report runs the pages itself, and so imports once
    work = [partial(_build, planned, **places, jobs=1 if forks else 0) for planned in todo]
    yield from (done for _, done in processes.apart(work, jobs, died=died))


def _elsewhere(
    todo: Sequence[Outcome], executor: Executor, places: dict[str, str]
) -> Iterator[Outcome]:
    """Build reports wherever an executor runs them, and put in place what comes back."""
    packed = pack(Path(places["data_dir"]), Path(places["notebook_dir"]))
    known = versions()
    futures = {executor.submit(build_packed, one, packed, known): one for one in todo}
    for future in as_completed(futures):
        planned = futures[future]
        try:
            outcome, content = future.result()
        except Exception as trouble:
            outcome, content = replace(planned, state="failed", error=str(trouble)), b""
        if content:
            order = planned.order
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                target = Path(places["out"]) / order.plan / order.folder
                outcome = replace(outcome, kept=keep_edited(target))
                put_in_place(archive.extractall, target)
        yield outcome


@contextmanager
def cluster(scheduler: str | None) -> Iterator[Executor | None]:
    """Open the workers of a Dask cluster as an executor; none where no cluster is named.

    Raises
    ------
    InputError
        Dask is not installed, or the scheduler does not answer.
    """
    if scheduler is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise refuse("batch.distributed") from None
    try:
        client = Client(scheduler, timeout=20)
    except (OSError, ValueError):
        raise refuse("batch.cluster", got=scheduler) from None
    with client, client.get_executor(pure=False, retries=3) as executor:
        yield executor


def pack(data_dir: Path, notebook_dir: Path) -> bytes:
    """Pack the data and the notebooks, to travel to where reports are built."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        if data_dir.is_file():
            archive.write(data_dir, f"data{data_dir.suffix}")
        else:
            _add(archive, data_dir, "data")
        _add(archive, notebook_dir, "notebooks", "*.ipynb")
    return content.getvalue()


def _add(archive: zipfile.ZipFile, folder: Path, name: str = ".", pattern: str = "*") -> None:
    for file in sorted(folder.rglob(pattern)):
        inside = file.relative_to(folder)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            archive.write(file, (Path(name) / inside).as_posix())


def build_packed(planned: Outcome, packed: bytes, known: dict[str, str]) -> tuple[Outcome, bytes]:
    """Build a report of packed data in a folder of its own, and pack what was built.

    The versions of who asks and who builds must be the same, or their reports are not.
    """
    if (own := versions()) != known:
        other = ", ".join(f"{name} {own[name]}" for name in own if own[name] != known.get(name))
        wrong = refuse("batch.versions", got=other).text(planned.order.language)
        return replace(planned, state="failed", error=wrong), b""
    with tempfile.TemporaryDirectory() as folder:
        home, order = Path(folder), planned.order
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(home)
        data = next(path.name for path in home.iterdir() if path.stem == "data")
        command = [sys.executable, "-m", "pgi_analysis", "report", "--data", data, "--jobs", "1"]
        command += ["--plan", order.plan, "--quarter", order.quarter, "--lang", order.language]
        command += ["--docx"] * order.docx
        command += ["--no-probabilities"] * (order.docx and not order.probabilities)
        # a process of its own: workers have threads, which no fork bears
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        error = (done.stderr.strip() or f"{done.returncode}") if done.returncode else ""
        outcome = replace(planned, state="failed" if error else "built", error=error)
        made = home / "reports" / order.plan / order.quarter
        content = io.BytesIO()
        if made.is_dir():
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
                _add(archive, made)
        return outcome, content.getvalue()
