"""Which indicator a sentence is about: one that the folder knows, or another by its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pgi_analysis.data import Dataset
from pgi_analysis.documents.diacritics import is_syllable, plain
from pgi_analysis.documents.passages import Passage

#: names are alike from so much on, of 100, and one is meant where it is so much more alike
ALIKE, AHEAD = 84, 4
#: a name that stands in the middle of other words is alike from so much on
WITHIN = 90
#: a name that is shorter is no name in the middle of other words
SHORTEST = 6

_KIND = r"(?:bo\s+)?chi s[o6]\b|truc(?: noi dung)?\b|linh vuc\b|tieu chi\b"
_LEAD = re.compile(
    rf"(?:(?<!\w)(?:{_KIND})|^\W*ty le\b)(?:\s+(?:thanh phan|noi dung))?"
    r"(?:\s+(?:so\s*)?\d{1,2}(?![\d.,]))?[\s:.-]*"
)
_QUOTED = re.compile(r'"([^"]{3,90})"')
_NAME = re.compile(
    r"[^\W\d_][^:;,.()\d\"“”«»]{1,90}?(?=\s*(?:[:;,.()\d\"“”«»]|$|\b(?:đạt|phấn đấu|năm|tăng"
    r"|giảm|đứng|xếp|thuộc|duy trì|giữ|không (?:thấp|dưới|quá|vượt)|tối thiểu|ít nhất|từ|lên|nằm"
    r"|vào|trên|dưới|của (?:tỉnh|thành phố|huyện|sở)|trong|điểm|cải thiện|vượt|cần|phải|được|hạng"
    r"|kết quả|tại)\b))"
)
#: words after «chỉ số» that are no name, that mean some of them, and numbers before it
_NO_NAME = re.compile(r"(?:nay|tren|sau|do|diem|thanh phan|noi dung|va|chinh)\b")
_OF_SOME = re.compile(r"(?:nao|khac|con lai)\b")
_SOME = re.compile(
    r"(?:(?<![\d.,/])\d{1,2}(?:/\d{1,2})?|\b(?:mot|hai|ba|bon|sau|bay|tam|moi|tung))\s*$"
)
_MANY = re.compile(r"\b(?:cac|nhung|so)\s*$")
_FIGURES = re.compile(r"\d,\d|\d\s*(?:diem|%|bac)")
_SHORT_NAME = r"[A-Z]{3,6}(?:[ -]I(?:NDEX|ndex))?"
_OWN = re.compile(rf"(?i:chỉ số)\s+([^()\d.,;:“”\"]{{3,80}}?)\s*\(\s*({_SHORT_NAME})\s*\)")
_AFTER_LEAD = re.compile(rf"(?i:chỉ số)\s+(?i:thành phần\s+)?({_SHORT_NAME})(?!\w)")
#: what a figure is of, where no indicator is named
_OF_ANOTHER = re.compile(r"\b(?:ty le|so luong|so vu|so ho|thoi gian|so luot|100%)")
_OF_THE_INDEX = re.compile(
    r"tong diem|so diem|diem so\b(?! voi)|diem tong hop|thu hang|xep (?:hang|thu)|vi tri|nhom|top"
    r"|bac\b"
)


def slug(name: str) -> str:
    """Make a key of a name."""
    return re.sub(r"[^a-z0-9]+", "_", plain(name)).strip("_")[:40]


class Names:
    """The indicators of a folder, and the indices that a document speaks of."""

    def __init__(self, ds: Dataset | None, passages: Sequence[Passage], *, broken: bool) -> None:
        self.known = _known(ds)
        self.broken = broken
        wholes = set() if ds is None else set(ds.indicators["part_of"].dropna())
        self.whole = "total" if ds is None else sorted(wholes)[0] if len(wholes) == 1 else ""
        texts = [one.read for one in passages if not one.read.isupper() or "(" in one.read]
        full = [found for text in texts for found in _OWN.findall(text)]
        short = [name for _, name in full]
        short += [name for text in texts for name in _AFTER_LEAD.findall(text)]
        short = [name for name in dict.fromkeys(short) if not is_syllable(name)]
        own = set(self.known.get(self.whole, "").split())
        if ds is None and short:
            own = {plain(short[0])}
        #: the keys of indices, by their short and full names
        self.indices = {
            plain(name): self.whole if plain(name) in own else slug(name) for name in short
        }
        self.indices |= {one: self.whole for one in own if not is_syllable(one)}
        self.full = {
            plain(name).strip(): self.indices[plain(abbreviation)]
            for name, abbreviation in full
            if plain(abbreviation) in self.indices
        }

    def parts(self, sentence: Passage) -> Iterator[tuple[Passage, str | None, bool]]:
        """Part a sentence by the indicators that it names: each part, its indicator, and if sure.

        The indicator is None where none is named, and empty where some are meant without a name.
        The names are taken out: «Giảm thiểu ô nhiễm» reduces nothing by 6,58.
        """
        found, nameless = self._named(sentence)
        if not found:
            key, score = self.alike(sentence.bare)
            yield nameless, key if score >= WITHIN else None, True
        elif len({key for _, key, _ in found}) == 1:
            before, after = nameless.read[: found[0][0]], nameless.read[found[-1][0] :]
            apart = _FIGURES.search(plain(before)) and _FIGURES.search(after.partition("(")[0])
            yield nameless, found[0][1], not apart and all(sure for *_, sure in found)
        elif _FIGURES.search(sentence.bare[: found[0][0]]):
            yield nameless, found[0][1], False  # figures before names: whose they are is not sure
        else:
            starts = [0, *(place for place, *_ in found[1:])]
            for (_, key, sure), start, end in zip(found, starts, [*starts[1:], None], strict=True):
                part = nameless.read[start:end]
                yield replace(nameless, read=part, text=part), key, sure

    def alike(self, text: str) -> tuple[str | None, float]:
        """Find the indicator whose name is like some of the words, and how much it is."""
        from rapidfuzz.fuzz import partial_ratio

        names = {key: name for key, name in self.known.items() if len(text) >= len(name) - 2}
        return _best({key: partial_ratio(text, name) for key, name in names.items()})

    def like(self, name: str) -> str | None:
        """Find the indicator that a whole name is like."""
        from rapidfuzz.fuzz import ratio

        return _best({key: ratio(plain(name), known) for key, known in self.known.items()})[0]

    def _named(self, one: Passage) -> tuple[list[tuple[int, str, bool]], Passage]:
        """Find the indicators that a sentence names (where, which, if sure); take the names out."""
        rest = _Rest(one.bare)
        for name in _QUOTED.finditer(rest.left):
            if (key := self.like(name[1])) or rest.lead(name.start()) < name.start():
                rest.keep(name, key or slug(name[1]))
        for key, name in sorted(self.known.items(), key=lambda pair: -len(pair[1])):
            if len(name) >= SHORTEST:
                for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", rest.left):
                    rest.keep(hit, key)
        if not self.broken:
            marked = one.read.lower()
            for lead in _LEAD.finditer(rest.left):
                before, name = rest.left[: lead.start()], _NAME.match(marked, lead.end())
                text = plain(name[0]) if name else ""
                if "\0" in rest.left[lead.start() : name.end() if name else lead.end()]:
                    continue
                if _SOME.search(before) or _OF_SOME.match(text):
                    rest.keep(lead, "", sure=False)
                elif name and not _NO_NAME.match(text) and not _MANY.search(before):
                    share = "ty le " * ("ty le" in lead[0])
                    key, sure = self._of_other(f"{share}{text.strip()}")
                    rest.keep(name, key, sure=sure)
            for name, key in self.indices.items():
                for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", rest.left):
                    rest.keep(hit, key, sure=key == self.whole)
        same = len(one.text) == len(one.read)
        read = rest.without_names(one.read)
        text = rest.without_names(one.text) if same else _QUOTED.sub(" ", one.text)
        return sorted(rest.found), replace(one, read=read, text=text)

    def _of_other(self, name: str) -> tuple[str, bool]:
        """Return the key of a name that the folder does not know."""
        for full, key in (*self.full.items(), *self.indices.items()):
            if (full.startswith(name) and len(name) > 3) or f"{name} ".startswith(f"{full} "):
                return key, key == self.whole
        key = self.like(name)
        return key or slug(name), bool(key)

    def default(self, bare: str) -> str | None:
        """Return the index of the plan where a sentence speaks of it without its name."""
        about = _OF_THE_INDEX.search(bare) and not self.of_another(bare)
        return self.whole if about else None

    @staticmethod
    def of_another(bare: str) -> bool:
        """Tell whether a sentence sets a target of a share or a number, and names no indicator."""
        return bool(_OF_ANOTHER.search(bare))


class _Rest:
    """What of a sentence no name has taken, and the names."""

    def __init__(self, text: str) -> None:
        self.left = text
        self.found: list[tuple[int, str, bool]] = []

    def lead(self, place: int) -> int:
        """Return where «chỉ số» begins before a name, or the name itself."""
        lead = re.search(rf"(?:{_KIND})[^\";,]{{0,20}}$", self.left[:place])
        return lead.start() if lead else place

    def keep(self, name: re.Match[str], key: str, *, sure: bool = True) -> None:
        start = self.lead(name.start())
        self.found.append((start, key, sure))
        self.left = self.left[:start] + "\0" * (name.end() - start) + self.left[name.end() :]

    def without_names(self, text: str) -> str:
        pairs = zip(text, self.left, strict=True)
        return "".join(" " if taken == "\0" else letter for letter, taken in pairs)


def _best(scores: dict[str, float]) -> tuple[str | None, float]:
    """Return the key of the highest score, where it is high enough and well ahead."""
    best = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
    if not best or best[0][1] < ALIKE or (len(best) > 1 and best[0][1] - best[1][1] < AHEAD):
        return None, 0.0
    return best[0]


def _known(ds: Dataset | None) -> dict[str, str]:
    if ds is None:
        return {}
    return {
        str(row.indicator): plain(str(row.name_vi))
        for row in ds.indicators.itertuples()
        if isinstance(row.name_vi, str)
    }
