"""A file is written whole or not at all."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgi_analysis.data import plain_text, to_csv, whole_file
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
