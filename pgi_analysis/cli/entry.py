"""Commands by which data come in: checked, and shown before they are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pgi_analysis.cli.options import (
    DATA,
    DataOption,
    Language,
    LanguageOption,
    PlanOption,
    QuarterOption,
    YesOption,
)
from pgi_analysis.cli.plans import at_quarter, load_plan, members
from pgi_analysis.cli.talk import agreed, as_typed, ask, note, note_late, note_without
from pgi_analysis.faults import InputError, refuse, visible
from pgi_analysis.language import default_language, say


def init(
    folder: Annotated[
        Path, typer.Argument(help="Thư mục dữ liệu sẽ lập. The data folder to make.")
    ],
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="Bảng số liệu: CSV, Excel hoặc một thư mục; có thể nêu nhiều lần. Tables.",
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option("--sheet", help="Trang tính cần đọc. Sheets to read.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", help="Cột nào là gì. What columns are: area=Country,period=Year"),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option("--area", help="Nơi mà cả bảng, hoặc kế hoạch, nói đến. Of table or plan."),
    ] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="Chỉ số của cả bảng. Of the whole table.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Kỳ của cả bảng. Of the whole table, as 2024.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Nhóm cần đọc. The group to read: Sex=Female"),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Địa phương, chỉ số cần bỏ ra. To be left out."),
    ] = None,
    direction: Annotated[
        list[str] | None,
        typer.Option("--direction", help="Chiều tốt lên: up, down, TÊN=down. The better way."),
    ] = None,
    released: Annotated[
        str | None, typer.Option("--released", help="Ngày công bố. When the figures came out.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", help="Tên bộ chỉ số. What the index is called.")
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="Lập cả kế hoạch tên này. Also make a plan.")
    ] = None,
    targets: Annotated[
        Path | None, typer.Option("--targets", help="Bảng mục tiêu. The plan's targets.")
    ] = None,
    lang: LanguageOption = None,
    yes: YesOption = False,
    replace_: Annotated[
        bool, typer.Option("--replace", help="Thay các tệp đã có. Replace files that are there.")
    ] = False,
) -> None:
    """Lập thư mục dữ liệu từ bảng có sẵn. Make a data folder of tables as you have them."""
    from pgi_analysis.data import (
        Asked,
        draft_folder,
        draft_of,
        folder_files,
        of_all,
        pairs,
        plan_files,
        read_tables,
        save_folder,
    )
    from pgi_analysis.text import understood

    language = (lang or default_language()) + ""
    if not plan and (targets or (not from_ and area)):
        raise refuse("init.plan_alone")
    if not from_ and not (plan and (folder / "scores.csv").exists()):
        raise refuse("init.nothing", folder=folder)
    if from_:
        of = None if plan and area and of_all(area) else area  # of the plan alone
        said = {"area": of, "indicator": indicator, "period": period}
        chosen = {"where": pairs(where or ()), "without": without or ()}
        found = read_tables(from_, Asked(sheet or (), pairs(columns or ()), **said, **chosen))
        told = {"directions": direction or [], "released": released, "title": title}
        made = draft_folder(found, **told)
        for line in understood(found, made, language):
            typer.echo(line)
        if not yes:
            told["directions"] += _asked_directions(made.undirected, language)
            if made.released is None:
                told["released"] = ask(say("init.ask_released", language), language)
            made = draft_folder(found, **told)
    else:
        made = draft_of(folder)
    texts, faults = {}, []
    if area is None and len(made.areas) == 1:
        (area,) = made.areas
    for write in (
        *([lambda: folder_files(made)] if from_ else ()),
        *([lambda: plan_files(made, plan, area, targets)] if plan else ()),
    ):
        try:
            texts |= write()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    names = ", ".join(texts)
    question = say("init.ask", language, files=names, folder=folder)
    if not yes and not agreed(question, language):
        raise typer.Exit(1)
    save_folder(folder, texts, overwrite=replace_)
    typer.echo(say("init.saved", language, folder=folder, files=names))
    if plan and not targets:
        typer.echo(say("init.fill", language, file=folder / "plans" / plan / "targets.csv"))
    if plan:
        typer.echo(as_typed(["pgi", "report", "--data", str(folder), "--plan", plan]))
    else:
        words = ["pgi", "init", str(folder), "--plan", say("init.plan_name", language)]
        words += ["--area", made.areas[0]]
        typer.echo(say("init.no_plan", language, command=as_typed(words)))


def _asked_directions(names: list[str], language: str) -> list[str]:
    """Ask for the direction of each indicator that has none."""
    from pgi_analysis.data import DIRECTIONS

    told = []
    for name in names:
        answer = ""
        while answer not in DIRECTIONS:
            answer = ask(say("init.ask_direction", language, indicator=name), language)
        told.append(f"{name}={answer}")
    return told


def read_document(
    documents: Annotated[
        list[Path],
        typer.Argument(help="Kế hoạch: .txt, .docx, .pdf hoặc ảnh quét. The plan, as it was sent."),
    ],
    out: Annotated[
        Path, typer.Option("--out", help="Thư mục sẽ ghi, như data/plans/TÊN. The plan's folder.")
    ],
    yes: YesOption = False,
    lang: LanguageOption = None,
) -> None:
    """Đọc văn bản kế hoạch thành bản thảo. Read a plan's document into a draft."""
    from pgi_analysis.data import load, save_folder
    from pgi_analysis.documents import files_of, lines_of, read_plan, told

    language, index = lang or default_language(), out.parent.parent
    ds = load(index) if (index / "scores.csv").exists() else None
    read = read_plan([line for path in documents for line in lines_of(path)], ds)
    names = ", ".join(path.name for path in documents)
    files = files_of(read, out.name, names, language)
    listed = told(read, language)
    for row in sorted(listed.itertuples(index=False, name=None), key=lambda row: bool(row[4])):
        typer.echo(visible(" · ".join(str(cell) for cell in row if str(cell))))  # doubts last
    counts = {table: len(read.rows(table)) for table in ("targets", "actions")}
    counts |= {"values": len(listed), "doubts": int(listed.iloc[:, 4].ne("").sum())}
    typer.echo(say("document.read", language, document=names, **counts))
    if read.broken:
        typer.echo(say("document.broken", language))
    if not yes and not agreed(say("document.ask", language, out=out), language):
        raise typer.Exit(1)
    save_folder(out, files)
    typer.echo(say("document.saved", language, out=out))


def validate(plan: PlanOption = None, data: DataOption = DATA, lang: LanguageOption = None) -> None:
    """Kiểm tra dữ liệu và nêu mọi lỗi. Check the data and name every fault."""
    from pgi_analysis.data import load, plan_names

    plans = (members(data, plan) or [plan]) if plan else plan_names(data) or [None]
    faults: dict[object, None] = {}
    loaded = []
    for name in plans:
        try:
            loaded.append(load(data, plan=name))
        except InputError as error:
            said = (fault.text(lang, command=True) for fault in error.faults)
            faults |= dict.fromkeys(said)
    language = lang or default_language()
    if faults:
        typer.echo(say("command.faults", language, n=len(faults)), err=True)
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(1)
    note((notice for ds in loaded for notice in ds.notices), language)
    note_without(data, language)
    with_plan = [ds for ds in loaded if ds.plan]
    for ds in with_plan:
        note_late(ds.plan, language)
    counts = {"scores": len(loaded[-1].scores), "editions": len(loaded[-1].releases)}
    counts["plans"] = len(with_plan)
    typer.echo(say("command.valid", language, **counts))


def template(
    plan: PlanOption = None,
    quarter: QuarterOption = None,
    data: DataOption = DATA,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Ngôn ngữ của mẫu. Language of the form.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Tệp .xlsx sẽ ghi. The workbook to write."),
    ] = None,
) -> None:
    """Lập mẫu Excel để các đơn vị báo cáo nhiệm vụ. Write the form for task reports."""
    from pgi_analysis.excel import write_form

    ds = load_plan(data, plan)
    asked = at_quarter(ds, quarter).quarter
    path = out or Path(f"{ds.require_plan().name}-{asked}.xlsx")
    write_form(ds, asked, path, language=lang.value if lang else ds.language)
    typer.echo(path)


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE.xlsx…", help="Các mẫu đã điền. The filled-in forms."),
    ],
    plan: PlanOption = None,
    quarter: Annotated[
        str | None,
        typer.Option(
            "--quarter",
            help="Quý mà mẫu phải thuộc về; cần cho báo cáo muộn. Needed for late reports.",
        ),
    ] = None,
    data: DataOption = DATA,
    lang: LanguageOption = None,
    yes: YesOption = False,
) -> None:
    """Nhập các mẫu đã điền vào kế hoạch. Merge filled-in forms into the plan's task reports."""
    from pgi_analysis.data import in_order
    from pgi_analysis.excel import compare_forms, content, intake_sentences, read_forms, save
    from pgi_analysis.voice import Voice

    if not data.is_dir():
        raise refuse("form.not_folder", got=data)
    forms = read_forms(files)
    file = data / "plans" / (plan or forms[0].plan) / "progress.csv"
    seen = content(file)
    ds = load_plan(data, plan or forms[0].plan)
    found = compare_forms(forms, ds, quarter=quarter)
    voice = Voice(ds, lang or default_language())
    for line in intake_sentences(found, voice):
        typer.echo(line)
    note_late(replace(found.plan, progress=found.changed), voice.language)
    if found.nothing:
        typer.echo(voice.say("intake.nothing"))
        return
    if not yes and not agreed(voice.say("intake.ask", file=file), voice.language):
        raise typer.Exit(1)
    if kept := save(found, file, seen=seen):
        typer.echo(voice.say("intake.kept", file=kept))
    typer.echo(voice.say("intake.saved", file=file))
    words = ["pgi", "report", "--plan", found.plan.name]
    words += ["--quarter", in_order(found.changed)["quarter"].iloc[-1]]
    words += [] if data == DATA else ["--data", str(data)]
    typer.echo(voice.say("intake.next", command=as_typed(words)))
