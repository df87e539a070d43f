"""The models of statsforecast on the cases of `against_statsforecast`, see `worker`.

They are called on bare arrays, series by series: this spares statsforecast its tables, and a series
that a model refuses is counted instead of stopping the others.
"""

from __future__ import annotations

import numpy as np
from statsforecast.models import AutoETS, AutoTheta, RandomWalkWithDrift
from worker import serve

MODELS = {
    "AutoETS": AutoETS(season_length=1),
    "AutoTheta": AutoTheta(season_length=1),
    "DampedHolt": AutoETS(season_length=1, model="AAN", damped=True),
    "RandomWalkWithDrift": RandomWalkWithDrift(),
}


def forecast(case: dict[str, np.ndarray], model: str, levels: tuple[float, ...]) -> np.ndarray:
    """Forecast every series by itself; the median is the model's point forecast."""
    h = len(case["at"])
    found = np.full((len(levels), len(case["y"]), h), np.nan)
    central = {q: round(200 * abs(q - 0.5)) for q in levels if q != 0.5}
    for i, y in enumerate(case["y"]):
        try:
            made = MODELS[model].forecast(y=y, h=h, level=sorted(set(central.values())))
        except Exception:
            continue
        for j, q in enumerate(levels):
            side = "lo" if q < 0.5 else "hi"
            found[j, i] = made["mean" if q == 0.5 else f"{side}-{central[q]}"]
    return found


if __name__ == "__main__":
    serve(forecast)
