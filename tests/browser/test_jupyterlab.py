"""Every notebook opened in JupyterLab, as an analyst does: cells run, sliders move the chart."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "for-this-test"
PATIENCE = 120_000  # milliseconds: a kernel may start slowly, and evidence computes

#: open a notebook in the application that is there, and run its cells; its panel's id
RUN = """async path => {
  const panel = await jupyterapp.commands.execute('docmanager:open', { path });
  await panel.context.ready;
  await panel.sessionContext.ready;
  jupyterapp.shell.activateById(panel.id);
  await jupyterapp.commands.execute('notebook:run-all-cells');
  return panel.id;
}"""
#: the number of each code cell with content: [1]: for the first
PROMPTS = """panel => [...panel.querySelectorAll('.jp-CodeCell')]
  .filter(cell => cell.querySelector('.cm-content').textContent.trim())
  .map(cell => cell.querySelector('.jp-InputPrompt').textContent)"""
ERRORS = (
    "[data-mime-type='application/vnd.jupyter.error'], "
    "[data-mime-type='application/vnd.jupyter.stderr']"
)


@pytest.fixture(scope="module")
def lab(go_without, tmp_path_factory):
    """The address of a JupyterLab on a copy of the notebooks, with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    for folder in ("notebooks", "data", "examples"):
        shutil.copytree(ROOT / folder, home / folder)
    settings = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings |= {"IPYTHONDIR": str(home / "ipython"), "PGI_LANG": "vi"}
    settings |= {"PGI_REFERENCE": str(ROOT / "tests" / "reference")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if subprocess.run([sys.executable, "-c", "import jupyterlab"], check=False).returncode:
        go_without("no JupyterLab is installed: pip install -e '.[lab]'")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={home}", "--LabApp.expose_app_in_browser=True"]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except (URLError, OSError):
                time.sleep(0.25)
        else:
            pytest.fail(f"JupyterLab did not start:\n{(home / 'log.txt').read_text()}")
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def desk(browser, lab):
    """One JupyterLab in one page, for all notebooks."""
    page = browser.new_page(viewport={"width": 1280, "height": 4000})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{lab}/lab?token={TOKEN}&reset")
    page.wait_for_function("window.jupyterapp !== undefined")
    page.evaluate("jupyterapp.restored")
    yield page
    page.close()


@pytest.fixture(scope="module")
def opened(desk):
    """Open a notebook, run all its cells, and give its panel.

    It is run once, and shown as it was left; ``again`` runs it anew, for a test that changes it.
    """
    panels = {}

    def open_and_run(name, *, again=False):
        if again or name not in panels:
            panels[name] = desk.evaluate(RUN, f"notebooks/{name}.ipynb")
        desk.evaluate("id => jupyterapp.shell.activateById(id)", panels[name])
        return desk.locator(f"[id='{panels[name]}']")

    return open_and_run


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_runs_without_an_error(opened, name):
    panel = opened(name)
    prompts = panel.evaluate(PROMPTS)
    assert [int(re.search(r"\d+", text)[0]) for text in prompts] == list(range(1, len(prompts) + 1))
    assert panel.locator(ERRORS).all_inner_texts() == []
    assert panel.locator(".jp-OutputArea-output").count() > 0


def test_results_show_as_a_sentence_and_a_table(opened):
    panel = opened("start")
    results = panel.locator(".pgi-result")
    assert results.count() == 4  # gap, trend, projection, changes
    assert results.locator("table").count() == 3
    gap = results.first
    assert gap.locator("caption").inner_text() == "Khoảng cách của từng chỉ số (điểm)"
    assert gap.locator("tbody tr").count() == 5
    assert "6,58" in gap.inner_text()
    panel.locator(".jp-RenderedImage img").wait_for()  # .plot()
    # texts to the left, numbers to the right, nothing cut off
    number = gap.locator("td.number").first
    assert number.evaluate("cell => getComputedStyle(cell).textAlign") == "right"
    assert gap.locator("th").first.evaluate("cell => getComputedStyle(cell).textAlign") == "left"
    assert gap.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


def test_the_tutorial_runs_whole(opened):
    cells = json.loads((ROOT / "notebooks/tutorial.ipynb").read_text("utf-8"))["cells"]
    panel = opened("tutorial")
    assert len(panel.evaluate(PROMPTS)) == sum(cell["cell_type"] == "code" for cell in cells)
    assert panel.locator(".pgi-result table").count() == 4


def test_a_slider_moves_the_number_and_the_chart(desk, opened):
    panel = opened("what_if", again=True)
    answer, handles = panel.locator(".pgi-answer"), panel.locator(".noUi-handle")
    answer.wait_for()
    assert handles.count() == 4
    assert answer.inner_text() == "Khả năng đạt mục tiêu: khoảng 30%"
    chart = panel.locator("svg.picture polyline.median")
    before = chart.get_attribute("points")
    handles.nth(1).focus()  # the own rise
    for _ in range(30):
        desk.keyboard.press("ArrowRight")
    desk.wait_for_function("!document.querySelector('.pgi-answer').textContent.endsWith(' 30%')")
    p = int(re.search(r"(\d+)%", answer.inner_text())[1])
    assert p > 30
    desk.wait_for_function(
        "before => document.querySelector('svg.picture polyline.median')"
        ".getAttribute('points') !== before",
        arg=before,
    )


def test_another_indicator_is_chosen_from_the_list(desk, opened):
    panel = opened("what_if", again=True)
    panel.locator(".pgi-answer").wait_for()
    panel.locator(".widget-dropdown select").select_option(label="Thúc đẩy thực hành xanh")
    desk.wait_for_function(
        "document.querySelector('.pgi-answer').textContent === 'Khả năng đạt mục tiêu: khoảng 35%'"
    )


def test_the_start_page_leads_to_every_notebook(desk, opened):
    panel = opened("start")
    links = panel.locator(".jp-RenderedMarkdown td a").all_inner_texts()
    names = {Path(link).stem for link in links}
    assert names == set(NOTEBOOKS) - {"start"}
    panel.locator(".jp-RenderedMarkdown td a", has_text="gap.ipynb").click()
    desk.get_by_role("tab", name="gap.ipynb", selected=True).wait_for()
