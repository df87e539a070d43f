"""LibreOffice opens the workbooks, and what it saves reads back the same."""

import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest
from test_form import SOUND, fill

import pgi_analysis as pgi
from pgi_analysis.excel.form import write_form
from pgi_analysis.excel.intake import compare_forms
from pgi_analysis.excel.returned import read_forms

PLAN = "lang-son-transport-2024"


def test_a_draft_opens_and_is_set_out_on_pages(report, libreoffice, go_without):
    """Upright pages, numbered from the second on, then the tasks across, numbered anew."""
    pdf = libreoffice(report.draft, "pdf")
    if not pdf.exists():
        pytest.skip("no Writer is installed: apt-get install libreoffice-writer-nogui")
    if not shutil.which("pdftotext"):
        go_without("no pdftotext is installed: apt-get install poppler-utils")
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pages = text.removesuffix("\f").split("\f")
    first = [page.split()[0] for page in pages]
    across = next(n for n, page in enumerate(pages) if page.split()[:2] == ["PHỤ", "LỤC"])
    assert first[0] == "UBND"
    assert first[1:across] == [str(n) for n in range(2, across + 1)]
    assert first[across + 1 :] == [str(n) for n in range(2, len(pages) - across + 1)]
    assert "[họ và tên người ký]" in pages[across - 1]  # not alone: what is signed stands above
    assert "Trên đây là báo cáo" in pages[across - 1]


@pytest.fixture
def form(ds, tmp_path):
    path = tmp_path / "form.xlsx"
    write_form(ds, "2024Q4", path, language="vi")
    return fill(path, SOUND)


def test_a_form_saved_by_libreoffice_is_the_same_form(form, ds, libreoffice):
    saved = libreoffice(form)
    before, after = read_forms([form, saved])
    assert (before.plan, before.quarter) == (after.plan, after.quarter)
    pd.testing.assert_frame_equal(
        compare_forms([before], ds).added, compare_forms([after], ds).added, check_dtype=False
    )


def test_libreoffice_keeps_what_guards_the_form(form, libreoffice):
    sheet = openpyxl.load_workbook(libreoffice(form)).active
    checks = {check.type: check for check in sheet.data_validations.dataValidation}
    assert set(checks) == {"list", "decimal", "textLength", "date"}
    assert "Có khó khăn vướng mắc" in checks["list"].formula1
    assert checks["list"].error == "Hãy chọn một mục trong danh sách, không gõ mục khác."
    assert sheet.protection.sheet


def test_an_annex_saved_by_libreoffice_holds_the_same(report, libreoffice):
    (path,) = report.folder.glob("*-annex.xlsx")
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(libreoffice(path))
    assert after.sheetnames == before.sheetnames
    for one, other in zip(before, after, strict=True):
        cells = [[cell.value for cell in row] for row in one.iter_rows()]
        saved = [[cell.value for cell in row] for row in other.iter_rows(max_row=one.max_row)]
        assert [row[: one.max_column] for row in saved] == cells


@pytest.mark.parametrize("kind", ["form", "annex"])
def test_workbooks_print(kind, form, report, libreoffice):
    path = form if kind == "form" else next(report.folder.glob("*-annex.xlsx"))
    assert libreoffice(path, "pdf").read_bytes().startswith(b"%PDF")


def test_a_workbook_of_data_saved_by_libreoffice_is_the_same_data(workbook, libreoffice):
    before, after = pgi.load(workbook), pgi.load(libreoffice(workbook))
    pd.testing.assert_frame_equal(before.scores, after.scores)
    pd.testing.assert_frame_equal(before.plan.targets, after.plan.targets)
