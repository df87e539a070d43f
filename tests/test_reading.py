"""Whatever program wrote the data, and however people spell them, the same tables come out."""

import csv
import re
import shutil
import unicodedata
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.loading import INDEX_TABLES, PLAN_TABLES
from pgi_analysis.data.names import AreaNames
from pgi_analysis.excel.returned import read_forms

PLAN = "lang-son-transport-2024"


@pytest.fixture(scope="module")
def clean(data_dir):
    return pgi.load(data_dir, plan=PLAN)


def assert_same(ds, clean):
    """Assert that two data sets hold the same, to the type of each column."""
    for name in INDEX_TABLES:
        pd.testing.assert_frame_equal(getattr(ds, name), getattr(clean, name), obj=name)
    for one, other in ((ds.plan, clean.plan), (ds.plan.parent, clean.plan.parent)):
        for name in ("targets", "rank_targets", "actions", "progress"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    assert ds.plan.name == clean.plan.name
    assert ds.plan.area == clean.plan.area
    assert ds.plan.about == clean.plan.about
    assert ds.plan.reporting == clean.plan.reporting


def rewrite(folder, files="*.csv", *, cell=str, table=list, encoding="utf-8", **dialect):
    """Write the CSV files of a folder anew, their cells or rows changed by a function."""
    for file in folder.rglob(files):
        with file.open(encoding="utf-8", newline="") as lines:
            header, *body = csv.reader(lines)
        rows = table([header, *([cell(one) for one in cells] for cells in body)])
        with file.open("w", encoding=encoding, newline="") as lines:
            csv.writer(lines, **dialect).writerows(rows)


def decimal_comma(text):
    return re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", text)


def dates_as(form):
    """Give a function that writes the ISO dates anew."""

    def change(text):
        is_date = re.fullmatch(r"\d{4}-\d\d-\d\d", text)
        return form(date.fromisoformat(text)) if is_date else text

    return change


def serial(day):
    """Count the days as Excel does."""
    return str((day - date(1899, 12, 30)).days)


SPELLINGS = {
    "decimal commas": {"cell": decimal_comma},
    "a byte order mark": {"encoding": "utf-8-sig"},
    "lines ended as on Linux": {"lineterminator": "\n"},
    "lines ended as on an old Mac": {"lineterminator": "\r"},
    "semicolons": {"delimiter": ";"},
    "tabs": {"delimiter": "\t"},
    "Excel in Vietnam": {"cell": decimal_comma, "encoding": "utf-8-sig", "delimiter": ";"},
    "Unicode text of Excel": {"encoding": "utf-16", "delimiter": "\t"},
    "every cell in quotes": {"quoting": csv.QUOTE_ALL},
    "dates with the day first": {"cell": dates_as(lambda day: f"{day:%d/%m/%Y}")},
    "dates without leading zeros": {
        "cell": dates_as(lambda day: f"{day.day}.{day.month}.{day:%Y}")
    },
    "dates with a time": {"cell": dates_as(lambda day: f"{day:%d/%m/%Y} 0:00")},
    "dates as day numbers": {"cell": dates_as(serial)},
    "years with decimals": {"cell": lambda text: re.sub(r"^(20\d\d)$", r"\1.0", text)},
    "yes and no in Vietnamese": {"cell": lambda text: {"yes": "Có", "no": "Không"}.get(text, text)},
    "letters in pieces": {"cell": lambda text: unicodedata.normalize("NFD", text)},
    "spaces around": {"cell": lambda text: f" \u00a0{text} "},
    "what cannot be seen": {"cell": lambda text: f"\u200b{text}\u00ad\x07"},
    "a header in capitals": {"table": lambda rows: [[c.upper() for c in rows[0]], *rows[1:]]},
    "columns in another order": {"table": lambda rows: [cells[::-1] for cells in rows]},
    "empty rows between": {"table": lambda rows: [one for cells in rows for one in (cells, [])]},
    "empty columns behind": {"table": lambda rows: [[*cells, "", ""] for cells in rows]},
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_folder_reads_the_same(name, data_copy, clean):
    rewrite(data_copy, **SPELLINGS[name])
    assert_same(pgi.load(data_copy, plan=PLAN), clean)


@pytest.mark.parametrize(
    "spelling",
    [
        "lang son",
        "LẠNG SƠN",
        "Lạng  Sơn",
        "Lạng\u00a0Sơn",
        "Lang-Son",
        "Tỉnh Lạng Sơn",
        "Lang Son Province",
        unicodedata.normalize("NFD", "Lạng Sơn"),
    ],
)
def test_an_area_may_be_spelt_as_people_do(spelling, data_copy, data_dir, clean):
    rewrite(data_copy, cell=lambda text: spelling if text == "Lạng Sơn" else text)
    shutil.copy(data_dir / "areas.csv", data_copy)
    about = data_copy / "plans" / PLAN / "plan.toml"
    before = about.read_text("utf-8")
    about.write_text(before.replace('area = "Lạng Sơn"', f'area = "{spelling}"'), "utf-8")
    ds = pgi.load(data_copy, plan=PLAN)
    pd.testing.assert_frame_equal(ds.scores, clean.scores)
    assert ds.plan.area == "Lạng Sơn"


def test_every_name_and_alias_finds_its_own_area(clean):
    names = AreaNames(clean.areas)
    aliases = clean.areas.set_index("area")["aliases"].dropna().str.split(";").explode()
    assert len(aliases) > 20
    for row in clean.areas.itertuples():
        own, day = names.descent.own(row.area), row.valid_from
        spellings = [row.area, row.name_vi, row.name_en, *aliases.get([row.area], [])]
        assert {names.find(one, None if pd.isna(day) else day) for one in spellings} == {own}


@pytest.mark.parametrize(
    ("spelling", "area"),
    [
        ("TP.HCM", "Hồ Chí Minh"),
        ("Tp. Hồ Chí Minh", "Hồ Chí Minh"),
        ("Ho Chi Minh City", "Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Ba Ria–Vung Tau", "Bà Rịa - Vũng Tàu"),
        ("Đăk Lăk", "Đắk Lắk"),
        ("\u00d0ắk Lắk", "Đắk Lắk"),  # the Icelandic letter that looks the same
        ("dak_lak", "Đắk Lắk"),
        ("Lạng", None),
        ("", None),
        ("–", None),
    ],
)
def test_names_worked(spelling, area, clean):
    assert AreaNames(clean.areas).find(spelling) == area


# --- Workbooks. ---


def test_a_workbook_reads_the_same(workbook, clean):
    assert_same(pgi.load(workbook), clean)
    assert_same(pgi.load(workbook, plan=PLAN), clean)


def dates_as_text(book):
    for sheet in book:
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.is_date:
                    cell.value = f"{cell.value:%d/%m/%Y}"


def sheets_of_ones_own(book):
    book.create_sheet("Ghi chú").append(["", "xem lại", None, "s1"])
    book.create_sheet("Sheet1")


def sheet_names_in_capitals(book):
    for sheet in book:
        sheet.title = f" {sheet.title.upper()}"


def a_table_lower_down(book):
    for sheet in book:
        sheet.insert_rows(1, 3)


@pytest.mark.parametrize(
    "change", [dates_as_text, sheets_of_ones_own, sheet_names_in_capitals, a_table_lower_down]
)
def test_a_workbook_may_be_kept_otherwise(change, workbook, tmp_path, clean):
    book = openpyxl.load_workbook(workbook)
    change(book)
    book.save(tmp_path / "other.xlsx")
    assert_same(pgi.load(tmp_path / "other.xlsx"), clean)


def test_what_openpyxl_does_not_keep_raises_no_warning(workbook, tmp_path, clean):
    lists = b'<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"</worksheet>", lists))
    with pytest.warns(UserWarning, match="Data Validation extension is not supported"):
        openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert_same(pgi.load(tmp_path / "new.xlsx"), clean)


def test_a_workbook_without_a_plan_reads_the_index(workbook, tmp_path, clean):
    book = openpyxl.load_workbook(workbook)
    for name in ("plan", *PLAN_TABLES, "ranks", "national"):
        del book[name]
    book.save(tmp_path / "index.xlsx")
    ds = pgi.load(tmp_path / "index.xlsx")
    pd.testing.assert_frame_equal(ds.scores, clean.scores)
    assert ds.plan is None
    assert ds.ranks.empty
    assert ds.ranks.columns.tolist() == clean.ranks.columns.tolist()


# --- What a file is, whatever its name. ---

SMALL = [["area", "indicator", "period", "value"], ["A", "x", 2023, 4.5], ["B", "x", 2023, 5]]


def small_workbook(path, *, cell=None):
    """Write a small panel, one cell of it otherwise."""
    book = openpyxl.Workbook()
    for row in SMALL:
        book.active.append(row)
    if cell:
        book.active[cell[0]] = cell[1]
    book.save(path)
    return path


def rewritten(path, change):
    """Change the parts of a workbook's zip file."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, change(content))
    return path


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as parts:
        for name in names:
            parts.writestr(name, "")
    return path


def strict(content):
    old = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return content.replace(old, b"http://purl.oclc.org/ooxml/spreadsheetml/main")


SAVE = (
    "which cannot be read here. Open it in Excel or LibreOffice and save it as «Excel Workbook "
    "(.xlsx)», not «Strict Open XML»."
)


@pytest.mark.parametrize(
    ("name", "write", "what"),
    [
        (
            "strict.xlsx",
            lambda path: rewritten(small_workbook(path), strict),
            "an Excel workbook of the kind «Strict Open XML»",
        ),
        ("a.ods", lambda p: zipped(p, "mimetype", "content.xml"), "a spreadsheet of LibreOffice"),
        ("ods.xlsx", lambda path: zipped(path, "content.xml"), "a spreadsheet of LibreOffice"),
        ("a.xlsb", lambda path: zipped(path, "xl/workbook.bin"), "a binary Excel workbook"),
        ("a.xls", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0"), "an Excel file of the old"),
        ("html.xls", lambda path: path.write_text("<html><table>"), "a web page"),
        ("csv.xlsx", lambda path: path.write_text("area,value\n"), "plain text, such as CSV"),
        ("json.xlsx", lambda path: path.write_text('[{"a": 1}]'), "JSON"),
        ("pdf.xlsx", lambda path: path.write_bytes(b"%PDF-1.7"), "a PDF"),
    ],
)
def test_every_reader_says_what_a_file_is_and_how_to_save_it(name, write, what, tmp_path):
    path = tmp_path / name
    write(path)
    for reader in (pgi.read_panel, pgi.read_targets, pgi.load, lambda one: read_forms([one])):
        with pytest.raises(pgi.InputError, match=re.escape(f"{name}: this is {what}")) as caught:
            reader(path)
        assert caught.value.text("en").endswith(SAVE)


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_a_workbook_with_macros_is_read_too(suffix, tmp_path):
    table = pgi.read_panel(small_workbook(tmp_path / f"panel{suffix}"))
    assert table["value"].tolist() == [4.5, 5.0]


def test_a_formula_never_calculated_is_refused(tmp_path):
    path = small_workbook(tmp_path / "panel.xlsx", cell=("D3", "=D2+0.5"))
    message = "panel.xlsx row 3: the formula in D3 has never been calculated"
    with pytest.raises(pgi.InputError, match=message):
        pgi.read_panel(path)


def test_a_formula_counts_as_its_stored_value(tmp_path):
    path = small_workbook(tmp_path / "panel.xlsx", cell=("D3", "=D2+0.5"))
    rewritten(
        path, lambda part: part.replace(b"<v></v>", b"<v>5</v>").replace(b"<v />", b"<v>5</v>")
    )
    assert pgi.read_panel(path)["value"].tolist() == [4.5, 5.0]


def test_typed_numbers_are_what_they_are_and_texts_follow_the_column(tmp_path):
    path = small_workbook(tmp_path / "panel.xlsx", cell=("D3", "1,5"))
    assert pgi.read_panel(path)["value"].tolist() == [4.5, 1.5]
    path = small_workbook(tmp_path / "panel.xlsx", cell=("D3", "1.012"))
    with pytest.raises(pgi.InputError, match=r"«1\.012» may be 1012 or a fraction"):
        pgi.read_panel(path)


def test_a_month_that_excel_made_a_date_is_a_month(tmp_path):
    path = small_workbook(tmp_path / "panel.xlsx", cell=("C2", date(2023, 11, 1)))
    book = openpyxl.load_workbook(path)
    book.active["C3"] = date(2023, 12, 1)
    book.save(path)
    assert pgi.read_panel(path)["period"].tolist() == ["2023-11", "2023-12"]


def test_lines_above_a_wide_table_do_not_hide_it(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("Source,A bank,\n\nCountry,Code,2020,2021,2022,\nA,AA,1,2,3,\n")
    assert pgi.read_panel(path)["value"].tolist() == [1, 2, 3]
    with pytest.raises(pgi.InputError, match="row 3: the periods 2020 to 2022 stand side by side"):
        pgi.read_targets(path)


# --- Rows and optional files. ---


def test_rows_count_as_a_spreadsheet_shows_them(data_copy):
    def long_note_and_empty_row(rows):
        rows[1][-1] = "a note\nof two lines"
        rows[3][rows[0].index("source")] = ""
        return [*rows[:2], [], *rows[2:]]

    rewrite(data_copy, "scores.csv", table=long_note_and_empty_row)
    with pytest.raises(pgi.InputError, match=r"scores.csv row 5, source: the cell is empty"):
        pgi.load(data_copy)


def test_optional_columns_and_files_may_be_left_out(data_copy, clean):
    optional = {"note_vi", "note_en", "code", "region_vi", "region_en", "aliases", "ranked_areas"}
    optional |= {"successor_2025", "planned_rise", "cooperating_units_vi", "cooperating_units_en"}

    def without(rows):
        kept = [position for position, name in enumerate(rows[0]) if name not in optional]
        return [[cells[position] for position in kept] for cells in rows]

    rewrite(data_copy, table=without)
    for name in ("ranks", "national", f"plans/{PLAN}/actions", f"plans/{PLAN}/progress"):
        (data_copy / f"{name}.csv").unlink()
    ds = pgi.load(data_copy, plan=PLAN)
    kept = ["area", "indicator", "period", "value", "status", "released", "source"]
    pd.testing.assert_frame_equal(ds.scores[kept], clean.scores[kept])
    assert ds.scores.columns.tolist() == clean.scores.columns.tolist()
    assert ds.scores["note_vi"].isna().all()
    assert ds.plan.progress.columns.tolist() == clean.plan.progress.columns.tolist()
    assert pgi.gap(ds).table["gap"].tolist() == pgi.gap(clean).table["gap"].tolist()


def test_the_files_read_are_told(clean, data_dir):
    read = {file.relative_to(data_dir).as_posix() for file in clean.files}
    home = f"plans/{PLAN}"
    assert read == {f"{name}.csv" for name in INDEX_TABLES} | {
        f"{home}/plan.toml",
        *(f"{home}/{name}.csv" for name in PLAN_TABLES if name != "parent_targets"),
    }


def test_a_workbook_shows_a_percentage_as_100_times_its_value(workbook, tmp_path):
    book = openpyxl.load_workbook(workbook)
    for number, (value, form) in enumerate([(0.4, "0%"), (40, '0" %"'), (40, "General")], start=2):
        book["progress"].append([f"n{number}", "2024Q4", date(2024, 12, 2), "in_progress", value])
        book["progress"].cell(number, 5).number_format = form
    book.save(tmp_path / "data.xlsx")
    assert pgi.load(tmp_path / "data.xlsx").plan.progress["percent"].tolist() == [40, 40, 40]
