"""What is said of a result, in the language of the reader."""

from pgi_analysis.text.footnotes import sources
from pgi_analysis.text.tables import calendar_table, gap_table, projection_table, trend_table
from pgi_analysis.text.work import intake_sentences, task_details

__all__ = [
    "calendar_table",
    "gap_table",
    "intake_sentences",
    "projection_table",
    "sources",
    "task_details",
    "trend_table",
]
