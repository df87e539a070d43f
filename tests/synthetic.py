"""A data folder of many areas and indicators, made up for tests: no figure in it is real."""

import csv
from pathlib import Path

import numpy as np

YEARS = range(2018, 2025)
PLAN = """\
title_vi = "Kế hoạch của {area}"
title_en = "Plan of {area}"
agency_vi = "Cơ quan thử nghiệm"
source = "synthetic"
"""


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write rows as a CSV file; a row may lack columns that others have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def folder(
    home: Path,
    areas: list[str],
    indicators: list[str],
    targets: list[dict[str, object]],
    *,
    plan: str = "many",
    about: str = PLAN,
) -> Path:
    """Write a data folder; every third indicator is better the lower it is."""
    rng = np.random.default_rng(len(areas) * 100 + len(indicators))
    own = {"source": "synthetic"}
    write(home / "areas.csv", [{"name_vi": area, "name_en": area} for area in areas])
    about_indicators = [
        {"indicator": name, "name_vi": f"Chỉ số {name}", "name_en": f"Indicator {name}"}
        | {"direction": -1 if place % 3 == 2 else 1, "lower": 0, "upper": 100}
        | own
        for place, name in enumerate(indicators)
    ]
    write(home / "indicators.csv", about_indicators)
    editions = [
        {"period": year, "released": f"{year + 1}-05-01", "series_break": "no"} | own
        for year in YEARS
    ]
    write(home / "releases.csv", editions)
    scores = []
    for area in areas:
        for name in indicators:
            values = 50 + 12 * rng.standard_normal() + rng.standard_normal(len(YEARS)).cumsum()
            scores += [
                {"area": area, "indicator": name, "period": year, "value": f"{value:.2f}"}
                | {"status": "published", "released": f"{year + 1}-05-01"}
                | own
                for year, value in zip(YEARS, values, strict=True)
            ]
    write(home / "scores.csv", scores)
    write(home / "plans" / plan / "targets.csv", [row | own for row in targets])
    (home / "plans" / plan / "plan.toml").write_text(about, "utf-8")
    return home
