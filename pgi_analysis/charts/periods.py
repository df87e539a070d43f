"""Which periods a time axis names."""

from __future__ import annotations

from itertools import count

#: names on a time axis, at most
MOST = 8
#: where two names stand too close, the earlier ends at its place and the later begins there
ANCHORS = ("middle", "end", "start")


def named_periods(first: int, last: int, end: int, need: float) -> list[tuple[int, str]]:
    """Return the periods that a time axis names, with the part of the name that is at the place.

    The last score's and the target's are among them; the others lie a step apart from the last
    score's. The step is the smallest that leaves at most `MOST` names, none on another.

    Parameters
    ----------
    first, last, end : int
        The first period, that of the last score, and that of the target.
    need : float
        The room that a name needs, in periods.

    Examples
    --------
    >>> [period for period, _ in named_periods(2020, 2023, 2025, 0.5)]
    [2020, 2021, 2022, 2023, 2024, 2025]
    >>> [period for period, _ in named_periods(1990, 2023, 2030, 4)]
    [1993, 1998, 2003, 2008, 2013, 2018, 2023, 2030]
    >>> named_periods(1990, 2023, 2024, 4)[-2:]
    [(2023, 'end'), (2024, 'start')]
    """
    close = 0 < end - last < need
    before = 1.5 * need if close else need
    for step in count(max(1, int(need))):
        steps = range(last - (last - first) // step * step, end + 1, step)
        named = {last, end} | {
            p for p in steps if (last - p >= before if p < last else end - p >= need)
        }
        if step >= need and len(named) <= MOST:
            break
    middle, until, since = ANCHORS
    anchors = {last: until, end: since} if close else {}
    return [(period, anchors.get(period, middle)) for period in sorted(named)]
