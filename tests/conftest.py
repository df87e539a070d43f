"""Fixtures shared by the tests, and the order in which they start."""

import csv
import os
import pickle
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import Executor, Future
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import budget
import openpyxl
import pytest
from filelock import FileLock
from hypothesis import settings

import pgi_analysis as pgi
from pgi_analysis import cli
from pgi_analysis.report.building import build

ROOT = Path(__file__).parents[1]

# the machine's mood must not decide a test: no deadline, and in CI the same examples each time
settings.register_profile(
    "project",
    deadline=None,
    max_examples=budget.often(50),
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("project")
PLAN = "lang-son-transport-2024"

#: what takes longest starts first, so that no worker is left alone with it at the end
LONGEST = (
    *(
        "test_batch",
        "test_word",
        "browser/test_jupyterlab",
        "browser/test_accessibility",
        "test_wording",
    ),
    *("test_report", "test_descent"),
    *("test_backtest", "test_broken_inputs", "test_display", "test_labels", "test_projection"),
    *("test_form", "browser/test_print", "test_vintages", "test_libreoffice", "test_archive"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Order the files for the workers of pytest-xdist; a file stays together."""
    if hasattr(config, "workerinput"):
        places = {ROOT / "tests" / f"{name}.py": place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Start a worker more than there are processors: some wait for a kernel or a browser."""
    return min(8, (os.cpu_count() or 1) + 1)


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make something once a session, in whichever worker asks first: ``once(name, make)``.

    ``make`` gets a new folder, and what it returns is pickled for the other workers.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def made(name, make):
        kept = shared / f"{name}.pickle"
        with FileLock(shared / f"{name}.lock"):
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(tmp_path_factory.mktemp(name))))
            return pickle.loads(kept.read_bytes())

    return made


class Found:
    """All results of a plan at a quarter, each computed when it is first asked for."""

    def __init__(self, ds):
        self.ds = ds

    @cached_property
    def gap(self):
        return pgi.gap(self.ds)

    @cached_property
    def trend(self):
        return pgi.trend(self.ds)

    @cached_property
    def projection(self):
        return pgi.project(self.ds)

    @cached_property
    def scorecard(self):
        return pgi.scorecard(self.ds)

    @cached_property
    def changes(self):
        return pgi.changes(self.ds, projection=self.projection)

    @cached_property
    def assessment(self):
        return pgi.assess(self.ds)

    @cached_property
    def tasks(self):
        return pgi.tasks(self.ds)

    @cached_property
    def calendar(self):
        return pgi.calendar(self.ds)


@pytest.fixture(scope="session")
def found(data_dir):
    """Compute what was found at a quarter once a session: ``found(plan, quarter).gap``.

    Shared by all who ask, so to be read only.
    """
    return cache(lambda plan, quarter: Found(pgi.load(data_dir, plan=plan).at(quarter)))


@pytest.fixture(autouse=True)
def _english_messages(monkeypatch):
    monkeypatch.setenv("PGI_LANG", "en")


@pytest.fixture(autouse=True)
def _no_figure_left_open():
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def data_dir():
    return ROOT / "data"


@pytest.fixture(scope="session")
def loaded(data_dir):
    return pgi.load(data_dir, plan=PLAN)


@pytest.fixture
def ds(loaded):
    """The plan of the first user, read once a session; a copy, so that a test may change it."""
    return deepcopy(loaded)


@pytest.fixture
def data_copy(data_dir, tmp_path):
    return Path(shutil.copytree(data_dir, tmp_path / "data"))


@pytest.fixture
def pgi_command(monkeypatch, capsys):
    """Run ``pgi`` in this process; give its exit code, output and messages.

    A question gets the answer; without one there is nobody to ask.
    """

    def run(*words, answer=None):
        answers = [] if answer is None else [answer]

        def reply(question):
            print(question)
            if not answers:
                raise EOFError
            return answers.pop()

        monkeypatch.setattr("builtins.input", reply)
        monkeypatch.setattr(sys, "argv", ["pgi", *map(str, words)])
        monkeypatch.setattr(type(sys.stdout), "reconfigure", lambda *_, **__: None, raising=False)
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture(scope="session")
def workbook(data_dir, tmp_path_factory):
    """The data with the plan as an Excel workbook: numbers are numbers, and dates dates."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    home = data_dir / "plans" / PLAN
    for file in sorted([*data_dir.glob("*.csv"), *home.glob("*.csv")]):
        sheet = book.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as lines:
            for cells in csv.reader(lines):
                sheet.append([as_excel_keeps_it(cell) for cell in cells])
    sheet = book.create_sheet("plan")
    sheet.append(["key", "value"])
    about = tomllib.loads((home / "plan.toml").read_text("utf-8"))
    parents = about.pop("parent_targets", [])
    sheet.parent.create_sheet("parent_targets")
    columns = list(dict.fromkeys(key for one in parents for key in one))
    for cells in (columns, *([one.get(key) for key in columns] for one in parents)):
        book["parent_targets"].append(cells)
    for key, value in about.items():
        if isinstance(value, dict):
            for inner, entry in value.items():
                sheet.append([f"{key}.{inner}", entry])
        else:
            sheet.append([key, value])
    path = tmp_path_factory.mktemp("workbook") / "data.xlsx"
    book.save(path)
    return path


class InPlace(Executor):
    """Runs what it is given at once, in this process."""

    def submit(self, work, /, *args):
        future = Future()
        future.set_result(work(*args))
        return future


@pytest.fixture(scope="session")
def in_place():
    """For builds whose subject is not the pool of processes, each of which loads papermill."""
    return InPlace()


@pytest.fixture(scope="session")
def report(once):
    """A report in Vietnamese, from before the outcome; built once, to be read only."""
    return once("vi", lambda out: build(plan=PLAN, quarter="2024Q4", out=out, docx=True))


@pytest.fixture(scope="session")
def english(once):
    """A report in English, with the outcome known; built once, to be read only."""
    options = {"plan": PLAN, "quarter": "2025Q2", "language": "en", "jobs": 1}
    return once("en", lambda out: build(**options, out=out))


def as_excel_keeps_it(text):
    """Give a cell of a CSV file the type that it has in a workbook; codes such as 01 stay text."""
    if not text.startswith("0"):
        for kind in (int, float, date.fromisoformat):
            with suppress(ValueError):
                return kind(text)
    return text or None


@pytest.fixture(scope="session")
def go_without():
    """Skip with a word; but where the project is checked, nothing may be left out."""
    return pytest.fail if os.environ.get("CI") == "true" else pytest.skip


@pytest.fixture(scope="session")
def reference(go_without):
    """Find a file of the reference material: ``reference("data/panels/….csv.gz")``.

    What may be copied lies in ``tests/reference``; the rest in the folder PGI_REFERENCE, else in
    ``shared`` beside the repository.
    """
    outside = Path(os.environ.get("PGI_REFERENCE", ROOT.parent / "shared"))

    def find(path):
        for folder in (ROOT / "tests" / "reference", outside):
            if (folder / path).exists():
                return folder / path
        return go_without(
            f"{path} is neither in tests/reference nor in {outside}: set PGI_REFERENCE"
        )

    return find


@pytest.fixture(scope="session")
def libreoffice(go_without, tmp_path_factory):
    """Open a workbook in LibreOffice and give what it saves, in another format where asked."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        go_without("no LibreOffice is installed: apt-get install libreoffice-calc-nogui")
    profile = tmp_path_factory.mktemp("libreoffice")

    def save(path, kind="xlsx"):
        out = tmp_path_factory.mktemp("saved")
        command = [program, "--headless", f"-env:UserInstallation={profile.as_uri()}"]
        command += ["--convert-to", kind, "--outdir", str(out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return out / f"{Path(path).stem}.{kind}"

    return save
