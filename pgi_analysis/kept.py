"""What has been worked out is kept, so that it is worked out once however often it is asked for."""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import TypeVar

import pandas as pd

Made = TypeVar("Made")
#: what is kept of one function by content, the least used going first
MOST = 64
#: bytes of arguments beyond which nothing is kept: what is made of them is as large
LARGEST = 20_000_000


def by_content(make: Callable[..., Made]) -> Callable[..., Made]:
    """Keep what a function makes of equal arguments, whoever brings them.

    For plain data in and out that nobody changes afterwards: what is made is handed out again.

    Examples
    --------
    >>> calls = []
    >>> double = by_content(lambda table: calls.append(1) or table * 2)
    >>> for _ in range(3): found = double(pd.Series([1, 2]))
    >>> found.tolist(), len(calls)
    ([2, 4], 1)
    """
    kept: OrderedDict[bytes, Made] = OrderedDict()

    @wraps(make)
    def remembered(*args: object, **options: object) -> Made:
        brought = pickle.dumps((args, sorted(options.items())), protocol=5)
        if len(brought) > LARGEST:
            return make(*args, **options)
        key = hashlib.blake2b(brought).digest()
        if key in kept:
            kept.move_to_end(key)
        else:
            kept[key] = make(*args, **options)
            if len(kept) > MOST:
                kept.popitem(last=False)
        return kept[key]

    return remembered


def of_dataset(make: Callable[..., Made]) -> Callable[..., Made]:
    """Keep what a function finds out about a dataset, as long as there is the dataset.

    What is handed out are copies on write, so that what is kept stays. Other arguments than a
    dataset and plain options, such as a panel, are looked at anew.
    """

    @wraps(make)
    def remembered(data: object, *args: object, **options: object) -> Made:
        kept = getattr(data, "_kept", None)
        key = (make.__module__, make.__name__, tuple(sorted(options.items())))
        if kept is None or args or not _plain(options):
            return make(data, *args, **options)
        if key not in kept:
            kept[key] = make(data, **options)
        return _copy(kept[key])

    return remembered


def _plain(options: dict[str, object]) -> bool:
    return all(isinstance(value, str | int | float | None) for value in options.values())


def _copy(found: Made) -> Made:
    """Copy the tables of a result, on write."""
    if not is_dataclass(found):
        return found
    parts = ((part.name, getattr(found, part.name)) for part in fields(found))
    tables = {name: one.copy(deep=False) for name, one in parts if isinstance(one, pd.DataFrame)}
    return replace(found, **tables)
