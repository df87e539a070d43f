"""A batch of plans: papermill and nbconvert by command in a loop, beside `pgi report --all`.

The plans are synthetic, one on each of the 34 provinces that have scores of their own in the newest
editions, with targets a little above the last score; the figures of the index are the real ones.
Both ways run in this one run, one after the other, on the same folder. The loop is measured on
`--loop` plans, since it takes the same time for each; processor time counts all child processes.

    python benchmarks/batch.py                  # 34 plans in the batch, 3 in the loop
    python benchmarks/batch.py --plans 6 --loop 1
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import pgi_analysis as pgi
from pgi_analysis.report import NOTEBOOKS

ROOT = Path(__file__).parents[1]
QUARTER = "2025Q2"
PARTS = ("s1", "s2", "s3", "s4")
PLAN = """name = "{name}"
area = "{area}"
index_vi = "PGI"
index_en = "PGI"
title_vi = "Kế hoạch giả định để đo tốc độ"
title_en = "Synthetic plan to measure speed"
agency_vi = "Đơn vị giả định"
source = "synthetic, benchmarks/batch.py"
"""


def make(folder: Path, count: int) -> list[str]:
    """Copy the data with synthetic plans in place of the real ones, and name these."""
    shutil.copytree(ROOT / "data", folder)
    shutil.rmtree(folder / "plans")
    scores = pgi.load(folder).official()
    last = scores[scores["period"] == 2023].set_index(["area", "indicator"])["value"]
    whole = [a for a, rows in last.groupby(level="area") if set(PARTS) <= set(rows[a].index)]
    after = scores[scores["period"] == 2024].groupby("area")["indicator"].nunique()
    areas = list(dict.fromkeys([*whole, *after.sort_values(ascending=False).index]))[:count]
    for i, area in enumerate(areas):
        home = folder / "plans" / f"plan-{i:02}"
        home.mkdir(parents=True)
        (home / "plan.toml").write_text(PLAN.format(name=home.name, area=area), "utf-8")
        with (home / "targets.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                ["indicator", "baseline", "baseline_period", "target", "target_period", "source"]
            )
            for part in PARTS:
                rows.writerow([part, "", "", 6.5 + i / 100, 2025, "synthetic"])
    return [f"plan-{i:02}" for i in range(len(areas))]


def measured(commands: list[list[str]], cwd: Path) -> tuple[float, float, float]:
    """Run commands one by one: seconds by the clock, of processors, and peak memory in GB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = perf_counter()
    for command in commands:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, cwd=cwd, check=True, **quiet)
    wall = perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, after.ru_maxrss / 1e6


def loop(plans: list[str], data: Path, out: Path) -> list[list[str]]:
    """Return the commands that a user would put into a loop."""
    bin_ = Path(sys.executable).parent
    out.mkdir()
    commands = []
    for plan in plans:
        for name in NOTEBOOKS:
            made = out / f"{plan}-{name}.ipynb"
            run = [bin_ / "papermill", ROOT / "notebooks" / f"{name}.ipynb", made]
            run += ["-p", "plan", plan, "-p", "quarter", QUARTER, "-p", "data_dir", data]
            show = [bin_ / "jupyter", "nbconvert", "--to", "html", made]
            commands += [[*map(str, run), "--no-progress-bar"], [*map(str, show), "--log-level=50"]]
    return commands


def main() -> None:
    """Measure both ways and print a table of seconds a report, and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=34)
    parser.add_argument("--loop", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        plans = make(home / "data", asked.plans)
        batch = [sys.executable, "-m", "pgi_analysis", "report", "--all", "--quarter", QUARTER]
        batch += ["--data", str(home / "data"), "--notebooks", str(ROOT / "notebooks")]
        batch += ["--out", str(home / "reports")]
        rows = []
        for name, count, commands in (
            (
                "loop of commands",
                asked.loop,
                loop(plans[: asked.loop], home / "data", home / "loop"),
            ),
            ("pgi report --all", len(plans), [batch]),
            ("again, unchanged", len(plans), [batch]),
        ):
            wall, used, memory = measured(commands, home)
            rows.append((name, count, wall / count, used / count, memory))
    print(f"{os.cpu_count()} processors; seconds a report of {len(NOTEBOOKS)} pages")
    print(
        f"{'way':18} {'plans':>5} {'clock':>7} {'processor':>9} {'ratio':>6} {'ratio':>6} {'GB':>5}"
    )
    first = rows[0]
    for name, count, wall, used, memory in rows:
        ratios = f"{wall / first[2]:6.3f} {used / first[3]:6.3f}"
        print(f"{name:18} {count:5} {wall:7.2f} {used:9.2f} {ratios} {memory:5.2f}")


if __name__ == "__main__":
    main()
