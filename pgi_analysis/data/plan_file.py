"""What a plan says of itself, in ``plan.toml`` or the sheet ``plan``: checked."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.entries import About, Kind, entry_faults
from pgi_analysis.data.names import AreaNames
from pgi_analysis.data.quarters import ANNUAL_MONTHS, RHYTHMS, YEAR_REPORTS, Reporting
from pgi_analysis.faults import Fault, InputError

#: a name that can be a folder's on any system
PLAN_NAME = re.compile(r"[^\W_]([\w.-]*\w)?")

_REQUIRED = ("area",)
_TEXTS = (
    *("area", "title_vi", "title_en", "agency_vi", "agency_en", "source", "name"),
    *("index_vi", "index_en", "publisher", "number", "signed_by", "replaced_by"),
    *("note_vi", "note_en"),
)
_CARRIES_OUT = ("number", "agency_vi", "agency_en", "title_vi", "title_en")
_REPORTING = ("unit_vi", "unit_en", "reports_to_vi", "reports_to_en")
#: head and foot of an official letter
_LETTER = (
    *("parent_vi", "parent_en", "short", "place_vi", "place_en", "signer"),
    *("signer_title_vi", "signer_title_en", "recipients_vi", "recipients_en", "file_as"),
)
_UNITS_DAYS = {"quarter_day": 28, "annual_month": 12, "annual_day": 31}
_DAYS = {
    f"{level}{key}": range(1, most + 1)
    for level in ("", "agency_")
    for key, most in _UNITS_DAYS.items()
}
#: entries that are one of a few words
_CHOICES = {"year_report": YEAR_REPORTS, "rhythm": RHYTHMS}
#: whether a person has looked at what was read from a document
_REVIEWED = ("yes", "no")
_KNOWN: dict[str, Kind] = {
    **dict.fromkeys(_TEXTS, str),
    "issued": date,
    "carries_out": {**dict.fromkeys(_CARRIES_OUT, str), "issued": date},
    "reporting": {**dict.fromkeys(_REPORTING, str), **_DAYS, **_CHOICES},
    "letter": dict.fromkeys(_LETTER, str),
    "parent_targets": list,
    "reviewed": _REVIEWED,
}


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


def about_faults(
    about: About, file: str, names: AreaNames | None, *, of_many: bool = False
) -> Iterator[Fault]:
    """Find what is wrong in a plan's entries; texts, dates and days are put right in place.

    A plan `of_many` areas does not name one.
    """
    for key in _REQUIRED[1:] if of_many else _REQUIRED:
        if not str(about.get(key, "")).strip():
            yield Fault("key_missing", file, None, key)
    group = about.get("reporting")
    given = set(group) if isinstance(group, dict) else set()  # faulty entries are deleted below
    yield from entry_faults(about, file, _KNOWN)
    if about.get("reviewed") == "no":
        yield Fault("unreviewed", file, None, "reviewed")
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


def reporting(about: Mapping[str, object]) -> Reporting:
    """Return the reporting rule of a plan; what it leaves open is as in the Lạng Sơn plan.

    A yearly plan that sets no day reports on all of a year.
    """
    group = about.get("reporting", {})
    assert isinstance(group, Mapping)
    days = {key: int(group[key]) for key in _DAYS if key in group}
    words = {key: group[key] for key in _CHOICES if key in group}
    if words.get("rhythm") == "yearly" and "annual_day" not in days:
        days |= {"annual_month": 1, "annual_day": 1}  # before the year after: all of the year
    return Reporting(**days, **words)
