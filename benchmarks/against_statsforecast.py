"""The panel model against statsforecast: speed, CRPS and coverage on the same cases, in one run.

statsforecast needs pandas < 3, so that each side has a worker in its own environment; the two take
turns on the same case files. See README.md for what the columns mean.

    python benchmarks/against_statsforecast.py
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from worker import SCORED

from pgi_analysis import evaluation

HOME = Path(__file__).parent
OWN = HOME / ".venv" / "bin" / "python"
AHEAD = (1, 2, 3)
HISTORIES = {"life_expectancy": (5, 8, 11)}
USUAL = (5, 8)
#: a panel, and its indicators' prior families: the one that fits it, and one that never saw it
PANELS = {
    "pci_2006_2016": ("subnational_survey", "country_index"),
    "hfi_2008_2016": ("country_index", "subnational_survey"),
    "life_expectancy": ("generic", "country_index"),
}
OTHERS = ("AutoETS", "AutoTheta", "DampedHolt", "RandomWalkWithDrift")
BASE = "pooled random walk"
SIMULATED = 1000
#: a model that fails on a larger share of the series is not compared
MOST_FAILED = 0.1


class Worker:
    """A process that forecasts cases, in its own environment."""

    def __init__(self, python: Path | str, script: str) -> None:
        threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
        self.process = subprocess.Popen(
            [str(python), str(HOME / script)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | threads,
        )  # fmt: skip

    def ask(self, case: Path, model: str, *, out: Path | None = None, repeats: int = 1) -> float:
        """Give the least seconds of the repeats; write quantiles to `out`."""
        request = {"case": str(case), "model": model, "out": out and str(out), "repeats": repeats}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker stopped at {request}.")
        return min(json.loads(answer)["seconds"], default=np.nan)

    def close(self) -> None:
        """Let the worker end."""
        self.process.stdin.close()
        self.process.wait()


def real_cases(name: str, history: int) -> list[dict[str, np.ndarray]]:
    """Cut a panel at every origin: whole histories of consecutive years, and what came."""
    if name == "life_expectancy":
        panel = evaluation.life_expectancy()
    else:
        shared = Path(os.environ.get("PGI_REFERENCE", HOME.parent.parent / "shared"))
        panel = pd.read_csv(shared / "data" / "panels" / f"{name}.csv.gz")
    wide = panel.pivot(index=["indicator", "area"], columns="period", values="value")
    cases = []
    for origin in wide.columns[history - 1 : -1]:
        past = wide.reindex(columns=range(origin - history + 1, origin + 1)).dropna()
        future = wide.reindex(index=past.index, columns=[origin + h for h in AHEAD])
        cases.append(
            {
                "y": past.to_numpy(),
                "times": past.columns.to_numpy(float),
                "at": future.columns.to_numpy(float),
                "indicator": past.index.get_level_values("indicator").to_numpy(str),
                "future": future.to_numpy(),
            }
        )
    return cases


def simulated_case(history: int) -> dict[str, np.ndarray]:
    """Draw one indicator of many areas, for speed alone."""
    rng = np.random.default_rng(history)
    y = rng.normal(5, 0.4, (SIMULATED, 1)) + rng.normal(0, 0.3, (SIMULATED, history))
    y += rng.normal(0, 0.15, (SIMULATED, history)).cumsum(axis=1) + rng.normal(0, 0.15, history)
    times = np.arange(history, dtype=float)
    return {
        "y": y,
        "times": times,
        "at": times[-1] + np.array(AHEAD, float),
        "indicator": np.full(SIMULATED, "x"),
        "future": np.full((SIMULATED, len(AHEAD)), np.nan),
    }


def crps(quantiles: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Give twice the mean pinball loss at the levels `SCORED`, about the CRPS, in points."""
    level = np.array(SCORED)[:, None, None]
    short = observed - quantiles
    return 2 * np.maximum(level * short, (level - 1) * short).mean(axis=0)


def run(cases, models, folder: Path, repeats: int) -> tuple[dict, dict, np.ndarray]:
    """Forecast every case by every model in turn; give seconds, quantiles and what came."""
    seconds = {name: [] for name in models}
    quantiles = {name: [] for name in models}
    for i, case in enumerate(cases):
        file = folder / f"case{i}.npz"
        np.savez(file, **case)
        for name, worker in models.items():  # to score, and to warm up
            out = folder / "out.npy"
            worker.ask(file, name, out=out, repeats=0)
            quantiles[name].append(np.load(out))
        taken = [{n: worker.ask(file, n) for n, worker in models.items()} for _ in range(repeats)]
        for name in models:
            seconds[name].append([turn[name] for turn in taken])
    joined = {name: np.concatenate(parts, axis=1) for name, parts in quantiles.items()}
    return seconds, joined, np.concatenate([case["future"] for case in cases])


def summary(seconds, quantiles, future, cases, family: str) -> pd.DataFrame:
    """Sum up, a row a model: the median of the time ratios, paired by case and turn, and scores.

    All models are scored on the same rows, those that none of the scored ones fails on.
    """
    series = np.array([len(case["y"]) for case in cases])[:, None]
    failed = {name: np.isnan(made).any(axis=(0, 2)) for name, made in quantiles.items()}
    # a model that mostly fails is not scored: the few series that it takes are no fair sample
    scored = [name for name, bad in failed.items() if bad.mean() <= MOST_FAILED]
    usable = ~np.isnan(future)
    for name in scored:
        usable = usable & ~failed[name][:, None]
    loss = {name: crps(made, future) for name, made in quantiles.items()}
    rows = []
    for name, made in quantiles.items():
        times = np.array(seconds[name])
        row = {"model": name, "series": len(future), "failed": int(failed[name].sum())}
        if name in scored:
            row["s/1000"] = float(np.median(1000 * times / series))
            row["time ratio"] = float(np.median(times / np.array(seconds[family])))
        if name in scored and usable.any():
            low, high = made[SCORED.index(0.1)], made[SCORED.index(0.9)]
            row["CRPS"] = loss[name][usable].mean()
            row["CRPS ratio"] = loss[name][usable].sum() / loss[family][usable].sum()
            row["cover 80%"] = ((low <= future) & (future <= high))[usable].mean()
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Run all comparisons and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, help="timed turns a case")
    parser.add_argument("--panels", nargs="*", default=list(PANELS), choices=list(PANELS))
    options = parser.parse_args()
    if not OWN.exists():
        sys.exit(f"{OWN.relative_to(HOME.parent)} is missing: `make benchmark` makes it.")
    ours, theirs = Worker(sys.executable, "panel_worker.py"), Worker(OWN, "statsforecast_worker.py")
    todo = [(name, PANELS[name], n) for name in options.panels for n in HISTORIES.get(name, USUAL)]
    if len(options.panels) == len(PANELS):
        todo += [("simulated, 1 indicator", ("subnational_survey",), n) for n in USUAL]
    with tempfile.TemporaryDirectory() as folder:
        for name, families, history in todo:
            cases = real_cases(name, history) if name in PANELS else [simulated_case(history)]
            models = dict.fromkeys((*families, BASE), ours) | dict.fromkeys(OTHERS, theirs)
            found = run(cases, models, Path(folder), options.repeats)
            table = summary(*found, cases, families[0])
            print(f"\n{name}: histories of {history}, {len(cases)} origins")
            print(
                table.to_string(index=False, float_format="{:.3f}".format, na_rep="–"), flush=True
            )
    ours.close()
    theirs.close()


if __name__ == "__main__":
    main()
