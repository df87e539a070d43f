"""Many reports in one command: the same bytes as one by one, and nothing done twice."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import budget
import pytest

import pgi_analysis as pgi
from pgi_analysis.data import Reporting
from pgi_analysis.report import Order, build_all, orders, plans_like, processes
from pgi_analysis.report.batch import quarters_in

SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PLANS = ("gia-lai-2024", "lang-son-transport-2024", "ninh-thuan-2024")


def pgi_report(*options, cwd=None, **others):
    command = [sys.executable, "-m", "pgi_analysis", "report", *map(str, options)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, **others)


def same(one, other):
    """Tell in which files two reports differ, the log of times left out."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and path.name != "build.log"
    }
    return [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()]


@pytest.fixture(scope="module")
def batch(once):
    """The three plans of the data folder, in another order than that of their names."""

    def make(out):
        asked = [Order(plan, "2025Q2", "en", "2025Q2") for plan in (*PLANS[1:], PLANS[0])]
        outcomes = list(build_all(asked, out=out, jobs=2))
        assert {one.state for one in outcomes} == {"built"}, outcomes
        return out

    return once("batch", make)


@pytest.fixture
def copied(batch, tmp_path):
    """A copy of what was built, to be changed."""
    return Path(shutil.copytree(batch, tmp_path / "reports"))


def test_a_report_of_a_batch_is_the_one_built_alone(batch, english):
    assert same(batch / PLANS[1] / "2025Q2", english.folder) == []
    assert (batch / "index.html").is_file()
    assert not list(batch.rglob(".*"))


def test_where_nothing_can_be_forked_a_report_is_the_same(batch, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "can_fork", lambda: False)
    asked = [Order(plan, "2025Q2", "en", "2025Q2") for plan in PLANS]
    outcomes = list(build_all(asked, out=tmp_path, jobs=1))
    assert [one.state for one in outcomes] == ["built"] * 3, outcomes
    for plan in PLANS:
        assert same(batch / plan / "2025Q2", tmp_path / plan / "2025Q2") == []


def planned(out, **options):
    asked = [Order(plan, "2025Q2", "en", "2025Q2") for plan in PLANS]
    found = build_all(asked, out=out, plan_only=True, **options)
    return {one.order.plan: (one.state, one.reason) for one in found}


def test_what_is_unchanged_is_left(batch):
    assert set(planned(batch).values()) == {("unchanged", "")}
    assert set(planned(batch, force=True).values()) == {("planned", "forced")}


def test_what_has_changed_is_built_and_why(copied, tmp_path):
    data = Path(shutil.copytree("data", tmp_path / "data"))
    assert {reason for _, reason in planned(copied, data_dir=data).values()} == {"parameters"}
    (copied / PLANS[0] / "2025Q2" / "gap.html").unlink()
    file = copied / PLANS[1] / "2025Q2" / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["versions"]["numpy"] = "1.0"
    file.write_text(json.dumps(manifest), "utf-8")
    shutil.rmtree(copied / PLANS[2])
    reasons = [reason for _, reason in planned(copied).values()]
    assert reasons == ["incomplete", "code", "new"]
    file = copied / PLANS[0] / "2025Q2" / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["inputs"]["scores.csv"] = "0"
    file.write_text(json.dumps(manifest), "utf-8")
    assert planned(copied)[PLANS[0]] == ("planned", "inputs")


def test_a_new_table_is_a_change(copied, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(pgi.__file__).parents[1] / "data", "data")
    shutil.copytree(Path(pgi.__file__).parents[1] / "notebooks", "notebooks")
    assert set(planned(copied).values()) == {("unchanged", "")}
    Path("data/agencies.csv").unlink()
    assert {reason for _, reason in planned(copied).values()} == {"inputs"}


def test_the_notebooks_are_found_from_whatever_folder(tmp_path, pgi_command, monkeypatch):
    asked = []
    monkeypatch.setattr("pgi_analysis.cli.reports._report", lambda *given: asked.append(given))
    here = Path("notebooks").resolve()
    monkeypatch.chdir(tmp_path)
    pgi_command("report", "--data", tmp_path)
    pgi_command("report", "--data", tmp_path, "--notebooks", "mine")
    assert here in asked[0]
    assert Path("mine") in asked[1]


def test_a_batch_of_which_nothing_comes_says_why(tmp_path, data_dir, pgi_command):
    words = ("report", "--plan", "gia-lai-2024", "--quarter", "2024Q4", "--data", data_dir)
    words += ("--lang", "en", "--lang", "vi", "--notebooks", tmp_path, "--out", tmp_path / "out")
    code, out, _ = pgi_command(*words)
    assert code == 1
    assert "no notebook «quarterly_report.ipynb»" in out
    assert not (tmp_path / "out").exists()


def test_names_patterns_and_ranges():
    assert plans_like("data", ["*-2024"]) == list(PLANS)
    assert plans_like("data", ["ninh*", "gia-lai-2024"]) == [PLANS[2], PLANS[0]]
    with pytest.raises(pgi.InputError, match="ninh-thuan-2025"):
        plans_like("data", ["ninh-thuan-2025"])
    with pytest.raises(pgi.InputError, match=r"2024Q1\.\.2025Q2"):
        quarters_in("2025Q2..2024Q1", Reporting())
    separate = Reporting(year_report="separate")
    found = [str(one) for one in quarters_in("2024Q3..2025Q1", separate)]
    assert found == ["2024Q3", "2024", "2024Q4", "2025Q1"]
    asked, faulty = orders("data", PLANS[:1], lambda rule: "2024Q4..2025Q1", ["vi", "en"])
    assert [one.folder for one in asked] == ["2024Q4", "2024Q4-en", "2025Q1", "2025Q1-en"]
    assert not faulty


def test_one_bad_plan_and_one_bad_page_leave_the_others_whole(tmp_path, batch):
    """Exit code 1, each wrong thing named, the rest as ever."""
    data = Path(shutil.copytree("data", tmp_path / "data"))
    plan = data / "plans" / PLANS[0] / "targets.csv"
    plan.write_text(plan.read_text("utf-8").replace("6.15", "65"), "utf-8")
    notebooks = Path(shutil.copytree("notebooks", tmp_path / "notebooks"))
    source = json.loads((notebooks / "trend.ipynb").read_text("utf-8"))
    cell = next(c for c in source["cells"] if "page.opening" in "".join(c["source"]))
    cell["source"] = [f"assert plan != {PLANS[2]!r}, 'made to fail'\n", *cell["source"]]
    (notebooks / "trend.ipynb").write_text(json.dumps(source), "utf-8")
    ran = pgi_report(
        "--all", "--quarter", "2025Q2", "--lang", "en", "--data", data, "--notebooks", notebooks,
        "--out", tmp_path / "out",
    )  # fmt: skip
    lines = ran.stdout.splitlines()
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "FAILED" in lines[0]
    assert "outside_scale" not in lines[0]
    assert "65" in lines[0]
    assert any("trend: AssertionError: made to fail" in line for line in lines)
    assert lines[-1].startswith("3 reports: 1 built, 0 unchanged, 2 failed;")
    whole = tmp_path / "out" / PLANS[1] / "2025Q2"  # its pages name the other folders
    assert same(whole / "tables", batch / PLANS[1] / "2025Q2" / "tables") == []
    assert (tmp_path / "out" / PLANS[2] / "2025Q2" / "gap.html").is_file()
    assert not (tmp_path / "out" / PLANS[0]).exists() or not list(
        (tmp_path / "out" / PLANS[0]).iterdir()
    )


def test_the_command_tells_what_it_would_do_and_leaves_the_unchanged(copied):
    said = pgi_report("--all", "--quarter", "2025Q2", "--lang", "en", "--out", copied)
    assert said.returncode == 0
    assert said.stdout.count("unchanged  ") == 3
    assert "3 reports: 0 built, 3 unchanged, 0 failed" in said.stdout
    one = ["--plan", PLANS[1], "--quarter", "2025Q2", "--lang", "en", "--out", copied]
    alone = pgi_report(*one)
    assert alone.returncode == 0
    assert "add --force to build it" in alone.stderr
    assert alone.stdout.strip() == str(copied / PLANS[1] / "2025Q2" / "index.html")
    dry = pgi_report(*one, "--lang", "vi", "--dry-run")
    assert "2025Q2-vi" not in dry.stdout  # the first language keeps the folder of the quarter
    assert "unchanged" in dry.stdout
    assert "to build  not there yet" in dry.stdout
    assert not (copied / PLANS[1] / "2025Q2-vi").exists()
    both = pgi_report("--all", "--plan", "x")
    assert both.returncode == 1
    assert "Traceback" not in both.stderr


def runs(pid):
    """Tell whether a process is there, and not one that has ended and nobody has asked after."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def builds(pid):
    """Tell whether a process builds a report."""
    with suppress(OSError):
        return b"pgi_analysis\0report" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def descendants(pid):
    found = subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    children = {}
    for child, parent in zip(found[::2], found[1::2], strict=True):
        children.setdefault(int(parent), []).append(int(child))
    queue, every = [pid], []
    while queue:
        near = children.get(queue.pop(), [])
        every += near
        queue += near
    return every


@pytest.mark.deep
def test_a_killed_batch_leaves_no_process_and_goes_on_where_it_was(batch, tmp_path):
    out, rng = tmp_path / "out", random.Random(1)
    command = [sys.executable, "-m", "pgi_analysis", "report", "--all", "--quarter", "2025Q2"]
    command += ["--lang", "en", "--out", str(out), "--jobs", "2"]
    for _ in range(budget.often(2)):
        with subprocess.Popen(command, **SILENT) as run:
            time.sleep(rng.uniform(1, 25))
            below = descendants(run.pid)
            run.send_signal(signal.SIGKILL)
        time.sleep(1)
        assert not [pid for pid in below if runs(pid)]
        for manifest in out.glob("*/2025Q2/manifest.json"):  # nothing half-written stands
            assert same(manifest.parent, batch / manifest.parent.relative_to(out)) == []
    ran = pgi_report(*command[4:])
    assert ran.returncode == 0, ran.stderr
    for plan in PLANS:
        assert same(out / plan / "2025Q2", batch / plan / "2025Q2") == []
    assert not list(out.rglob(".*"))


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers on this machine, in other folders and with another home."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    running = []

    def start(name, *command):
        home = tmp_path / name
        home.mkdir()
        environment = os.environ | {"HOME": str(home)}
        process = subprocess.Popen(command, cwd=home, env=environment, **SILENT)
        running.append(process)
        return process

    def dask(part):
        return [sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard"]

    start("scheduler", *dask("scheduler"), "--host", "127.0.0.1", "--port", str(port))
    workers = [start(f"worker{i}", *dask("worker"), address, "--nthreads", "1") for i in (1, 2)]
    yield address, workers
    for process in running:
        process.kill()
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)


def test_a_cluster_builds_the_same_and_bears_the_death_of_a_worker(cluster, batch, tmp_path):
    address, workers = cluster
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pgi_analysis", "report", "--quarter", "2025Q2"]
    command += [
        "--plan",
        PLANS[0],
        "--plan",
        PLANS[2],
        "--lang",
        "en",
        "--out",
        str(out),
        "--scheduler",
        address,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        until = time.monotonic() + 120
        while not any(map(builds, descendants(workers[0].pid))):  # a report is under way there
            assert time.monotonic() < until
            assert run.poll() is None
            time.sleep(0.2)
        for pid in [*descendants(workers[0].pid), workers[0].pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        said, wrong = run.communicate(timeout=400)
    assert run.returncode == 0, said + wrong
    for plan in (PLANS[0], PLANS[2]):
        assert same(out / plan / "2025Q2", batch / plan / "2025Q2") == []


def test_a_cluster_that_is_not_there_is_said_to_be_so(tmp_path):
    pytest.importorskip("distributed")
    ran = pgi_report("--all", "--scheduler", "tcp://127.0.0.1:9", "--out", tmp_path, "--lang", "en")
    assert ran.returncode == 1
    assert "cannot be reached" in ran.stderr
    assert "Traceback" not in ran.stderr
