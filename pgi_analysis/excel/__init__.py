"""Workbooks: the annex of a report, the form for task reports, and its way back."""

from pgi_analysis.excel.annex import write_annex
from pgi_analysis.excel.form import write_form
from pgi_analysis.excel.intake import Intake, compare_forms, content, save
from pgi_analysis.excel.returned import read_forms
from pgi_analysis.excel.sentences import intake_sentences

__all__ = [
    "Intake",
    "compare_forms",
    "content",
    "intake_sentences",
    "read_forms",
    "save",
    "write_annex",
    "write_form",
]
