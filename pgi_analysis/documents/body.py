"""The body of a plan: its targets, in sentences and tables, and its tasks by indicator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pgi_analysis.data import number_text
from pgi_analysis.documents.aims import ROUNDING, Aim, aims_of, figures_of
from pgi_analysis.documents.head import DAY, years_of
from pgi_analysis.documents.names import Names, slug
from pgi_analysis.documents.passages import Passage
from pgi_analysis.documents.reading import Reading, day_of, sentence_case
from pgi_analysis.documents.tables import Column, aims_in, columns_of, figures_left

#: a heading is no longer
HEADING = 140

_NUMBERED = {
    "roman": re.compile(r"\s*(?:(?:phan|PHAN|Phan|PH.N|Ph.n)\s+)?(?:[IVX]{1,4}[.1l]*[.:]|i+\d*\.)"),
    "letter": re.compile(r"\s*[A-HĐ][.)]\s"),
    "number": re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s"),
    "small": re.compile(r"\s*[a-zđ][.)]\s"),
}
#: the levels of a plan's parts
_PARTS = ("roman", "letter")
_RESULTS = re.compile(
    r"\W*(?:(?:phan\s+)?\w{1,4}(?:\.\d+)*[.):]\s*)?"
    r"(?:ket qua(?! (?:can|phan dau|du kien))|danh gia|thuc trang|tinh hinh|hien trang|boi canh)"
)
_PLANNED = re.compile(r"muc tieu|chi tieu|phan dau|nhiem vu|giai phap|to chuc|ke hoach|yeu cau")
_REACHED = re.compile(
    r"^[\W\d]*(?:ket qua|hien trang|thuc trang|da dat|diem goc|gia tri goc)\b"
    r"(?!.*(?:muc tieu|phan dau))"
)
_MONEY = re.compile(r"\b(?:ty|trieu|ngan) dong\b|kinh phi|\d\s*(?:ha|km)\b")
_ITEM = r"(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)]\s"
#: a numbered paragraph that gives somebody something to do
_GIVEN = re.compile(rf"\W*{_ITEM}.*(?:chu tri|phoi hop|truoc ngay|hoan thanh|thoi han|thoi gian)")
_LEAD = re.compile(
    r"(?i)^\s*(?:giao\s+|đơn vị chủ trì\s*:\s*)?"
    r"((?:các )?(?:phòng|văn phòng|ban|thanh tra|trung tâm|chi cục|sở|ubnd|công an|cục)\b.{0,90}?)"
    r"\s*(?:chủ trì|làm đầu mối|là đầu mối|chỉ đạo|thực hiện|tham mưu|có trách nhiệm|[:;])"
)
_LEADING = re.compile(
    r"(?i)[.;:(]\s*((?:phòng|văn phòng|ban|thanh tra|trung tâm|chi cục|sở)\b[^.;:(]{0,60}?)"
    r"\s+chủ trì"
)
_WITH = re.compile(
    r"(?i)phối hợp (?:với )?(.{3,120}?)(?=\s+(?:triển khai|kiểm tra|tổ chức|tăng cường|thực hiện|"
    r"xây dựng|tham mưu|rà soát|hướng dẫn|đẩy mạnh|theo dõi|đôn đốc|tuyên truyền|nâng cao|tổng hợp)"
    r"|[;:.]|$)"
)
_DUE = re.compile(
    rf"(?i)(?:trước ngày|chậm nhất(?: là)?(?: ngày)?|hoàn thành (?:trước|trong)(?: ngày)?)\s*{DAY}"
)
_DUE_QUARTER = re.compile(
    r"(?i)(?:trong|hoàn thành|thời (?:hạn|gian)(?: thực hiện| hoàn thành)?\s*:?)\s*"
    r"quý\s*([1-4]|IV|I{1,3})\s*[/ ]\s*(?:năm )?(\d{4})"
)


def read_body(reading: Reading, names: Names) -> None:
    """Read targets and tasks."""
    _Body(reading, names).read()


class _Body:
    def __init__(self, reading: Reading, names: Names) -> None:
        self.reading, self.names = reading, names
        self.year, self.start, self.guessed = years_of(reading)
        self.now: str | None = None  # what the heading above is about
        self.sure = False  # whether that is sure
        self.level = ""  # of that heading
        self.results = ""  # the level of a heading above which tells what was reached
        self.tasked = ""  # and of one that the tasks stand below
        self.tasks = 0

    def read(self) -> None:
        columns: dict[int, Column] = {}
        above: Sequence[str] = ()
        for one in self.reading.passages:
            if one.line.cells:
                columns = self._row(one, columns, above)
                if not columns or len(above) == 0 or columns_of(one.line.cells, above, self.start):
                    above = one.line.cells
                continue
            columns, above = {}, ()
            self._sectioned(one)
            if self._headed(one):
                continue
            if self._aimed(one):
                continue
            if self.now and self._is_task(one):
                self._task(one, self.now)
            elif self.tasked and _level(one) not in (*_PARTS, "capitals"):
                self._untied(one)

    # --- Headings ---

    def _sectioned(self, one: Passage) -> None:
        """Note the beginning of a part, and whether it tells what was reached."""
        level = _level(one)
        if not level or len(one.bare) > HEADING or figures_of(one.read):
            return
        if _RESULTS.match(one.bare):
            self.results = level
        elif level == self.results or _PLANNED.search(one.bare):
            self.results = ""
        if re.search("nhiem vu|giai phap", one.bare):
            self.tasked = level
        elif level in (*_PARTS, self.tasked):
            self.tasked = ""
        if level in (*_PARTS, self.level):
            self.now = None

    def _headed(self, one: Passage) -> bool:
        """Note the indicator that a heading names."""
        parts = [part[1:] for piece in one.sentences for part in self.names.parts(piece)]
        named = [part for part in parts if part[0]] or [(self.names.alike(one.bare)[0], True)]
        led = re.match(r"\W*(?:chi s.|truc\b)", one.bare)
        alone = self.names.like(one.bare.strip(" :.-+"))
        if len(named) != 1 or not named[0][0] or len(one.bare) > HEADING:
            return False
        level = _level(one)
        if (level in ("", "capitals") and not (led or alone)) or self._sets(one):
            return False
        if self.tasked and _GIVEN.match(one.bare) and len(one.sentences) > 1:  # a task of its own
            return False
        (self.now, self.sure), self.level = named[0], level
        return not figures_of(one.read)

    def _sets(self, one: Passage) -> bool:
        """Tell whether a paragraph sets a target."""
        return any(_meant(aim, one.bare) for aim in self._aims(one)[0])

    # --- Targets ---

    def _aimed(self, one: Passage) -> bool:
        """Read the targets in the sentences of a paragraph; tell whether it has any."""
        if not figures_of(one.read):
            return False
        told, last, several = False, None, set()
        fragment = one.read[:1].islower() and not _level(one)
        task = self._is_task(one) and _LEAD.search(re.sub(r"^\W+", "", one.read))
        for sentence in one.sentences:
            for piece, key, sure in self.names.parts(sentence):
                if key:
                    several.add(key)
                    last = key, sure and len(several) == 1
                aims, rest = self._aims(piece)
                stray = [aim for aim in aims if not _meant(aim, piece.bare)]
                aims = [aim for aim in aims if aim not in stray]
                about, named = key, sure
                if key is None:
                    other = self.names.of_another(piece.bare)
                    about, named = (None, False) if other or task else last or (self.now, self.sure)
                    about = about or (None if task else self.names.default(piece.bare))
                past = self.results or _REACHED.search(piece.bare)
                if past or not about or _MONEY.search(sentence.bare):
                    stray, aims = [*aims, *stray], []
                for aim in aims:
                    aim.doubts += ["part"] * bool(fragment)  # its beginning stands elsewhere
                    if key is None and aim.percent:
                        named = False  # a share of something else, perhaps
                    told = self._aim(aim, about, one, sure=named) or told
                left = [text for aim in stray for text in aim.texts.values()]
                self.reading.leave(one, [*left, *rest])
        return told

    def _aims(self, one: Passage) -> tuple[list[Aim], list[str]]:
        """Read the figures as the words stand, or as they were put right: where they add up."""
        tried = [
            aims_of(text, self.year, self.start) for text in dict.fromkeys((one.read, one.text))
        ]
        return max(tried, key=lambda told: sum(aim.confirmed for aim in told[0]))

    def _row(
        self, one: Passage, columns: dict[int, Column], above: Sequence[str]
    ) -> dict[int, Column]:
        """Read a row of a table of targets, or its header."""
        cells = one.line.cells
        if found := columns_of(cells, above, self.start):
            return found
        if not columns or self.results or len(above) != len(cells):  # which cell is missing?
            self.reading.leave(one, figures_left(cells, {}))
            return columns
        place = next(one.place for one in columns.values() if one.what == "indicator")
        name = cells[place]
        key = self.names.like(name) or next(
            (key for _, key, _ in self.names.parts(replace(one, read=name, text=name))), None
        )
        for aim in aims_in(cells, columns, self.year):
            if key or slug(name):
                self._aim(aim, key or slug(name), one, sure=key in self.names.known)
        self.reading.leave(one, figures_left(cells, columns))
        return columns

    def _aim(self, aim: Aim, indicator: str, at: Passage, *, sure: bool) -> bool:
        """Keep a target, with what makes it doubtful; tell whether it can be one."""
        if not self._fits(aim, indicator):
            self.reading.leave(at, list(aim.texts.values()))
            return False
        say, row = self.reading.say, f"{indicator}/{aim.measure}/{aim.period}"
        doubt, note = self._doubt(aim, indicator, sure=sure)
        told, columns = aim.figures, {"rise": "planned_rise"}
        if earlier := self.reading.of_row(row):
            before = [earlier.get(columns.get(what, what)) for what in told]
            if any(
                a not in (None, number_text(b)) for a, b in zip(before, told.values(), strict=True)
            ):
                self.reading.leave(at, list(aim.texts.values()))
                self.reading.values = [
                    replace(one, doubt="twice", note={}) if one.row == row else one
                    for one in self.reading.values
                ]
            return True
        say("targets", row, "indicator", indicator, at, "" if sure else "indicator")
        if aim.measure != "score":
            say("targets", row, "measure", aim.measure, at)
        if aim.comparison and aim.measure == "score":
            say("targets", row, "comparison", aim.comparison, at)
        for what, value in told.items():
            text = number_text(value)
            if aim.measure == "change" and aim.percent:
                text += "%"
            say("targets", row, columns.get(what, what), text, at, doubt, **note)
        scan = self.reading.scan
        if aim.since:
            unsure = "year" in aim.doubts
            say("targets", row, "baseline_period", aim.since, at, "role" * unsure)
        if aim.period:
            late = aim.since and aim.since >= aim.period
            guessed = self.guessed and aim.period == self.year and str(self.year) not in at.read
            unsure = "year" in aim.doubts or late or guessed or (scan and not aim.confirmed)
            say("targets", row, "target_period", aim.period, at, "year" * bool(unsure))
        return True

    def _fits(self, aim: Aim, indicator: str) -> bool:
        """Tell whether the figures lie between the ends of the indicator's scale."""
        ds = self.reading.ds
        if aim.measure != "score" or ds is None:
            return True
        own = ds.indicators[ds.indicators["indicator"] == indicator]
        if own.empty:
            return True
        lower, upper = own["lower"].iloc[0], own["upper"].iloc[0]
        levels = [value for what, value in aim.figures.items() if what != "rise"]
        if aim.percent and upper == upper and upper != 100:
            return False
        return not any(value < lower or value > upper for value in levels)

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
        if own is not None and self._falls(indicator, told["target"] - own):
            return "role", {}
        if aim.confirmed:
            return "", {}
        return "part" if "part" in aim.doubts else self.reading.scan, {}

    def _falls(self, indicator: str, change: float) -> bool:
        """Tell whether a plan would make an indicator worse."""
        ds = self.reading.ds
        own = [] if ds is None else ds.indicators[ds.indicators["indicator"] == indicator]
        return len(own) > 0 and change * own["direction"].iloc[0] < 0

    def _published(self, indicator: str, period: int | None) -> float | None:
        ds = self.reading.ds
        if ds is None or period is None:
            return None
        area = self.reading.of_row("").get("area")
        own = ds.scores[(ds.scores["area"] == area) & (ds.scores["indicator"] == indicator)]
        own = own[own["period"] == period].sort_values("released")
        return float(own["value"].iloc[-1]) if len(own) else None

    # --- Tasks ---

    def _is_task(self, one: Passage) -> bool:
        if not re.match(r"\s*[-+•*]", one.line.text) and "nhiem vu" not in one.bare[:16]:
            return False
        if _REACHED.search(one.bare) or re.match(r"\W*(?:chi s.|truc\b)", one.bare):
            return False
        return len(re.sub(r"^\W*(?:nhiem vu)?\W*", "", one.bare)) > 30

    def _untied(self, at: Passage) -> None:
        """Keep a task that stands below no indicator's heading under the one that it names."""
        if not (self._is_task(at) or _GIVEN.match(at.bare)):
            return
        parts = (part for piece in at.sentences for part in self.names.parts(piece))
        named = {key for _, key, _ in parts if key}
        if len(named) == 1:
            self._task(at, *named, doubt="indicator")
        else:
            self.reading.leave_task(at)

    def _task(self, at: Passage, indicator: str, doubt: str = "") -> None:
        self.tasks += 1
        key, say = f"n{self.tasks}", self.reading.say
        text = re.sub(rf"(?i)^\s*(?:[-+•*]|{_ITEM})?\s*(?:nhiệm vụ)?\s*:?\s*", "", at.read).strip()
        text = f"{text[:1].upper()}{text[1:]}".rstrip(" ;")
        say("actions", key, "indicator", indicator, at, doubt)
        say("actions", key, "task_vi", text, at, "letters")
        lead = _LEAD.search(text) or _LEADING.search(text)
        name = sentence_case(lead[1].strip(" ,")) if lead else ""
        say("actions", key, "lead_unit_vi", name, at, "letters" if name else "unit")
        if found := _WITH.search(text):
            say("actions", key, "cooperating_units_vi", found[1].strip(" ,"), at, "letters")
        if found := _DUE.search(text):
            if day := day_of(*found.groups()):
                say("actions", key, "deadline", day, at, self.reading.scan)
        elif found := _DUE_QUARTER.search(text):
            part = int({"I": 1, "II": 2, "III": 3, "IV": 4}.get(found[1].upper(), found[1]))
            day = date(int(found[2]), 3 * part, 31 if part in (1, 4) else 30)
            say("actions", key, "deadline", day, at, self.reading.scan)


def _level(one: Passage) -> str:
    """Return how a heading is numbered, or that it is in capitals; empty where it is none."""
    text = one.line.text
    level = next((kind for kind, known in _NUMBERED.items() if known.match(text)), "")
    return level or "capitals" * text.isupper()


def _meant(aim: Aim, bare: str) -> bool:
    """Tell whether a figure is likely to be a target: it has a unit, decimals or a place."""
    if aim.measure in ("rank", "rank_change"):
        return True
    texts = list(aim.texts.values())
    return aim.percent or any("," in text or "." in text for text in texts) or "diem" in bare
