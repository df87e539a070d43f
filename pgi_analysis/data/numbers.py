"""Numbers as people write them: the column decides what a mark means, not the cell.

``1.012`` is one and a bit beside ``98.5``, a thousand and twelve beside ``1.234.567``, and neither
beside ``987,5``, where nothing tells. So a column has one decimal mark, and marks are read as
thousands separators only where a cell of the column can mean nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: what a cell holds once it is cleaned: nothing, a typed number, or text
Token = float | str | None
#: why a cell is refused: a rule's key, and what its message names
Refusal = tuple[str, dict[str, object]]
#: the values of a column, and the refusals by position
Column = tuple[list[object], dict[int, Refusal]]

#: the largest whole number, far above any year, rank or count
LARGEST = 10**9
#: the largest figure of any kind, so that its square is a number too
HUGE = 1e100

_ALIKE = str.maketrans("−–‒﹣－\u202f\u2009\u2007’‘ʼ", "-----   '''")
_NUMBER = re.compile(r"([+-]?)([0-9., ']*[0-9][0-9., ']*)([eE][+-]?[0-9]+)?")
_SPACED = re.compile(r"[0-9]{1,3}(?:( |')[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]*)?")
_OTHER = {".": ",", ",": "."}


@dataclass(frozen=True)
class _Shape:
    """A written number: its digits and marks, and what each mark can only be.

    ``doubtful`` is a mark before exactly three digits, as in ``1.012``.
    """

    digits: str
    power: str
    decimal: str = ""
    group: str = ""
    doubtful: str = ""

    @property
    def implied(self) -> str:
        """The decimal mark that the cell shows or leaves."""
        return self.decimal or _OTHER.get(self.group, "")

    def value(self, decimal: str) -> float:
        """Read the number, where `decimal` is the decimal mark."""
        plain = self.digits.replace(_OTHER[decimal], "").replace(decimal, ".")
        return float(plain + self.power)


def _shape(text: str) -> _Shape | None:
    """Tell the shape of a number, or None where the text is none."""
    found = _NUMBER.fullmatch(text.translate(_ALIKE))
    if not found:
        return None
    sign, body, power = found[1], found[2], found[3] or ""
    if " " in body or "'" in body:
        if not _SPACED.fullmatch(body):
            return None
        body = re.sub("[ ']", "", body)
        return _Shape(sign + body, power, decimal="".join(set(body) & set(".,")))
    marks = [mark for mark in body if mark in ".,"]
    if not marks:
        return _Shape(sign + body, power)
    last, whole = marks[-1], re.split("[.,]", body)
    if len(marks) == 1:
        left, right = whole
        grouped = len(right) == 3 and re.fullmatch("[1-9][0-9]{0,2}", left) and not power
        known = {"doubtful": last} if grouped else {"decimal": last}
        return _Shape(sign + body, power, **known)
    if len(set(marks)) == 1:  # 1.234.567
        return _Shape(sign + body, power, group=last) if _grouped(whole) else None
    if marks.count(last) == 1 and _grouped(whole[:-1]):  # 1.234,5
        return _Shape(sign + body, power, decimal=last, group=marks[0])
    return None


def _grouped(parts: Sequence[str]) -> bool:
    """Tell whether digits stand in groups of three, the first of one to three."""
    return bool(re.fullmatch("[0-9]{1,3}", parts[0])) and all(len(part) == 3 for part in parts[1:])


def read_numbers(tokens: Sequence[Token], kind: str = "number") -> Column:
    """Read a column of numbers.

    Parameters
    ----------
    tokens : sequence of text, numbers and None
        Typed numbers are what they are, and tell nothing of how texts are written.
    kind : {"number", "target", "percent", "whole", "direction"}
        Names what the column holds in the refusals. Cells may all carry «%», which is then dropped
        (45% is 45); in a column of ``percent`` some may. ``whole`` numbers and a ``direction`` have
        no fraction.

    Returns
    -------
    list
        A float each (int where whole), None for an empty cell or one refused.
    dict
        The refusals: ``not_number`` and its like, ``decimal_mark`` (another than the column's),
        ``thousands`` (no telling whether a mark is a decimal mark), ``percent_mixed``.

    Examples
    --------
    >>> read_numbers(["987,5", "1.020,7", "4,84"])
    ([987.5, 1020.7, 4.84], {})
    >>> values, refused = read_numbers(["987,5", "1.012"])
    >>> values, refused[1][0]
    ([987.5, None], 'thousands')
    """
    whole = kind in ("whole", "direction")
    shapes: dict[int, _Shape] = {}
    percents, refused = set(), {}
    memo: dict[str, _Shape | None] = {}
    for place, token in enumerate(tokens):
        if not isinstance(token, str):
            continue
        bare = token
        if not whole and token.endswith("%"):
            bare = token[:-1].rstrip()
            percents.add(place)
        if bare not in memo:
            memo[bare] = _shape(bare)
        if memo[bare] is None:
            refused[place] = (f"not_{kind}", {"got": token})
        else:
            shapes[place] = memo[bare]
    if kind in ("number", "target"):
        refused |= _mixed_percents(tokens, percents, refused)
    decimal, unlike = _marks(tokens, shapes)
    refused |= {place: why for place, why in unlike.items() if place not in refused}
    values: list[object] = [None] * len(tokens)
    for place, token in enumerate(tokens):
        if token is None or place in refused:
            continue
        shape = shapes.get(place)
        value = float(token) if shape is None else shape.value(decimal)
        if not abs(value) <= HUGE or (whole and not _is_whole(value)):
            refused[place] = (f"not_{kind}", {"got": token})
        else:
            values[place] = int(value) if whole else value
    return values, refused


def _is_whole(value: float) -> bool:
    return value == int(value) and abs(value) <= LARGEST


def _mixed_percents(
    tokens: Sequence[Token], percents: set[int], refused: dict[int, Refusal]
) -> dict[int, Refusal]:
    """Refuse the fewer of cells with and without «%», where there are both."""
    plain = {
        place
        for place, token in enumerate(tokens)
        if token is not None and place not in percents and place not in refused
    }
    with_sign = percents - refused.keys()
    fewer = min(with_sign, plain, key=len)
    return {place: ("percent_mixed", {"got": tokens[min(fewer)]}) for place in fewer}


def _marks(tokens: Sequence[Token], shapes: dict[int, _Shape]) -> tuple[str, dict[int, Refusal]]:
    """Tell a column's decimal mark, and refuse the cells that are written otherwise or in doubt."""
    votes = Counter(shape.implied for shape in shapes.values() if shape.implied)
    decimal = max(votes, key=votes.__getitem__, default=".")
    other = _OTHER[decimal]
    against = [place for place, shape in shapes.items() if shape.implied == other]
    grouped = any(shape.group == other for shape in shapes.values())
    doubtful = [
        place
        for place, shape in shapes.items()
        if shape.doubtful and not (votes and shape.doubtful == decimal)
        if not (grouped and shape.doubtful == other)
    ]
    refused: dict[int, Refusal] = {}
    if against:
        values = {"got": tokens[against[0]], "mark": decimal}
        refused |= dict.fromkeys(against, ("decimal_mark", values))
    if doubtful:
        text = shapes[doubtful[0]].digits
        mark = shapes[doubtful[0]].doubtful
        # where the column has a decimal mark, that tells; else a fourth digit after the mark does
        fraction = text.replace(mark, decimal) if votes else f"{text}0"
        values = {"got": tokens[doubtful[0]], "whole": text.replace(mark, ""), "fraction": fraction}
        refused |= dict.fromkeys(doubtful, ("thousands", values))
    return decimal, refused


def parse_whole(text: str) -> int:
    """Read one whole number; a spreadsheet's ``2024.0`` is one.

    Raises
    ------
    ValueError
        It is none, or could also be a fraction.
    """
    (value,), refused = read_numbers([text], "whole")
    if refused or value is None:
        raise ValueError(text)
    return int(value)
