"""The head of a plan: its number, date, title, agency and area, its years, and the plan above."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pgi_analysis.documents.aims import written
from pgi_analysis.documents.diacritics import departments, plain
from pgi_analysis.documents.passages import Passage
from pgi_analysis.documents.reading import Reading, day_of, sentence_case

#: paragraphs that the head of a document has at most
HEAD = 25

_TITLE = re.compile(
    r"(?:ke hoach\s+)?(?:ve\s+)?(?:viec\s+)?"
    r"(?:cai thien|nang cao|trien khai|thuc hien|hanh dong|duy tri|tang cuong|khac phuc)\b"
)
_NUMBER = re.compile(r"(?i)\bs[oố6]?\s*[:.]?\s*(\d{1,5}\s*/\s*[A-ZĐ]{2,}(?:-[A-ZĐ&]+)*)")
DAY = r"(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d{4})"
_LONG_DAY = r"ng.y\s*(\d{1,2})\s*th.ng\s*(\d{1,2})\s*n.{1,2}m\s*(\d{4})"
_CARRIES = re.compile(
    r"(?i)(?:thực hiện|căn cứ|theo)\s+(kế hoạch|quyết định|chương trình)\s+số\s*"
    rf"(\d+\s*/\s*[A-ZĐa-zđ-]+)\s*(?:,\s*)?ngày\s*{DAY}\s*của\s+([^,;.]+?)\s+"
    r"(?:về việc|về|ban hành)\s+([^;.]+?)(?=[.;]|,\s*(?:sở|ubnd|ủy ban|ban|thanh tra|các)\b|$)"
)
_STAGE = re.compile(r"(?<!\d)(20\d\d)\s*-\s*(20\d\d)(?!\d)")


def read_head(reading: Reading) -> None:
    """Read the head."""
    if own := _own_number(reading):
        reading.say("plan", "", "number", own[1], own[0], reading.scan)
    if issued := _issued(reading):
        reading.say("plan", "", "issued", issued[1], issued[0], reading.scan)
    area = _area(reading)
    title = _title(reading)
    agency, name, doubt = _agency(reading, own[1] if own else "", title)
    if agency:
        if area and plain(area) not in plain(name) and "tỉnh" not in name.lower():
            ds = reading.ds
            kind = "tỉnh" if ds is None else ds.full_name(area, "vi").split(area)[0]
            name = f"{name} {kind.strip()} {area}"
        reading.say("plan", "", "agency_vi", name, agency, doubt)
    _carries_out(reading)


def years_of(reading: Reading) -> tuple[int | None, int | None, bool]:
    """Return the plan's year, the first year that it may aim at, and whether it is not sure.

    The year is the first that the title names, or the opening sentences; of a stage it is the
    last, and a target without a year of its own is not sure.
    """
    issued = _issued(reading)
    signed = issued[1].year if issued else None
    passages = reading.passages
    titled = [one for one in passages[:HEAD] if _TITLE.match(one.bare.strip())]
    for one in (*titled, *passages[:12]):
        if "quy hoach" in one.bare or "tam nhin" in one.bare or len(one.bare) > 600:
            continue
        if stage := _STAGE.search(one.bare):
            return int(stage[2]), int(stage[1]), True
        bare = written(one.read)
        for found in re.finditer(r"n.{1,2}m\s*(20\d\d)", bare):
            before = bare[: found.start()]
            if not re.search(r"so v.i *$|thang \d+ *$|/ *$", before) and not _past(before):
                year = int(found[1])
                until = signed and re.search(r"den *(?:het *)?$", before)
                return year, min(year, signed) if until else year, one not in titled
    return signed, signed, True


def _past(before: str) -> bool:
    return bool(re.search(r"ket qua *$|cong bo *$", before))


def _issued(reading: Reading):
    """Find the date of the plan, which stands in words in its head."""
    for one in reading.passages[:20]:
        found = re.search(_LONG_DAY, one.bare)
        if found and (day := day_of(*found.groups())):
            return one, day
    return None


def _own_number(reading: Reading) -> tuple[Passage, str] | None:
    """Find the plan's own number, which stands in the head and not in a sentence."""
    for one in reading.passages[:15]:
        text = one.line.text if not one.line.cells else " ".join(one.line.cells)
        found = _NUMBER.search(text)
        before = plain(text[: found.start()]).strip() if found else "x"
        if found and not re.search(r"(?:ke hoach|quyet dinh|thuc hien|can cu|theo)\W*$", before):
            return one, re.sub(r"\s", "", found[1])
    return None


def _title(reading: Reading) -> int:
    """Read the title; return its place."""
    passages = reading.passages[:HEAD]
    for place, one in enumerate(passages):
        bare = one.bare.strip()
        if re.fullmatch(r"ke hoach\W*", bare) and place + 1 < len(passages):
            at = passages[place + 1]
        elif _TITLE.match(bare) and len(bare) > 30 and not _CARRIES.search(one.read):
            at = one
        else:
            continue
        text = reading.cased(re.sub(r"(?i)^kế hoạch\s+", "", at.read.strip()).strip(" .:"))
        text = f"Kế hoạch {text[:1].lower()}{text[1:]}"
        reading.say("plan", "", "title_vi", text, at, "letters")
        return place
    return 0


def _agency(reading: Reading, number: str, title: int) -> tuple[Passage | None, str, str]:
    """Find who issues the plan.

    The number of a plan by the People's Committee says so; else it is the department in the head,
    or in the title, or the one that is named most often, which is not sure.
    """
    passages, ds = reading.passages, reading.ds
    if number.upper().endswith("UBND"):
        known = re.compile("ubnd|uy ban nhan dan")
        heads = [pair for pair in pairwise(passages) if known.match(pair[0].bare)]
        at, after = heads[0] if heads else (passages[0], passages[0])
        local = re.search(r"\b(?:huyen|thi xa|xa|phuong|quan)\b.*", f"{at.bare} {after.bare}")
        name = f"UBND {local[0].title()}" if local else "UBND"
        return at, name, "agency" if local or not heads else ""
    own = [] if ds is None else ds.agencies["name_vi"].dropna()
    known = {plain(name): name for name in (*departments(), *own) if not name.startswith("UBND")}
    for part, doubt in (
        (passages[:title], "letters"),
        (passages[: title + 2], "letters"),
        (passages, "agency"),
    ):
        if found := _most_named(part, known):
            return *found, doubt
        for one in part[:20] if doubt == "letters" else ():
            if (
                re.match(r"(?:so (?!:|\d)|ban quan ly|thanh tra|cong an)\w* ?\w+", one.bare)
                and len(one.bare) < 90
            ):
                name = one.read.strip(" :.;,")
                return one, reading.cased(name), "agency" if name.isupper() else doubt
    return None, "", ""


def _most_named(passages, known: dict[str, str]) -> tuple[Passage, str] | None:
    found: Counter[str] = Counter()
    for one in passages:
        bare = one.bare
        for name in sorted(known, key=len, reverse=True):  # the longest that fits
            hits = len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", bare))
            found[name] += hits
            bare = bare.replace(name, " ") if hits else bare
    if not found.total():
        return None
    name = found.most_common(1)[0][0]
    return next(one for one in passages if name in one.bare), known[name]


def _area(reading: Reading) -> str | None:
    """Find the area: the province that the text names most often."""
    ds, whole = reading.ds, reading.passages
    names = {} if ds is None else {plain(n): n for n in ds.areas["name_vi"].dropna()}
    found: Counter[str] = Counter()
    for one in whole:
        for bare, name in names.items():
            found[name] += len(re.findall(rf"(?<!\w){re.escape(bare)}(?!\w)", one.bare))
    best = [one for one in found.most_common(2) if one[1]]
    if not best:
        for one in whole:
            if hit := re.search(r"(?:tỉnh|thành phố)\s+((?:[A-ZĐ]\w+\s?){1,3})", one.read):
                reading.say("plan", "", "area", hit[1].strip(), one, "area")
                return hit[1].strip()
        return None
    name = best[0][0]
    at = next(one for one in whole if plain(name) in one.bare)
    several = len(best) > 1 and best[1][1] == best[0][1]
    reading.say("plan", "", "area", name, at, "area" if several else "")
    return name


def _carries_out(reading: Reading) -> None:
    """Read which plan this one carries out."""
    for one in reading.passages:
        if found := _CARRIES.search(one.read):
            kind, number, *day, agency, title = found.groups()
            area = reading.of_row("").get("area")
            if area and re.fullmatch(r"(?i)(?:ubnd|ủy ban nhân dân) tỉnh", agency.strip()):
                agency = f"{agency.strip()} {area}"
            title = title.strip(" ,")
            if not re.match(r"(?i)kế hoạch|chương trình|đề án", title):
                title = f"{kind} {title}"
            told = [("number", re.sub(r"\s", "", number), reading.scan)]
            if when := day_of(*day):
                told.append(("issued", when, reading.scan))
            told += [
                ("agency_vi", agency.strip(), "letters"),
                ("title_vi", sentence_case(title), "letters"),
            ]
            for column, value, doubt in told:
                reading.say("plan", "carries_out", column, value, one, doubt)
            return
