"""A data folder out of tables as people have them: its files, written whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

from pgi_analysis.data import schema
from pgi_analysis.data.cells import DIRECTIONS, parse_date
from pgi_analysis.data.directions import directions_of
from pgi_analysis.data.headers import plain, role
from pgi_analysis.data.layouts import Asked
from pgi_analysis.data.loading import load
from pgi_analysis.data.names import fold
from pgi_analysis.data.panels import open_table, with_one_name
from pgi_analysis.data.periods import calendar_of
from pgi_analysis.data.plain import rule_faults
from pgi_analysis.data.plan_file import PLAN_NAME
from pgi_analysis.data.reading import read_csv
from pgi_analysis.data.tables import NOTED, Understood, read_tables
from pgi_analysis.data.unfolding import ALL, of_all
from pgi_analysis.data.writing import number_text, to_csv, to_toml
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather, refuse
from pgi_analysis.language import LANGUAGES, say

#: what areas are called, by the header of their column
_NOUNS = {
    "country": ("country", "countryname", "countries", "quocgia", "nuoc"),
    "province": (
        "province",
        "provincename",
        "provinces",
        "tinh",
        "tentinh",
        "tinhthanh",
        "tinhthanhpho",
    ),
    "unit": ("donvi", "so", "songanh", "sobannganh", "phong", "coquan", "department", "unit"),
    "district": ("district", "huyen"),
    "commune": ("commune", "xa"),
    "city": ("city", "thanhpho"),
    "region": ("region", "regionname"),
    "state": ("state",),
    "municipality": ("municipality",),
}
#: what a table of targets may hold
_TARGETS = (
    *("area", "indicator", "target", "target_upper", "target_period"),
    *("baseline", "baseline_period"),
)
#: marks that no other language of such tables has
_VIETNAMESE = re.compile("[\u031b\u0323\u0309]")


@dataclass(frozen=True)
class Draft:
    """A data folder before it is written.

    Attributes
    ----------
    scores : DataFrame
        The panel, each area under one name.
    indicators : DataFrame
        As the tables name them, each with its ``direction``, NA where nobody told it.
    notices : list of Fault
        What may be wrong.
    language : {"vi", "en"}
        Of the names.
    released : date or None
    index : dict
        The entries of ``index.toml``.
    """

    scores: pd.DataFrame
    indicators: pd.DataFrame
    notices: list[Fault]
    language: str
    released: date | None
    index: dict[str, object] = field(default_factory=dict)

    @property
    def areas(self) -> list[str]:
        """The areas, in the order of the tables."""
        return list(dict.fromkeys(self.scores["area"]))

    @property
    def undirected(self) -> list[str]:
        """The indicators whose direction nobody told."""
        return list(self.indicators.loc[self.indicators["direction"].isna(), "indicator"])


def draft_folder(
    found: Understood,
    *,
    directions: Sequence[str] = (),
    released: str | None = None,
    title: str | None = None,
) -> Draft:
    """Make a data folder of what was understood, without writing it.

    Parameters
    ----------
    found : Understood
    directions : sequence of str
        ``up`` or ``down`` for all indicators, ``down:NAME`` for one; ``*`` stands for any letters.
    released : str, optional
        The day on which the figures came out, where the tables do not tell.
    title : str, optional
        What the index is called.

    Raises
    ------
    InputError
        A direction of no indicator, or no day.
    """
    table, notices = with_one_name(found)
    table = table[table["value"].notna()]
    if "source" in table and len(set(table["source"])) == 1:  # index.toml says it once
        table = table.drop(columns="source")
    indicators = found.indicators[found.indicators["indicator"].isin(table["indicator"])]
    named = indicators["direction"].map(lambda cell: DIRECTIONS.get(str(cell).casefold()))
    told = directions_of(directions, indicators[["indicator", "name", "second"]], named)
    indicators = indicators.assign(direction=told)
    heads = [c.name for one in found.layouts for c in (*one.at.values(), *one.values)]
    names = [*indicators["name"], *heads]
    language = "vi" if any(map(_is_vietnamese, names)) else "en"
    day = _day(released, table)
    titles = {one.given.get("title") for one in found.layouts}
    title = title or (titles.pop() if len(titles) == 1 else None)
    sources = dict.fromkeys(one.given.get("source") or one.grid.file for one in found.layouts)
    index: dict[str, object] = {
        f"name_{'vi' if title and _is_vietnamese(title) else language}": title,
        "source": "; ".join(map(str, list(sources)[:5])),
        "released": day,
        "family": "generic",  # what kind of panel it is, a table does not tell
        "area": _noun(found),
    }
    kept = {key: value for key, value in index.items() if value}
    return Draft(table, indicators, notices, language, day, kept)


def draft_of(folder: Path) -> Draft:
    """Take a data folder that is there as a draft, to add a plan to it.

    Raises
    ------
    InputError
        Its scores or indicators cannot be read.
    """
    made = draft_folder(read_tables([folder / "scores.csv"], Asked()))
    table, faults = read_csv(folder / "indicators.csv", "indicators.csv")
    if faults:
        raise InputError(gather(faults))
    own = table.reindex(columns=["indicator", "name_vi", "name_en"])
    own = own.rename(columns={"name_vi": "name", "name_en": "second"})
    return replace(made, indicators=own[own["indicator"].isin(made.indicators["indicator"])])


def _is_vietnamese(text: object) -> bool:
    return bool(_VIETNAMESE.search(unicodedata.normalize("NFD", str(text))))


def _day(released: str | None, table: pd.DataFrame) -> date | None:
    """Tell when the figures came out: as was said, else by the tables' own day of update."""
    if released is not None:
        try:
            return parse_date(released).date()
        except ValueError:
            raise refuse("as_of", got=released) from None
    days = []
    for text in map(str, table["updated"].dropna().unique() if "updated" in table else ()):
        short = re.match(r"([0-9]{2})/([0-9]{2})/([0-9]{2})(?= |$)", text)  # as Eurostat writes
        text = f"{short[1]}/{short[2]}/20{short[3]}" if short else text.split(" ")[0]
        try:
            days.append(parse_date(text).date())
        except ValueError:
            return None
    return max(days, default=None)


def _noun(found: Understood) -> dict[str, str] | None:
    """Tell what the areas are called, where the header of their column does."""
    heads = {plain(one.at["area"].name) if "area" in one.at else "" for one in found.layouts}
    kinds = [kind for kind, names in _NOUNS.items() if heads <= set(names)]
    if not kinds:
        return None
    forms = [(form, lang) for form in ("singular", "plural") for lang in LANGUAGES]
    return {f"{form}_{lang}": say(f"noun.{kinds[0]}_{form}", lang) for form, lang in forms}


def folder_files(made: Draft) -> dict[str, str]:
    """Write the files of a data folder as texts, by their names.

    Raises
    ------
    InputError
        An indicator has no direction, or nothing tells when the figures came out.
    """
    faults = []
    if made.undirected:
        options = " ".join(f'--direction "{name}=…"' for name in made.undirected)
        values = {"n": len(made.undirected), "options": options}
        faults.append(Fault("init.undirected", values=values))
    if made.released is None and (
        "released" not in made.scores or made.scores["released"].isna().any()
    ):
        faults.append(Fault("init.unreleased"))
    if faults:
        raise InputError(faults)
    told = made.indicators
    own = {
        "indicator": told["indicator"],
        f"name_{made.language}": told["name"],
        "unit": told["unit"],
        "direction": told["direction"],
        "group": told["group"],
    }
    if told["second"].fillna("").ne("").any():
        other = "vi" if told["second"].map(_is_vietnamese).any() else "en"
        first = "en" if other == "vi" else "vi"
        own = {
            "indicator": own["indicator"],
            f"name_{first}": told["name"],
            f"name_{other}": told["second"],
        } | {k: v for k, v in own.items() if "name" not in k}
    scores = made.scores
    columns = {name: scores[name] for name in ("area", "indicator")}
    columns |= {"period": scores["period"].map(str), "value": scores["value"].map(_figure)}
    if "status" in scores and scores["status"].notna().any():
        columns["status"] = scores["status"].fillna("published")
    if "series_break" in scores and scores["series_break"].fillna(False).any():
        columns["series_break"] = scores["series_break"].map({True: "yes"})
    if "released" in scores and scores["released"].notna().any():
        columns["released"] = scores["released"].dt.date
    if "source" in scores:
        columns["source"] = scores["source"]
    for lang in LANGUAGES if "note" in scores else ():
        columns[f"note_{lang}"] = scores["note"].map(partial(_note, language=lang))
    texts = {"indicators.csv": _csv(own), "scores.csv": _csv(columns)}
    if made.index:
        texts["index.toml"] = to_toml(made.index)
    return texts


def _figure(value: float) -> str:
    """Write a figure with all its digits, but not the noise of binary fractions."""
    return number_text(value, digits=15)


def _csv(columns: Mapping[str, pd.Series]) -> str:
    """Write the columns that hold something."""
    return to_csv(pd.DataFrame(columns).dropna(axis="columns", how="all"))


def _note(note: object, language: str) -> str | None:
    """Say the notes that letters stand for; a note of the table's own stays as it is."""
    words = str(note or "").split()
    if not words or pd.isna(note):
        return None
    if set(words) <= set(NOTED.values()):
        return ", ".join(say(f"init.{word}", language) for word in words)
    return str(note)


def plan_files(
    made: Draft, name: str, area: str | None, targets: Path | None = None
) -> dict[str, str]:
    """Write the files of a plan as texts: its targets, or rows to fill in with the newest scores.

    With «all» for an area it is a plan for many: each row of `targets` for its own area, or a row
    an indicator for all of them.

    Raises
    ------
    InputError
        The plan cannot be called so, the table has no such area, or the targets do not fit it.
    """
    if not PLAN_NAME.fullmatch(name):
        raise refuse("plan_name", got=name)
    known = made.areas
    if area is None:
        raise refuse("init.plan_area", known=", ".join(known[:20]))
    own = next((one for one in known if fold(one) == fold(area)), None)
    if own is None and not of_all(area):
        raise refuse("area_not_in_panel", got=area, hint=did_you_mean(area, known))
    if targets is not None:
        table = _targets(made, own, targets)
    else:
        table = _rules(made) if own is None else _skeleton(made, own)
    yearly = calendar_of(made.scores).yearly
    about = {
        "name": name,
        **({} if own is None else {"area": own}),
        "reporting": {"rhythm": "yearly" if yearly else "quarterly"},
    }
    home = f"plans/{name}"
    return {f"{home}/plan.toml": to_toml(about), f"{home}/targets.csv": to_csv(table)}


def _rules(made: Draft) -> pd.DataFrame:
    """Give each indicator a row for all areas, to state a target or the change from a period."""
    blank = dict.fromkeys(["measure", "target", "target_period", "baseline_period"], "")
    return pd.DataFrame({"area": ALL[0], "indicator": made.indicators["indicator"], **blank})


def _skeleton(made: Draft, area: str) -> pd.DataFrame:
    """Give each indicator of an area a row with its newest score, the target left open."""
    rows = made.scores[made.scores["area"] == area].sort_values("period", kind="stable")
    newest = rows.groupby("indicator", sort=False).tail(1).set_index("indicator")
    newest = newest.reindex(made.indicators["indicator"]).dropna(subset=["value"])
    return pd.DataFrame(
        {
            "indicator": newest.index,
            "baseline": newest["value"].map(_figure).to_numpy(),
            "baseline_period": newest["period"].map(str).to_numpy(),
            "target": "",
            "target_period": "",
        }
    )


def _targets(made: Draft, area: str | None, file: Path) -> pd.DataFrame:
    """Read the targets of an area, or of each, their indicators under the folder's keys."""
    table, faults = open_table(file)
    named = {column: role(column, _TARGETS) for column in table}
    table = table.rename(
        columns={old: new for old, new in named.items() if new and new not in table}
    )
    faults += rule_faults(table, file.name)
    if "area" not in table and area is not None:
        table.insert(0, "area", area)
    checked, broken = schema.check(
        "panel_targets", table, foreign=True, like=calendar_of(made.scores)
    )
    if faults or broken:
        raise InputError(gather([*faults, *broken]))
    if area is not None:
        checked = checked[checked["area"].map(fold) == fold(area)]
    if checked.empty:
        raise InputError([Fault("init.no_targets", file.name, values={"got": area})])
    keys = {
        fold(str(row[name])): row["indicator"]
        for row in made.indicators.to_dict("records")
        for name in ("second", "name", "indicator")
        if pd.notna(row[name]) and row[name]
    }
    wrong = []
    for row, name in checked["indicator"].items():
        if fold(name) not in keys:
            hint = did_you_mean(name, map(str, made.indicators["indicator"]))
            values = {"got": name, "hint": hint}
            wrong.append(Fault("target_unknown", file.name, row, "indicator", values))
    if wrong:
        raise InputError(gather(wrong))
    shown = {} if area is not None else {"area": checked["area"]}
    shown["indicator"] = checked["indicator"].map(lambda name: keys[fold(name)])
    for name in ("baseline", "baseline_period", "target", "target_upper", "target_period"):
        figure = "period" not in name
        shown[name] = checked[name].map(_figure if figure else str, na_action="ignore")
    return pd.DataFrame(shown).dropna(axis="columns", how="all")


def save_folder(folder: Path, texts: Mapping[str, str], *, overwrite: bool = False) -> None:
    """Write the files of a folder aside, and move them to their place once all are whole.

    Raises
    ------
    InputError
        A file is there already and is not to be replaced, or the folder cannot be written to.
    """
    there = [name for name in texts if (folder / name).exists()]
    if there and not overwrite:
        raise refuse("init.exists", got=", ".join(there), folder=folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            for name, text in texts.items():
                (aside / name).parent.mkdir(parents=True, exist_ok=True)
                (aside / name).write_text(text, encoding="utf-8", newline="\n")
            if "scores.csv" in texts:
                load(aside)  # what could not be read is not left behind
            _move(aside, folder, texts)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise refuse("file_unwritable", got=folder, why=error.strerror) from None


def _move(aside: Path, folder: Path, names: Iterable[str]) -> None:
    aside.chmod(0o755)
    if not folder.exists():
        aside.rename(folder)
        return
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).replace(folder / name)
