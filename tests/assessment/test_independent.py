"""Statistics Canada's and EUSTAT's measures against a second writing of the published text.

The two functions take one case and know nothing of the package; published values hold both to the
ground.
"""

import math

import numpy as np
import pandas as pd
import pytest
from budget import often
from hypothesis import given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi

# whatever the rows, the formulas must agree: also where a target is worse than its baseline
pytestmark = pytest.mark.filterwarnings("ignore::pgi_analysis.data.plain.DataWarning")

NOT = ("not_assessed", math.nan, math.nan)


def growth(start, end, years):
    return (end / start) ** (1 / years) - 1


def closeness(base, limit, direction):
    """How far the thresholds are lowered near a natural limit: 1 is not, 0 at the limit itself."""
    if limit is None or direction * limit < direction * base:
        return 1.0
    size, edge = abs(base), abs(limit)
    if size >= 2 * edge:
        return 1.0
    return 1 - ((size if size <= edge else 2 * edge - size) / edge) ** 4.44


def band(number, edges):
    return next(name for least, name in edges if number >= least)


def statcan(b, yb, c, yc, d, target, y_target, limit):
    target = 0.001 if target == 0 else target
    b = 0.001 if b == 0 else b
    if b * c < 0:
        return NOT
    g = (-1 if b < 0 else 1) * d * growth(b, c, yc - yb)
    if target is not None:
        if (d == 1 and c >= target) or (d == -1 and c <= target):
            return ("target_achieved", None, 5.0)
        if target == b or b * target < 0:
            return NOT
        r = g / abs(growth(b, target, y_target - yb))
        names = [(0.95, "substantial_progress"), (0.6, "moderate_progress")]
        names += [(0, "limited_progress"), (-math.inf, "deterioration")]
        score = min(7.1429 * r - 4.2857, 5) if r >= 0.6 else max(4.1667 * r - 2.5, -5)
        return band(r, names), r, score
    k = closeness(b, limit, d)
    if k == 0 and g >= 0:
        return "substantial_progress", g, 5.0
    if g < 0:
        return "deterioration", g, max(125 * g - 2.5, -5)
    if g >= 0.015 * k:
        return "substantial_progress", g, min(500 * g / k - 5, 5)
    if g >= 0.005 * k:
        return "moderate_progress", g, 250 * g / k - 1.25
    return "limited_progress", g, 500 * g / k - 2.5


def eustat(b, yb, c, yc, d, target, y_target, limit):
    target = 0.001 if target == 0 else target
    b = 0.001 if b == 0 else b
    if b * c < 0:
        return NOT
    g = (-1 if b < 0 else 1) * d * growth(b, c, yc - yb)
    if target is not None:
        if (d == 1 and c >= target) or (d == -1 and c <= target):
            return ("significant_progress", None, 5.0)
        if target == b or b * target < 0:
            return NOT
        r = g / abs(growth(b, target, y_target - yb))
        names = [(0.95, "significant_progress"), (0.6, "moderate_progress")]
        names += [(0, "moderate_deterioration"), (-math.inf, "significant_deterioration")]
        score = 5 / 0.7 * (r - 0.6) if r >= 0.6 else 5 / 1.2 * (r + 0.6) - 5
        return band(r, names), r, min(max(score, -5), 5)
    k = closeness(b, limit, d)
    names = [(0.01 * k, "significant_progress"), (0.001 * k, "moderate_progress")]
    names += [(-0.001, "no_progress"), (-0.01 * k, "moderate_deterioration")]
    at_limit = k == 0 and g >= -0.02  # the defect: the sign is looked at later
    score = 5.0 if at_limit else min(max(250 * (g if g < 0 else g / k), -5), 5)
    return band(g, [*names, (-math.inf, "significant_deterioration")]), g, score


METHODS = {"statcan": (statcan, {}), "eurostat": (eustat, {"variant": "eustat"})}
COLUMNS = "baseline baseline_period value period direction target target_period limit".split()


def assessed(rows, method):
    """What the package says of rows in the order of `COLUMNS`."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    numbers = table.drop(columns="direction").astype(float)
    whole = numbers.astype({name: "Int64" for name in COLUMNS if name.endswith("period")})
    options = METHODS[method][1]
    return pgi.assess(whole.assign(direction=table["direction"]), method=method, **options).table


def compare(rows, method):
    theirs = [METHODS[method][0](*row) for row in rows]
    ours = assessed(rows, method)
    assert ours["verdict"].astype(str).tolist() == [verdict for verdict, _, _ in theirs]
    near = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(ours["score"], [score for _, _, score in theirs], **near)
    # what an achieved target has as its measure the text leaves open
    told = [measure is not None for _, measure, _ in theirs]
    known = [measure for _, measure, _ in theirs if measure is not None]
    np.testing.assert_allclose(ours["measure"][told], known, **near)


scores = st.integers(-40, 40)
case = st.tuples(
    scores,
    st.integers(2010, 2015),
    scores,
    st.integers(2016, 2024),
    st.sampled_from([-1, 1]),
    st.none() | scores,
    st.integers(2025, 2035),
    st.none() | st.integers(1, 40),
)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=often(15))
@given(rows=st.lists(case, min_size=10, max_size=50))
def test_the_package_says_what_the_text_says(method, rows):
    compare(rows, method)


@pytest.mark.parametrize("method", METHODS)
def test_the_package_says_what_the_text_says_all_over_a_grid(method):
    """Near a limit, on it and beyond it, in and against the wanted direction, zeros, both signs."""
    some = [-30, -2, 0, 1, 9, 10, 11, 19, 20, 21, 30]
    terms = [(None, None), (10, None), (20, None), (None, 10), (None, 20)]
    rows = [
        (b, 2015, c, 2021, d, target, 2030, limit)
        for b in some
        for c in some
        for d in (-1, 1)
        for target, limit in terms
    ]
    compare(rows, method)


#: series, case in the order of `COLUMNS` (a dash where there is none), verdict, measure, score;
#: Statistics Canada's components at commit bb7a432b, EUSTAT's at 00a0109c
PUBLISHED = """
statcan 1-1-1 14.5 2015 10.4 2023 -1 7.25 2030 - moderate_progress
    0.9010899546976208 2.1506954374096354
statcan 1-3-1 178.8 2015 173.3 2025 -1 - - - limited_progress
    0.003119490847657058 -0.9402545761714709
statcan 10-2-1 3.8 2015 11.9 2024 -1 - - - deterioration
    -0.1352325064900486 -5
statcan 11-3-1 63 2005 74 2020 1 85 2030 - moderate_progress
    0.8949392974311927 2.106761907621266
statcan 12-1-1 0.37 2015 9.53 2025 1 60 2030 - substantial_progress
    0.9504069883014249 2.502962076738248
statcan 15-1-1 79.82 2015 80 2020 1 - - 100 limited_progress
    0.0004506085041826591 -2.1437311547039553
eurostat 1-1-1 0.1490340749 2016 0.17 2022 -1 0.1 2030 - significant_deterioration
    -0.7893659694952404 -5
eurostat 1-3-1 82.7 2015 82.4 2025 1 - - - no_progress
    -0.0003633504836403345 -0.09083762091008363
eurostat 2-1-2 3.1 2016 2.6 2024 -1 0.1 2030 - moderate_deterioration
    0.09997499565957124 -2.0834375180851197
eurostat 3-4-1 651.4 2015 618.6 2024 -1 - - - moderate_progress
    0.005724113650851459 1.4310284127128647
eurostat 5-4-1 1.8983050847457628 2013 1.467741935483871 2023 -1 1 2030 - moderate_progress
    0.6863362874474491 0.6166877674817797
eurostat 5-5-1 25.2 2015 35.7 2025 1 - - 50 significant_progress
    0.03544436156697994 5
"""


def published():
    for line in PUBLISHED.replace("\n    ", " ").strip().splitlines():
        method, series, *cells, verdict, measure, score = line.split()
        row = tuple(None if cell == "-" else float(cell) for cell in cells)
        yield pytest.param(method, row, (verdict, float(measure), float(score)), id=series)


@pytest.mark.parametrize(("method", "row", "expected"), list(published()))
def test_the_text_and_the_package_give_the_published_values(method, row, expected):
    verdict, *numbers = METHODS[method][0](*row)
    assert verdict == expected[0]
    np.testing.assert_allclose(numbers, expected[1:], rtol=1e-12)
    ours = assessed([row], method).iloc[0]
    assert ours["verdict"] == expected[0]
    np.testing.assert_allclose(ours[["measure", "score"]].astype(float), expected[1:], rtol=1e-12)
