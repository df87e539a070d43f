"""What a plan says of itself, in ``plan.toml`` or the sheet ``plan``: read and checked."""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from pgi_analysis.data.cells import clean, parse_date
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.names import AreaNames
from pgi_analysis.data.numbers import parse_whole
from pgi_analysis.data.quarters import ANNUAL_MONTHS, YEAR_REPORTS, Reporting
from pgi_analysis.data.reading import read_text
from pgi_analysis.faults import Fault, InputError, did_you_mean

#: a name that can be a folder's on any system
PLAN_NAME = re.compile(r"[^\W_]([\w.-]*\w)?")

_REQUIRED = ("area", "title_vi", "agency_vi", "source")
_OPTIONAL = (
    *(
        "title_en",
        "agency_en",
        "name",
        "index_vi",
        "index_en",
        "publisher",
        "number",
        "issued",
        "signed_by",
        "replaced_by",
    ),
    *("note_vi", "note_en"),
)
_CARRIES_OUT = ("number", "issued", "agency_vi", "agency_en", "title_vi", "title_en")
_REPORTING = ("unit_vi", "unit_en", "reports_to_vi", "reports_to_en")
_UNITS_DAYS = {"quarter_day": 28, "annual_month": 12, "annual_day": 31}
_DAYS = _UNITS_DAYS | {f"agency_{key}": most for key, most in _UNITS_DAYS.items()}
#: entries that are one of a few words
_CHOICES = {"year_report": YEAR_REPORTS}
_GROUPS = {"carries_out": _CARRIES_OUT, "reporting": (*_REPORTING, *_DAYS, *_CHOICES)}

About = dict[str, object]


def read_about(path: Path, label: str) -> About:
    """Read a ``plan.toml``.

    Raises
    ------
    InputError
        The file is missing, no text in UTF-8, or not in the form of TOML.
    """
    try:
        return tomllib.loads(read_text(path, label))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = int(line[1]) if line else None
        raise InputError([Fault("toml", label, row, values={"got": error})]) from None


def parent_targets(about: About, file: str) -> pd.DataFrame:
    """Return the entries ``[[parent_targets]]`` as a table of text, a row an entry.

    Raises
    ------
    InputError
        They are no list of entries.
    """
    entries = about.pop("parent_targets", [])
    label = f"{file} [[parent_targets]]"
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise InputError([Fault("key_not_list", file, None, "parent_targets", {"got": entries})])
    known = [column for column in contracts()["targets"].columns if column != "area"]
    for one in entries:
        if "area" in one:  # the plan above is of the same area
            raise InputError(
                [Fault("key_unknown", label, None, "area", {"known": ", ".join(known)})]
            )
    columns = dict.fromkeys([*contracts()["targets"].columns, *(k for one in entries for k in one)])
    source = {"source": about.get("source")}
    rows = [{key: str(value) for key, value in (source | one).items()} for one in entries]
    index = pd.RangeIndex(1, len(rows) + 1, name=label)
    return pd.DataFrame(rows, columns=list(columns), index=index, dtype=object)


def nested(sheet: pd.DataFrame) -> About:
    """Turn the rows of a sheet with the columns key and value into nested entries."""
    about: About = {}
    for key, value in sheet[["key", "value"]].dropna().itertuples(index=False):
        *outer, last = key.split(".")
        table: object = about
        for part in outer:
            table = table.setdefault(part, {}) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table[last] = value
    return about


def about_faults(
    about: About, file: str, names: AreaNames | None, *, of_many: bool = False
) -> Iterator[Fault]:
    """Find what is wrong in a plan's entries; texts, dates and days are put right in place.

    A plan `of_many` areas does not name one.
    """
    for key in _REQUIRED[1:] if of_many else _REQUIRED:
        if not str(about.get(key, "")).strip():
            yield Fault("key_missing", file, None, key)
    for group in _GROUPS:
        if not isinstance(about.get(group, {}), dict):
            yield Fault("key_not_group", file, None, group, {"got": group})
            about[group] = {}
    known = (*_REQUIRED, *_OPTIONAL, *_GROUPS, "parent_targets")
    yield from _entry_faults(about, file, "", known)
    given = set(about.get("reporting", {}))  # faulty entries are deleted below
    for group, known in _GROUPS.items():
        entries = about.get(group, {})
        assert isinstance(entries, dict)
        yield from _entry_faults(entries, file, f"{group}.", known)
    area, name = about.get("area"), about.get("name")
    if names and isinstance(area, str) and area and not of_many and not names.find(area):
        values = {"got": area, "areas": names.file, "hint": names.hint(area)}
        yield Fault("area_unknown", file, None, "area", values)
    if isinstance(name, str) and not PLAN_NAME.fullmatch(name):
        yield Fault("plan_name", file, None, "name", {"got": name})
    yield from _deadline_faults(about, file, given)


def _deadline_faults(about: About, file: str, given: set[str]) -> Iterator[Fault]:
    """Find half a date, days that no year has, and an agency that reports before its units."""
    group = about.get("reporting", {})
    assert isinstance(group, dict)
    for level in ("", "agency_"):
        keys = month, day = f"{level}annual_month", f"{level}annual_day"
        for absent in set(keys) - given if given & set(keys) else ():
            yield Fault("key_missing", file, None, f"reporting.{absent}")
        if month in group and group[month] not in ANNUAL_MONTHS:
            values = {"got": group.pop(month), "known": ", ".join(map(str, ANNUAL_MONTHS))}
            yield Fault("annual_month", file, None, f"reporting.{month}", values)
        elif month in group and day in group:
            last = calendar.monthrange(2023, group[month])[1]  # its February has 28 days
            if group[day] > last:
                values = {"got": group.pop(day), "low": 1, "high": last}
                yield Fault("between", file, None, f"reporting.{day}", values)
    rule = reporting(about)
    for kind, report in {rule.kind(one): one for one in rule.reports(2023)}.items():
        if rule.final_deadline(report) < rule.deadline(report):
            keys = ("quarter_day",) if kind == "quarter" else ("annual_month", "annual_day")
            values = {"units": ", ".join(f"reporting.{key}" for key in keys)}
            yield Fault("agency_early", file, None, f"reporting.agency_{keys[-1]}", values)


def _entry_faults(
    entries: About, file: str, prefix: str, known: tuple[str, ...]
) -> Iterator[Fault]:
    for key, value in list(entries.items()):
        place = (file, None, prefix + key)
        if key not in known:
            yield Fault("key_unknown", *place, {"known": ", ".join(known)})
        elif key in _GROUPS:
            continue
        elif key == "issued":
            try:
                entries[key] = parse_date(clean(str(value))).date()
            except ValueError:
                yield Fault("not_date", *place, {"got": value})
        elif key in _DAYS:
            try:
                entries[key] = parse_whole(clean(str(value)))
                if not 1 <= entries[key] <= _DAYS[key]:
                    raise ValueError(value)
            except ValueError:
                yield Fault("between", *place, {"got": value, "low": 1, "high": _DAYS[key]})
                del entries[key]
        elif key in _CHOICES:
            entries[key] = clean(str(value))
            if entries[key] not in _CHOICES[key]:
                hint = did_you_mean(entries.pop(key), _CHOICES[key])
                values = {"got": value, "low": ", ".join(_CHOICES[key]), "hint": hint}
                yield Fault("allowed", *place, values)
        elif isinstance(value, dict | list):
            yield Fault("key_not_text", *place, {"got": value})
        else:
            entries[key] = clean(str(value))


def reporting(about: Mapping[str, object]) -> Reporting:
    """Return the reporting rule of a plan; what it leaves open is as in the Lạng Sơn plan."""
    group = about.get("reporting", {})
    assert isinstance(group, Mapping)
    days = {key: int(group[key]) for key in _DAYS if key in group}
    return Reporting(**days, **{key: group[key] for key in _CHOICES if key in group})
