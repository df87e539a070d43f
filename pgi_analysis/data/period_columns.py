"""Columns of periods: the kind is the one that all periods of a table can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from pgi_analysis.data.numbers import Refusal, Token
from pgi_analysis.data.period_texts import Readings, readings, reason, whole
from pgi_analysis.data.periods import STEPS, Calendar, Period


def read_periods(
    columns: Mapping[str, Sequence[Token | Period]], like: Calendar | None = None
) -> tuple[dict[str, list[object]], dict[tuple[str, int], Refusal]]:
    """Read all periods of a table.

    Parameters
    ----------
    columns : mapping from a column's name to its cells
    like : Calendar, optional
        Of the panel that the table goes with: the periods must be of its kind.

    Returns
    -------
    dict
        By column, an int each where periods are years, else a `Period`; None for an empty or
        refused cell.
    dict
        The refusals, by column and position.

    Examples
    --------
    >>> read_periods({"period": ["2013/14", "2014/15"]})
    ({'period': [2013/14, 2014/15]}, {})
    >>> read_periods({"period": ["2013/14", "2014"]})[1]["period", 1][0]
    'period_mixed'
    """
    cells = {
        (name, place): token
        for name, tokens in columns.items()
        for place, token in enumerate(tokens)
        if token is not None
    }
    texts = {token: readings(token) for token in dict.fromkeys(cells.values())}
    refused = {token: reason(token) for token, found in texts.items() if not found}
    known = _as_steps({token: found for token, found in texts.items() if found}, like)
    refused |= {t: ("period_day", {"got": t}) for t in texts if t not in known | refused}
    kind, wrong = _kind(known, like)
    refused |= wrong
    read = {token: found[kind] for token, found in known.items() if token not in refused}
    forms = [form for _, form in read.values()]
    # a month of one digit shows that none is filled up with a zero
    form = next((one for one in forms if "{part}" in one), forms[0] if forms else "{year}")
    made = like if like and like.kind == kind else Calendar(kind, form)
    values = {name: [None] * len(tokens) for name, tokens in columns.items()}
    for (name, place), token in cells.items():
        if token in read:
            number = read[token][0]
            values[name][place] = number if made.plain else Period(number, made)
    examples: dict[str, Refusal] = {}  # cells with one fault get one message
    for token, (rule, shown) in refused.items():
        if rule != "not_period":
            refused[token] = examples.setdefault(rule, (rule, shown))
    return values, {where: refused[token] for where, token in cells.items() if token in refused}


def read_years(tokens: Sequence[Token | Period]) -> tuple[list[object], dict[int, Refusal]]:
    """Read a column of years, as the tables of a plan have them; other periods are told apart."""
    values: list[object] = [None] * len(tokens)
    refused = {}
    for place, token in enumerate(tokens):
        if token is None:
            continue
        found = readings(token)
        number = whole(token)
        why = ("period_other" if found else "not_period", {}) if number is None else reason(token)
        if why[0] == "period_serial":
            refused[place] = why
        elif number is not None and why[0] == "not_period":
            values[place] = number  # the contract tells what years there are
        else:
            rule = "not_year" if why[0] == "not_period" else "year_wanted"
            refused[place] = (rule, {"got": token})
    return values, refused


def _as_steps(known: Mapping[object, Readings], like: Calendar | None) -> dict[object, Readings]:
    """Turn days into years or months, where all begin or all end such; others are left out.

    Excel makes ``2024-01-01`` of a typed ``2024-01``. First days of quarters alone are left out as
    well, since they may stand for quarters.
    """
    days = {
        token: date.fromordinal(found["days"][0])
        for token, found in known.items()
        if "days" in found
    }
    if not days:
        return dict(known)
    rest = {token: found for token, found in known.items() if token not in days}
    for shift in (0, 1):  # first days, or last days seen from the next
        first = {token: day + timedelta(days=shift) for token, day in days.items()}
        if not all(day.day == 1 for day in first.values()):
            continue
        months = sorted({day.year * 12 + day.month for day in days.values()})
        gaps = [late - early for early, late in pairwise(months)]
        yearly = all(day.month == 1 for day in first.values())
        if not yearly and gaps and all(gap % 3 == 0 for gap in gaps) and like is None:
            break
        for token, day in days.items():
            rest[token] = {"month": (day.year * 12 + day.month - 1, "{year}-{part:02}")}
            if yearly:
                rest[token]["year"] = (day.year, "{year}")
        break
    return rest


def _kind(
    known: Mapping[object, Readings], like: Calendar | None
) -> tuple[str, dict[object, Refusal]]:
    """Tell the kind of all periods, and refuse those of another, or all where none is clear."""
    if like is not None:
        other = like.label(2024 * STEPS[like.kind] if like.kind != "count" else 1)
        strange = [token for token, found in known.items() if like.kind not in found]
        values = {"other": other}
        return like.kind, {t: ("period_other", {"got": t} | values) for t in strange}
    votes = Counter(kind for found in known.values() for kind in found)
    if not votes:
        return "year", {}
    shared = [kind for kind, n in votes.items() if n == len(known)]
    if not shared:
        kind = max(votes, key=votes.__getitem__)
        if kind == "windows":
            return kind, {token: ("period_windows", {"got": token}) for token in known}
        other = next(token for token, found in known.items() if kind in found)
        strange = [token for token, found in known.items() if kind not in found]
        return kind, {t: ("period_mixed", {"got": t, "other": other}) for t in strange}
    if len(shared) > 1 and len(known) == 1 and "year" not in shared:
        ((token, found),) = known.items()
        year, month = divmod(found["month"][0], 12)
        values = {"got": token, "month": f"{year}M{month + 1:02}", "span": f"{year}/{year + 1}"}
        return "month", {token: ("period_doubt", values)}
    if "windows" in shared and ("month" not in shared or len({*_lengths(known)}) == 1):
        return "windows", {token: ("period_windows", {"got": token}) for token in known}
    return next(kind for kind in ("year", "financial", *shared) if kind in shared), {}


def _lengths(known: Mapping[object, Readings]) -> Iterator[str]:
    return (found["windows"][1] for found in known.values())
