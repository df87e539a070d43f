"""A column of numbers: its decimal mark, its thousands separators, its per cents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import number_text, read_panel
from pgi_analysis.data.numbers import parse_whole, read_numbers


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["4.84", "5"], [4.84, 5]),
        (["4,84", "-0,5", "\u22120,5", "–0,5"], [4.84, -0.5, -0.5, -0.5]),
        (["+12", ".5", "5."], [12, 0.5, 5]),
        (["1.2E-3", "1.012E3"], [0.0012, 1012]),
        (["1.020,7", "987,5", "1.012.345"], [1020.7, 987.5, 1012345]),
        (["1,020.7", "987.5", "1,012"], [1020.7, 987.5, 1012]),  # the comma can only part thousands
        (["1.234.567", "1.012"], [1234567, 1012]),
        (["1 234,5", "1\u202f234 567", "12"], [1234.5, 1234567, 12]),
        (["1'234.5", "1’234’567", "1.012"], [1234.5, 1234567, 1.012]),
        (["0.123", "4.567"], [0.123, 4.567]),  # no thousand begins with 0
        (["12345.678", "4.567"], [12345.678, 4.567]),
        (["45%", "30,5 %"], [45, 30.5]),
        ([1.012, 987, "2,5"], [1.012, 987, 2.5]),  # typed numbers are what they are
    ],
)
def test_columns_worked(texts, values):
    read, refused = read_numbers(texts)
    assert refused == {}
    np.testing.assert_allclose(read, values)


@pytest.mark.parametrize(
    ("texts", "rule", "places"),
    [
        (["987,5", "1.012", "1.105", "850,2"], "thousands", [1, 2]),
        (["987", "1,012", "1,105", "850"], "thousands", [1, 2]),
        (["4.123", "5.456"], "thousands", [0, 1]),
        ([0.5, "1.012"], "thousands", [1]),
        (["1,0", "2.0", "3.0"], "decimal_mark", [0]),
        (["1.234.567", "0.5", "0.25"], "decimal_mark", [0]),
        (["45%", "0.3", "0.4"], "percent_mixed", [0]),
        (["45%", "50%", 0.3], "percent_mixed", [2]),
    ],
)
def test_what_a_column_does_not_tell_is_refused(texts, rule, places):
    values, refused = read_numbers(texts)
    assert {place: why for place, (why, _) in refused.items()} == dict.fromkeys(places, rule)
    assert [place for place, value in enumerate(values) if value is None] == places


@pytest.mark.parametrize(
    "text",
    ["-", ".", "1.234,5,6", "12 34", "1 234 56", "4,84 điểm", "nan", "inf", "1e999", "0x1A", "٣"],
)
def test_what_is_no_number(text):
    assert read_numbers([text]) == ([None], {0: ("not_number", {"got": text})})


FINITE = st.floats(-1e99, 1e99)  # figures beyond 1e100 are refused


@given(st.lists(FINITE, min_size=1), st.sampled_from(".,"))
def test_any_numbers_written_with_one_mark_read_back(values, mark):
    texts = [number_text(value, mark) for value in values]
    read, refused = read_numbers([*texts, f"0{mark}5"])
    assert refused == {}
    np.testing.assert_allclose(read[:-1], values, rtol=1e-9)


@given(st.lists(st.integers(-(10**12), 10**12).map(lambda n: n / 100), min_size=1))
def test_numbers_in_groups_read_back(values):
    in_english = [f"{value:,.2f}" for value in values]
    in_vietnamese = [text.translate(str.maketrans(".,", ",.")) for text in in_english]
    for texts in (in_english, in_vietnamese):
        read, refused = read_numbers(texts)
        assert refused == {}
        np.testing.assert_allclose(read, values)


@given(st.lists(FINITE.map(repr), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(texts, random):
    places = list(range(len(texts)))
    random.shuffle(places)
    straight, mixed = read_numbers(texts)[0], read_numbers([texts[i] for i in places])[0]
    assert [straight[i] for i in places] == mixed


@given(st.integers(-(10**9), 10**9), st.sampled_from(["", ".0", ",00"]))
def test_any_whole_number_reads_back(value, decimals):
    assert parse_whole(f"{value}{decimals}") == value


@pytest.mark.parametrize("text", ["6,3", "2024.5", "1e300", "9999999999", "1.012", "x"])
def test_what_is_no_whole_number(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        parse_whole(text)


HEAD = "area;indicator;period;value\n"


def write(folder, *values):
    path = folder / "panel.csv"
    rows = [f"{area};x;2021;{value}" for area, value in zip("ABCDEFGH", values, strict=False)]
    path.write_text(HEAD + "\n".join(rows), "utf-8")
    return path


def test_both_marks_in_a_file_are_refused_with_the_rows(tmp_path):
    message = (
        "panel.csv rows 3, 5, value: «1.012» may be 1012 or a fraction, and the column does not "
        "tell which. Write 1012 without a separator, or the fraction as 1,012."
    )
    with pytest.raises(pgi.InputError) as caught:
        read_panel(write(tmp_path, "987,5", "1.012", "850,2", "1.105"))
    assert caught.value.text("en") == message


def test_missing_figures_as_statisticians_mark_them(tmp_path):
    table = read_panel(write(tmp_path, "12,5", ":", "..", "…", "9"))
    assert table["value"].isna().tolist() == [False, True, True, True, False]


def test_per_cents_are_read_as_they_are_shown(tmp_path):
    assert read_panel(write(tmp_path, "45%", "47,5 %"))["value"].tolist() == [45, 47.5]
