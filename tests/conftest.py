"""Fixtures shared by the tests."""

import csv
import os
import shutil
import subprocess
import sys
import tomllib
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import settings

import pgi_analysis as pgi
from pgi_analysis import cli
from pgi_analysis.report.building import build

ROOT = Path(__file__).parents[1]

# the machine's mood must not decide a test: no deadline, and in CI the same examples each time
settings.register_profile(
    "project", deadline=None, max_examples=50, derandomize=os.environ.get("CI") == "true"
)
settings.load_profile("project")
PLAN = "lang-son-transport-2024"


@pytest.fixture(autouse=True)
def _english_messages(monkeypatch):
    monkeypatch.setenv("PGI_LANG", "en")


@pytest.fixture(scope="session")
def data_dir():
    return ROOT / "data"


@pytest.fixture
def ds(data_dir):
    return pgi.load(data_dir, plan=PLAN)


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
    for key, value in about.items():
        if isinstance(value, dict):
            for inner, entry in value.items():
                sheet.append([f"{key}.{inner}", entry])
        else:
            sheet.append([key, value])
    path = tmp_path_factory.mktemp("workbook") / "data.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """A report in Vietnamese, from before the outcome; built once, to be read only."""
    return build(plan=PLAN, quarter="2024Q4", out=tmp_path_factory.mktemp("vi"))


@pytest.fixture(scope="session")
def english(tmp_path_factory):
    """A report in English, with the outcome known; built once, to be read only."""
    out = tmp_path_factory.mktemp("en")
    return build(plan=PLAN, quarter="2025Q2", language="en", out=out, jobs=1)


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


@pytest.fixture
def reference(go_without):
    folder = Path(os.environ.get("PGI_REFERENCE", ROOT.parent / "shared"))
    if not folder.is_dir():
        go_without(f"the reference material is not at {folder}; name it with PGI_REFERENCE")
    return folder


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
