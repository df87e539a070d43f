"""A file is written whole or not at all."""

import os
import threading

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgi_analysis.data import locked, plain_text, to_csv, whole_file
from pgi_analysis.data.reading import parse_csv
from pgi_analysis.data.schema import check
from pgi_analysis.data.writing import safe_text


def test_a_file_is_replaced_once_it_is_whole(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("before")
    path.chmod(0o640)
    with whole_file(path) as aside:
        aside.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_goes_on_leading_to_the_file(tmp_path):
    (tmp_path / "shared").mkdir()
    path, real = tmp_path / "table.csv", tmp_path / "shared" / "table.csv"
    real.write_text("before")
    path.symlink_to(real)
    with whole_file(path) as aside:
        aside.write_text("after")
    assert path.is_symlink()
    assert real.read_text() == "after"
    assert [*tmp_path.rglob(".*")] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows opens no folder")
def test_what_a_killed_one_left_is_cleared_away_by_the_next(tmp_path):
    old, new = tmp_path / ".table.csv-abcdefgh", tmp_path / ".table.csv-ijklmnop"
    for left in (old, new):
        left.write_text("half of")
    os.utime(old, (0, 0))
    with whole_file(tmp_path / "table.csv") as aside:
        aside.write_text("after")
    assert sorted(tmp_path.iterdir()) == [new, tmp_path / "table.csv"]


def test_what_is_in_place_is_on_the_disk(tmp_path, monkeypatch):
    """The file before it takes its place, the folder after."""
    done = []
    monkeypatch.setattr("os.fsync", lambda handle: done.append(os.fstat(handle).st_ino))
    with whole_file(tmp_path / "table.csv") as aside:
        aside.write_text("after")
    assert done == [(tmp_path / "table.csv").stat().st_ino, tmp_path.stat().st_ino]


def test_who_wants_to_change_the_same_file_waits(tmp_path):
    path, order = tmp_path / "table.csv", []

    def second():
        with locked(path):
            order.append("second")

    with locked(path):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_after_an_error_nothing_has_changed(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("before")

    def fail():
        with whole_file(path) as aside:
            aside.write_text("half of")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@given(st.text("=+-@'\t\rab 1", max_size=6))
def test_no_text_is_run_by_a_spreadsheet_and_each_comes_back(text):
    safe = safe_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain_text(safe) == text


@pytest.mark.parametrize("text", ["=1+1", "-thiếu kinh phí", "+84", "@x", "'=1", "''-", "'quoted'"])
def test_a_table_that_was_written_reads_back_unchanged(text):
    row = {"action": "n1", "quarter": "2024Q4", "reported": pd.Timestamp("2024-12-02")}
    row |= {"status": "in_progress", "percent": 40.0, "evidence": text}
    written = to_csv(pd.DataFrame([row]))
    read, faults = check("progress", parse_csv(written.encode(), "progress.csv")[0])
    assert not faults
    assert read["evidence"].tolist() == [text]
    assert f",{text}" not in written or text.startswith("'q")
