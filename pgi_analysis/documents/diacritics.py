"""Vietnamese letters that a scan has broken, put right against words that are known.

Each syllable becomes the known one that it looks like and that follows the one before it, by the
most probable path. Known are the sentences of the reports, common phrases of plans
(``phrases.txt``) and the names that a data folder holds. What is like none of them stays as it was
read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources

from pgi_analysis.data import texts
from pgi_analysis.language import words

#: a text is broken where more of its words than this are no Vietnamese syllables,
#: or fewer bear marks; abbreviations do not count
STRANGE, MARKED = 0.04, 0.5
#: costs, in natural logarithms: of a letter misread, a mark misread, and of a word nobody knows
LETTER, MARK, UNKNOWN = 2.6, 0.45, 9.0
#: a letter misread is less likely where the word is a possible one as it stands
POSSIBLE = 1.6
#: how much of a word's probability comes from the one before it
PAIR = 0.75
#: a word is sure where all others cost so much more
MARGIN = 1.0

#: a word, with the signs that a scanner puts in the place of letters
_WORD = re.compile(r"[^\W_]+(?:(?<=[^\W\dA-Z_])[¢&¥][^\W_]*|(?<=\b[^\W\d_])[¢&¥])?")
_ONSETS = "ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
_VOWELS = (
    "uye|uya|uyu|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uy|[aeo][iouy]|[iuy][aeu]|oa|oe|oo|uo|ui|[aeiouy]"
)
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_VOWELS})(?:ch|ng|nh|[cmnpt])?")
#: figures and letters that look alike, and pairs of letters that a scanner makes of one
_ALIKE = str.maketrans("610358¢¥", "olooseoy")
_PAIRS = (("ii", "u"), ("ir", "u"), ("w", "uu"), ("n", "u"))
#: the one figure that stands for a word
_POLLUTION = re.compile(r"\b6(?= nhi[eéêẽễ]m)")


def plain(text: str) -> str:
    """Take the marks from letters, small, as many letters as before.

    Examples
    --------
    >>> plain("Đắk Lắk: 6,58 điểm")
    'dak lak: 6,58 diem'
    """
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


@cache
def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter.replace("đ", "d").replace("Đ", "d"))[0].lower()
    return {"–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "«": '"', "»": '"'}.get(base, base)


def is_broken(texts: Iterable[str]) -> bool:
    """Tell whether a text has lost its marks, or a scanner has misread its letters.

    Examples
    --------
    >>> is_broken(["Chỉ tiêu: phấn đấu đạt từ 6,58 điểm trở lên"])
    False
    >>> is_broken(["Chi tiéu: Phan dau dat tir 6,58 diém trg 1én"])
    True
    """
    found = [one for text in texts for one in _WORD.findall(text)]
    found = [one for one in found if len(one) > 1 and one[0].isalpha() and not one.isupper()]
    if not found:
        return False
    strange = sum(not is_syllable(one) for one in found)
    marked = sum(plain(one) != unicodedata.normalize("NFC", one).lower() for one in found)
    return strange / len(found) > STRANGE or marked / len(found) < MARKED


def is_syllable(text: str) -> bool:
    """Tell whether letters make a Vietnamese syllable, marks aside.

    Examples
    --------
    >>> is_syllable("xanh"), is_syllable("PAPI")
    (True, False)
    """
    return bool(_SYLLABLE.fullmatch(plain(text)))


def _phrases() -> list[str]:
    text = resources.files(__package__).joinpath("phrases.txt").read_text("utf-8")
    return text.splitlines()


def departments() -> list[str]:
    """Return the departments that provinces have, and have had."""
    return [one for one in _phrases() if one.startswith("Sở ")]


class Letters:
    """Known words, by which broken ones are put right."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.singles: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        spoken = (re.sub(r"\{[^}]*\}", ".", text) for _, text in texts(words("vi")))
        for weight, known in ((1, spoken), (8, _phrases()), (12, names)):
            for text in known:
                told = [one.lower() for one in _WORD.findall(unicodedata.normalize("NFC", text))]
                told = [one for one in told if not one.isdigit()]
                for before, one in zip(["", *told], told, strict=False):
                    self.singles[one] += weight
                    self.pairs[before, one] += weight
        self.total = sum(self.singles.values())
        self.alike: dict[str, list[str]] = {}
        for one in self.singles:
            if is_syllable(one):
                self.alike.setdefault(plain(one), []).append(one)
        self._like = cache(self._find)

    def restored(self, text: str) -> tuple[str, list[str]]:
        """Put the words of a text right, and name those that are not sure; no figure changes."""
        text = _POLLUTION.sub("ô", unicodedata.normalize("NFC", text))
        found = [one for one in _WORD.finditer(text) if not one[0].isdigit()]
        unsure, out, last = [], [], 0
        for place, (word, sure) in zip(found, self._path([one[0] for one in found]), strict=True):
            out += [text[last : place.start()], _cased(word, place[0])]
            last = place.end()
            if not sure:
                unsure.append(out[-1])
        return "".join([*out, text[last:]]), unsure

    def unknown(self, text: str) -> list[str]:
        """Name the words of a text that are not known."""
        told = _WORD.findall(unicodedata.normalize("NFC", text))
        return [one for one in told if not one.isdigit() and one.lower() not in self.singles]

    def _path(self, tokens: list[str]) -> list[tuple[str, bool]]:
        """Find the most probable words, and whether each is beyond doubt."""
        looks = [dict(self._like(token)) for token in tokens]
        ahead: list[dict[str, float]] = []  # the least cost of all up to a word, and of all after
        before = {"": 0.0}
        for look in looks:
            before = {
                word: cost + min(old + self._follows(one, word) for one, old in before.items())
                for word, cost in look.items()
            }
            ahead.append(before)
        behind, chosen = {"": 0.0}, []
        for token, look, upto in zip(
            reversed(tokens), reversed(looks), reversed(ahead), strict=True
        ):
            after = behind.items() if chosen else ()
            behind = {
                word: min((cost + self._follows(word, one) for one, cost in after), default=0.0)
                for word in look
            }
            total = {word: upto[word] + cost for word, cost in behind.items()}
            behind = {word: cost + look[word] for word, cost in behind.items()}
            best, *rest = sorted(total, key=total.__getitem__)
            clear = not rest or total[rest[0]] - total[best] > MARGIN
            chosen.append((best, clear and (best in self.singles or not _is_word(token))))
        chosen.reverse()
        around = ["", *(word for word, _ in chosen), ""]
        return [
            (word, sure and self._stands(around[place : place + 3], token))
            for place, ((word, sure), token) in enumerate(zip(chosen, tokens, strict=True))
        ]

    def _stands(self, words: list[str], token: str) -> bool:
        """Tell whether a word of other letters than were read is known beside a neighbour."""
        before, word, after = words
        same = plain(token) == plain(word)
        if token[:1].isupper() and not token.isupper() and is_syllable(token):
            return same  # a name may be another one
        return same or (before, word) in self.pairs or (word, after) in self.pairs

    def _follows(self, before: str, word: str) -> float:
        pair = self.pairs[before, word] / max(self.singles[before], 1) if before else 0.0
        share = PAIR * pair + (1 - PAIR) * (self.singles[word] + 0.05) / self.total
        return -math.log(share)

    def _find(self, token: str) -> list[tuple[str, float]]:
        """Return the words that a token may be, with what its looks cost."""
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import extract

        own = token.lower()
        if not _is_word(token):
            return [(own, 0.0)]
        bare = plain(own).translate(_ALIKE)
        possible = is_syllable(own)
        letter = LETTER + POSSIBLE * possible
        most = 0 if len(bare) < 2 else 1 if len(bare) < 4 + possible else 2
        found = {own: 0.0 if own in self.singles else UNKNOWN}
        shapes = {bare: 0.0} | {bare.replace(a, b, 1): LETTER / 2 for a, b in _PAIRS if a in bare}
        for shape, extra in sorted(shapes.items(), key=lambda one: -one[1]):
            near = extract(
                shape, self.alike.keys(), scorer=Levenshtein.distance, score_cutoff=most, limit=40
            )
            for key, letters, _ in near:
                for word in self.alike[key]:
                    marks = Levenshtein.distance(_apart(own), _apart(word)) - letters
                    cost = extra + letter * letters + MARK * min(max(marks, 0), 3)
                    found[word] = min(cost, found.get(word, math.inf))
        return list(found.items())


def _is_word(token: str) -> bool:
    """Tell a word from a number and from an abbreviation."""
    letters = [one for one in token if one.isalpha()]
    short = len(letters) > 1 and token.isupper()
    return bool(letters) and not (short and (len(token) < 6 or "&" in token))


def _apart(word: str) -> str:
    return unicodedata.normalize("NFD", word.replace("đ", "d̶"))


def _cased(word: str, token: str) -> str:
    if token.isupper() and sum(map(str.isalpha, token)) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if token[:1].isupper() else word
