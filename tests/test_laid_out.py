"""Tables laid out for the eye: headers over each other, ranks beside scores, blocks, units."""

import csv
import datetime

import openpyxl
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.plain import DataWarning
from pgi_analysis.language import Writer


@pytest.fixture
def read(tmp_path):
    """Read rows written to a workbook (with merged cells) or a CSV file, by area and indicator."""

    def make(rows, *merged, name="table.csv", sheet="Sheet1", **options):
        path = tmp_path / name
        if merged or path.suffix == ".xlsx":
            book = openpyxl.Workbook()
            book.active.title = sheet
            for row in rows:
                book.active.append([None if cell == "" else cell for cell in row])
            for span in merged:
                book.active.merge_cells(span)
            path = path.with_suffix(".xlsx")
            book.save(path)
        else:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        panel = pgi.read_panel(path, **options)
        found = {}
        for row in panel.dropna(subset=["value"]).itertuples():
            found.setdefault((row.area, row.indicator), {})[str(row.period)] = row.value
        return found

    return make


SCORE_AND_RANK = [
    ["Tỉnh", "Công khai", "", "Tham gia", ""],
    ["", "Điểm", "Hạng", "Điểm", "Hạng"],
    ["Hà Nội", 5.33, 3, 4.71, 12],
    ["Lạng Sơn", 5.1, 8, 5.01, 2],
]


def test_scores_below_the_names_of_indicators_are_all_read_and_ranks_are_not(read):
    """A score and a rank below each name: every indicator, under its own name."""
    expected = {
        ("Hà Nội", "Công khai"): {"2023": 5.33},
        ("Hà Nội", "Tham gia"): {"2023": 4.71},
        ("Lạng Sơn", "Công khai"): {"2023": 5.1},
        ("Lạng Sơn", "Tham gia"): {"2023": 5.01},
    }
    titled = [["KẾT QUẢ PAPI NĂM 2023", "", "", "", ""], *SCORE_AND_RANK]
    assert read(titled, "A1:E1", "A2:A3", "B2:C2", "D2:E2") == expected
    assert read(SCORE_AND_RANK, period="2023") == expected


def test_scores_and_ranks_below_years(read):
    rows = [["Tỉnh", "2022", "", "2023", ""], *SCORE_AND_RANK[1:]]
    assert read(rows)["Hà Nội", "table"] == {"2022": 5.33, "2023": 4.71}


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        *(
            ("Xếp hạng PCI", True),
            ("Hạng PAPI", True),
            ("HDI rank", True),
            ("Change in rank", True),
        ),
        *(("Hạng mục", False), ("Điểm xếp hạng", False), ("Branks", False), ("Rank-size", True)),
    ],
)
def test_ranks_beside_scores_are_no_indicators(read, name, rank):
    rows = [["Tỉnh", "Năm", "PCI", name], ["Huế", 2022, 65.1, 12], ["Huế", 2023, 66.1, 10]]
    assert {key[1] for key in read(rows)} == ({"PCI"} if rank else {"PCI", name})


def test_three_rows_of_headers(read):
    rows = [
        ["Năm", "Tỉnh", "Chỉ số thành phần", "", "", "Chỉ số tổng hợp"],
        ["", "", "Thể chế", "", "Thủ tục", ""],
        ["", "", "Tự chấm", "Thẩm định", "Thẩm định", ""],
        [2022, "Lạng Sơn", 8.5, 8.1, 12.3, 84.2],
    ]
    merged = ("A1:A3", "B1:B3", "C1:E1", "C2:D2", "F1:F3")
    expected = {"Thể chế: Tự chấm": 8.5, "Thể chế: Thẩm định": 8.1, "Thủ tục: Thẩm định": 12.3}
    assert read(rows, *merged) == {
        ("Lạng Sơn", name): {"2022": value}
        for name, value in {**expected, "Chỉ số tổng hợp": 84.2}.items()
    }


def test_years_over_groups_over_names(read):
    rows = [
        ["Tỉnh", "2022", "", "2023", ""],
        ["", "Thể chế", "Thủ tục", "Thể chế", "Thủ tục"],
        ["", "Điểm", "Điểm", "Điểm", "Điểm"],
        ["Huế", 1, 2, 3, 4],
    ]
    found = read(rows, "A1:A3", "B1:C1", "D1:E1")
    assert found == {
        ("Huế", "Thể chế"): {"2022": 1, "2023": 3},
        ("Huế", "Thủ tục"): {"2022": 2, "2023": 4},
    }


def test_a_name_merged_downwards_is_of_no_group(read, tmp_path):
    rows = [["Tỉnh", "Nhóm A", "", "Tổng"], ["", "a", "b", ""], ["Huế", 1, 2, 3]]
    read(rows, "A1:A2", "B1:C1", "D1:D2", period="2023")
    made = pgi.data.read_tables([tmp_path / "table.xlsx"], pgi.data.Asked(period="2023"))
    assert made.indicators["group"].fillna("").tolist() == ["Nhóm A", "Nhóm A", ""]


@pytest.mark.filterwarnings("ignore::pgi_analysis.data.plain.DataWarning")
@pytest.mark.parametrize("turned", [False, True])
def test_quarters_below_their_years_and_years_below_their_quarters(read, turned):
    over, under = ["2023", "2024"], ["Quý I", "Quý II"]
    if turned:
        over, under = under, over
    rows = [["Tỉnh", over[0], "", over[1], ""], ["", *under, *under], ["Huế", 1, 2, 3, 4]]
    order = ["2023Q1", "2024Q1", "2023Q2", "2024Q2"] if turned else None
    order = order or ["2023Q1", "2023Q2", "2024Q1", "2024Q2"]
    assert read(rows) == {("Huế", "table"): dict(zip(order, (1, 2, 3, 4), strict=True))}


def test_the_year_beside_its_quarters_is_pointed_at(read):
    rows = [["Tỉnh", "2023", "", ""], ["", "Quý I", "Quý II", "Cả năm"], ["Huế", 1, 2, 3]]
    with pytest.warns(DataWarning, match="Cả năm: this column of figures is not read"):
        assert read(rows) == {("Huế", "table"): {"2023Q1": 1, "2023Q2": 2}}


def test_half_years_in_vietnamese(read):
    rows = [["Tỉnh", "6 tháng đầu năm 2023", "6 tháng cuối năm 2023"], ["Huế", 4.5, 4.2]]
    told = read(rows)["Huế", "table"]
    assert told == {"6 tháng đầu năm 2023": 4.5, "6 tháng cuối năm 2023": 4.2}
    assert read([["Tỉnh", "Kỳ", "Điểm"], ["Huế", "6 tháng đầu 2023", 1]])


def test_half_years_are_written_as_each_language_has_them():
    half = pgi.data.Calendar("half", "{year}H{part}").period(2 * 2024 + 1)
    assert Writer("vi").period(half) == "6 tháng cuối năm 2024"
    assert Writer("en").period(half) == "H2 2024"


def test_areas_that_are_departments_are_called_units(read, tmp_path):
    read([["Sở", "2022", "2023"], ["Sở Y tế", 1, 2]], columns={"area": "Sở"})
    found = pgi.data.read_tables([tmp_path / "table.csv"], pgi.data.Asked(columns={"area": "Sở"}))
    noun = pgi.data.draft_folder(found, directions=["up"]).index["area"]
    assert (noun["singular_vi"], noun["plural_en"]) == ("đơn vị", "units")


@pytest.mark.parametrize("said", ["target", "KH", "mục tiêu", "forecast", "BE", "dự kiến"])
def test_a_plan_or_a_forecast_in_brackets_is_no_figure_of_its_year(read, said):
    rows = [["Country", "2022", "2023 (%)", "2024 (e)", f"2025 ({said})"], ["A", 1, 2, 3, 9]]
    with pytest.warns(DataWarning, match="this column of figures is not read"):
        assert read(rows) == {("A", "table"): {"2022": 1, "2023": 2, "2024": 3}}


@pytest.mark.parametrize(
    "rows",
    [
        [["Country", "Year", "GDP", "Poor"], ["", "", "US$", "%"], ["X", 2020, 12, 5]],
        [["Tỉnh", "Năm", "GDP", "Poor"], ["(đơn vị)", "", "(US$)", "(%)"], ["X", 2020, 12, 5]],
    ],
)
def test_units_in_a_row_below_the_header_are_units(read, tmp_path, rows):
    assert read(rows) == {("X", "GDP"): {"2020": 12}, ("X", "Poor"): {"2020": 5}}
    made = pgi.data.read_tables([tmp_path / "table.csv"], pgi.data.Asked())
    assert made.indicators["unit"].tolist() == ["US$", "%"]
    assert made.indicators["second"].fillna("").tolist() == ["", ""]
    assert made.layouts[0].given == {}


def test_a_unit_in_brackets_above_is_a_unit_and_the_line_above_it_the_name(read, tmp_path):
    rows = [["Safe water"], ["(per cent of households)"], [], ["Region", "2018", "2019"]]
    read([*rows, ["North", 71.2, 72.1]], columns={"area": "Region"})
    asked = pgi.data.Asked(columns={"area": "Region"})
    made = pgi.data.read_tables([tmp_path / "table.csv"], asked)
    told = made.indicators[["indicator", "unit"]].to_numpy().tolist()
    assert told == [["Safe water", "per cent of households"]]


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4], ["(1)", "(2)", "(3)", "(4)=(3)"], list("AB12")])
def test_a_row_that_numbers_the_columns_is_no_area(read, numbers):
    rows = [["STT", "Địa phương", "TC1", "TC2"], numbers, [1, "Huế", 7, 8]]
    assert read(rows, period="2023") == {
        ("Huế", "TC1"): {"2023": 7},
        ("Huế", "TC2"): {"2023": 8},
    }


def test_a_row_of_figures_that_count_up_is_a_row(read):
    found = read([["Country", "2021", "2022"], ["A", 1, 2], ["B", 3, 4]])
    assert found["A", "table"] == {"2021": 1, "2022": 2}


@pytest.mark.parametrize("name", ["Điểm tối đa", "Điểm chuẩn", "Trọng số", "Maximum score"])
def test_the_scale_and_the_weights_are_no_areas(read, name):
    rows = [["Tỉnh", "Công khai"], [name, 10], ["Huế", 7]]
    with pytest.warns(DataWarning, match=f"«{name}»"):
        assert list(read(rows, period="2023")) == [("Huế", "Công khai")]


def test_settlements_are_no_areas(read):
    rows = [["Year", "Location", "Value"], [2019, "", 71], [2019, "Urban", 81]]
    with pytest.warns(DataWarning, match="«Urban»"):
        assert read(rows, area="Arda") == {("Arda", "table"): {"2019": 71}}


@pytest.mark.parametrize("name", ["Urban", "Nông thôn"])
def test_settlements_are_no_wholes(read, name):
    rows = [["Country", "Year", "Area type", "Value"], ["A", 2020, name, 1], ["A", 2020, "x", 2]]
    with pytest.raises(pgi.InputError, match="nothing tells which are for all"):
        read(rows)


@pytest.mark.parametrize(
    "name", ["South-Eastern Asia (M49)", "OECD - Total", "Small island developing States (SIDS)"]
)
def test_regions_of_the_united_nations_are_no_areas(read, name):
    with pytest.warns(DataWarning, match="is a total, an average or a group"):
        found = read([["Country", "2020", "2021"], [name, 1, 2], ["South Africa", 3, 4]])
    assert list(found) == [("South Africa", "table")]


# --- One sheet, several tables. ---


@pytest.mark.parametrize("years", [(2022, 2023), (2023, 2024)])
def test_tables_below_each_other_are_each_read_by_its_own_header(read, years):
    rows = [["Bảng 1. Hộ nghèo"], ["Tỉnh", 2022, 2023], ["Huế", 5, 4], ["Lào Cai", 6, 5], []]
    rows += [["Bảng 2. Thu nhập"], ["Tỉnh", *years], ["Huế", 50, 54], ["Lào Cai", 60, 65]]
    found = read(rows, name="table.xlsx")
    assert found["Huế", "Bảng 1. Hộ nghèo"] == {"2022": 5, "2023": 4}
    assert found["Lào Cai", "Bảng 2. Thu nhập"] == {str(years[0]): 60, str(years[1]): 65}
    assert len(found) == 4


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
@pytest.mark.parametrize("title", [[], [["Hộ nghèo", "", ""]]])
def test_a_header_that_comes_again_goes_on_with_the_same_table(read, name, title):
    rows = [["Tỉnh", 2022, 2023], ["Huế", 5, 4], ["Lào Cai", 6, 5]]
    found = read([*title, *rows, rows[0], ["Cà Mau", 7, 6]], name=name, sheet="Nghèo")
    assert len({key[1] for key in found}) == 1
    assert [key[0] for key in found] == ["Huế", "Lào Cai", "Cà Mau"]


def test_lines_above_blocks_are_indicators_where_the_areas_come_again(read):
    rows = [["Tỉnh", "2021", "2022"], ["Hộ nghèo", "", ""], ["Huế", 4, 5], ["Lào Cai", 6, 7]]
    rows += [["Thu nhập", "", ""], ["Huế", 40, 50], ["Lào Cai", 60, 70], ["Nguồn: NSO", "", ""]]
    found = read(rows)
    assert found["Huế", "Hộ nghèo"] == {"2021": 4, "2022": 5}
    assert found["Lào Cai", "Thu nhập"] == {"2021": 60, "2022": 70}
    assert len(found) == 4


def test_lines_above_blocks_are_areas_or_periods(read):
    rows = [["Chỉ tiêu", "2021", "2022"], ["Huế", "", ""], ["x", 1, 2], ["Lào Cai"], ["x", 3, 4]]
    found = read(rows)
    assert found == {("Huế", "x"): {"2021": 1, "2022": 2}, ("Lào Cai", "x"): {"2021": 3, "2022": 4}}
    rows = [["Tỉnh", "x", "y"], ["Năm 2022"], ["Huế", 1, 2], ["Năm 2023"], ["Huế", 3, 4]]
    assert read(rows) == {
        ("Huế", "x"): {"2022": 1, "2023": 3},
        ("Huế", "y"): {"2022": 2, "2023": 4},
    }


def test_lines_that_part_areas_by_region_are_left_out(read):
    rows = [
        ["Tỉnh", "2021", "2022"],
        ["Miền Bắc"],
        ["Hà Nội", 1, 2],
        ["Miền Nam"],
        ["Cà Mau", 3, 4],
    ]
    assert list(read(rows)) == [("Hà Nội", "table"), ("Cà Mau", "table")]


def test_a_pivot_table(read):
    rows = [["Row Labels", "Column Labels", "", "Grand Total"], ["", 2021, 2022, ""], ["Huế"]]
    rows += [["x", 1, 2, 3], ["y", 4, 5, 9], ["Lào Cai"], ["x", 6, 7, 13], ["y", 8, 9, 17]]
    with pytest.warns(DataWarning, match="Grand Total: this column of figures is not read"):
        found = read(rows, name="table.xlsx", columns={"indicator": "Row Labels"})
    assert found["Lào Cai", "y"] == {"2021": 8, "2022": 9}
    assert len(found) == 4


def test_a_sheet_or_a_file_an_area(tmp_path):
    book = openpyxl.Workbook()
    for name, value in (("Viet Nam", 1), ("Lao PDR", 3)):
        sheet = book.create_sheet(name)
        for row in (["Indicator", 2020, 2021], ["x", value, value + 1]):
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(pgi.InputError, match="each sheet or file is one area"):
        pgi.read_panel(tmp_path / "a.xlsx")
    with pytest.warns(DataWarning, match="holds no table of figures"):
        panel = pgi.read_panel(tmp_path / "a.xlsx", columns={"area": "sheet"})
    assert panel.groupby("area")["value"].sum().to_dict() == {"Lao PDR": 7, "Viet Nam": 3}


# --- What is easily missed is said. ---


def test_hidden_rows_and_columns_are_read_and_pointed_at(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Country", "2020", "2021"], ["A", 1, 2], ["B", 3, 4]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.save(tmp_path / "a.xlsx")
    with pytest.warns(DataWarning, match=r"hidden in the sheet \(3, C\)"):
        assert len(pgi.read_panel(tmp_path / "a.xlsx")) == 4


def test_a_code_that_lost_its_zero_is_the_same_area(tmp_path):
    book = openpyxl.Workbook()
    for name, code in (("2023", 1), ("2024", "01")):
        sheet = book.create_sheet(name)
        for row in (["Mã tỉnh", "Công khai"], [code, 5], [46, 6]):
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "a.xlsx")
    with pytest.warns(DataWarning, match="«01» counts as «1»"):
        assert set(pgi.read_panel(tmp_path / "a.xlsx")["area"]) == {"1", "46"}


def test_columns_that_may_be_the_area_are_named(read):
    with pytest.raises(pgi.InputError, match=r"which area a figure is of \(«Region»\)"):
        read([["Region", "2018", "2019"], ["North", 1, 2]])


def test_of_several_notes_none_has_to_be_named(read):
    rows = [["Country", "TimePeriod", "Value", "Time_Detail", "Nature"]]
    assert read([*rows, ["A", 2020, 5, "2020", "G"], ["A", 2021, 6, "2021", "E"]])


def test_codes_in_brackets_behind_names(read, tmp_path):
    rows = [["Time", "Country Name", "Access (% of population) [EG.ELC]", "GDP (US$) [NY.GDP]"]]
    assert {key[1] for key in read([*rows, [2020, "A", 99, 5]])} == {"EG.ELC", "NY.GDP"}
    made = pgi.data.read_tables([tmp_path / "table.csv"], pgi.data.Asked())
    assert made.indicators["unit"].tolist() == ["% of population", "US$"]
    assert made.indicators["name"].tolist() == ["Access", "GDP"]


def test_a_direction_for_all_does_not_turn_what_the_table_says(read, tmp_path):
    rows = [["Indicator", "Direction", "Country", "2020"], ["x", "Lower is better", "A", 1]]
    read([*rows, ["y", "", "A", 1]])
    found = pgi.data.read_tables([tmp_path / "table.csv"], pgi.data.Asked())
    ways = {
        said: pgi.data.draft_folder(found, directions=said).indicators["direction"].tolist()
        for said in (("up",), ("up", "x=up"))
    }
    assert ways == {("up",): [-1, 1], ("up", "x=up"): [1, 1]}


def test_a_header_of_dates_in_a_workbook(read):
    rows = [["Area", datetime.date(2024, 1, 1), datetime.date(2024, 2, 1)], ["A", 5, 6]]
    assert read(rows, name="table.xlsx") == {("A", "table"): {"2024-01": 5, "2024-02": 6}}


@pytest.mark.parametrize(
    "header",
    [
        ["hdi_2020", "hdi_2021", "le_2020", "le_2021"],
        ["2020 hdi", "2021 hdi", "2020 le", "2021 le"],
    ],
)
def test_names_and_years_in_one_header(read, header):
    rows = [["iso3", "country", *header, "rank_2021"], ["VNM", "Viet Nam", 0.71, 0.72, 74, 75, 115]]
    with pytest.warns(DataWarning, match="rank_2021: this column of figures is not read"):
        assert read(rows) == {
            ("Viet Nam", "hdi"): {"2020": 0.71, "2021": 0.72},
            ("Viet Nam", "le"): {"2020": 74, "2021": 75},
        }


def test_scores_and_ranks_of_years_in_one_header(read):
    rows = [["Country", "Score 2022", "Rank 2022", "Score 2023", "Rank 2023"], ["A", 5, 2, 6, 1]]
    assert read(rows) == {("A", "table"): {"2022": 5, "2023": 6}}


def test_ranks_below_a_header_of_their_own_are_no_indicator(read):
    rows = [["Tỉnh", "Giá trị DTI", "", "Xếp hạng DTI", ""], ["", 2022, 2023, 2022, 2023]]
    found = read([*rows, ["Huế", 0.72, 0.73, 5, 6]], "A1:A2", "B1:C1", "D1:E1")
    assert {key: list(told.values()) for key, told in found.items()} == {
        ("Huế", "Giá trị DTI"): [0.72, 0.73]
    }


def test_a_plan_beside_its_result_is_not_told_apart_by_its_year(read):
    rows = [["Tỉnh", "Năm 2023", "Kế hoạch 2024", "Thực hiện 2024"], ["Huế", 1, 2, 3]]
    with pytest.warns(DataWarning, match="Kế hoạch 2024: this column of figures is not read"):
        assert read(rows) == {("Huế", "table"): {"2023": 1}}


def test_a_scale_in_words_multiplies(read):
    rows = [["Country", "Subject Descriptor", "Scale", "2020"], ["A", "GDP", "Billions", 3]]
    assert read([*rows, ["A", "Inflation", "", 4]]) == {
        ("A", "GDP"): {"2020": 3e9},
        ("A", "Inflation"): {"2020": 4},
    }


def test_years_beside_whole_figures_are_no_decimals(read):
    rows = [["Country", "TimePeriod", "Value", "Time_Detail"]]
    assert read([*rows, ["A", 2020, 46, 2020], ["A", 2021, 45, 2021]])


def test_labels_of_the_ilo(read):
    rows = [["ref_area.label", "sex.label", "time", "obs_value"], ["Viet Nam", "Male", 2020, 5]]
    with pytest.warns(DataWarning, match="sex.label: «Male»"):
        assert read([*rows, ["Viet Nam", "Total", 2020, 6]])["Viet Nam", "table"] == {"2020": 6}


def test_what_a_file_says_to_excel_is_no_title(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\nTỉnh;2020;2021\nHuế;1,5;2,5\n", "utf-8")
    assert set(pgi.read_panel(tmp_path / "a.csv")["indicator"]) == {"a"}


def test_a_yearbook_in_two_languages(read):
    rows = [["Poverty rate", "", ""], ["", "2019", "Sơ bộ\nPrel. 2020"], ["Hà Nội", 5, 4]]
    rows += [["CẢ NƯỚC - WHOLE COUNTRY", 6, 5], ["Tây Nguyên - Central Highlands", 8, 7]]
    with pytest.raises(pgi.InputError, match=r"which area a figure is of \(«1»\)"):
        read(rows)
    with pytest.warns(DataWarning, match="«CẢ NƯỚC - WHOLE COUNTRY» is a total"):
        assert read(rows, columns={"area": "1"}) == {
            ("Hà Nội", "Poverty rate"): {"2019": 5, "2020": 4}
        }
