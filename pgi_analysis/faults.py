"""What is wrong with an input, said so that its owner can mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pgi_analysis.language import default_language, say, words

#: how many of the rows with the same fault are listed
ROWS_SHOWN = 5
#: how alike words are, of 1 for equal ones, that may be meant for each other
CLOSE = 0.65
#: what cannot be seen, but may change what is: control characters, soft hyphens, characters of no
#: width, code points of none, those that turn the direction of writing, part lines, or stand for a
#: letter of no ink
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True)
class Fault:
    """One fault: the rule that was broken, where, and what came instead.

    ``rule`` is the key of its message in the word files; ``values`` fill it. ``row`` counts as a
    spreadsheet does: the header is row 1; ``also`` are further rows with the same fault.
    """

    rule: str
    file: str = ""
    row: int | None = None
    column: str = ""
    values: dict[str, object] = field(default_factory=dict)
    also: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """Every row with the fault."""
        return () if self.row is None else (self.row, *self.also)

    def text(self, language: str | None = None, *, command: bool = False) -> str:
        """Say the fault: file, rows, column, rule, what came and the remedy.

        The remedy is one for Python, or for the `command` where it has another.
        """
        language = language or default_language()
        place = " ".join(filter(None, [self.file, self._rows(language)]))
        place = ", ".join(filter(None, [place, _short(self.column)]))
        return visible(": ".join(filter(None, [place, self.message(language, command=command)])))

    def message(self, language: str, *, command: bool = False) -> str:
        """Say the fault without its place."""
        values = dict(self.values)
        for name, value in values.items():
            if isinstance(value, Hint):
                values[name] = value.text(language)
            elif isinstance(value, Fault):  # one that explains another
                values[name] = value.message(language, command=command)
        values["got"] = _short(values.get("got"))
        key = self.rule
        if command and (own := key.replace(".", "_")) in words(language)["fault"]["command"]:
            key = f"command.{own}"
        return say(f"fault.{key}", language, **values).strip()

    def _rows(self, language: str) -> str:
        if self.row is None:
            return ""
        shown, more = self.rows[:ROWS_SHOWN], len(self.rows) - ROWS_SHOWN
        key = "row" if not self.also else "rows" if more <= 0 else "rows_and_more"
        rows = ", ".join(map(str, shown))
        return say(f"fault.{key}", language, row=self.row, rows=rows, more=more)


@dataclass(frozen=True)
class Hint:
    """A remedy that only some cases of a fault deserve; an empty key says nothing."""

    key: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Say the hint, and those in it."""
        values = {
            name: one.text(language) if isinstance(one, Hint) else one
            for name, one in self.values.items()
        }
        return say(f"hint.{self.key}", language, **values) if self.key else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a misspelt one is most like, if one is like it at all.

    Examples
    --------
    >>> closest("Scors", ["scores", "ranks"]), closest("notes", ["scores", "ranks"])
    ('scores', None)
    """
    folded = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), folded, 1, CLOSE)
    return folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> Hint:
    """Hint at the known word that a misspelt one is most like, if there is such.

    Examples
    --------
    >>> did_you_mean("S1", ["s1", "s2"]).text("en"), did_you_mean("x", ["s1"]).text("en")
    ('Did you mean s1?', '')
    """
    return guessed(closest(word, known))


def guessed(word: object) -> Hint:
    """Hint at a word, or at nothing where there is none: None, or an empty cell."""
    return Hint("did_you_mean", {"guess": word}) if isinstance(word, str) else Hint()


def visible(text: str) -> str:
    r"""Write out the characters that cannot be seen, which a terminal might obey.

    Examples
    --------
    >>> visible("4\u200b84")
    '4‹U+200B›84'
    """
    return INVISIBLE.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def _short(value: object) -> str:
    """Put what came on one line of bearable length."""
    text = " ".join(str(value).split())
    return text if len(text) <= 200 else f"{text[:199]}…"


class InputError(ValueError):
    """An input cannot be used; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.text()

    def _render_traceback_(self) -> list[str]:
        """Show in a notebook what the command shows: the faults, not where in the code."""
        return [self.text()]

    def text(self, language: str | None = None, *, command: bool = False) -> str:
        """Say every fault, one a line, with the remedies for Python or for the command."""
        return "\n".join(fault.text(language, command=command) for fault in self.faults)


def gather(faults: Iterable[Fault]) -> list[Fault]:
    """Make one fault of those that say the same of several rows of a file, and sort by row.

    The file in which the first one was found comes first.

    Examples
    --------
    >>> one, two = (Fault("cell_empty", "scores.csv", row, "source") for row in (2, 5))
    >>> print(gather([one, two])[0].text("en"))
    scores.csv rows 2, 5, source: the cell is empty, and may not be. Fill it in.
    """
    found = list(faults)
    files = list(dict.fromkeys(fault.file for fault in found))
    found.sort(key=lambda f: (files.index(f.file), -1 if f.row is None else f.row, f.column))
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in found:
        groups.setdefault((fault.file, fault.column, fault.message("en")), []).append(fault)
    return [
        replace(first, also=first.also + tuple(row for fault in others for row in fault.rows))
        for first, *others in groups.values()
    ]


def refuse(rule: str, **values: object) -> InputError:
    """Make the error for one wrong argument.

    Examples
    --------
    >>> print(refuse("level", got=90, hint=Hint("did_you_mean", {"guess": "0.9"})).text("en"))
    level must lie in (0, 1), got 90. Did you mean 0.9?
    """
    return InputError([Fault(rule, values=values)])
