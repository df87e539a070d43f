"""A file is written whole or not at all."""

import pytest

from pgi_analysis.data import whole_file


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
