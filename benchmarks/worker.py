"""The loop of a worker: a case file and a model on a line of stdin, seconds and quantiles back.

Two workers stay alive through a run, one in each environment, and take turns, so that both meet the
same load of the machine and neither's imports are counted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

#: what is timed: median and the ends of the 80 and 95 % intervals
TIMED = (0.025, 0.1, 0.5, 0.9, 0.975)
#: what is scored, apart from the timing
SCORED = tuple(np.round(np.arange(0.05, 0.96, 0.05), 2))

#: case, model and levels to quantiles of shape (levels, series, horizons), NaN where it fails
Forecaster = Callable[[dict[str, np.ndarray], str, tuple[float, ...]], np.ndarray]


def serve(forecast: Forecaster) -> None:
    """Answer requests until stdin ends: ``{case, model, out, repeats}``, `out` where scored."""
    for line in sys.stdin:
        ask = json.loads(line)
        with np.load(ask["case"]) as file:
            case = dict(file)
        seconds = []
        for _ in range(ask["repeats"]):
            start = perf_counter()
            forecast(case, ask["model"], TIMED)
            seconds.append(perf_counter() - start)
        if ask["out"]:
            np.save(ask["out"], forecast(case, ask["model"], SCORED))
        print(json.dumps({"seconds": seconds}), flush=True)
