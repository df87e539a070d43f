"""From files as people keep them to a checked `Dataset`.

Read `loading` for the way in: `reading` and `workbooks` open files (`formats` tells what they are),
`cells`, `numbers` and `period_texts` read what columns say, `contracts` and `schema` check a table
(`headers`: its columns' names, `breakdowns`: its rows by sex or age), `names` finds areas,
`descent` tells which of them were there when, and who came of whom,
`consistency` checks between tables, `entries` reads TOML, `plan_file` checks ``plan.toml``,
`unfolding` makes of a plan for many areas one for each, and `folder` fills in what a folder leaves
out or says once. `dataset` is what comes out,
with `composites`, `quarters`, `periods` and `measures`; `panels` reads plain tables: `grids` opens
them, `layouts` tells what their columns are, `tables` makes one panel of them, and `founding` a
folder; `plain` is the door for those that a caller passes in, `writing` writes them. `directions`
says which way is better; `areas`, `suspects` and `plausibility` point at names, scores and other
entries that are accepted, but may be wrong, and `letters` at texts that were broken on the way.
"""

from pgi_analysis.data.areas import before_break
from pgi_analysis.data.arguments import checked
from pgi_analysis.data.cells import DIRECTIONS, TASK_STATUS, clean, in_per_cent
from pgi_analysis.data.composites import DECIMALS, difference, leaf_weights, with_composites
from pgi_analysis.data.consistency import progress_faults, scale_faults, self_assessed
from pgi_analysis.data.contracts import LONGEST, contracts
from pgi_analysis.data.dataset import Dataset, Plan, official_national
from pgi_analysis.data.descent import NEVER_ENDED
from pgi_analysis.data.directions import Directions, directions_of
from pgi_analysis.data.entries import text_of, texts
from pgi_analysis.data.folder import FAMILIES
from pgi_analysis.data.formats import LARGEST, format_of
from pgi_analysis.data.founding import (
    Draft,
    draft_folder,
    draft_of,
    folder_files,
    plan_files,
    save_folder,
)
from pgi_analysis.data.layouts import Asked, Layout, pairs
from pgi_analysis.data.loading import (
    held,
    load,
    plan_folders,
    plan_names,
    plans_of,
    sources,
    without_plan,
)
from pgi_analysis.data.measures import Measure, decimals, measures, measures_of
from pgi_analysis.data.names import AreaNames
from pgi_analysis.data.panels import Tables, read_panel, read_targets
from pgi_analysis.data.periods import COLUMNS as PERIOD_COLUMNS
from pgi_analysis.data.periods import YEARS, Calendar, calendar_of
from pgi_analysis.data.quarters import WHOLE_YEAR, Quarter, Reporting, in_order
from pgi_analysis.data.reading import csv_style, decode, read_bytes
from pgi_analysis.data.tables import Understood, read_tables
from pgi_analysis.data.unfolding import of_all
from pgi_analysis.data.workbooks import (
    cell_text,
    cell_value,
    lost_formulas,
    merged_faults,
    open_workbook,
)
from pgi_analysis.data.writing import (
    locked,
    number_text,
    plain_text,
    safe_table,
    save_timeless,
    to_csv,
    to_json,
    to_toml,
    whole_file,
)

__all__ = [
    "DECIMALS",
    "DIRECTIONS",
    "FAMILIES",
    "LARGEST",
    "LONGEST",
    "NEVER_ENDED",
    "PERIOD_COLUMNS",
    "TASK_STATUS",
    "WHOLE_YEAR",
    "YEARS",
    "AreaNames",
    "Asked",
    "Calendar",
    "Dataset",
    "Directions",
    "Draft",
    "Layout",
    "Measure",
    "Plan",
    "Quarter",
    "Reporting",
    "Tables",
    "Understood",
    "before_break",
    "calendar_of",
    "cell_text",
    "cell_value",
    "checked",
    "clean",
    "contracts",
    "csv_style",
    "decimals",
    "decode",
    "difference",
    "directions_of",
    "draft_folder",
    "draft_of",
    "folder_files",
    "format_of",
    "held",
    "in_order",
    "in_per_cent",
    "leaf_weights",
    "load",
    "locked",
    "lost_formulas",
    "measures",
    "measures_of",
    "merged_faults",
    "number_text",
    "of_all",
    "official_national",
    "open_workbook",
    "pairs",
    "plain_text",
    "plan_files",
    "plan_folders",
    "plan_names",
    "plans_of",
    "progress_faults",
    "read_bytes",
    "read_panel",
    "read_tables",
    "read_targets",
    "safe_table",
    "save_folder",
    "save_timeless",
    "scale_faults",
    "self_assessed",
    "sources",
    "text_of",
    "texts",
    "to_csv",
    "to_json",
    "to_toml",
    "whole_file",
    "with_composites",
    "without_plan",
]
