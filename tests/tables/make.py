"""Write the tables of this folder: synthetic figures in the layouts that people have.

``python tests/tables/make.py`` writes them anew; the workbooks differ in nothing but their dates.
"""

import csv
from pathlib import Path

import numpy as np
import openpyxl

HOME = Path(__file__).parent
COUNTRIES = {f"{name}land": f"{name.upper():.3}"[:3] for name in (
    "Arda", "Bela", "Cora", "Dora", "Edda", "Fira", "Gila", "Hela", "Iska", "Jora", "Kala", "Luma"
)}  # fmt: skip
INDICATORS = {
    "SYN.POV.RATE": ("Poverty headcount ratio (% of population)", 18, -0.5),
    "SYN.GDP.PCAP": ("GDP per capita (current US$)", 9500, 240),
    "SYN.LIFE": ("Life expectancy at birth, total (years)", 71, 0.25),
    "SYN.HIV": ("Prevalence of HIV, total (% of population ages 15-49)", 0.29, -0.01),
    "SYN.UNEMP": ("Unemployment, total (% of total labor force)", 7, -0.1),
    "SYN.ELEC": ("Access to electricity (% of population)", 82, 0.9),
}
PROVINCES = ("Hà Nội", "Hà Giang", "Cao Bằng", "Lạng Sơn", "Quảng Ninh", "Đà Nẵng")


def text(value: float) -> str:
    return "" if value != value else f"{value:.4g}"


def write(path: Path, rows: list, **style) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", **style).writerows(rows)


def world_bank(rng: np.random.Generator) -> None:
    years = range(2012, 2024)
    rows = [["Data Source", "Synthetic Development Indicators", ""], []]
    rows += [["Last Updated Date", "2024-10-07", ""], []]
    rows.append(["Country Name", "Country Code", "Indicator Name", "Indicator Code", *years, ""])
    areas = {**COUNTRIES, "World": "WLD", "Euro area": "EMU", "Arab World": "ARB"}
    for area, code in areas.items():
        for key, (name, level, step) in INDICATORS.items():
            figures = level * rng.uniform(0.8, 1.2) + step * np.arange(len(years))
            figures = figures + rng.normal(0, abs(step), len(years))
            figures[rng.uniform(size=len(years)) < 0.08] = np.nan
            rows.append([area, code, name, key, *map(text, figures), ""])
    write(HOME / "world-bank.csv", rows, quoting=csv.QUOTE_ALL)


def open_sdg(rng: np.random.Generator) -> None:
    for number, (unit, level) in {"1-2-1": ("Percent", 14), "8-5-2": ("Percent", 6)}.items():
        rows = [["Year", "Sex", "Age", "Units", "Value"]]
        for sex in ("", "Female", "Male"):
            for year in range(2011, 2024):
                rows.append([year, sex, "", unit, text(level + rng.normal(0, 0.5))])
        rows += [[2023, "", age, unit, text(level + 1)] for age in ("15 to 24", "25 and over")]
        write(HOME / "open-sdg" / f"indicator_{number}.csv", rows)
    rows = [["Year", "Units", "Value"]]
    rows += [
        [year, "per 100,000 population", text(9 - 0.2 * (year - 2011))]
        for year in range(2011, 2024)
    ]
    write(HOME / "open-sdg" / "indicator_3-6-1.csv", rows)
    write(HOME / "open-sdg" / "indicator_17-1-1.csv", [["Year", "Value"]])


def eurostat(rng: np.random.Generator) -> None:
    rows = [
        [
            "DATAFLOW",
            "LAST UPDATE",
            "freq",
            "unit",
            "sex",
            "geo",
            "TIME_PERIOD",
            "OBS_VALUE",
            "OBS_FLAG",
        ]
    ]
    for geo in ("AA", "BB", "CC", "EU27_2020"):
        for sex in ("F", "M", "T"):
            for year in range(2013, 2024):
                flag = "b" if (geo, year) == ("BB", 2017) else "p" if year == 2023 else ""
                value = "" if (geo, year) == ("CC", 2013) else text(12 + rng.normal(0, 0.6))
                flow = ["ESTAT:SYN_RATE(1.0)", "07/10/24 11:00:00"]
                rows.append([*flow, "A", "PC", sex, geo, year, value, flag])
    write(HOME / "eurostat.csv", rows)


def papi(rng: np.random.Generator) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    names = (
        "Tham gia của người dân",
        "Công khai, minh bạch",
        "Trách nhiệm giải trình",
        "Tổng điểm",
    )
    for year in range(2019, 2025):
        sheet = book.create_sheet(f"PAPI {year}")
        sheet.append([f"Chỉ số hiệu quả quản trị và hành chính công năm {year} (số liệu giả định)"])
        sheet.merge_cells("A1:G1")
        sheet.append(["Đơn vị tính: điểm"])
        sheet.append(["STT", "Tỉnh, thành phố", *names, "Xếp hạng"])
        for number, province in enumerate(PROVINCES, start=1):
            figures = [round(float(x), 2) for x in 5 + 0.05 * (year - 2019) + rng.normal(0, 0.3, 3)]
            sheet.append([number, province, *figures, round(sum(figures), 2), number])
        sheet.append([None, "Trung bình", 5, 5, 5, 15])
        sheet.append(["Nguồn: số liệu giả định, để thử"])
    book.save(HOME / "papi.xlsx")


def kpi(rng: np.random.Generator) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year in (2023, 2024):
        sheet = book.create_sheet(f"Năm {year}")
        sheet.append([f"KẾT QUẢ THỰC HIỆN CHỈ TIÊU NĂM {year} (số liệu giả định)"])
        sheet.append(
            ["TT", "Chỉ tiêu", "Đơn vị tính", *(f"Tháng {m}" for m in range(1, 13)), "Cả năm"]
        )
        for number, (name, unit, level) in enumerate(
            [("Hồ sơ giải quyết đúng hạn", "%", 0.91), ("Thanh toán trực tuyến", "%", 0.42),
             ("Số hồ sơ tiếp nhận", "hồ sơ", 1250)], start=1,
        ):  # fmt: skip
            figures = level * (1 + 0.01 * np.arange(12) + rng.normal(0, 0.02, 12))
            figures = [round(float(x), 3) if unit == "%" else int(x) for x in figures]
            sheet.append([number, name, unit, *figures, round(float(np.mean(figures)), 3)])
            if unit == "%":
                for cell in sheet[sheet.max_row][3:]:
                    cell.number_format = "0.0%"
        sheet.append([None, "Ghi chú: số liệu của Văn phòng, để thử"])
    book["Năm 2024"].cell(3, 15).value = "chưa có"
    book.save(HOME / "kpi.xlsx")


if __name__ == "__main__":
    rng = np.random.default_rng(17)
    for make in (world_bank, open_sdg, eurostat, papi, kpi):
        make(rng)
