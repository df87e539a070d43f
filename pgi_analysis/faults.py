"""What is wrong with an input, said so that its owner can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pgi_analysis.language import default_language, say


@dataclass(frozen=True)
class Fault:
    """One fault: the rule that was broken, where, and what came instead.

    ``rule`` is the key of its message in the word files; ``values`` fill it. ``row`` counts as a
    spreadsheet does: the header is row 1.
    """

    rule: str
    file: str = ""
    row: int | None = None
    column: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def text(self, language: str | None = None) -> str:
        """Say the fault: file, row, column, rule, what came and the remedy."""
        language = language or default_language()
        row = say("fault.row", language, row=self.row) if self.row is not None else ""
        place = " ".join(filter(None, [self.file, row]))
        place = ", ".join(filter(None, [place, self.column]))
        values = {
            name: value.text(language) if isinstance(value, Hint) else value
            for name, value in self.values.items()
        }
        message = say(f"fault.{self.rule}", language, **values).strip()
        return f"{place}: {message}" if place else message


@dataclass(frozen=True)
class Hint:
    """A remedy that only some cases of a fault deserve; an empty key says nothing."""

    key: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Say the hint."""
        return say(f"hint.{self.key}", language, **self.values) if self.key else ""


class InputError(ValueError):
    """An input cannot be used; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str | None = None) -> str:
        """Say every fault, one a line."""
        return "\n".join(fault.text(language) for fault in self.faults)


def refuse(rule: str, **values: object) -> InputError:
    """Make the error for one wrong argument.

    Examples
    --------
    >>> print(refuse("level", got=90, hint=Hint("did_you_mean", {"guess": "0.9"})).text("en"))
    level must lie in (0, 1), got 90. Did you mean 0.9?
    """
    return InputError([Fault(rule, values=values)])
