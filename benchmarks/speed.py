"""Time and memory of the panel model and of `pgi.project`, one thread, on simulated panels.

Every measurement runs in a process of its own, so that its peak memory is its own; times exclude
the imports, and are the median of the repeats after one run to warm up.

    python benchmarks/speed.py            # everything
    python benchmarks/speed.py --quick    # up to 10,000 areas, fewer repeats
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter, process_time

import numpy as np
import pandas as pd

import pgi_analysis as pgi
from pgi_analysis.panel import family_named, fit_panel, pool, predict

#: set for the child processes, before they import numpy
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in THREADS}
PERIODS = np.arange(2019.0, 2024.0)
AHEAD = np.arange(2024.0, 2029.0)
FAMILY = "subnational_survey"
SCALE = (1.0, 10.0)
SLOW = 20.0
STEP = 0.3
#: where the time of `project` goes: the label and the function, as module and name
PARTS = {
    "validation": ("schema.py", "require"),
    "fit and predict": ("forecasting.py", "forecast_all"),
    "intervals": ("forecast.py", "quantile"),
    "p_met": ("forecast.py", "prob_at"),
    "p_met_by": ("forecast.py", "prob_by"),
}


def simulate(areas: int, missing: float, *, seed: int = 0) -> np.ndarray:
    """Draw scores, of shape (areas, periods): a common path, own walks, and passing noise."""
    rng = np.random.default_rng(seed)
    shape = (areas, len(PERIODS))
    y = rng.normal(0, 0.15, shape).cumsum(axis=1)
    y += rng.normal(0, 0.4, (areas, 1)) + rng.normal(0, 0.3, shape)
    y += 5 + rng.normal(0, 0.15, len(PERIODS)).cumsum()
    y[rng.random(shape) < missing] = np.nan
    return y


def tables(panels: int, areas: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a tidy panel and a target an area and indicator, five periods ahead."""
    names = [f"area {i}" for i in range(areas)]
    scores, targets = [], []
    for which in range(panels):
        y = simulate(areas, 0.0, seed=which)
        rows = pd.DataFrame(y, pd.Index(names, name="area"), PERIODS.astype(int))
        long = rows.melt(var_name="period", ignore_index=False).reset_index()
        scores.append(long.assign(indicator=f"x{which}"))
        targets.append(pd.DataFrame({"area": names, "indicator": f"x{which}", "target": y[:, -1]}))
    wanted = pd.concat(targets, ignore_index=True)
    wanted["target"] += STEP
    wanted = wanted.assign(target_period=int(AHEAD[-1]), lower=SCALE[0], upper=SCALE[1])
    return pd.concat(scores, ignore_index=True).astype({"period": int}), wanted


def forecast(y: np.ndarray) -> np.ndarray:
    """Go all the way from scores to p_met, of shape (areas, horizons)."""
    fit = fit_panel(y, PERIODS, family_named(FAMILY))
    made = predict(fit, AHEAD, common=pool([fit]))
    return made.prob_at(y[:, -1] + STEP, lower=SCALE[0], upper=SCALE[1])


def timed(run: Callable[[], object], repeats: int) -> dict[str, float]:
    """Give the median seconds of the repeats, on the clock and of this process's computing.

    What takes more than `SLOW` seconds is run once, without a run to warm up.
    """
    marks = [(perf_counter(), process_time())]
    while len(marks) < repeats + 2:
        run()
        marks.append((perf_counter(), process_time()))
        if marks[-1][0] - marks[0][0] > SLOW and len(marks) == 2:
            break
    taken = np.diff(marks, axis=0)
    seconds, cpu = np.median(taken[1:] if len(taken) > 1 else taken, axis=0)
    return {"seconds": float(seconds), "cpu": float(cpu)}


def peak_gb() -> float:
    """Give the peak memory of this process so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def shares(run: Callable[[], object]) -> dict[str, float]:
    """Profile one run and give the share of its time in each of `PARTS`, p_met_by less p_met."""
    profile = cProfile.Profile()
    profile.runcall(run)
    stats = pstats.Stats(profile)
    found = dict.fromkeys(PARTS, 0.0)
    for (file, _, name), (_, _, _, cumulative, callers) in stats.stats.items():
        for part, (module, function) in PARTS.items():
            if name == function and os.path.basename(file) == module:
                inside = sum(c[3] for where, c in callers.items() if where[2] == "prob_by")
                found[part] += cumulative - inside
                found["p_met_by"] -= inside
    return {part: seconds / stats.total_tt for part, seconds in found.items()}


def measure(kind: str, size: int, missing: float, repeats: int) -> dict:
    """Measure one case in this process."""
    if kind == "panel":
        y = simulate(size, missing)
        run = partial(forecast, y)
    elif kind == "many":
        many = [simulate(63, missing, seed=i) for i in range(size)]
        run = partial(lambda panels: [forecast(y) for y in panels], many)
    else:
        panel, targets = tables(size, 63) if kind == "project_many" else tables(1, size)
        run = partial(pgi.project, panel, targets, direction=1)
    found = timed(run, repeats) | {"peak": peak_gb()}
    if kind.startswith("project"):
        found["shares"] = shares(run)
    return found


def child(kind: str, size: int, missing: float = 0.0, *, repeats: int) -> dict:
    """Measure one case in a process of its own."""
    case = json.dumps([kind, size, missing, repeats])
    command = [sys.executable, __file__, "--case", case]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD)
    if done.returncode:
        raise RuntimeError(f"{case} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def slope(sizes: list[int], seconds: list[float]) -> float:
    """Give the slope of log seconds against log size: 1 is linear growth."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def report_panels(sizes: list[int], quick: bool) -> None:
    """Print seconds and memory of the panel path by size, and how they grow."""
    print("\nPanel path (fit_panel, pool, predict, prob_at), 5 periods x 5 horizons")
    print(f"{'areas':>9} {'missing':>8} {'seconds':>9} {'cpu':>9} {'peak GB':>8}")
    for missing in (0.0, 0.1):
        seconds = []
        for size in sizes:
            repeats = 3 if quick or size >= 10**6 else 9
            one = child("panel", size, missing, repeats=repeats)
            seconds.append(one["cpu"])
            print(
                f"{size:>9,} {missing:>8.0%} {one['seconds']:>9.4f} {one['cpu']:>9.4f} "
                f"{one['peak']:>8.2f}",
                flush=True,
            )
        pairs = range(len(sizes) - 1)
        steps = [f"{slope(sizes[i : i + 2], seconds[i : i + 2]):.2f}" for i in pairs]
        print(f"slope of log cpu time: {slope(sizes, seconds):.2f}, by decade {', '.join(steps)}")


def report_many(quick: bool) -> None:
    """Print the seconds of many small panels."""
    panels = 16 if quick else 160
    one = child("many", panels, repeats=3)
    total = one["seconds"]
    print(f"\n{panels} panels of 63 areas, panel path: {total:.3f} s, ", end="")
    print(f"{1000 * total / panels:.1f} ms a panel, peak {one['peak']:.2f} GB")


def report_project(quick: bool) -> None:
    """Print the seconds of the public `project`, and where they go."""
    print("\npgi.project(panel, targets): validation, intervals, p_met and p_met_by")
    print(f"{'case':>22} {'seconds':>9} {'cpu':>9} {'peak GB':>8}  share of the time")
    many = 16 if quick else 160
    cases = [("project", 1000, "1,000 areas"), ("project_many", many, f"{many} x 63 areas")]
    if not quick:
        cases.insert(1, ("project", 10_000, "10,000 areas"))
    for kind, size, label in cases:
        one = child(kind, size, repeats=1 if quick else 3)
        parts = ", ".join(f"{part} {share:.0%}" for part, share in one["shares"].items())
        print(
            f"{label:>22} {one['seconds']:>9.3f} {one['cpu']:>9.3f} {one['peak']:>8.2f}  {parts}",
            flush=True,
        )


def main() -> None:
    """Run every measurement, or one case for the parent process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, fewer repeats")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measure(*json.loads(options.case))))
        return
    print(f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}")
    print(f"{os.cpu_count()} cores, one thread, load {os.getloadavg()[0]:.1f}")
    report_panels([10**3, 10**4] if options.quick else [10**3, 10**4, 10**5, 10**6], options.quick)
    report_many(options.quick)
    report_project(options.quick)


if __name__ == "__main__":
    main()
