"""From files as people keep them to a checked `Dataset`.

Read `loading` for the way in: `reading` opens files, `cells` reads what a cell says,
`contracts` and `schema` check a table, `names` finds areas, `consistency` checks between tables,
`plan_file` reads ``plan.toml``. `dataset` is what comes out, with `composites` and `quarters`;
`panels` reads plain tables, `writing` writes them.
"""

from pgi_analysis.data.cells import TASK_STATUS, clean
from pgi_analysis.data.composites import DECIMALS, difference, with_composites
from pgi_analysis.data.consistency import progress_faults
from pgi_analysis.data.contracts import LONGEST, contracts
from pgi_analysis.data.dataset import Dataset, Plan
from pgi_analysis.data.loading import load, plan_names
from pgi_analysis.data.panels import read_panel, read_targets
from pgi_analysis.data.quarters import Quarter, Reporting
from pgi_analysis.data.reading import (
    cell_text,
    csv_style,
    lost_formulas,
    merged_faults,
    open_workbook,
)
from pgi_analysis.data.writing import plain_text, to_csv, to_json

__all__ = [
    "DECIMALS",
    "LONGEST",
    "TASK_STATUS",
    "Dataset",
    "Plan",
    "Quarter",
    "Reporting",
    "cell_text",
    "clean",
    "contracts",
    "csv_style",
    "difference",
    "load",
    "lost_formulas",
    "merged_faults",
    "open_workbook",
    "plain_text",
    "plan_names",
    "progress_faults",
    "read_panel",
    "read_targets",
    "to_csv",
    "to_json",
    "with_composites",
]
