"""An area is one area, however it is spelt, and a summary of areas is none."""

import re

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.areas import are_near, is_summary
from pgi_analysis.data.names import AreaNames, fold
from pgi_analysis.data.plain import DataWarning

NAMES = ["Hà Nội", "Lạng Sơn", "Bắc Kạn", "Cao Bằng", "Sơn La", "Yên Bái"]


def panel(names=NAMES, periods=(2021, 2022, 2023)):
    rows = [
        (name, "x", period, 5 + i / 4 + (i + period) % 2 / 2)
        for i, name in enumerate(names)
        for period in periods
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def aim(area="Lạng Sơn"):
    row = {"area": area, "indicator": "x", "target": 6.5, "target_period": 2025, "direction": 1}
    return pd.DataFrame([row])


def notices(table, target=None):
    found = pgi.project(table, aim() if target is None else target).notices
    return [notice.text("en") for notice in found]


@pytest.mark.parametrize("spelling", ["lang son", "LẠNG SƠN", "Tỉnh Lạng Sơn", "Lang Son province"])
def test_spellings_are_one_area_and_the_result_says_so(spelling):
    table = panel()
    table.loc[(table["area"] == "Lạng Sơn") & (table["period"] == 2023), "area"] = spelling
    found = pgi.project(table, aim())
    pd.testing.assert_frame_equal(found.table, pgi.project(panel(), aim()).table)
    assert [notice.text("en") for notice in found.notices] == [
        f"panel row 5, area: «{spelling}» counts as «Lạng Sơn», since names that differ only in "
        "marks, capitals, spaces or words such as «province» mean one area. If they are two areas, "
        "give them names that differ in more."
    ]
    assert "tên của cùng một địa phương" in found.notices[0].text("vi")
    assert pgi.trend(table, area="lang son").area == "Lạng Sơn"
    assert pgi.trend(table, area="Lạng Sơn").table["n_obs"].item() == 3
    assert len(pgi.backtest(table, history=2, horizons=(1,)).notices) == 1


def test_a_target_may_be_spelt_otherwise_than_the_panel():
    found = pgi.project(panel(), aim("LANG SON"))
    assert found.table["area"].tolist() == ["Lạng Sơn"]
    assert found.notices[0].text("en").startswith("targets row 0, area: «LANG SON» counts as")
    verdicts = pgi.assess(panel(), aim("LANG SON"))
    assert "«LANG SON» counts as «Lạng Sơn»" in verdicts.notices[0].text("en")
    pd.testing.assert_frame_equal(verdicts.table, pgi.assess(panel(), aim()).table)


def test_a_score_under_two_spellings_is_refused():
    twice = pd.concat([panel(), panel(["ha noi"], [2022]).assign(value=9.0)])
    message = (
        "panel row 18, area: «ha noi» counts as «Hà Nội», which has this score already (x, 2022) "
        "in row 1. Delete one of the two rows; if they are two areas, give them names that differ "
        "in more than marks, capitals, spaces or words such as «city»."
    )
    with pytest.raises(pgi.InputError, match=f"^{re.escape(message)}$"):
        pgi.project(twice, aim())
    with pytest.raises(pgi.InputError, match=r"^targets row 1, area: «lang son» counts as"):
        pgi.project(panel(), pd.concat([aim(), aim("lang son")]))


def test_numbers_in_names_are_kept_apart():
    assert len({fold(name) for name in ("Zone 1.1", "Zone 11", "Zone 1 1 1")}) == 3


@pytest.mark.parametrize(
    ("old", "new"), [("Bắc Cạn", "Bắc Kạn"), ("Huế", "Thừa Thiên Huế"), ("TPHCM", "Hồ Chí Minh")]
)
def test_near_names_that_never_meet_are_pointed_at(old, new):
    rest = [name for name in NAMES if name != "Bắc Kạn"]
    table = pd.concat([panel(rest), panel([old], [2021]), panel([new], [2022, 2023])])
    assert notices(table) == [
        f"panel rows 16, 17, area: is «{new}» the same area as «{old}»? They are never known in "
        "the same period. If so, write one name in both; now they count as two areas."
    ]
    both = pd.concat([panel(rest), panel([old], [2021, 2022]), panel([new], [2022, 2023])])
    assert notices(both) == []


@pytest.mark.parametrize(
    "pair", [("Ward 1", "Ward 2"), ("Huyện A", "Huyện B"), ("Hà Nam", "Hà Nội"), ("Niger", "Chad")]
)
def test_a_list_of_names_is_not_near(pair):
    assert not are_near(*pair)


@pytest.mark.parametrize(
    "name",
    (
        "Điểm cao nhất,World,Total,TỔNG SỐ,Cả nước,EU27,EU27_2020,EA20,Trung vị,OECD average,"
        "OECD - Average,Trung bình cả nước,Arab World,Đồng bằng sông Hồng,Sub-Saharan Africa,"
        "European Union – 27 countries (from 2020),Median,Bình quân"
    ).split(","),
)
def test_summary_rows_are_pointed_at(name):
    assert notices(pd.concat([panel(), panel([name])])) == [
        f"panel rows 18, 19, 20, area: «{name}» looks like a summary of areas (a total, a mean, a "
        "group), and counts as an area of its own here. Leave its rows out unless it is meant: "
        f'panel[panel["area"] != "{name}"].'
    ]


def test_provinces_and_countries_are_no_summaries(ds, reference):
    known = set(ds.areas["name_vi"]) | set(ds.areas["name_en"])
    for name in ("cpi_1998_2017", "hfi_2008_2016", "pci_2006_2016"):
        known |= set(pd.read_csv(reference(f"data/panels/{name}.csv.gz"))["area"])
    assert not [name for name in known if is_summary(name)]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Huế", "Thừa Thiên Huế"),
        ("Thành phố Huế", "Thừa Thiên Huế"),
        ("TPHCM", "Hồ Chí Minh"),
        ("Tp. HCM", "Hồ Chí Minh"),
        ("Bắc Cạn", "Bắc Kạn"),
        ("BR-VT", "Bà Rịa - Vũng Tàu"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Đắc Nông", "Đắk Nông"),
    ],
)
def test_names_in_use_are_known(ds, spelling, name):
    assert AreaNames(ds.areas).find(spelling) == name


SEXES = panel().merge(pd.DataFrame({"sex": ["F", "M", "T"]}, dtype=str), how="cross")
BY_SEX = (
    "rows 3, 4, 6, 7, 9 and 31 more, sex: the same area, indicator and period stand in several "
    'rows, which differ in sex (F, M, T). Keep one row of each, such as panel[panel["sex"] == '
    '"T"]; or make an indicator of each group.'
)


def test_rows_by_sex_get_one_message(tmp_path):
    with pytest.raises(pgi.InputError, match=re.escape("differ in sex (F, M, T)")) as caught:
        pgi.project(SEXES, aim())
    expected = BY_SEX.replace("3, 4, 6, 7, 9", "1, 2, 4, 5, 7")
    assert caught.value.text("en") == f"panel {expected}"
    file = tmp_path / "scores.csv"
    SEXES.to_csv(file, index=False)
    with pytest.warns(DataWarning, match="sex: «F», «M»: these are groups; the rows with «T»"):
        assert len(pgi.read_panel(file)) == len(SEXES) / 3
    pgi.project(SEXES[SEXES["sex"] == "T"], aim())


def test_rows_by_sex_and_age_name_both_columns():
    both = SEXES.merge(pd.DataFrame({"age": ["15-24", "25+", "TOTAL"]}, dtype=str), how="cross")
    with pytest.raises(pgi.InputError, match="stand in several rows") as caught:
        pgi.project(both.assign(unit="PC"), aim())
    (fault,) = caught.value.faults
    assert fault.values["got"] == "sex (F, M, T), age (15-24, 25+, TOTAL)"
    assert fault.values["choice"] == '(panel["sex"] == "T") & (panel["age"] == "TOTAL")'


def test_rows_that_differ_in_nothing_are_still_repeated_rows():
    again = pd.concat([panel(), panel().head(1)]).assign(note="same")
    with pytest.raises(pgi.InputError, match="period: Hà Nội, x, 2021 stands already in row 0"):
        pgi.project(again, aim())
