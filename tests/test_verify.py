"""A report that was sent on: unaltered or not, and made again to the byte."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import pgi_analysis as pgi
from pgi_analysis.report import verify

TEMPLATES = "notebooks"


@pytest.fixture
def sent(report, tmp_path):
    """A copy of a report, as somebody has it who got it."""
    return shutil.copytree(report.folder, tmp_path / "sent")


def test_a_copy_is_as_it_was_made(sent, pgi_command):
    assert verify(sent, notebook_dir=TEMPLATES).sound
    code, out, err = pgi_command("verify", sent, "--lang", "en")
    assert (code, out, err) == (0, "The report is as it was made.\n", "")


def test_what_was_changed_taken_away_or_added_is_named(sent, pgi_command):
    page = sent / "gap.html"
    page.write_text(page.read_text("utf-8").replace("6,58", "6,85", 1), "utf-8")
    (sent / "tables/gap.csv").unlink()
    (sent / "tables/more.csv").write_text("x", "utf-8")
    found = verify(sent, notebook_dir=TEMPLATES)
    assert (found.altered, found.missing, found.unknown) == (
        ("gap.html",),
        ("tables/gap.csv",),
        ("tables/more.csv",),
    )
    code, out, err = pgi_command("verify", sent, "--lang", "vi")
    assert (code, out) == (1, "")
    assert "gap.html đã bị thay đổi sau khi lập báo cáo." in err


def test_every_file_but_manifest_and_log_is_hashed(sent):
    files = {path.relative_to(sent).as_posix() for path in sent.rglob("*") if path.is_file()}
    stated = json.loads((sent / "manifest.json").read_text("utf-8"))["files"]
    assert set(stated) == files - {"manifest.json", "build.log"}


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"files": 1, "parameters": {}}'])
def test_what_is_no_report_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(pgi.InputError, match="is no report"):
        verify(tmp_path, notebook_dir=TEMPLATES)


@pytest.mark.slow
def test_a_report_replays_from_its_data_and_not_from_others(report, data_copy, data_dir):
    again = verify(report.folder, data_dir=data_dir, notebook_dir=TEMPLATES)
    assert (again.differing, again.sound, again.replayed, again.newer) == ((), True, True, ())
    scores = data_copy / "scores.csv"
    text = scores.read_text("utf-8")
    changed = text.replace("Hà Nội,total,2023,21.95", "Hà Nội,total,2023,22.95")
    assert changed != text
    scores.write_text(changed, "utf-8")
    other = verify(report.folder, data_dir=data_copy, notebook_dir=TEMPLATES)
    assert "projection.html" in other.differing
    assert other.newer == ("inputs",)


@pytest.mark.slow
def test_the_same_bytes_under_other_seeds_time_zones_and_processes(data_dir, tmp_path):
    """Every file but the log, built three times in other surroundings."""
    made = []
    for seed, zone, jobs in (("0", "UTC", "1"), ("1", "Asia/Ho_Chi_Minh", "2"), ("7", "PST8", "2")):
        out = tmp_path / seed
        about = {"PYTHONHASHSEED": seed, "TZ": zone, "OMP_NUM_THREADS": jobs, "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-m", "pgi_analysis", "report", "--data", str(data_dir)]
        command += ["--plan", "ninh-thuan-2024", "--quarter", "2024Q4", "--out", str(out)]
        command += ["--jobs", jobs]
        subprocess.run(command, env=os.environ | about, check=True, capture_output=True)
        folder = out / "ninh-thuan-2024/2024Q4"
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        made.append({p.relative_to(folder): p.read_bytes() for p in files if p.name != "build.log"})
    assert made[0] == made[1] == made[2]
