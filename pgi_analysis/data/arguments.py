"""The door for arguments: each is held against what its function says that it takes.

The annotations of a public function are read, not written again. What a name always means, such as
a `level`, has its own range and its own words; a ``direction`` is read in `directions`, and what a
table holds in `schema`.
"""

from __future__ import annotations

import builtins
import inspect
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from functools import cache, reduce, wraps
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from pgi_analysis.data.numbers import HUGE, read_numbers
from pgi_analysis.faults import Fault, Hint, InputError, did_you_mean

Made = TypeVar("Made", bound=Callable[..., Any])

#: names that mean a probability: the rule of each, and the ends that belong to it
_SHARES = {
    "level": ("level", np.nextafter(0, 1), np.nextafter(1, 0)),
    "levels": ("level", np.nextafter(0, 1), np.nextafter(1, 0)),
    "p": ("level", np.nextafter(0, 1), np.nextafter(1, 0)),
    "success": ("success", 0.0, 1.0),
}
#: the smallest whole number that a name can be
_LEAST = {"history": 1, "quarters": 1, "length": 2, "seed": 0}
#: names that are checked where they are read
_ELSEWHERE = {"direction"}
#: parameters that take whatever else comes
_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
#: what a kind is called, by the class that an annotation names
_CALLED = {
    float: "number",
    int: "whole",
    str: "text",
    bool: "yes_no",
    Path: "path",
    pd.DataFrame: "table",
    pd.Series: "series",
    Mapping: "mapping",
    Sequence: "list",
    Callable: "function",
}


def checked(function: Made) -> Made:
    """Refuse arguments that a function does not take, all at once, before it runs.

    Examples
    --------
    >>> @checked
    ... def half(y: float, *, level: float = 0.8, area: str | None = None) -> float:
    ...     return y / 2
    >>> half(3, level=0.5)
    1.5
    >>> half("0,5", level=90, area=[1])
    Traceback (most recent call last):
        ...
    pgi_analysis.faults.InputError: y must be a finite number, got 0,5. Did you mean 0.5?
    level must lie in (0, 1), got 90. Did you mean 0.9?
    area must be a text in quotes or None, got [1].
    """
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: object, **options: object) -> object:
        try:
            given = signature.bind(*args, **options)
        except TypeError:
            raise InputError(_unlike(function, args, options)) from None
        wrong = [
            fault
            for name, value in given.arguments.items()
            if value is not signature.parameters[name].default
            and (hint := _hint(function, name)) is not None
            for one in (value if _spread(signature, name) else [value])
            if (fault := _fault(name, one, hint))
        ]
        if wrong:
            raise InputError(wrong)
        return function(*args, **options)

    return typing.cast("Made", call)


def _unlike(
    function: Callable, args: Sequence[object], options: Mapping[str, object]
) -> Iterator[Fault]:
    """Say which arguments a function does not have, has too many of, or misses."""
    parameters = inspect.signature(function).parameters
    known = [name for name in parameters if name != "self"]
    of = {"function": function.__qualname__.removesuffix(".__init__"), "known": ", ".join(known)}
    for name in (one for one in options if one not in parameters):  # in the order given
        hint = did_you_mean(name, known)
        yield Fault("argument_unknown", values={**of, "got": name, "hint": hint})
    placed = [name for name, one in parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    given = {*placed[: len(args)], *options}
    if len(args) + len(options) > len(given):
        yield Fault("argument_surplus", values=of)
    for name, one in parameters.items():
        if one.default is one.empty and name not in given and one.kind not in _REST:
            yield Fault("argument_missing", values={**of, "got": name})


def _spread(signature: inspect.Signature, name: str) -> bool:
    """Tell whether a parameter takes all further arguments."""
    return signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL


class _Unloaded(type):
    """A class that is there for type checkers alone, and is told by its name."""

    def __instancecheck__(cls, value: object) -> bool:
        return cls.__name__ in {one.__name__ for one in type(value).__mro__}


class _Named(dict):
    """What the names of a module mean; those of classes that it does not load, too."""

    def __missing__(self, name: str) -> object:
        return getattr(builtins, name, None) or _Unloaded(name, (), {})


@cache
def _hint(function: Callable, name: str) -> object | None:
    """Return what a parameter is annotated with; None where that says nothing here."""
    parameter = inspect.signature(function).parameters[name]
    if parameter.annotation is parameter.empty or name in _ELSEWHERE:
        return None
    if parameter.kind is parameter.VAR_KEYWORD:
        return None
    if not isinstance(parameter.annotation, str):
        return parameter.annotation
    return eval(parameter.annotation, {}, _Named(inspect.unwrap(function).__globals__))


def _fault(name: str, value: object, hint: object) -> Fault | None:
    """Return what is wrong with an argument, or None."""
    if name in _SHARES or name in _LEAST:
        many = typing.get_origin(hint) is Sequence and _fits(value, Sequence[object])
        wrong = (one for one in (value if many else [value]) if not _in_range(name, one))
        return next((_out_of_range(name, one) for one in wrong), None)
    if _fits(value, hint):
        return None
    kinds = [one for one in _members(hint) if one is not type(None)]
    if kinds == [float]:
        return Fault("not_finite", values={"name": name, "got": value, "hint": _read_as(value)})
    if kinds == [pd.DataFrame]:
        return Fault("not_a_table", values={"name": name, "got": type(value).__name__})
    named = map(_called, _members(hint))
    what = reduce(lambda one, other: Hint("argument.either", {"one": one, "other": other}), named)
    return Fault("argument", values={"name": name, "got": repr(value), "what": what})


def _members(hint: object) -> list[object]:
    """Return the kinds that an annotation allows, one by one."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return [one for part in typing.get_args(hint) for one in _members(part)]
    return [hint]


def _fits(value: object, hint: object) -> bool:
    """Tell whether a value is what an annotation says."""
    members = _members(hint)
    if len(members) > 1:
        return any(_fits(value, one) for one in members)
    kind, inner = typing.get_origin(hint) or hint, typing.get_args(hint)
    if kind is float:
        return isinstance(value, Real) and not isinstance(value, bool) and abs(float(value)) <= HUGE
    if kind is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    if kind is Path:
        return isinstance(value, PathLike)
    if kind is tuple and inner:
        sound = isinstance(value, tuple) and len(value) == len(inner)
        return sound and all(map(_fits, value, inner))
    if kind is Mapping:
        pairs = value.items() if isinstance(value, Mapping) else [(None, None)]
        return all(
            _fits(one, hint) for pair in pairs for one, hint in zip(pair, inner, strict=True)
        )
    if kind in (Sequence, Iterable, Iterator):
        iterable = isinstance(value, Iterable) and np.iterable(value)
        if isinstance(value, str | bytes | Mapping) or not iterable:
            return False
        return not isinstance(value, Sized) or all(_fits(one, inner[0]) for one in value)
    if kind is Callable:
        return callable(value)
    return not isinstance(kind, type) or isinstance(value, kind)


def _called(kind: object) -> Hint:
    """Name a kind; a list by what it is of, a class of this package by its own name."""
    if kind is type(None):
        return Hint("argument.nothing")
    origin = typing.get_origin(kind) or kind
    if origin in (Sequence, Mapping):
        of = _CALLED.get(_members(typing.get_args(kind)[-1])[0])
        of = f"_{of}" if of in ("number", "whole", "text") else ""
        return Hint(f"argument.{_CALLED[origin]}{of}")
    if origin in _CALLED:
        return Hint(f"argument.{_CALLED[origin]}")
    kind = "foreign" if isinstance(origin, _Unloaded) else "class"
    return Hint(f"argument.{kind}", {"name": getattr(origin, "__name__", origin)})


def _in_range(name: str, value: object) -> bool:
    if name in _LEAST:
        return _fits(value, int) and value >= _LEAST[name]
    _, low, high = _SHARES[name]
    return _fits(value, float) and bool(low <= value <= high)


def _out_of_range(name: str, value: object) -> Fault:
    if name in _LEAST:
        values = {"name": name, "low": _LEAST[name], "got": repr(value)}
        return Fault("backtest.whole", values=values)
    return Fault(_SHARES[name][0], values={"got": value, "hint": _read_as(value, 1)})


def _read_as(value: object, high: float = np.inf) -> Hint:
    """Hint at the number that a text such as «0,6» means, or 60 where the most is 1."""
    (number,), refused = read_numbers([str(value)])
    if refused or number is None:
        return Hint()
    share = number / 100 if high < number < 100 * high else number
    return Hint("did_you_mean", {"guess": f"{share:g}"}) if 0 < share <= high else Hint()
