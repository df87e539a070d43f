"""What a data folder may leave out: said once for all of it in ``index.toml``, or told by the rest.

``index.toml`` (in a workbook the sheet ``index``) holds what is the same for all figures. Names may
be in one language; areas and editions that no table lists are those of the scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce

import pandas as pd

from pgi_analysis.data import schema
from pgi_analysis.data.areas import area_notices, one_name
from pgi_analysis.data.cells import token
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.entries import Kind
from pgi_analysis.data.period_columns import read_periods
from pgi_analysis.data.periods import Calendar, Period
from pgi_analysis.faults import Fault
from pgi_analysis.language import LANGUAGES

#: the kinds of panel that the projection knows, see ``panel/families.toml``
FAMILIES = ("subnational_survey", "country_index", "generic", "smooth")
#: how an area or a group of indicators is called, one and several of them
_NOUNS = dict.fromkeys(("singular_vi", "plural_vi", "singular_en", "plural_en"), str)
INDEX_ENTRIES: dict[str, Kind] = {
    **dict.fromkeys(("name_vi", "name_en", "publisher", "source"), str),
    "released": date,
    "family": FAMILIES,
    "area": _NOUNS,
    "group": _NOUNS,
}
#: tables whose figures have a day of publication
_RELEASED = ("scores", "ranks", "national")


def calendar_in(scores: pd.DataFrame) -> Calendar:
    """Return the calendar of the scores' periods, which all tables of the folder share."""
    cells = [token(cell) for cell in scores.get("period", ())]
    read, _ = read_periods({"period": cells})
    known = (one.calendar for one in read["period"] if isinstance(one, Period))
    return next(known, Calendar())


def language_of(tables: Mapping[str, pd.DataFrame], index: Mapping[str, object]) -> str:
    """Return the first language that all names have, else the one that most of them have."""

    def named(language: str) -> int:
        column = f"name_{language}"
        lists = (tables.get(name, pd.DataFrame()) for name in ("areas", "indicators"))
        return (column in index) + sum(t[column].notna().sum() for t in lists if column in t)

    return max(LANGUAGES, key=named)


def completed(name: str, table: pd.DataFrame, source: object = None) -> pd.DataFrame:
    """Fill in what a table of text says in one language, or leaves to the whole folder.

    Of the texts that may not be empty one language stands for both, and ``unit`` and ``group`` are
    for both languages; without a status a figure is published.

    Examples
    --------
    >>> table = completed("indicators", pd.DataFrame({"indicator": ["s1"], "name_en": ["Air"]}))
    >>> table[["name_vi", "name_en"]].values.tolist()
    [['Air', 'Air']]
    """
    columns = contracts()[name].columns
    if not any(column in table for column in columns):
        return table  # its header is the fault
    given = {"status": "published" if name in _RELEASED else None, "source": source}
    filled = {
        column: table.get(column, pd.Series(None, table.index, dtype=object)).fillna(value)
        for column, value in given.items()
        if column in columns and value is not None
    }
    for stem in (column[:-3] for column in columns if column.endswith("_vi")):
        if not (columns[f"{stem}_vi"].required or stem in columns):
            continue
        for language in LANGUAGES:
            other = next(one for one in LANGUAGES if one != language)
            told = (f"{stem}_{language}", stem, f"{stem}_{other}")
            if cells := [table[one] for one in told if one in columns and one in table]:
                filled[told[0]] = reduce(pd.Series.combine_first, cells)
    return table.assign(**filled).rename_axis(index=table.index.name)


def either(faults: list[Fault]) -> list[Fault]:
    """Say of a text that is there in neither language, once, that one of them is enough."""
    said = []
    for fault in faults:
        stem, language = fault.column[:-3], fault.column[-3:]
        if fault.rule not in ("column_missing", "cell_empty") or language not in ("_vi", "_en"):
            said.append(fault)
        elif language == "_vi":
            column = f"{stem}_vi, {stem}_en"
            said.append(Fault(f"{fault.rule}_both", fault.file, fault.row, column, fault.values))
    return said


def listed_areas(tables: dict[str, pd.DataFrame]) -> list[Fault]:
    """Make the table of areas that is not there of those that scores and ranks name, in place.

    Returns
    -------
    list of Fault
        What may be wrong: names that count as one, or that may be one.

    Raises
    ------
    InputError
        Two rows say the same under two spellings.
    """
    notices, known, key = [], [], ["indicator", "period", "released"]
    for table in (tables[name] for name in ("scores", "ranks") if name in tables):
        rows = table.dropna(subset=["area"])
        rows, changed = one_name(rows, str(table.index.name), key, known)
        table["area"] = rows["area"].reindex(table.index)
        known = list(dict.fromkeys([*known, *rows["area"]]))
        notices += changed
    scores = tables["scores"]
    complete = scores.dropna(subset=["area", "period"])
    doubts = area_notices(complete, str(scores.index.name))
    areas = pd.DataFrame({"area": known, "name_vi": known, "name_en": known}, dtype=object)
    tables["areas"] = _checked("areas", areas, scores)
    return notices + [doubt for doubt in doubts if doubt.rule == "area.near"]


def date_figures(tables: dict[str, pd.DataFrame], released: object, file: str) -> Iterator[Fault]:
    """Give figures without a day of publication that of their edition, or of the whole folder.

    Where no table lists the editions, one is made of the scores, in place: an edition is out with
    its first score.
    """
    editions = tables.get("releases")
    known = (
        {} if editions is None else dict(zip(editions["period"], editions["released"], strict=True))
    )
    for table in (tables[name] for name in _RELEASED if name in tables):
        days = [known.get(period, pd.NaT) for period in table["period"]]
        own = table["released"].fillna(pd.Series(days, table.index, table["released"].dtype))
        if isinstance(released, date):
            own = own.fillna(pd.Timestamp(released))
        table["released"] = own
        for row in table.index[own.isna()] if released is None else ():
            yield Fault("release_unknown", str(table.index.name), row, "released", {"file": file})
    if editions is None:
        scores = tables["scores"]
        official = scores[scores["status"] != "interim"].dropna(subset=["period"])
        first = official.groupby("period")["released"].min().rename_axis("period").reset_index()
        tables["releases"] = _checked("releases", first.assign(series_break=False), scores)


def _checked(name: str, table: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    """Give a table that was made of another its types, and the other's file as its own."""
    empty, _ = schema.check(name, table.iloc[:0])
    typed = table.reindex(columns=empty.columns).astype(empty.dtypes.to_dict())
    return typed.rename_axis(index=of.index.name)
