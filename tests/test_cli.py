"""The command as people type it."""

import io
import json
import subprocess
import sys

import pandas as pd
import pytest

import pgi_analysis as pgi

LANG_SON = "lang-son-transport-2024"


@pytest.mark.parametrize(
    ("quarter", "gaps"),
    [
        ("2024Q4", [1.74, 1.97, 0.78, 0.55, 5.04]),
        ("2025Q2", [1.63, 1.16, -2.33, -0.72, -0.26]),
    ],
)
def test_gap_as_csv(pgi_command, quarter, gaps):
    code, out, _ = pgi_command("gap", "--plan", LANG_SON, "--quarter", quarter, "--format", "csv")
    assert code == 0
    assert pd.read_csv(io.StringIO(out))["gap"].tolist() == gaps


@pytest.mark.parametrize("command", ["gap", "trend", "project", "calendar"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_tables_in_three_formats(pgi_command, command, lang):
    options = [command, "--plan", LANG_SON, "--quarter", "2025Q2", "--lang", lang]
    formats = {kind: pgi_command(*options, "--format", kind) for kind in ("table", "csv", "json")}
    assert {code for code, _, _ in formats.values()} == {0}
    rows = json.loads(formats["json"][1])
    assert len(rows) == len(pd.read_csv(io.StringIO(formats["csv"][1])))
    assert len(formats["table"][1].strip().splitlines()) == len(rows) + 1


def test_validate_says_what_it_checked(pgi_command):
    code, out, err = pgi_command("validate", "--lang", "vi")
    assert (code, err) == (0, "")
    assert out == "Dữ liệu hợp lệ: 275 số liệu, kết quả của 3 kỳ, 3 kế hoạch.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gap"], "The data folder holds several plans, or none: gia-lai-2024, lang-son-tr"),
        (["gap", "--plan", "../x"], "«../x» cannot be a plan's name"),
        (["gap", "--plan", "x"], "There is no plan «x»"),
        (["gap", "--plan", LANG_SON, "--quarter", "Q5"], "«Q5» is not a quarter"),
        (["gap", "--data", "nowhere"], "There is no data folder or .xlsx workbook at nowhere"),
        (["project", "--plan", LANG_SON, "--level", "80"], "Did you mean 0.8?"),
        (["project", "--plan", LANG_SON, "--model", "x"], "no projection model «x»"),
        (["report", "--plan", LANG_SON, "--notebooks", "nowhere"], "no notebook «quarterly_report"),
    ],
)
def test_wrong_words_get_a_message_and_exit_1(pgi_command, words, message):
    code, out, err = pgi_command(*words)
    assert (code, out) == (1, "")
    assert message in err
    assert "Traceback" not in err


def test_a_failed_page_is_told_and_exit_is_1(pgi_command, monkeypatch, tmp_path):
    from pgi_analysis.report.building import Report
    from pgi_analysis.report.execution import Run

    run = Run(tmp_path / "gap.ipynb", tmp_path / "gap.ipynb", 1.0, "KeyError: 'x'")
    monkeypatch.setattr("pgi_analysis.report.build", lambda **_: Report(tmp_path, (run,)))
    words = ("report", "--plan", LANG_SON, "--quarter", "2024Q4", "--out", tmp_path / "reports")
    code, out, err = pgi_command(*words)
    assert code == 1
    assert "Trang “gap” chưa lập được: KeyError: 'x'" in err
    assert out.strip() == str(tmp_path / "index.html")


def test_the_quarter_due_is_the_default(pgi_command):
    code, out, _ = pgi_command("calendar", "--plan", LANG_SON, "--format", "csv", "--quarters", "1")
    assert code == 0
    assert len(out.splitlines()) >= 2


def test_messages_follow_the_language_of_the_system():
    done = subprocess.run(
        [sys.executable, "-m", "pgi_analysis", "gap", "--plan", "x"],
        env={"LANG": "vi_VN.UTF-8", "PATH": "", "SYSTEMROOT": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "không có kế hoạch «x»" in done.stderr


def test_the_remedy_fits_the_place(pgi_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pgi.InputError, match="There is no data folder") as caught:
        pgi.load("nowhere")
    assert caught.value.text("en") == (
        "There is no data folder or .xlsx workbook at nowhere. Correct the path; it counts from "
        f"the folder that Python or the notebook runs in, {tmp_path}."
    )
    code, _, err = pgi_command("gap", "--data", "nowhere", "--plan", "x")
    assert code == 1
    assert err == (
        "There is no data folder or .xlsx workbook at nowhere. Run the command in the folder that "
        "holds it, or name it with --data.\n"
    )
