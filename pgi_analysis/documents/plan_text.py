"""What the text of a plan says: its head, its targets, its tasks, its dates, and its foot.

Every value keeps where it was read, and what makes it doubtful. Figures are read in the text as it
stands; words that a scanner has broken are put right before.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pgi_analysis.data import Dataset, number_text
from pgi_analysis.documents.aims import ROUNDING, Aim, aims_of, number
from pgi_analysis.documents.diacritics import Letters, departments, is_broken, plain
from pgi_analysis.documents.sources import Line
from pgi_analysis.faults import Fault, InputError

#: the words of a document that a value is told with
SHOWN = 160
#: names are alike from so much on, of 100, and one is meant where it is so much more alike
ALIKE, AHEAD = 84, 4
#: a line shorter than this part of the usual ends its paragraph
SHORT = 0.7
#: a document with fewer words is none
FEW_WORDS = 30

_BULLET = r"^\s*(?:[-+•*–]\s|[-+](?=\w)|\d{1,2}[.)]|[a-zđ]\)|[IVX]{1,4}[.1l]*\.|[A-H]\.\s)"
_STARTS = re.compile(
    rf"{_BULLET}|^\s*(?:chi s|noi nhan|nhiem vu|chi tieu|muc tieu"
    r"|(?:thuc hien|can cu) (?:ke hoach|quyet dinh))",
    re.IGNORECASE,
)
_AIMED = re.compile(
    r"phan d.u|chi tieu|muc tieu|\b(?:dat|nang|duy tri|len|xuong|nhom|top|hang|giu|toi thieu"
    r"|toi da|khong qua|con|diem)\b|tang|ting|giam|%|\d,\d"
)
_TITLE = re.compile(
    r"(?:ke hoach\s+)?(?:ve\s+)?(?:viec\s+)?"
    r"(?:cai thien|nang cao|trien khai|thuc hien|hanh dong|duy tri|tang cuong)\b"
)
_NUMBER = re.compile(r"(?i)\bs[oố6]?\s*[:.]?\s*(\d{1,5}\s*/\s*[A-ZĐ]{2,}(?:-[A-ZĐ&]+)*)")
_DAY = r"(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d{4})"
_LONG_DAY = r"ng.y\s*(\d{1,2})\s*th.ng\s*(\d{1,2})\s*n.{1,2}m\s*(\d{4})"
_CARRIES = re.compile(
    r"(?i)(?:thực hiện|căn cứ|theo)\s+(?:kế hoạch|quyết định|chương trình)\s+số\s*"
    rf"(\d+\s*/\s*[A-ZĐa-zđ-]+)\s*(?:,\s*)?ngày\s*{_DAY}\s*của\s+([^,;.]+?)\s+"
    r"(?:về việc|về|ban hành)\s+([^;.]+?)(?=[.;]|$)"
)
_LEAD = re.compile(
    r"(?i)^\s*(?:giao\s+|đơn vị chủ trì\s*:\s*)?"
    r"((?:các )?(?:phòng|văn phòng|ban|thanh tra|trung tâm|chi cục|sở|ubnd|công an|cục)\b.{0,90}?)"
    r"\s*(?:chủ trì|làm đầu mối|là đầu mối|chỉ đạo|thực hiện|tham mưu|có trách nhiệm|[:;])"
)
_WITH = re.compile(
    r"(?i)phối hợp (?:với )?(.{3,120}?)(?=\s+(?:triển khai|kiểm tra|tổ chức|tăng cường|thực hiện|"
    r"xây dựng|tham mưu|rà soát|hướng dẫn|đẩy mạnh|theo dõi|đôn đốc|tuyên truyền|nâng cao|tổng hợp)"
    r"|[;:.]|$)"
)
_DUE = re.compile(
    rf"(?i)(?:trước ngày|chậm nhất(?: là)?(?: ngày)?|hoàn thành (?:trước|trong)(?: ngày)?)\s*{_DAY}"
)
_DUE_QUARTER = re.compile(
    r"(?i)(?:trong|hoàn thành)\s+quý\s*([1-4]|IV|I{1,3})\s*[/ ]\s*(?:năm )?(\d{4})"
)
_QUARTER_DAY = re.compile(r"tr..c ngay (\d{1,2}) (?:cua )?thang cuoi (?:cung )?(?:cua )?quy")
_YEAR_DAY = re.compile(r"n.m tr..c ngay (\d{1,2})\s*/\s*(\d{1,2})(?!/?\d)")
_THROUGH = re.compile(
    r"(?i)(?:qua|về|cho|gửi)\s+(phòng [^,;.()]+?)(?=\s+(?:trước|để|tổng)|[,;.(]|$)"
)


@dataclass(frozen=True)
class Said:
    """A value, where it was read, and why it is doubtful, if it is.

    Attributes
    ----------
    table, row, column : str
        Where it goes: ``plan``, ``targets`` or ``actions``, the key of the row, and the entry.
    value : str
    line : Line
        Where it begins.
    words : str
        The words around it, as they stand there.
    doubt : str
        A key of ``document.doubt`` in the texts; empty where there is none.
    note : dict
        What the sentence of the doubt is filled with.
    """

    table: str
    row: str
    column: str
    value: str
    line: Line
    words: str
    doubt: str = ""
    note: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Passage:
    """A paragraph or a row of a table, with its letters put right."""

    line: Line
    text: str
    read: str
    unsure: tuple[str, ...] = ()

    @property
    def bare(self) -> str:
        """The text without marks, small."""
        return plain(self.read)


@dataclass(frozen=True)
class PlanText:
    """What was read of a plan: its values, and passages with figures that were not understood."""

    values: tuple[Said, ...]
    left: tuple[tuple[Line, str, str], ...]
    broken: bool

    def rows(self, table: str) -> dict[str, dict[str, str]]:
        """Return the values of a table by row and column."""
        found: dict[str, dict[str, str]] = {}
        for one in self.values:
            if one.table == table:
                found.setdefault(one.row, {})[one.column] = one.value
        return found


def read_plan(lines: Sequence[Line], ds: Dataset | None = None) -> PlanText:
    """Read a plan.

    Parameters
    ----------
    lines : sequence of Line
        By `sources.lines_of`.
    ds : Dataset, optional
        Of the folder that the plan belongs to: its names are known words, its scores tell which
        baselines are likely slips.

    Raises
    ------
    InputError
        The document is no plan: it has hardly any words, or no target.
    """
    words = sum(len(re.findall(r"[^\W\d_]{2,}", line.text)) for line in lines)
    if words < FEW_WORDS:
        raise InputError([Fault("document.no_words", lines[0].file if lines else "")])
    return _Reader(lines, ds).read()


class _Reader:
    def __init__(self, lines: Sequence[Line], ds: Dataset | None) -> None:
        self.ds, self.values, self.left = ds, [], []
        self.broken = is_broken(line.text for line in lines)
        scanned = self.broken or any(line.scanned for line in lines)
        self.scan = "scan" if scanned else ""  # the doubt of a figure that nothing confirms
        letters = Letters(_names(ds)) if scanned else None
        self.passages = [_mended(one, letters, broken=self.broken) for one in _passages(lines)]
        self.known = _indicators(ds)
        self.year = self._year()

    def read(self) -> PlanText:
        self._head()
        self._body()
        self._foot()
        if not any(one.table == "targets" for one in self.values) and not self.left:
            raise InputError([Fault("document.no_target", self.passages[0].line.file)])
        return PlanText(tuple(self.values), tuple(self.left), self.broken)

    def _say(
        self,
        table: str,
        row: str,
        column: str,
        value: object,
        at: Passage,
        doubt: str = "",
        **note: object,
    ) -> None:
        if doubt == "letters" and not note:
            own = set(re.findall(r"\w+", str(value)))
            unsure = [word for word in at.unsure if word in own]
            doubt, note = ("letters", {"words": ", ".join(unsure)}) if unsure else ("", {})
        said = Said(table, row, column, str(value), at.line, _short(at.text), doubt, note)
        self.values.append(said)

    def _year(self) -> int | None:
        """Find the plan's year: the first that its title names, or its opening sentences."""
        titled = [one for one in self.passages[:25] if _TITLE.match(one.bare.strip())]
        for one in (*titled, *self.passages[:12]):
            if "quy hoach" in one.bare or "tam nhin" in one.bare or len(one.bare) > 600:
                continue
            for found in re.finditer(r"n.{1,2}m\s*(20\d\d)", one.bare):
                if not re.search(r"so v.i|thang \d+ *$", one.bare[: found.start()]):
                    return int(found[1])
        return None

    # --- Head and foot ---

    def _head(self) -> None:
        own = self._own_number()
        if own:
            at, text = own
            self._say("plan", "", "number", text, at, self.scan)
            around = [one for one in self.passages[:20] if re.search(_LONG_DAY, one.bare)]
            if around and (day := _day(*re.search(_LONG_DAY, around[0].bare).groups())):
                self._say("plan", "", "issued", day, around[0], self.scan)
        self._title()
        for one in self.passages:
            if found := _CARRIES.search(one.read):
                text, *day, agency, title = found.groups()
                area = self.rows_of("").get("area")
                if area and re.fullmatch(r"(?i)(?:ubnd|ủy ban nhân dân) tỉnh", agency.strip()):
                    agency = f"{agency.strip()} {area}"
                text = re.sub(r"\s", "", text)
                self._say("plan", "carries_out", "number", text, one, self.scan)
                if when := _day(*day):
                    self._say("plan", "carries_out", "issued", when, one, self.scan)
                self._say("plan", "carries_out", "agency_vi", agency.strip(), one, "letters")
                self._say(
                    "plan",
                    "carries_out",
                    "title_vi",
                    _sentence(f"Kế hoạch {title}"),
                    one,
                    "letters",
                )
                break

    def _own_number(self) -> tuple[Passage, str] | None:
        """Find the plan's own number, which stands in the head and not in a sentence."""
        for one in self.passages[:15]:
            text = one.line.text if not one.line.cells else " ".join(one.line.cells)
            found = _NUMBER.search(text)
            before = plain(text[: found.start()]).strip() if found else "x"
            if found and not re.search(r"ke hoach|quyet dinh|thuc hien|can cu|theo", before):
                return one, re.sub(r"\s", "", found[1])
        return None

    def _title(self) -> None:
        """Find the title, the agency that issues the plan, and its area."""
        area = self._area()
        for place, one in enumerate(self.passages[:25]):
            bare = one.bare.strip()
            alone = re.fullmatch(r"ke hoach\W*", bare)
            starts = _TITLE.match(bare)
            if alone and place + 1 < len(self.passages):
                after = self.passages[place + 1]
                text = after.read.strip()
                at = after
            elif starts and len(bare) > 30 and not _CARRIES.search(one.read):
                text, at = one.read.strip(), one
            else:
                continue
            text = _sentence(re.sub(r"(?i)^kế hoạch\s+", "", text).strip(" .:"))
            text = f"Kế hoạch {text[:1].lower()}{text[1:]}"
            self._say("plan", "", "title_vi", text, at, "letters")
            break
        agency = self._agency()
        if agency:
            at, name = agency
            if area and area not in name and "tỉnh" not in name.lower():
                kind = "tỉnh" if self.ds is None else self.ds.full_name(area, "vi").split(area)[0]
                name = f"{name} {kind.strip()} {area}"
            self._say("plan", "", "agency_vi", name, at, "letters")

    def _agency(self) -> tuple[Passage, str] | None:
        """Find the department that issues the plan: the known one that is named most often."""
        own = [] if self.ds is None else self.ds.agencies["name_vi"].dropna()
        known = {plain(name): name for name in (*departments(), *own)}
        found: Counter[str] = Counter()
        for one in self.passages:
            bare = one.bare
            for name in sorted(known, key=len, reverse=True):  # the longest that fits
                hits = len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", bare))
                found[name] += hits
                bare = bare.replace(name, " ") if hits else bare
        if found.total():
            name = found.most_common(1)[0][0]
            return next(one for one in self.passages if name in one.bare), known[name]
        for one in self.passages[:20]:
            if re.match(r"so (?!:|\d)\w+ \w+", one.bare) and len(one.bare) < 90:
                return one, _sentence(one.read.strip(" :.;,"))
        return None

    def _area(self) -> str | None:
        """Find the area: the province that the text names most often."""
        names = {} if self.ds is None else {plain(n): n for n in self.ds.areas["name_vi"].dropna()}
        whole = self.passages
        found: Counter[str] = Counter()
        for one in whole:
            for bare, name in names.items():
                found[name] += len(re.findall(rf"(?<!\w){re.escape(bare)}(?!\w)", one.bare))
        best = [one for one in found.most_common(2) if one[1]]
        if not best:
            for one in whole:
                if hit := re.search(r"(?:tỉnh|thành phố)\s+((?:[A-ZĐ]\w+\s?){1,3})", one.read):
                    self._say("plan", "", "area", hit[1].strip(), one, "area")
                    return hit[1].strip()
            return None
        name = best[0][0]
        at = next(one for one in whole if plain(name) in one.bare)
        several = len(best) > 1 and best[1][1] == best[0][1]
        self._say("plan", "", "area", name, at, "area" if several else "")
        return name

    def _foot(self) -> None:
        """Read the dates of reports, the recipients and the signer."""
        whole = " ".join(one.bare for one in self.passages)
        for pattern, columns in (
            (_QUARTER_DAY, ("quarter_day",)),
            (_YEAR_DAY, ("annual_day", "annual_month")),
        ):
            if found := pattern.search(whole):
                at = next((p for p in self.passages if pattern.search(p.bare)), self.passages[-1])
                for column, value in zip(columns, found.groups(), strict=True):
                    self._say("plan", "reporting", column, int(value), at, self.scan)
                if "unit_vi" not in self.rows_of("reporting") and (
                    unit := _THROUGH.search(at.read)
                ):
                    name = _sentence(unit[1].strip())
                    self._say("plan", "reporting", "unit_vi", name, at, "letters")
        foot = next(
            (n for n, one in enumerate(self.passages) if re.match(r"\s*no[i1] nh.n", one.bare)),
            None,
        )
        if foot is None:
            return
        after = self.passages[foot + 1 :]
        received = [one for one in after if re.match(r"\s*[-+]", one.text)]
        if received:
            text = "; ".join(re.sub(r"^\s*[-+]\s*", "", one.read).strip(" ;:.") for one in received)
            unsure = [word for one in received for word in one.unsure]
            note = {"words": ", ".join(unsure)} if unsure else {}
            doubt = "letters" * bool(unsure)
            self._say("plan", "letter", "recipients_vi", text, received[0], doubt, **note)
        for one in reversed(after):
            if (
                re.fullmatch(r"\s*(?:[^\W\d_]+\s+){1,4}[^\W\d_]+\s*", one.text)
                and one not in received
            ):
                self._say(
                    "plan", "", "signed_by", one.text.strip(), one, "name" if self.scan else ""
                )
                break

    # --- Targets and tasks ---

    def _body(self) -> None:
        now: str | None = None
        heading: Passage | None = None
        tasks = 0
        columns: dict[str, int] = {}
        for one in self.passages:
            if one.line.cells:
                columns = self._row(one, columns)
                continue
            columns = {}
            named, score = self._indicator(one)
            aimed = _AIMED.search(one.bare)
            aims, rest = self._aims(one) if aimed else ([], [])
            aims = [aim for aim in aims if _meant(aim, one.bare)]
            if named and re.search(r"chi s.|^\W*\d{1,2}[.)]", one.bare) and not (aims or rest):
                now, heading = named, one
                continue
            if aims and not _mere(one.bare):
                about = named if named and score >= ALIKE + 6 else now
                for aim in aims:
                    self._aim(aim, about or self._whole(), one, sure=bool(about))
                if rest:
                    self.left.append((one.line, _short(one.text), ", ".join(rest)))
                continue
            if rest and not _mere(one.bare):
                self.left.append((one.line, _short(one.text), ", ".join(rest)))
            if now and heading is not one and self._is_task(one):
                tasks += 1
                self._task(f"n{tasks}", now, one)
            elif re.match(r"\s*(?:[IVX]{1,4}[.1l]*\.|[A-H]\.\s|i+\d*\.)", one.line.text):
                now = None

    def _aims(self, one: Passage) -> tuple[list[Aim], list[str]]:
        """Read the figures as the words stand, or as they were put right: where they add up."""
        tried = [
            aims_of(self._nameless(text), self.year) for text in dict.fromkeys((one.read, one.text))
        ]
        return max(tried, key=lambda told: sum(aim.confirmed for aim in told[0]))

    def _nameless(self, text: str) -> str:
        """Take the names of indicators out: «Giảm thiểu ô nhiễm» reduces nothing by 6,58."""
        text = re.sub(r'["“«][^"”»]{4,90}["”»]', " ", text)
        bare = plain(text)
        for name in (name for name in self.known.values() if len(name) > 5):
            for found in re.finditer(re.escape(name), bare):
                blank = " " * len(found[0])
                text = text[: found.start()] + blank + text[found.end() :]
        return text

    def _is_task(self, one: Passage) -> bool:
        if not re.match(r"\s*[-+•*]", one.line.text) and "nhiem vu" not in one.bare[:16]:
            return False
        return len(re.sub(r"^\W*(?:nhiem vu)?\W*", "", one.bare)) > 30

    def _task(self, key: str, indicator: str, at: Passage) -> None:
        text = re.sub(r"(?i)^\s*[-+•*]?\s*(?:nhiệm vụ)?\s*:?\s*", "", at.read).strip()
        text = f"{text[:1].upper()}{text[1:]}".rstrip(" ;")
        self._say("actions", key, "indicator", indicator, at)
        self._say("actions", key, "task_vi", text, at, "letters")
        lead = _LEAD.search(text)
        name = _sentence(lead[1].strip(" ,")) if lead else ""
        self._say("actions", key, "lead_unit_vi", name, at, "letters" if name else "unit")
        if found := _WITH.search(text):
            self._say("actions", key, "cooperating_units_vi", found[1].strip(" ,"), at, "letters")
        if found := _DUE.search(text):
            if day := _day(*found.groups()):
                self._say("actions", key, "deadline", day, at, self.scan)
        elif found := _DUE_QUARTER.search(text):
            part = int({"I": 1, "II": 2, "III": 3, "IV": 4}.get(found[1].upper(), found[1]))
            day = date(int(found[2]), 3 * part, 31 if part in (1, 4) else 30)
            self._say("actions", key, "deadline", day, at, self.scan)

    def _indicator(self, one: Passage) -> tuple[str | None, float]:
        """Find the indicator that a passage names, and how much alike the name is."""
        from rapidfuzz.fuzz import partial_ratio, ratio

        quoted = re.search(r'["“«]([^"”»]{4,90})["”»]', one.read)
        text = plain(quoted[1]) if quoted else one.bare
        scores = {}
        compare = ratio if quoted else partial_ratio
        for key, name in self.known.items():
            if quoted or len(text) >= len(name) - 2:
                scores[key] = compare(text, name)
        best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
        ahead = scores[best[0]] - max((scores[one] for one in best[1:]), default=0) if best else 0
        if best and scores[best[0]] >= ALIKE and ahead >= AHEAD:
            return best[0], scores[best[0]]
        if (
            quoted
            and re.search(r"chi s.", one.bare)
            and not scores.get(best[0] if best else "", 0) > 60
        ):
            return _slug(quoted[1]), 100.0
        return None, 0.0

    def _whole(self) -> str:
        """Return the total of the index, which a target of no indicator is on."""
        if self.ds is None:
            return "total"
        wholes = set(self.ds.indicators["part_of"].dropna())
        return sorted(wholes)[0] if len(wholes) == 1 else ""

    def _row(self, one: Passage, columns: dict[str, int]) -> dict[str, int]:
        """Read a row of a table of targets, or its header."""
        cells = list(one.line.cells)
        if not columns:
            return _header(cells)
        named = plain(cells[columns["indicator"]])
        key, _ = self._indicator(replace(one, text=named, read=cells[columns["indicator"]]))
        for place, year in [(p, y) for n, p, y in _aims_in(columns) if n == "target"]:
            texts = {"target": cells[place]} | {
                n: cells[p] for n, p, _ in _aims_in(columns) if n in ("baseline", "rise")
            }
            aim = _of_cells(texts, columns, year or self.year)
            if aim is None:
                continue
            if not key:
                aim.doubts.append("indicator")
            self._aim(aim, key or _slug(named), one, sure=bool(key))
        return columns

    def _aim(self, aim: Aim, indicator: str, at: Passage, *, sure: bool) -> None:
        """Keep a target, with what makes it doubtful."""
        row = f"{indicator}/{aim.measure}/{aim.period}"
        doubt, note = self._doubt(aim, indicator, sure=sure)
        told, columns = aim.figures, {"rise": "planned_rise"}
        if earlier := self.rows_of(row):
            before = [earlier.get(columns.get(what, what)) for what in told]
            if any(
                a not in (None, number_text(b)) for a, b in zip(before, told.values(), strict=True)
            ):
                self.left.append((at.line, _short(at.text), ", ".join(aim.texts.values())))
                self.values = [
                    replace(one, doubt="twice", note={}) if one.row == row else one
                    for one in self.values
                ]
            return
        self._say("targets", row, "indicator", indicator, at, "" if sure else "indicator")
        if aim.measure != "score":
            self._say("targets", row, "measure", aim.measure, at)
        if aim.comparison and aim.measure == "score":
            self._say("targets", row, "comparison", aim.comparison, at)
        for what, value in told.items():
            text = number_text(value)
            if aim.measure == "change" and aim.percent:
                text += "%"
            self._say("targets", row, columns.get(what, what), text, at, doubt, **note)
        if aim.since:
            self._say(
                "targets", row, "baseline_period", aim.since, at, "scan" * ("year" in aim.doubts)
            )
        if aim.period:
            late = aim.since and aim.since >= aim.period
            unsure = "year" in aim.doubts or late or (self.scan and not aim.confirmed)
            self._say("targets", row, "target_period", aim.period, at, "year" * bool(unsure))

    def rows_of(self, row: str) -> dict[str, str]:
        return {one.column: one.value for one in self.values if one.row == row}

    def _doubt(self, aim: Aim, indicator: str, *, sure: bool) -> tuple[str, dict[str, object]]:
        """Say what makes the figures of a target doubtful, if anything."""
        told, published = aim.figures, self._published(indicator, aim.since)
        if {"target", "baseline", "rise"} <= told.keys() and not aim.confirmed:
            note = {
                "sum": number_text(told["baseline"] + told["rise"]),
                "got": number_text(told["target"]),
            }
            note |= {"baseline": number_text(told["baseline"]), "rise": number_text(told["rise"])}
            if published is not None and abs(published - told["baseline"]) >= ROUNDING:
                return "sum_published", note | {"published": number_text(published)}
            return "sum", note
        own = told.get("baseline") if aim.measure == "score" else None
        if own is not None and published is not None and abs(published - own) >= ROUNDING:
            note = {
                "got": number_text(own),
                "published": number_text(published),
                "period": aim.since,
            }
            return "published", note
        for key in ("range", "role", "indicator"):
            if key in aim.doubts:
                return key, {}
        if not sure:
            return "indicator", {}
        return ("" if aim.confirmed else self.scan), {}

    def _published(self, indicator: str, period: int | None) -> float | None:
        if self.ds is None or period is None:
            return None
        area = self.rows_of("").get("area")
        scores = self.ds.scores
        own = scores[(scores["area"] == area) & (scores["indicator"] == indicator)]
        own = own[own["period"] == period].sort_values("released")
        return float(own["value"].iloc[-1]) if len(own) else None


def _passages(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Join the lines of a paragraph.

    What begins with a bullet or number begins another, and so does what follows a line that is
    shorter than the page allows, or one in capitals.
    """
    lengths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
    full = SHORT * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    first, kept = None, []
    for line in lines:
        bare = line.text.strip()
        ended = bool(kept) and (len(kept[-1]) < full or kept[-1].isupper() != bare.isupper())
        if first and (not bare or line.cells or ended or _STARTS.match(plain_start(bare))):
            yield first, " ".join(kept)
            first, kept = None, []
        if line.cells:
            yield line, line.text
        elif bare:
            first = first or line
            kept.append(bare)
    if first:
        yield first, " ".join(kept)


def plain_start(text: str) -> str:
    """Take the marks from the words of a line's beginning, its capitals kept."""
    pairs = zip(text[:40], plain(text)[:40], strict=True)
    return "".join(bare if letter.islower() else bare.upper() for letter, bare in pairs)


def _mended(passage: tuple[Line, str], letters: Letters | None, *, broken: bool) -> Passage:
    line, text = passage
    text = " ".join(unicodedata.normalize("NFC", text).split())
    read, unsure = letters.restored(text) if letters and broken else (text, [])
    if letters and not broken:
        unsure = letters.unknown(text)
    read = read.replace(" — ", " - ").replace(" – ", " - ")
    return Passage(line, text, read, tuple(unsure))


def _names(ds: Dataset | None) -> list[str]:
    if ds is None:
        return []
    tables = (ds.areas, ds.indicators, ds.agencies)
    return [str(name) for table in tables for name in table["name_vi"].dropna()]


def _indicators(ds: Dataset | None) -> dict[str, str]:
    if ds is None:
        return {}
    return {
        str(row.indicator): plain(str(row.name_vi))
        for row in ds.indicators.itertuples()
        if isinstance(row.name_vi, str)
    }


def _sentence(text: str) -> str:
    """Write a name that stands in capitals as a sentence does, and begin it with a capital."""
    if text.isupper():
        text = text.lower()
    return f"{text[:1].upper()}{text[1:]}"


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", plain(name)).strip("_")[:40]


def _mere(bare: str) -> bool:
    """Tell whether a sentence that has figures is about something else: money, areas, dates."""
    return bool(re.search(r"\b(?:ty|trieu|ngan) dong\b|kinh phi|\bha\b|\bkm\b", bare))


def _meant(aim: Aim, bare: str) -> bool:
    """Tell whether a figure is likely to be a target: it has a unit, decimals or a place."""
    if aim.measure in ("rank", "rank_change"):
        return True
    texts = list(aim.texts.values())
    return aim.percent or any("," in text or "." in text for text in texts) or "diem" in bare


def _header(cells: Sequence[str]) -> dict[str, int]:
    """Tell which columns of a table of targets hold what, by their heads."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        bare = plain(cell)
        year = (re.findall(r"(20\d\d)", bare) or [""])[-1]
        if re.search(r"t.ng|giam|chenh", bare) and "rise" not in found:
            found["rise"] = place
        elif re.search(r"muc tieu|ke hoach|phan dau|target|chi tieu nam", bare):
            found[f"target {year}"] = place
        elif re.search(r"goc|ket qua|hien trang|thuc hien|dat duoc|baseline|diem nam", bare):
            found[f"baseline {year}"] = place
        elif re.search(r"chi so|chi tieu|noi dung|indicator|linh vuc", bare):
            found.setdefault("indicator", place)
    aimed = any(name.startswith("target") for name in found)
    return found if aimed and "indicator" in found else {}


def _aims_in(columns: dict[str, int]) -> Iterator[tuple[str, int, int | None]]:
    for name, place in columns.items():
        what, _, year = name.partition(" ")
        yield what, place, int(year) if year else None


def _of_cells(texts: dict[str, str], columns: dict[str, int], year: int | None) -> Aim | None:
    """Make a target of the cells of a row; None where its cell holds no figure."""
    aim = Aim(period=year)
    if year is None:
        aim.doubts.append("year")
    for what, cell in texts.items():
        found = re.fullmatch(r"\W*(?:từ\s*)?([-+]?\d[\d.,]*)\s*(%|điểm)?\D*", cell.strip())
        if found:
            try:
                aim.figures[what] = number(found[1].rstrip(".,"))
            except ValueError:
                continue
            aim.texts[what] = found[1]
            aim.percent = aim.percent or found[2] == "%"
    since = [year for what, _, year in _aims_in(columns) if what == "baseline" and year]
    aim.since = since[0] if since and "baseline" in aim.figures else None
    return aim if "target" in aim.figures else None
