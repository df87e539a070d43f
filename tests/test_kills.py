"""What a kill leaves behind, at whatever moment: the next run clears it away, nothing is lost."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count

import openpyxl
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.writing import LEFT
from pgi_analysis.excel import compare_forms, read_forms, save, write_form
from pgi_analysis.excel.form import COLUMNS
from pgi_analysis.report import building
from pgi_analysis.report.building import put_in_place, sweep
from pgi_analysis.report.execution import Run
from pgi_analysis.report.processes import started


class Killed(BaseException):
    """Stands for a kill: nothing of what follows is done."""


def fill(text):
    return lambda folder: (folder / "index.html").write_text(text)


def report(home):
    """What stands in the place of the report; nothing where there is none."""
    path = home / "2024Q4" / "index.html"
    return path.read_text() if path.exists() else ""


def killed_at(monkeypatch, home, moment):
    """Put a new report in the place of an old one, and be killed before a call of the system."""
    calls = 0

    def dying(function):
        def call(*args, **options):
            nonlocal calls
            calls += 1
            if calls >= moment:
                raise Killed
            return function(*args, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.rename", dying(building.Path.rename))
        patch.setattr("shutil.rmtree", dying(building.shutil.rmtree))
        patch.setattr(building, "_OWN", "00000000")  # another run
        with suppress(Killed):
            put_in_place(fill("new"), home / "2024Q4")
    return calls


@pytest.mark.parametrize("moment", [1, 2, 3])
@pytest.mark.parametrize("own", [True, False])
def test_whatever_moment_the_kill_came_a_whole_report_stands_after_the_next_start(
    tmp_path, monkeypatch, moment, own
):
    """Also where the next run has the number of the killed one as a process."""
    put_in_place(fill("old"), tmp_path / "2024Q4")
    with monkeypatch.context() as patch:
        if not own:
            with subprocess.Popen([sys.executable, "-c", ""]) as ended:
                pass
            patch.setattr("os.getpid", lambda: ended.pid)
        assert killed_at(patch, tmp_path, moment) >= moment
    assert len(list(tmp_path.iterdir())) > 1 or report(tmp_path) == ""
    sweep(tmp_path)
    assert report(tmp_path) == ("new" if moment == 3 else "old")
    assert [one.name for one in tmp_path.iterdir()] == ["2024Q4"]
    put_in_place(fill("newer"), tmp_path / "2024Q4")
    assert report(tmp_path) == "newer"
    assert [one.name for one in tmp_path.iterdir()] == ["2024Q4"]


def deaths(work, folder):
    """Do something again and again, in a process that dies at its first, second, … touch of a file.

    Give the moment after each death; end when the process has lived to its end.
    """
    for moment in count(1):
        child = os.fork()
        if not child:
            touches = count(1)

            def hook(event, args, moment=moment, touches=touches):
                named = event in ("os.remove", "os.rmdir") or str(folder) in str(args)
                if named and event.startswith(("open", "os.")) and next(touches) == moment:
                    os._exit(9)

            try:
                sys.addaudithook(hook)
                work()
            except BaseException as error:
                os.write(2, repr(error).encode())
                os._exit(1)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert ended in (0, 9)
        if ended == 0:
            return
        yield moment


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


@forks
def test_at_whichever_touch_of_a_file_a_report_is_killed_a_whole_one_stands(tmp_path):
    stood = []
    put_in_place(fill("old"), tmp_path / "2024Q4")
    for _ in deaths(lambda: put_in_place(fill("new"), tmp_path / "2024Q4"), tmp_path):
        sweep(tmp_path)
        stood.append(report(tmp_path))
        assert [one.name for one in tmp_path.iterdir()] == ["2024Q4"]
        put_in_place(fill("old"), tmp_path / "2024Q4")
    assert report(tmp_path) == "new"
    assert len(stood) > 8
    assert set(stood) == {"old", "new"}


@forks
def test_at_whichever_touch_of_a_file_an_import_is_killed_nothing_is_lost(data_copy, tmp_path, ds):
    progress = data_copy / "plans" / ds.plan.name / "progress.csv"
    form, before, stood = tmp_path / "form.xlsx", progress.read_bytes(), []
    write_form(ds, "2024Q4", form, language="vi")
    book = openpyxl.load_workbook(form)
    names = [column.name for column in COLUMNS if not column.optional]
    for name, entry in {"status": "Hoàn thành", "percent": 100, "reported": "02/12/2024"}.items():
        book.active.cell(9, names.index(name) + 1).value = entry
    book.save(form)
    taken = compare_forms(read_forms([form]), pgi.load(data_copy, plan=ds.plan.name))
    for _ in deaths(lambda: save(taken, progress, seen=before), progress.parent):
        stood.append(progress.read_bytes())
        for left in progress.parent.glob(".progress*"):
            os.utime(left, (time.time() - 2 * LEFT,) * 2)
        save(taken, progress)
        after = progress.read_bytes()
        assert list(progress.parent.glob(".progress*")) == []
        progress.write_bytes(before)
    assert progress.read_bytes() == after != before
    assert len(stood) > 5
    assert set(stood) == {before, after}


def test_what_another_run_works_on_is_left(tmp_path):
    """A process that is there, and was before the folder."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = tmp_path / f".2024Q4-{other.pid}-abcdefgh"
        theirs.mkdir()
        os.utime(theirs, (started(other.pid) + 1,) * 2)
        ours = tmp_path / f".2025Q1-{os.getpid()}-{building._OWN}xyz"
        ours.mkdir()
        sweep(tmp_path)
        assert theirs.exists()
        assert ours.exists()
        other.communicate(b"\n")


@pytest.mark.skipif(sys.platform != "linux", reason="nothing tells when a process was started")
def test_a_later_process_of_the_same_number_does_not_keep_what_a_killed_one_left(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        left = tmp_path / f".2024Q4-old-{other.pid}-abcdefgh"
        left.mkdir()
        (left / "index.html").write_text("old")
        os.utime(left, (started(other.pid) - 120,) * 2)
        sweep(tmp_path)
        other.communicate(b"\n")
    assert report(tmp_path) == "old"
    assert not left.exists()


def test_a_notebook_that_is_half_there_makes_a_failed_page(tmp_path, ds):
    """As on a full disk: what the run said is told, and the report is whole otherwise."""
    folder = tmp_path / "report"
    for name in ("notebooks", "tables"):
        (folder / name).mkdir(parents=True)
    half = folder / "notebooks" / "gap.ipynb"
    half.write_text('{"cells": [')
    run = Run(building.Path("notebooks/gap.ipynb"), half, 0.0, "OSError: No space left on device")
    parameters = {"plan": ds.plan.name, "quarter": "2024Q4", "language": "en", "data_dir": "data"}
    voice = building.Voice(ds.at("2024Q4"), "en")
    building._write(folder, (run,), voice, parameters, False)
    assert "No space left on device" in (folder / "gap.html").read_text("utf-8")
    assert '"status": "failed"' in (folder / "manifest.json").read_text("utf-8")
