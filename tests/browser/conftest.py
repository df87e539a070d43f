"""Built reports opened in Chromium, with the network off."""

import shutil
from pathlib import Path

import pytest

from pgi_analysis.report.building import NOTEBOOKS

BUILT = {"vi": "report", "en": "english"}
PAGES = [(language, name) for language in BUILT for name in ("reports", "index", *NOTEBOOKS)]
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
SCREEN = {"width": 1280, "height": 800}
UNFOLD = "document.querySelectorAll('details').forEach(fold => { fold.open = true })"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def chromium(go_without):
    """Where Chromium is installed."""
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    return found or go_without("no Chromium is installed: apt-get install chromium")


@pytest.fixture(scope="package")
def browser(chromium, go_without):
    """Chromium, closed when this folder is done: its event loop would bar that of other tests."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        go_without("no playwright is installed: pip install -e '.[browser]'")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="package")
def reports(browser, request):
    """The folder of each language's report; asks for the browser, to build nothing in vain."""
    return {language: request.getfixturevalue(name).folder for language, name in BUILT.items()}


@pytest.fixture(scope="package", params=PAGES, ids="-".join)
def file(request, reports):
    """Each HTML file: the pages of each report, and the list of reports above them."""
    language, name = request.param
    folder = reports[language]
    return folder.parents[1] / "index.html" if name == "reports" else folder / f"{name}.html"


@pytest.fixture(scope="package")
def complaints():
    """What pages asked of a network, and what errors they met, in the present test."""
    return []


@pytest.fixture(autouse=True)
def _no_complaint_is_forgiven(complaints):
    yield
    seen = complaints.copy()
    complaints.clear()
    assert seen == []


def open_window(browser, complaints, **settings):
    """Open an empty window with the network off, whose page's complaints are noted."""
    page = browser.new_context(offline=True, viewport=SCREEN, **settings).new_page()

    def note_request(request):
        if not request.url.startswith(("file:", "data:")):
            complaints.append(f"request: {request.url}")

    page.on("request", note_request)
    page.on("console", lambda line: complaints.append(f"console {line.type}: {line.text}"))
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    return page


def unfolded(page, address):
    """Open an address with all that the page folds away in sight."""
    page.goto(address)
    page.evaluate(UNFOLD)
    return page


@pytest.fixture(scope="package")
def window(browser, complaints):
    return open_window(browser, complaints)


@pytest.fixture(scope="package")
def scriptless(browser, complaints):
    return open_window(browser, complaints, java_script_enabled=False)


@pytest.fixture(scope="package")
def visited(window, file):
    return unfolded(window, file.as_uri())


@pytest.fixture
def page(visited):
    """Each page on a wide screen in light colours; for tests that leave it as it is."""
    visited.set_viewport_size(SCREEN)
    visited.emulate_media(media="null", color_scheme="light")
    return visited


@pytest.fixture
def handled(page, file):
    """Each page, for tests that change it."""
    yield page
    unfolded(page, file.as_uri())


@pytest.fixture
def shown(browser, complaints):
    """Show a small page of faults, for tests that a fault is found."""
    page = open_window(browser, complaints)

    def show(body):
        page.set_content(f'<!DOCTYPE html><html lang="en"><title>Sample</title><body>{body}')
        return page

    yield show
    page.context.close()
