"""The options that commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

#: where the data are, if nothing else is said
DATA, NOTEBOOKS = Path("data"), Path("notebooks")


class Language(StrEnum):
    """A language of reports and messages."""

    vi = "vi"
    en = "en"


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


PlanOption = Annotated[
    str | None,
    typer.Option("--plan", help="Tên kế hoạch, là thư mục trong plans/. A folder of plans/."),
]
QuarterOption = Annotated[
    str | None,
    typer.Option(
        "--quarter",
        help="Quý, như 2024Q4, hoặc năm; mặc định: kỳ đến hạn. "
        "Quarter or year; by default the one due next.",
    ),
]
DataOption = Annotated[
    Path,
    typer.Option("--data", help="Thư mục dữ liệu hoặc tệp .xlsx. Data folder or .xlsx workbook."),
]
LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Ngôn ngữ. Language: vi, en.")
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="Dạng in ra. How the table is printed.")
]
PanelOption = Annotated[
    Path | None,
    typer.Option(
        "--panel",
        help="Bảng điểm của bất kỳ bộ chỉ số nào (CSV, Excel), thay cho kế hoạch. "
        "Scores of any index, in place of a plan.",
    ),
]
TargetsOption = Annotated[
    Path | None,
    typer.Option("--targets", help="Bảng mục tiêu đi cùng --panel. The targets of a --panel."),
]
DirectionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--direction",
        help="Nếu bảng mục tiêu không ghi: up (cao hơn là tốt hơn), down, hoặc TÊN=down. "
        "Where the targets have none: up (higher is better), down, or INDICATOR=down.",
    ),
]
LevelOption = Annotated[
    float, typer.Option("--level", help="Mức của khoảng, như 0.8. Of the interval.")
]
NotebooksOption = Annotated[
    Path, typer.Option("--notebooks", help="Thư mục các notebook. Folder of the notebooks.")
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="Ghi ngay, không hỏi. Write without asking.")
]
