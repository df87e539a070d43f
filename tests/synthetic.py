"""A data folder of many areas and indicators, made up for tests: no figure in it is real."""

import csv
import json
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


def manifests(out: Path, areas: list[str], indicators: dict[str, str], language: str) -> Path:
    """Write what reports on many areas leave for their overview; `indicators` have a group each."""
    rng = np.random.default_rng(7)
    about = {"year": "2026", "unit": "%", "digits": 1, "value": "52.1", "target": "60.0"}
    words = {"met": ("đạt", "met"), "missed": ("không đạt", "missed")}
    for area in areas:
        plan = f"many.{len(list(out.glob('*')))}" if out.exists() else "many.0"
        targets = []
        for place, (name, group) in enumerate(indicators.items()):
            state = rng.choice(["open", "open", "open", "met", "missed", "no_observation"])
            p = round(rng.uniform(), 2) if state == "open" else None
            chance = "" if p is None else f"{p:.0%}"
            told = words.get(state, ("chưa có", "none"))[language == "en"]
            scores = [(year, 50 + float(rng.normal())) for year in YEARS]
            last = scores[-1][1]
            ahead = [(2024 + step, last - step, last + step, last + 3 * step) for step in range(3)]
            fan = {"scores": scores, "ahead": ahead, "goals": [55.0], "until": 2026}
            own = {"indicator": f"i{place}", "name": name, "group": group, "state": str(state)}
            own |= {
                "stated": True,
                "p": p,
                "chance": chance,
                "told": chance or told,
                "place": f"target-i{place}",
            }
            targets.append(about | own | {"fan": fan if state != "no_observation" else None})
        title = ("Kế hoạch tổng hợp thử nghiệm", "A synthetic plan")[language == "en"]
        manifest = {
            "parameters": {"quarter": "2025Q2"},
            "family": "many",
            "as_of": "2025-06-13",
            "pages": [{"page": "quarterly_report.html", "status": "ok"}],
            "summary": {
                "title": f"{area}: {title}",
                "plan": title,
                "language": language,
                "answer": ["…"],
                "changes": [],
            }
            | {"area": area, "index": "", "targets": targets},
        }
        home = out / plan / "2025Q2"
        home.mkdir(parents=True)
        (home / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        for page in ("index.html", "quarterly_report.html"):
            rows = "".join(f"<p id='target-i{place}'>" for place in range(len(indicators)))
            (home / page).write_text(f"<!DOCTYPE html><title>{area}</title>{rows}", "utf-8")
    return out
