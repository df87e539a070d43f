"""Entries by name, as TOML files and sheets with the columns key and value hold them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from pgi_analysis.data.cells import clean, parse_date
from pgi_analysis.data.letters import broken
from pgi_analysis.data.numbers import parse_whole
from pgi_analysis.data.reading import read_text
from pgi_analysis.faults import Fault, InputError, did_you_mean
from pgi_analysis.language import LANGUAGES

About = dict[str, object]
#: what an entry is: a text, a date, a list, a whole number of a range, one of a few words, or a
#: group of entries
Kind = type | range | tuple[str, ...] | Mapping[str, "Kind"]


def read_entries(path: Path, label: str) -> About:
    """Read a TOML file.

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


def entry_faults(
    entries: About, file: str, known: Mapping[str, Kind], prefix: str = ""
) -> Iterator[Fault]:
    """Find what is wrong in entries, and put texts, dates and numbers right in place.

    A group that is none becomes an empty one, and a number or word that is none is left out.
    """
    for key, value in list(entries.items()):
        place = (file, None, prefix + key)
        kind = known.get(key)
        if kind is None:
            yield Fault("key_unknown", *place, {"known": ", ".join(known)})
        elif isinstance(kind, Mapping):
            if not isinstance(value, dict):
                yield Fault("key_not_group", *place, {"got": key})
                value = entries[key] = {}
            yield from entry_faults(value, file, kind, f"{prefix}{key}.")
        elif kind is date:
            try:
                entries[key] = parse_date(clean(str(value))).date()
            except ValueError:
                yield Fault("not_date", *place, {"got": value})
        elif isinstance(kind, range):
            try:
                entries[key] = parse_whole(clean(str(value)))
                if entries[key] not in kind:
                    raise ValueError(value)
            except ValueError:
                yield Fault("between", *place, {"got": value, "low": kind[0], "high": kind[-1]})
                del entries[key]
        elif isinstance(kind, tuple):
            entries[key] = clean(str(value))
            if entries[key] not in kind:
                hint = did_you_mean(entries.pop(key), kind)
                yield Fault("allowed", *place, {"got": value, "low": ", ".join(kind), "hint": hint})
        elif kind is not list:
            if isinstance(value, dict | list):
                yield Fault("key_not_text", *place, {"got": value})
            else:
                entries[key] = clean(str(value))
                if why := broken(entries[key]):
                    yield Fault(why[0], *place, why[1])


def texts(entries: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Go through all texts in entries, those in groups under keys with a dot.

    Examples
    --------
    >>> dict(texts({"name": "x", "reporting": {"unit_vi": "y"}}))
    {'name': 'x', 'reporting.unit_vi': 'y'}
    """
    for key, value in entries.items():
        if isinstance(value, Mapping):
            yield from texts(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value


def text_of(about: Mapping[str, object], key: str, language: str) -> str:
    """Return a text in a language, or in the other, or nothing; a nested key has a dot.

    Examples
    --------
    >>> about = {"title_en": "Plan", "reporting": {"unit_vi": "Văn phòng"}}
    >>> [text_of(about, key, "vi") for key in ("title", "reporting.unit", "agency")]
    ['Plan', 'Văn phòng', '']
    """
    table: object = about
    *outer, last = key.split(".")
    for part in outer:
        table = table.get(part, {}) if isinstance(table, Mapping) else {}
    assert isinstance(table, Mapping)
    # one language is enough: a text that is missing in the other stands in for it
    keys = (f"{last}_{language}", last, *(f"{last}_{other}" for other in LANGUAGES))
    return next((str(table[key]) for key in keys if table.get(key)), "")
