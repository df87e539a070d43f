"""The figures of a sentence that sets a target, each with what it stands for.

«Phấn đấu đạt từ 6,58 điểm trở lên (tăng 1,74 điểm so với năm 2023 đạt 4,84 điểm)» has a target, a
rise and a baseline. What a pattern has taken is taken out, so that no figure counts twice; what no
pattern takes is told as not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pgi_analysis.documents.diacritics import plain

#: scores are given to so much; three figures that differ by more are no sum
ROUNDING = 0.0051
#: a ranking of fewer is not one of provinces
FEWEST = 30

_N = (
    r"(?<![\w.,/])(?!(?:19|20)\d\d(?!\d|[.,]\d))"
    r"([-+]?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?))(?![\w/]|[.,][\da-z])"
)
_UNIT = r"(?:\s*(%|phan tram|di.?m(?:\s*phan tram|\s*%)?))?"
_FIGURE = _N + _UNIT
_YEAR = r"(?:n.{1,3}m\s*)?((?:19|20)\d\d)(?!\d|[.,]\d)"
_IN = r"(?:vao|trong|den|cuoi|het)?\s*n.{1,3}m\s*((?:19|20)\d\d)"
_LEVEL = r"(?:\s*(?:di.?m|%))?\s*(?:cua|trong|o|vao|,|\()?\s*"
_BASE = (
    rf"(?:so v.i|so sanh v.i)\s*(?:ket qua|muc|gia tri)?\s*(?:cua|dat duoc|thuc hien)?\s*{_YEAR}"
)
_BASE_LEVEL = (
    r"[\s,:(]*(?:da|ma|la|voi|chi|co|dat|muc|ket qua|o|=|-)*[\s:]*(?:dat|muc|la)?"
    rf"\s*(?<!\d){_FIGURE}"
)
_MORE = (
    r"(?:tang|ting|giam(?! thieu)|nang|cai thien|ha|cao hon|(?<!khong )thap hon|them)\b"
    r"(?: them)?(?: it nhat| toi thieu| khoang)?"
)
_PLACES = r"(?:b.c|hang|vi tri|thu bac)"
_GOAL = (
    r"(?:(?<!\w)(?:(?:phan d.u|dat|tu|len|muc tieu|chi tieu|toi thieu|it nhat|toi da|khong qua"
    r"|khong vuot qua|khong duoi|khong thap hon|tr.n|duoi|con|duy tri|la|giu)\b"
    r"|vuot(?: muc)?(?=\s*\d))"
    r"|[:≥≤]|>=|<=)"
)
_DAMAGED = re.compile(
    r"(?<![\w/])(?=[\w.,]*\d)(?=[\w.,]*[a-z])[a-z\d]{1,3}[.,][a-z\d]{1,3}(?![\w/])"
)
_SPLIT = re.compile(r"\d\s*diem\s+\d{1,2}(?!\d|[.,/]\d|\s*(?:diem|%|bac))")
_LIKELY = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:%|phan tram|di.?m|b.c)|\d+,\d+|(?<![\d./])\d{1,2}\.\d\d(?![\d./])"
)
_PLACED = (
    r"(?:nhom|top|t.p|hang|thu|vi tri|tu|dat|len|duoi)\s*\d{1,2}\b"
    r"|\d{1,2}\s*(?:tinh|hang|vi tri)\b"
)
#: what a figure is held against, where that is no year
_OTHERS = (
    r"(?:trung binh|binh quan|ca nuoc|toan quoc|cung ky|cac (?:tinh|dia)|tinh|dia phuong|vung"
    r"|khu vuc|trung vi)"
)
#: a sentence that tells of others, or of how far away they are
_ELSEWHERE = re.compile(
    r"khoang cach|chenh lech|(?<!nhom )(?:trung binh|binh quan)\b|trung vi|(?:cao|thap) nhat"
)
#: how a sentence goes on after a figure without a unit
_GOES_ON = re.compile(
    r"\s*(?:tro len|so v.i|va|vao|trong|n.{1,3}m|den|len|xuong|o|thi|cua|tai|hoac|doi v.i|de)\b"
)
#: the other end of a ranking, and a ranking of others than all provinces
_LAST = re.compile(r"cuoi\b(?! nam)|thap nhat|yeu kem|thoat|ra khoi|khong (?:de|nam|thuoc|con)\b")
_AMONG = re.compile(r"\b(?:khu vuc|vung|mien|cum|so, (?:ban|nganh)|cac so|huyen|xa)\b")
#: a change every year, which is no target of a year
_EVERY_YEAR = re.compile(
    r"(?:hang|hng|moi|binh quan|hằng)\s*(?:mot\s*)?n.{1,3}m\b(?!\s*(?:19|20)\d\d)|/\s*n.{1,3}m\b"
)
#: years in brackets, of a stage or alone, arrows, notes, a unit cut short, and the end of a scale,
#: as the patterns know them
_WRITTEN = (
    (re.compile("[¹²³⁰⁴-⁹]+"), ""),
    (re.compile(r"(?<=\d)(?=diem)"), " "),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)\s*-\s*((?:19|20)\d\d)(?!\d)"), r" den nam \2 "),
    (re.compile(r"\(\s*(?:n.{1,3}m\s*)?((?:19|20)\d\d)\s*\)"), r" nam \1 "),
    (re.compile("->|=>|→"), " len "),
    (
        re.compile(
            r"(?<![\w.,/-])(?<!n.m )(?<!n..m )(?<!n...m )"
            r"(?=(?:19|20)\d\d(?![\w/-]|[.,]\d|\s*di.?m))"
        ),
        "nam ",
    ),
    (re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?d\b(?!/)"), r"\1 diem"),
    (re.compile(r"(?<=\d)/100?(?=\s*di.?m|[\s,;.)]|$)"), ""),
)


@dataclass
class Aim:
    """A target as a sentence sets it.

    ``figures`` are the figures by what they stand for (``target``, ``target_upper``, ``baseline``,
    ``rise``), ``texts`` as they were written; ``doubts`` are the keys of what is not sure.
    """

    measure: str = "score"
    comparison: str = ""
    period: int | None = None
    since: int | None = None
    percent: bool = False
    figures: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        """Whether the target, the baseline and the rise are all there, and agree."""
        known = self.figures
        if not {"target", "baseline", "rise"} <= known.keys():
            return False
        return abs(known["target"] - known["baseline"] - known["rise"]) < ROUNDING


def number(text: str) -> float:
    """Read a figure with a decimal comma or point, and points between thousands.

    Examples
    --------
    >>> number("6,58"), number("1.234,5"), number("6.58"), number("1.234")
    (6.58, 1234.5, 6.58, 1234.0)
    """
    if "," in text or re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "").replace(",", ".")
    return float(text)


def aims_of(
    text: str, year: int | None = None, start: int | None = None
) -> tuple[list[Aim], list[str]]:
    """Return the targets that a sentence sets, and the figures in it that were not understood.

    Parameters
    ----------
    text : str
    year : int, optional
        The year of the plan, for a sentence that names none.
    start : int, optional
        The first year of the plan, where it has several: what was reached before is past.

    Examples
    --------
    >>> (aim,), rest = aims_of("Phấn đấu đạt từ 6,58 điểm trở lên (tăng 1,74 điểm so với năm 2023 "
    ...                        "đạt 4,84 điểm)", 2024)
    >>> aim.figures, aim.period, aim.since, aim.confirmed
    ({'baseline': 4.84, 'rise': 1.74, 'target': 6.58}, 2024, 2023, True)
    >>> (aim,), _ = aims_of("giảm tỷ lệ từ 12% xuống còn 8% vào năm 2025")
    >>> aim.figures, aim.period
    ({'baseline': 12.0, 'target': 8.0}, 2025)
    >>> (aim,), _ = aims_of("năm 2024 nằm trong nhóm 30 tỉnh, thành phố đứng đầu")
    >>> aim.measure, aim.comparison, aim.figures
    ('rank', '<=', {'target': 30.0})
    """
    bare = written(text)
    yearly = [clause for clause in re.findall("[^;]+", bare) if _EVERY_YEAR.search(clause)]
    for clause in yearly:
        bare = bare.replace(clause, " " * len(clause))
    rest = _Rest(bare)
    every = [one[0] for clause in yearly for one in _LIKELY.finditer(clause)]
    broken = [found[0] for known in (_DAMAGED, _SPLIT) for found in known.finditer(rest.left)]
    found, past = _without_past([*_ranks(rest, year), *_scores(rest, year)], start or year)
    broken += [one[0] for one in _LIKELY.finditer(rest.left)]
    doubts = ["role"] * bool(_ELSEWHERE.search(bare)) + ["part"] * bool(broken)
    for aim in found:
        aim.doubts += doubts
    return found, [*every, *broken, *past]


def figures_of(text: str) -> list[str]:
    """Return the figures of a text that have a unit, decimals or a place in a ranking."""
    return [one[0] for one in re.finditer(rf"{_LIKELY.pattern}|{_PLACED}", written(text))]


def written(text: str) -> str:
    """Return the plain letters of a text, with years and units as the patterns know them."""
    bare = plain(text)
    for pattern, instead in _WRITTEN:
        bare = pattern.sub(instead, bare)
    return bare


def _without_past(aims: list[Aim], year: int | None) -> tuple[list[Aim], list[str]]:
    """Make what was reached before the plan's year the baseline of what is aimed at."""
    kept, left = [aim for aim in aims if not year or not aim.period or aim.period >= year], []
    before = [aim for aim in aims if aim not in kept]
    for past in sorted(before, key=lambda aim: -(aim.period or 0)):  # the last one counts
        later = [aim for aim in kept if aim.measure == past.measure]
        if not later or "baseline" in later[0].figures:
            left += list(past.texts.values())
            continue
        first, first_texts = later[0], {"baseline": past.texts["target"]}
        known = {"baseline": past.figures["target"]}
        if "rise" in past.figures:  # it stands behind both
            known["rise"], first_texts["rise"] = past.figures["rise"], past.texts["rise"]
        first.since, first.figures = past.period, known | first.figures
        first.texts |= first_texts
        first.doubts += past.doubts
    return kept, left


class _Rest:
    """What of a text no pattern has taken yet."""

    def __init__(self, text: str) -> None:
        self.left = self.text = text

    def take(self, pattern: str, start: int = 0) -> re.Match[str] | None:
        found = re.compile(pattern).search(self.left, start)
        if found:
            self.left = self.left[: found.start()] + " " * len(found[0]) + self.left[found.end() :]
        return found

    def give(self, found: re.Match[str]) -> None:
        """Put back what was taken."""
        self.left = self.left[: found.start()] + found[0] + self.left[found.end() :]


def _ranks(rest: _Rest, year: int | None) -> list[Aim]:
    """Take places in a ranking: a group, a place, a range of places, or places up."""
    found = []
    named = r"(?:vi tri|thu hang|hang|thu|nhom|top)\s*(?:thu\s*)?"
    one = rest.take(
        rf"tu\s*{named}(\d{{1,2}})\D{{1,25}}?(?:len|xuong|den)\s*{named}(\d{{1,2}})"
    ) or rest.take(
        rf"{named}tu\s*(\d{{1,2}})\s*(?:len|xuong)\s*(?:con\s*)?(?:{named})?(\d{{1,2}})(?!\d|[.,]\d)"
    )
    if one:
        aim = Aim("rank", "<=")
        aim.figures = {"baseline": float(one[1]), "target": float(one[2])}
        aim.texts = {"baseline": one[1], "target": one[2]}
        aim.doubts += ["role"] * (float(one[2]) > float(one[1]))  # a fall
        aim.period = _year_at(rest, one.start(), one.end(), aim, year)
        found.append(aim)
    place = r"(?:vi tri|thu hang|xep hang|xep thu|dung thu|hang|thu)\s*(?:thu\s*|tu\s*)?"
    patterns = (
        rf"(?:{_MORE})\D{{0,12}}?(\d{{1,2}})\s*{_PLACES}(?:\D{{0,12}}{_BASE})?",
        r"(?:nhom|top|t.p)\s*(\d{1,2})(?!\d|[.,]\d)"
        r"|(?<![\w.,/])(\d{1,2})\s*(?:tinh|dia phuong|thanh pho|don vi)\b[^\d.;]{0,30}?"
        r"(?:dan dau|dung dau|hang dau|tot nhat|cao nhat)",
        rf"(?<!\w){place}(\d{{1,2}})\s*(?:-|den)\s*(\d{{1,2}})(?!\d|[.,]\d)",
        rf"(?<!\w){place}(\d{{1,2}})(?:\s*/\s*(\d+))?(?!\d|[.,/]\d)",
    )
    for kind, pattern in enumerate(patterns):
        while one := rest.take(pattern):
            aim = Aim("rank_change" if kind == 0 else "rank", ">=" if kind == 0 else "<=")
            last = one[2] if kind == 2 else one[1] or one[2]
            around = rest.text[max(0, one.start() - 30) : one.end() + 40]
            aim.figures["target"], aim.texts["target"] = float(last), last
            if kind == 2:
                aim.doubts.append("range")
            if kind == 0 and one[2]:
                aim.since = int(one[2])
            few = kind == 3 and one[2] and int(one[2]) < FEWEST
            last_ones = kind == 1 and _LAST.search(around)
            fall = kind == 0 and re.match("giam|ha", one[0])
            if few or last_ones or fall or _AMONG.search(around):
                aim.doubts.append("role")
            aim.period = _year_at(rest, one.start(), one.end(), aim, year)
            found.append(aim)
    return found


def _scores(rest: _Rest, year: int | None) -> list[Aim]:
    """Take values, with their baselines and rises."""
    base = _baseline(rest)
    from_to = rest.take(
        rf"(?:(?<!\w)tu\s*(?:muc\s*)?)?{_FIGURE}(?:{_LEVEL}{_YEAR}\)?)?[^\d;.()]{{0,20}}?"
        rf"((?<!tr\w )len|xuong|den)\b[^\d;.()]{{0,12}}{_FIGURE}"
    )
    added = rf"(?:{_MORE}|them)\W*$"
    if from_to and from_to[0][:2] != "tu":
        apart = "," in rest.text[from_to.end(1) : from_to.start(4)]
        if apart or re.search(added, rest.text[: from_to.start()]):
            rest.give(from_to)  # «tăng 1,97 điểm lên 6,11 điểm»
            from_to = None
    rise = rest.take(
        rf"(?<!\w){_MORE}(?!\s*(?:len|cuong)|\s*(?:muc\s*)?{_OTHERS})[^\d;.(]{{0,45}}?{_FIGURE}(?!\s*{_PLACES})"
        rf"(?![^\d;.]{{0,20}}?(?:so v.i|hon)\s*(?:muc\s*)?{_OTHERS})"
    )
    found: list[Aim] = []
    if from_to:
        found.append(_from_to(rest, from_to, year))
    until = r"(?:[^\d;]{0,20}?n.{1,3}m\s*(?:19|20)\d\d)?[^\d;]{0,40}?"
    while goal := rest.take(rf"{_GOAL}{until}{_FIGURE}"):
        if found and goal[1] == found[-1].texts["target"]:
            continue
        aim = Aim(percent=_in_percent(goal[2]))
        _put(aim, "target", goal[1])
        upper = re.compile(rf"\s*(?:-|den)\s*{_FIGURE}").match(rest.left, goal.end())
        if upper and upper[1]:
            rest.take(re.escape(upper[0]), goal.end())
            _put(aim, "target_upper", upper[1])
            aim.comparison = "within"
            aim.percent = aim.percent or _in_percent(upper[2])
        if re.search(r"toi da|khong qua|khong vuot|(?<!khong )duoi|<=|≤", goal[0]):
            aim.comparison = "<="
        alone = not (goal[2] or upper) and goal[1].isdigit()
        noted = re.fullmatch(r"[1-9]\d?,\d{3}", goal[1])  # the number of a note runs into it
        more = re.search(r"\bhon\s*n.{1,3}m\s*\d{4}[^\d;]*$", rest.text[: goal.start(1)])
        if alone or noted or more or _other_unit(rest, goal):
            aim.doubts.append("role")
        aim.period = _year_at(rest, goal.start(), goal.end(), aim, year)
        found.append(aim)
    near = found[0] if found else None  # what the baseline belongs to
    if rise:
        aim = Aim("change", percent=_in_percent(rise[2]))
        aim.period = _year_at(rest, rise.start(), rise.end(), aim, year)
        apart = ";" in rest.text[: rise.start()]
        own = [one for one in found if one.period == aim.period]
        if len(own) == 1:
            near = own[0]
            _put(near, "rise", rise[1])
            _signed(near, "rise", rise[0])
            share = aim.percent and not near.percent  # of what was, or percentage points
            if share or (apart and len(found) == 1) or _other_unit(rest, rise):
                near.doubts.append("role")
        else:
            _put(aim, "target", rise[1])
            _signed(aim, "target", rise[0])
            if own or not rise[2] or _other_unit(rest, rise):
                aim.doubts.append("role")  # of which of the targets before it, if of any
            near = near if apart and near else aim
            found.append(aim)
    if base and near:
        if near.period and near.period <= int(base[1]):
            near = next((one for one in found if (one.period or 0) > int(base[1])), near)
        near.since = near.since or int(base[1])
        if base[2] and "baseline" not in near.figures:
            _put(near, "baseline", base[2])
            order = ("baseline", "rise", "target", "target_upper")
            near.figures = {k: near.figures[k] for k in order if k in near.figures}
    elif base:
        rest.give(base)
    return found


def _from_to(rest: _Rest, one: re.Match[str], year: int | None) -> Aim:
    """Make a target of «từ … lên …», or of «từ … đến …», which may be a range as well."""
    aim = Aim(percent=_in_percent(one[6] or one[2]))
    reached, verb = one[3], re.search(rf"{_MORE}\W*$", rest.text[: one.start()])
    if one[4] == "den" and not reached and not verb:
        aim.comparison = "within"
        _put(aim, "target", one[1])
        _put(aim, "target_upper", one[5])
    else:
        _put(aim, "baseline", one[1])
        _put(aim, "target", one[5])
        aim.since = int(reached) if reached else None
        if one[4] == "den" and not reached:
            aim.doubts.append("role")  # between two values, or by as much as from one to another
    aim.period = _year_at(rest, one.start(), one.end(), aim, year)
    return aim


def _other_unit(rest: _Rest, one: re.Match[str]) -> bool:
    """Tell whether another unit than points follows a figure: times, hectares, people."""
    after = rest.text[one.end() :]
    return not one[0].endswith(("m", "%", "n")) and bool(
        re.match(r"\s*[a-z]", after) and not _GOES_ON.match(after)
    )


def _in_percent(unit: str | None) -> bool:
    return unit in ("%", "phan tram")


def _baseline(rest: _Rest) -> re.Match[str] | None:
    """Take the baseline: «so với năm 2023 đạt 4,84», «(năm 2023: 4,84 điểm)», «năm gốc 2023»."""
    known = r"(?:hien trang|thuc hien|ket qua|da dat|dat duoc|gia tri goc|n.{1,3}m goc)"
    patterns = (
        f"{_BASE}(?:{_BASE_LEVEL})?",
        rf"{known}\s*(?:cua\s*)?{_YEAR}\W*(?:dat|la)?\W*{_FIGURE}",
        rf"\(\s*{_YEAR}\s*(?:dat|la|:|=)\s*{_FIGURE}[^\d)]{{0,15}}\)",
    )
    return next(filter(None, map(rest.take, patterns)), None)


def _year_at(rest: _Rest, start: int, end: int, aim: Aim, year: int | None) -> int | None:
    """Find the year of a figure: after it in its clause, else before it, else the plan's."""
    before, own, clause = map(_forward, (rest.text[:start], rest.text[start:end], rest.text[end:]))
    after = clause[: re.search(r"[;,.(]|$", clause).start()]
    if (one := re.search(_IN, after)) and not re.search(r"\d", after[: one.start()]):
        return int(one[1])
    sentence = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    if named := re.findall(_IN, own) or re.findall(_IN, sentence):
        if len(set(re.findall(_IN, re.split("di.?m|%", sentence)[-1]))) > 1:
            aim.doubts.append("year")  # of several
        return int(named[-1])
    earlier = [int(one) for one in re.findall(_IN, before) if not year or int(one) >= year]
    if earlier:  # in a clause before
        aim.doubts += ["year"] * (len(set(earlier)) > 1)
        return earlier[-1]
    others = [int(one) for one in re.findall(_IN, before + clause)]
    if year is None or any(one >= year for one in others):
        aim.doubts.append("year")  # none is named, or one of something else
    return year


def _forward(text: str) -> str:
    """Take the years out that something is compared with."""
    return re.sub(rf"(?:so v.i|so sanh v.i|ket qua|hien trang|goc)\W*{_IN}", "", text)


def _put(aim: Aim, what: str, text: str) -> None:
    aim.figures[what], aim.texts[what] = number(text), text


def _signed(aim: Aim, what: str, words: str) -> None:
    """Give a fall its sign."""
    if re.match(r"giam|ha\b|thap", words):
        aim.figures[what] *= -1
