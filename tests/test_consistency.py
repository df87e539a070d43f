"""What may stand beside each other in sound data; what may not is in ``test_broken_inputs``."""

from pathlib import Path

import pandas as pd
import pytest

import pgi_analysis as pgi

PLAN = "lang-son-transport-2024"
DATA = Path(__file__).parents[1] / "data"


def add(file, *rows):
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{row}\n" for row in rows)


def test_a_plan_may_rest_on_a_score_that_was_corrected_later(data_copy):
    add(data_copy / "scores.csv", "Lạng Sơn,s1,2023,4.80,published,2024-08-01,VCCI,,")
    ds = pgi.load(data_copy, plan=PLAN)
    assert ds.plan.targets.loc[0, "baseline"] == 4.84
    assert len(ds.scores) == len(pgi.load(DATA).scores) + 1


def test_a_baseline_is_not_held_against_a_doubtful_score(data_copy):
    scores = data_copy / "scores.csv"
    text = scores.read_text("utf-8").replace(
        "Lạng Sơn,s1,2023,4.84,published", "Lạng Sơn,s1,2023,8.44,doubtful"
    )
    scores.write_text(text, "utf-8")
    assert pgi.load(data_copy, plan=PLAN).plan.targets.loc[0, "baseline"] == 4.84


def test_a_self_assessment_needs_no_edition(data_copy):
    add(data_copy / "scores.csv", "Lạng Sơn,s1,2025,5.1,interim,2025-06-10,Sở,,")
    assert pgi.load(data_copy).scores["status"].iloc[-1] == "interim"


def test_a_scale_may_be_open(data_copy):
    indicators = pd.read_csv(data_copy / "indicators.csv", dtype=str)
    indicators.loc[indicators["indicator"] == "total", ["lower", "upper"]] = None
    indicators.to_csv(data_copy / "indicators.csv", index=False)
    add(data_copy / "scores.csv", "Lạng Sơn,total,2024,400,published,2025-06-10,VCCI,,")
    ds = pgi.load(data_copy, plan=PLAN)
    assert ds.scores["value"].max() == 400


def test_a_report_may_come_in_the_quarter_and_after_it(data_copy):
    progress = data_copy / "plans" / PLAN / "progress.csv"
    add(
        progress,
        "n1,2024Q4,2024-10-01,not_started,0,,,",
        "n1,Q4/2024,03/12/2024,in_progress,40 %,,,",
        "n1,quý IV/2024,2025-01-10,done,100,,,",
    )
    loaded = pgi.load(data_copy, plan=PLAN).plan.progress
    assert loaded["quarter"].tolist() == ["2024Q4"] * 3
    assert loaded["percent"].tolist() == [0, 40, 100]


@pytest.mark.parametrize("plan", pgi.plan_names(DATA))
def test_every_plan_of_the_repository_is_sound(plan):
    ds = pgi.load(DATA, plan=plan)
    assert ds.plan.name == plan
    assert len(ds.plan.targets) > 0
