"""Files that would hang a reader or fill its memory: refused, or read as the little they hold."""

import io
import os
import sys
import tracemalloc
import unicodedata
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import PatternFill

import pgi_analysis as pgi
from pgi_analysis.data.formats import LARGEST
from pgi_analysis.data.workbooks import open_workbook
from pgi_analysis.faults import INVISIBLE, Fault

ROWS = [
    ["area", "indicator", "period", "value"],
    ["A", "x", 2023, 4.5],
    ["B", "x", 2023, 5.5],
]


@pytest.fixture
def book(tmp_path):
    """A workbook of a small panel; and the path it is saved to."""
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    return made, tmp_path / "panel.xlsx"


def test_a_styled_cell_far_below_costs_nothing(book):
    made, path = book
    made.active["A1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    made.save(path)
    (sheet,) = open_workbook(path).values()
    assert (sheet.max_row, sheet.max_column) == (3, 4)
    assert len(pgi.read_panel(path)) == 2


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "ZZZ9000"])
def test_a_value_far_from_all_others_is_refused(book, place):
    made, path = book
    made.active[place] = 1
    made.save(path)
    with pytest.raises(pgi.InputError, match=f"cell {place}, far from all others"):
        pgi.read_panel(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(book):
    made, path = book
    made.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image1.bin", bytes(LARGEST))
    assert path.stat().st_size < 2**20
    with pytest.raises(pgi.InputError, match="unpacks to more"):
        pgi.read_panel(path)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "panel.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(pgi.InputError, match="larger than 256 MB"):
        pgi.read_panel(path)


def test_an_archive_of_one_file_that_unpacks_to_too_much_is_refused(tmp_path):
    import gzip

    path = tmp_path / "panel.csv.gz"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(257):
            file.write(bytes(2**20))
    path.write_bytes(packed.getvalue())
    with pytest.raises(pgi.InputError, match="unpacks to more"):
        pgi.read_panel(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", ["panel.csv", "panel.xlsx"])
def test_a_pipe_is_no_file(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(pgi.InputError, match="device or pipe"):
        pgi.read_panel(tmp_path / name)


def panel(periods):
    rows = [(area, "x", period, 4.0 + i) for i, period in enumerate(periods) for area in "AB"]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def target(period):
    return pd.DataFrame(
        {"area": ["A"], "indicator": "x", "target": 9.0, "target_period": period, "direction": 1}
    )


@pytest.mark.parametrize("period", [2085, 2200])
def test_a_target_beyond_every_plan_is_refused(period):
    with pytest.raises(pgi.InputError, match="lies more than 60 periods after the newest result"):
        pgi.project(panel([2022, 2023]), target(period))


@pytest.mark.parametrize("period", [20244, 1_000_000, 24])
def test_a_number_that_is_no_year_is_no_target_period(period):
    with pytest.raises(pgi.InputError, match=r"is no period|is another kind of period"):
        pgi.project(panel([2022, 2023]), target(period))


def test_how_far_a_target_may_lie_goes_by_the_history():
    assert len(pgi.project(panel(range(1900, 2024)), target(2100)).table) == 1
    assert len(pgi.project(panel([1, 2, 3]), target(20)).table) == 1


@pytest.mark.parametrize("periods", [[23, 2024], [2022, 2023, 24]])
def test_years_of_two_digits_beside_four_are_refused(periods):
    with pytest.raises(pgi.InputError, match="are periods of two kinds"):
        pgi.project(panel(periods), target(2025))


@pytest.mark.parametrize("cell", ["4\u200b84", "4\u00ad84", "\u202e48.4\u202c", "4\x1b84"])
def test_a_sign_that_cannot_be_seen_in_a_figure_is_refused_and_shown(tmp_path, cell):
    path = tmp_path / "panel.csv"
    path.write_text(f"area,indicator,period,value\nA,x,2023,{cell}\nB,x,2023,5\n", "utf-8")
    with pytest.raises(
        pgi.InputError, match=r"row 2, value: «.*‹U\+(200B|00AD|202E|001B)›"
    ) as error:
        pgi.read_panel(path)
    assert not INVISIBLE.search(str(error.value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("\ufeff4.84", 4.84),
        ("4.84\u200b", 4.84),
        ("\u00ad4.84", -4.84),
        ("\u202a4.84\u202c", 4.84),
        ("4.84\u00ad\x07", 4.84),
    ],
)
def test_what_says_nothing_around_a_figure_is_left_out_and_a_soft_hyphen_is_a_minus(
    tmp_path, cell, value
):
    path = tmp_path / "panel.csv"
    path.write_text(f"area,indicator,period,value\nA,x,2023,{cell}\nB,x,2023,5.5\n", "utf-8")
    assert pgi.read_panel(path)["value"][0] == value


@given(st.text(max_size=30))
def test_no_message_carries_what_a_terminal_obeys(text):
    assert not INVISIBLE.search(Fault("no_such_file", text, None, text, {"got": text}).text("vi"))


def test_every_control_and_format_character_counts_as_invisible():
    """By Unicode; tabs and line feeds part cells and lines of a text."""
    kinds = {"Cc", "Cf", "Zl", "Zp"}
    of_kind = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) in kinds]
    assert [one for one in of_kind if not INVISIBLE.fullmatch(one)] == ["\t", "\n"]


@pytest.mark.parametrize(
    "cell", ["Lạng\u2028 Sơn", "Lạng\x1b Sơn", "Lạng\u2067 Sơn", "\u115fLạng Sơn"]
)
def test_what_cannot_be_seen_is_no_part_of_a_name(tmp_path, cell):
    path = tmp_path / "panel.csv"
    path.write_text(f"area,indicator,period,value\n{cell},x,2023,4.5\nB,x,2023,5.5\n", "utf-8")
    assert pgi.read_panel(path)["area"][0] == "Lạng Sơn"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_the_system_refuses_is_told_in_a_sentence(pgi_command, data_dir, tmp_path, lang):
    """A file in a folder's place, and a name that is too long."""
    (tmp_path / "file").write_text("")
    options = ("--plan", "lang-son-transport-2024", "--quarter", "2024Q4", "--lang", lang)
    for out in (tmp_path / "file", tmp_path / ("x" * 300)):
        code, _, err = pgi_command("report", *options, "--data", str(data_dir), "--out", str(out))
        assert code == 1
        assert str(out) in err
        assert "Traceback" not in err
        assert {"en": "disk full", "vi": "ổ đĩa có đầy"}[lang] in err
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ((9.0, 1.0), r"targets row 0, upper: the upper end 1 is not above the lower end 9"),
    ],
)
def test_a_scale_that_ends_before_it_begins_is_refused(ends, message):
    aim = target(2025).assign(lower=ends[0], upper=ends[1])
    with pytest.raises(pgi.InputError, match=message):
        pgi.project(panel([2022, 2023]), aim)


def test_a_window_of_nothing_is_refused():
    with pytest.raises(pgi.InputError, match="window must be a whole number from 1, got 0"):
        pgi.assess(panel([2022, 2023]), target(2025), method="eurostat", window=0)


def test_a_large_folder_takes_little_memory(tmp_path):
    """20,000 scores; cells that say the same are kept once, and rows are not there several times.

    It once took 29 MB.
    """
    names = ["area", "indicator", "period", "value"]
    rows = [
        (f"Area {a:03}", f"i{i}", year, f"{(a * 7 + i * 3 + year) % 100}.{a % 10}5")
        for a in range(100)
        for i in range(10)
        for year in range(2005, 2025)
    ]
    scores = pd.DataFrame(rows, columns=names)
    scores = scores.assign(status="published", released="2025-05-06", source="Nguồn số liệu")
    scores.to_csv(tmp_path / "scores.csv", index=False)
    keys = [f"i{i}" for i in range(10)]
    about = {"indicator": keys, "name_vi": keys, "name_en": keys, "direction": 1, "source": "x"}
    pd.DataFrame(about).to_csv(tmp_path / "indicators.csv", index=False)
    pgi.load("data")  # what is imported and kept does not count
    tracemalloc.start()
    try:
        loaded = pgi.load(tmp_path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(loaded.scores) == len(rows)
    assert most < 15 * 2**20
