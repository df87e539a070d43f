"""Rows that say the same of several groups: by sex, age, settlement."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pgi_analysis.data.areas import is_whole
from pgi_analysis.faults import Fault

#: values of a column named in a message
SHOWN = 4


def told_apart(repeated: Iterable[Fault], further: pd.DataFrame) -> list[Fault]:
    """Return one fault in place of those for rows that differ in further columns.

    Parameters
    ----------
    repeated : iterable of Fault
        ``row_twice``, a row each, with the earlier row as ``first``.
    further : DataFrame
        The columns of the table that the contract does not have, on the same rows.
    """
    faults = list(repeated)
    cells = further.loc[:, ~further.columns.duplicated()].astype(object)
    cells = cells.where(cells.notna(), "").astype(str)
    rows = [fault.row for fault in faults]
    earlier = [fault.values["first"] for fault in faults]
    differ = cells.loc[rows] != cells.loc[earlier].set_axis(rows)
    if differ.empty or not differ.any(axis=None):
        return faults
    columns = [str(name) for name in cells.columns[differ.any()]]
    groups = list(differ.index[differ.any(axis=1)])
    values = {name: list(dict.fromkeys(cells[name])) for name in columns}
    one = {name: next(filter(is_whole, found), found[0]) for name, found in values.items()}
    shown = (
        f"{name} ({', '.join(found[:SHOWN])}{', …' if len(found) > SHOWN else ''})"
        for name, found in values.items()
    )
    choice = [f'panel["{name}"] == "{value}"' for name, value in one.items()]
    together = choice[0] if len(choice) == 1 else " & ".join(f"({part})" for part in choice)
    says = {"got": ", ".join(shown), "choice": together}
    first = faults[0]
    place = (first.file, groups[0], ", ".join(columns), says, tuple(groups[1:]))
    again = [fault for fault in faults if fault.row not in set(groups)]
    return [Fault("breakdown", *place), *again]
