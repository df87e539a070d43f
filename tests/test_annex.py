"""The annex workbook says what the CSV tables say, in words, and explains every column."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.writing import to_csv
from pgi_analysis.excel.annex import KINDS, kind_of, read_back, write_annex
from pgi_analysis.language import LANGUAGES, columns, words
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"


def tables_of(ds) -> dict[str, str]:
    made = {
        "gap": pgi.gap(ds).table,
        "trend": pgi.trend(ds).table,
        "projection": pgi.project(ds).table,
        "assessment": pgi.assess(ds).table,
        "tasks": pgi.tasks(ds).table,
        "calendar": pgi.calendar(ds).table,
        "scorecard": pgi.scorecard(ds).table,
    }
    return {name: to_csv(table) for name, table in made.items()}


@pytest.fixture(params=LANGUAGES)
def annex(request, ds, tmp_path):
    """The language, the CSV tables and the workbook made of them."""
    at = ds.at("2025Q2")
    tables, path = tables_of(at), tmp_path / "annex.xlsx"
    write_annex(tables, path, Voice(at, request.param), answer=["=1+1", "Đạt 2/4 mục tiêu."])
    return request.param, tables, openpyxl.load_workbook(path)


def sheet_of(book, table, language):
    return book[words(language)["annex"]["sheet"][table]]


def test_a_report_has_its_annex(report, english):
    for built, title in ((report, "Phụ lục số liệu"), (english, "Annex of figures")):
        name = f"{PLAN}-{built.folder.name}-annex.xlsx"
        book = openpyxl.load_workbook(built.folder / name)
        assert book.worksheets[0]["A1"].value.startswith(title)
        tables = {path.stem for path in (built.folder / "tables").glob("*.csv")}
        assert len(book.worksheets) == len(tables) + 2  # the overview, and the definitions
        assert f'href="{name}"' in (built.folder / "index.html").read_text("utf-8")


def test_figures_are_those_of_the_tables(annex):
    language, tables, book = annex
    for name in ("gap", "trend", "projection", "scorecard"):
        table = pd.read_csv(io.StringIO(tables[name]))
        sheet = sheet_of(book, name, language)
        assert sheet.max_row == len(table) + 1
        heads = [cell.value for cell in sheet[1]]
        for name in table.columns:
            if KINDS[kind_of(name)][0] in ("@", "dd/mm/yyyy"):
                continue
            place = heads.index(Voice(None, language).column(f"annex.{name}", "name")) + 1
            values = [sheet.cell(row + 2, place).value for row in range(len(table))]
            expected = table[name].astype(float)
            pd.testing.assert_series_equal(
                pd.Series(values, dtype=float), expected, check_names=False, rtol=1e-12
            )


def test_numbers_have_formats_and_dates_are_dates(annex):
    language, _, book = annex
    gap = sheet_of(book, "gap", language)
    heads = [cell.value for cell in gap[1]]
    formats = {
        name: gap.cell(
            2, heads.index(Voice(None, language).column(f"annex.{name}", "name")) + 1
        ).number_format
        for name in ("target", "gap", "progress", "baseline_period")
    }
    assert formats == {
        "target": "0.00",
        "gap": "+0.00;−0.00;0.00",
        "progress": "0%",
        "baseline_period": "0",
    }
    due = sheet_of(book, "calendar", language)["A2"]
    assert (due.value.date(), due.number_format) == (date(2025, 9, 15), "dd/mm/yyyy")


def test_codes_are_put_into_words(annex):
    language, _, book = annex
    for sheet in book.worksheets[1:-1]:
        for row in sheet.iter_rows(min_row=2, values_only=True):
            texts = [cell for cell in row if isinstance(cell, str)]
            assert not [text for text in texts if re.fullmatch(r"s\d|[a-z]+_[a-z_]+", text)]
            assert "nan" not in texts
    if language == "vi":
        gap = sheet_of(book, "gap", "vi")
        assert [cell.value for cell in gap[2]][:5] == [
            "Lạng Sơn",
            "Giảm thiểu ô nhiễm và thiên tai",
            2024,
            4.95,
            "Cần kiểm tra",
        ]


def test_headers_stay_in_view_and_filter(annex):
    for sheet in annex[2].worksheets[1:-1]:
        assert sheet.freeze_panes in ("B2", "C2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold for cell in sheet[1])


def test_every_column_is_explained(annex):
    language, _, book = annex
    sheet = book.worksheets[-1]
    explained = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    shown = {cell.value for one in book.worksheets[1:-1] for cell in one[1]}
    assert shown == set(explained)
    assert all(explained.values())
    assert not shown & (set(columns()) - {"median"} if language == "vi" else set())


def test_nothing_is_a_formula(annex):
    cells = [cell for sheet in annex[2] for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert annex[2].worksheets[0]["A4"].value == "=1+1"


def test_what_a_clerk_writes_comes_through(data_copy, tmp_path):
    progress = data_copy / "plans" / PLAN / "progress.csv"
    row = 'n1,2024Q4,2024-12-01,blocked,40,"=1+1","- Thiếu kinh phí",\n'
    progress.write_text(progress.read_text("utf-8") + row, "utf-8")
    ds = pgi.load(data_copy, plan=PLAN).at("2024Q4")
    write_annex({"tasks": to_csv(pgi.tasks(ds).table)}, tmp_path / "a.xlsx", Voice(ds, "vi"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Nhiệm vụ"]
    values = [cell.value for cell in sheet[2]]
    assert {"=1+1", "- Thiếu kinh phí", "Có khó khăn, vướng mắc", "quý IV/2024"} <= set(values)
    assert not [cell for cell in sheet[2] if cell.data_type == "f"]


def test_a_table_of_an_own_notebook_comes_as_it_is(ds, tmp_path):
    own = pd.DataFrame({"village": ["A"], "gap": ["none"], "code": ["01"], "share": [0.5]})
    write_annex({"own": to_csv(own)}, tmp_path / "a.xlsx", Voice(ds.at("2024Q4"), "vi"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["own"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["village", "gap", "code", "share"],
        ["A", "none", "01", 0.5],
    ]
    assert sheet["D2"].number_format == "General"


def test_texts_are_read_back_as_they_were():
    table = pd.DataFrame({"text": ["=1", "'quoted'", None, "- a"]})
    assert read_back(to_csv(table))["text"].tolist() == ["=1", "'quoted'", None, "- a"]


def test_figures_have_the_decimals_of_their_indicator(ds, tmp_path):
    """The same scores in thousandths: 4.840 is 4,840, and has none."""
    many = {"lower": 1000.0, "upper": 1000.0, "value": 1000.0, "target": 1000.0, "baseline": 1000.0}

    def larger(table):
        return table.assign(**{n: table[n] * by for n, by in many.items() if n in table})

    plan = replace(ds.plan, targets=larger(ds.plan.targets))
    large = replace(ds, scores=larger(ds.scores), indicators=larger(ds.indicators), plan=plan)
    at = large.at("2024Q4")
    write_annex({"gap": to_csv(pgi.gap(at).table)}, tmp_path / "a.xlsx", Voice(at, "en"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Gap"]
    shown = {cell.number_format for row in sheet.iter_rows(min_row=2) for cell in row}
    assert {"#,##0", "+#,##0;−#,##0;#,##0"} <= shown
    assert "0.00" not in shown


def test_sheets_have_names_that_excel_takes(ds, tmp_path):
    """No name is cut in its year, longer than 31 letters, or has letters that are refused."""
    at = ds.at("2024Q4")
    table = to_csv(pgi.project(at, model="random_walk").table)
    names = [f"random_walk-{year}" for year in ("2025-03", "2025-06", "2024/25")]
    write_annex(dict.fromkeys(names, table), tmp_path / "annex.xlsx", Voice(at, "vi"))
    sheets = openpyxl.load_workbook(tmp_path / "annex.xlsx").sheetnames[1:-1]
    assert [name[-8:] for name in sheets] == [" 2025-03", " 2025-06", " 2024-25"]
    assert all(len(name) <= 31 for name in sheets)
