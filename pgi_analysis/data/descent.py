"""Areas that begin, end and merge: who was there on a day, and who came of whom.

A row of ``areas.csv`` is an area under one name, from ``valid_from`` to ``valid_to``. An area
formed from one other, of which nothing else is formed, is that other under a new name: its series
of scores goes on under the first key. Any other descent, a merger or a split, starts a new area.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

DAY = pd.Timedelta(days=1)
#: the ends of what has no known beginning or no end
EVER_THERE, NEVER_ENDED = pd.Timestamp.min, pd.Timestamp.max
#: the day of Vietnam's 34 provinces, for tables that tell of it in one column
MERGED = pd.Timestamp("2025-07-01")


def keys(cell: object) -> list[str]:
    """Split a cell that names several.

    Examples
    --------
    >>> keys("Hà Giang; Tuyên Quang"), keys(None)
    (['Hà Giang', 'Tuyên Quang'], [])
    """
    parts = cell.split(";") if isinstance(cell, str) else []
    return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True, eq=False)
class Descent:
    """Who was there when, by a table with ``area, valid_from, valid_to, formed_from``.

    Areas go by their own key: of one that was renamed that is the first.

    Examples
    --------
    >>> from pgi_analysis import load
    >>> known = Descent(load("data").areas)
    >>> len(known.on("2024-12-31")), len(known.on("2025-12-31"))
    (63, 34)
    >>> known.parts("Tuyên Quang (2025)"), known.became("Hà Giang"), known.own("Huế")
    (['Hà Giang', 'Tuyên Quang'], ['Tuyên Quang (2025)'], 'Thừa Thiên Huế')
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        rows = self.table.drop_duplicates("area").set_index("area")
        formed = {name: keys(cell) for name, cell in rows["formed_from"].items()}
        children: dict[str, list[str]] = {}
        for name, parts in formed.items():
            for part in parts:
                children.setdefault(part, []).append(name)
        first: dict[str, str] = {}
        for name in rows.index:
            root, seen = name, {name}
            while len(formed.get(root, ())) == 1 and children[formed[root][0]] == [root]:
                root = formed[root][0]
                if root in seen:  # a circle is a fault of the table, found elsewhere
                    break
                seen.add(root)
            first[name] = root
        lives: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
        for row in rows.itertuples():
            begun, ended = lives.get(first[row.Index], (NEVER_ENDED, EVER_THERE))
            start = EVER_THERE if pd.isna(row.valid_from) else row.valid_from
            end = NEVER_ENDED if pd.isna(row.valid_to) else row.valid_to
            lives[first[row.Index]] = min(begun, start), max(ended, end)
        for name, value in {"_rows": rows, "_first": first, "_lives": lives}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_formed", formed)
        object.__setattr__(self, "_children", children)

    def __contains__(self, key: str) -> bool:
        return key in self._first

    def own(self, key: str) -> str:
        """Return the key under which an area's scores run."""
        return self._first.get(key, key)

    def life(self, area: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return the first and the last day of an area; one that is not known has no end."""
        return self._lives.get(area, (EVER_THERE, NEVER_ENDED))

    def valid(self, area: str, day: str | date) -> bool:
        """Tell whether an area was there on a day."""
        start, end = self.life(area)
        return start <= pd.Timestamp(day) <= end

    def on(self, day: str | date) -> list[str]:
        """List the areas of a day."""
        return [area for area in self._lives if self.valid(area, day)]

    def parts(self, area: str) -> list[str]:
        """List what an area was formed from."""
        return [self.own(part) for part in self._formed.get(area, ())]

    def formed(self, day: str | date | None = None) -> dict[str, list[str]]:
        """Return the parts of all areas that were formed from others, or of those of a day."""
        areas = self._lives if day is None else self.on(day)
        return {area: parts for area in areas if (parts := self.parts(area))}

    def became(self, area: str) -> list[str]:
        """List what an area that ended is part of now."""
        names = [name for name, root in self._first.items() if root == area]
        after = (child for name in names for child in self._children.get(name, ()))
        return list(dict.fromkeys(own for own in map(self.own, after) if own != area))

    def row(self, area: str, day: str | date) -> pd.Series | None:
        """Return the row with an area's names on a day; the nearest where it was not there."""
        named = [name for name, root in self._first.items() if root == area]
        if not named:
            return None
        rows = self._rows.loc[named]
        begun = rows[~(rows["valid_from"] > pd.Timestamp(day))]
        return begun.iloc[-1] if len(begun) else rows.iloc[0]

    def heirs(self, area: str, day: str | date) -> list[str]:
        """List who stands on a day where an area was or will be: what it became, or came from."""
        seen, ahead, found = {area}, [area], []
        later = self.life(area)[1] < pd.Timestamp(day)
        while ahead:
            near = [n for one in ahead for n in (self.became(one) if later else self.parts(one))]
            ahead = [name for name in dict.fromkeys(near) if name not in seen]
            seen |= set(ahead)
            found += [name for name in ahead if self.valid(name, day)]
        return found


def known_on(areas: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the areas as they were known on a day: a change is from its announcement.

    Where none is given a change is known from the day on which it takes effect.
    """
    told = areas["announced"] <= day
    begun = ~(areas["valid_from"] > day) | told
    ended = told | (areas["valid_to"] < day)
    return areas.assign(valid_to=areas["valid_to"].where(ended))[begun].reset_index(drop=True)


def from_successors(table: pd.DataFrame) -> pd.DataFrame:
    """Read a table of 63 provinces that tells in one column what each became on 1 July 2025.

    Parameters
    ----------
    table : DataFrame
        Cells of text, with ``name_vi, successor_2025``.

    Returns
    -------
    DataFrame
        The same with ``area, valid_from, valid_to, formed_from, aliases`` and the areas formed.
    """
    named = table.drop(columns="successor_2025").assign(area=table["name_vi"])
    named = named.reindex(
        columns=[
            *dict.fromkeys([*named.columns, "aliases", "valid_from", "valid_to", "formed_from"])
        ]
    ).astype(object)
    own = table["name_vi"].astype(str).str.strip()
    successor = table["successor_2025"].fillna(table["name_vi"]).astype(str).str.strip()
    formed = []
    for name, rows in own.groupby(successor, sort=False):
        if len(rows) > 1:
            named.loc[rows.index, "valid_to"] = str((MERGED - DAY).date())
            bearer = named.loc[rows.index[rows == name]]
            new = bearer.iloc[0].to_dict() if len(bearer) else {"name_en": name}
            new |= {"area": f"{name} ({MERGED.year})", "name_vi": name, "code": None}
            new |= {"valid_from": str(MERGED.date()), "valid_to": None}
            formed.append(new | {"formed_from": "; ".join(rows)})
        elif rows.iloc[0] != name:
            kept = keys(named.loc[rows.index[0], "aliases"])
            named.loc[rows.index[0], "aliases"] = ";".join(dict.fromkeys([*kept, name]))
    last = max(table.index, default=0)
    added = pd.DataFrame(formed, range(last + 1, last + 1 + len(formed)), named.columns, object)
    both = pd.concat([named, added]) if formed else named
    return both.rename_axis(index=table.index.name)
