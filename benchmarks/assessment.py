"""Time of `pgi.assess` on a million cases, against the loops that people write instead.

The same published formula, that of Statistics Canada, is run as a plain loop over rows and by
`DataFrame.apply`, in the same run and in turns, on fewer rows and scaled up.

    python benchmarks/assessment.py            # a million cases, five turns
    python benchmarks/assessment.py --quick    # 100,000 cases, one turn
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

import numpy as np
import pandas as pd

import pgi_analysis as pgi
from pgi_analysis.assessment import METHODS, Cases

#: rows that the loops run on
LOOPED = 20_000
#: series of six scores, for the method that needs four
SERIES = 100_000


def cases(n: int, *, seed: int = 0) -> pd.DataFrame:
    """Draw cases of a percentage five of ten years on its way, as a user would hold them."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(5, 90, n).round(2)
    return pd.DataFrame(
        {
            "baseline": start,
            "baseline_period": 2015,
            "value": (start * rng.uniform(0.8, 1.3, n)).clip(max=100).round(2),
            "period": 2020,
            "target": (start * rng.uniform(0.7, 1.5, n)).clip(max=100).round(2),
            "target_period": 2025,
            "direction": rng.choice([-1, 1], n),
            "lower": 0.0,
            "upper": 100.0,
        }
    )


def series(n: int, *, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a panel of six scores an area, and a target for each."""
    rng = np.random.default_rng(seed)
    names = np.array([f"area {i}" for i in range(n)])
    scores = rng.normal(50, 5, (n, 1)) + rng.normal(0, 2, (n, 6)).cumsum(axis=1)
    panel = pd.DataFrame(
        {
            "area": np.repeat(names, 6),
            "indicator": "x",
            "period": np.tile(np.arange(2015, 2021), n),
            "value": scores.ravel().round(2),
        }
    )
    targets = pd.DataFrame({"area": names, "indicator": "x", "target": scores[:, -1] + 5})
    return panel, targets.assign(target_period=2025)


def statcan_of_a_row(b, yb, c, yc, d, target, y_target):
    """Give verdict, ratio and score of a case with a target, from the published text."""
    target, b = target or 0.001, b or 0.001
    if yc - yb < 1 or b * c < 0:
        return "not_assessed", np.nan, np.nan
    if d * (c - target) >= 0:
        return "target_achieved", np.nan, 5.0
    if target == b or b * target < 0 or y_target <= yb:
        return "not_assessed", np.nan, np.nan
    needed = abs((target / b) ** (1 / (y_target - yb)) - 1)
    r = (-1 if b < 0 else 1) * d * ((c / b) ** (1 / (yc - yb)) - 1) / needed
    if r >= 0.6:
        name = "substantial_progress" if r >= 0.95 else "moderate_progress"
        return name, r, min(7.1429 * r - 4.2857, 5)
    name = "limited_progress" if r >= 0 else "deterioration"
    return name, r, max(4.1667 * r - 2.5, -5)


ARGUMENTS = "baseline baseline_period value period direction target target_period".split()


def by_loop(table: pd.DataFrame) -> list[tuple[str, float, float]]:
    """Run over the rows as lists, the fastest plain loop."""
    columns = [table[name].tolist() for name in ARGUMENTS]
    return [statcan_of_a_row(*row) for row in zip(*columns, strict=True)]


def by_apply(table: pd.DataFrame) -> pd.Series:
    """Run over the rows by `DataFrame.apply`."""
    return table.apply(lambda row: statcan_of_a_row(*(row[a] for a in ARGUMENTS)), axis=1)


def arrays(table: pd.DataFrame) -> Cases:
    """Give the cases as the methods take them, checked and read."""
    return Cases.of(**{name: table[name].to_numpy(float) for name in ARGUMENTS})


def in_turns(runs: Mapping[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """Give the median seconds of each run, all taking turns, after a turn to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(turns + 1):
        for name, run in runs.items():
            start = perf_counter()
            run()
            taken[name].append(perf_counter() - start)
    return {name: float(np.median(seconds[1:])) for name, seconds in taken.items()}


def agree(table: pd.DataFrame) -> None:
    """Refuse to time loops that say something else than the package."""
    ours = pgi.assess(table, method="statcan").table
    theirs = pd.DataFrame(by_loop(table), columns=["verdict", "measure", "score"])
    assert ours["verdict"].astype(str).tolist() == theirs["verdict"].tolist()
    np.testing.assert_allclose(ours["score"], theirs["score"], rtol=1e-9, atol=1e-12)
    applied = [verdict for verdict, _, _ in by_apply(table)]
    assert applied == theirs["verdict"].tolist()


def main() -> None:
    """Time every method, and the two loops of the first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer cases, one turn")
    quick = parser.parse_args().quick
    n, turns = (100_000, 1) if quick else (1_000_000, 5)
    table, part = cases(n), cases(LOOPED, seed=1)
    agree(part)
    runs = {name: partial(pgi.assess, table, method=name) for name in METHODS if name != "weather"}
    formula = {"statcan, formula": partial(METHODS["statcan"].run, arrays(table))}
    loops = {"row loop": partial(by_loop, part), "DataFrame.apply": partial(by_apply, part)}
    panel, targets = series(SERIES)
    panels = {"weather": partial(pgi.assess, panel, targets, method="weather")}
    print(f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds per million cases")
    seconds = in_turns(runs | formula | loops | panels, turns)
    scale = dict.fromkeys(runs | formula, n) | dict.fromkeys(loops, LOOPED) | {"weather": SERIES}
    million = {name: seconds[name] * 1e6 / scale[name] for name in seconds}
    print(f"{'':>20} {'cases':>10} {'seconds':>9} {'ratio to statcan':>17}")
    for name, value in million.items():
        print(f"{name:>20} {scale[name]:>10,} {value:>9.2f} {value / million['statcan']:>17.1f}")


if __name__ == "__main__":
    main()
