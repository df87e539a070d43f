"""Pages as a browser shows them: whole without a network or scripts, readable by ear and by key."""

import time
from itertools import pairwise

import pytest

from .conftest import PAGES, unfolded

MOST_KILOBYTES = 300
TAGS = "elements => elements.map(element => element.tagName)"


def test_every_page_of_a_report_is_visited(reports):
    for language, folder in reports.items():
        written = list(folder.parents[1].rglob("*.html"))
        assert len(written) == [of for of, _ in PAGES].count(language), written


def test_a_page_loads_alone(handled, complaints):
    start = time.perf_counter()
    handled.reload()
    print(f"\n{handled.url}: loaded in {1000 * (time.perf_counter() - start):.0f} ms")
    assert handled.locator("h1").is_visible()
    assert complaints == []


@pytest.mark.parametrize("call", ["fetch('https://example.org/')", "console.error('x')"])
def test_a_complaint_is_seen(shown, complaints, call):
    page = shown("")
    page.evaluate(f"async () => {{ try {{ await {call} }} catch (error) {{}} }}")
    page.wait_for_timeout(50)
    assert complaints
    complaints.clear()


def test_a_page_is_small_enough_to_send(file):
    assert file.stat().st_size <= MOST_KILOBYTES * 1000


def test_a_page_says_its_language_and_title(page, file, reports):
    language = page.locator("html").get_attribute("lang")
    assert file.is_relative_to(reports[language].parents[1])
    assert page.title().strip()


def test_headings_skip_no_level(page):
    levels = [int(tag[1]) for tag in page.locator("h1,h2,h3,h4,h5,h6").evaluate_all(TAGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels


def test_images_are_seen_and_said(page):
    for image in page.locator("img").all():
        assert image.get_attribute("alt").strip()
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")


def test_scripts_show_nothing_more(page, scriptless):
    without = unfolded(scriptless, page.url)
    assert without.locator("body").inner_text() == page.locator("body").inner_text()


FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  return {
    label: element.outerHTML.slice(0, 80),
    skips: element.matches('a[href="#content"]'),
    inside: element.closest('main') !== null,
    outline: getComputedStyle(element).outlineStyle,
    room: [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom].map(Math.round),
  };
}"""


def next_stop(page):
    page.keyboard.press("Tab")
    return page.evaluate(FOCUSED)


def test_the_first_tab_leads_to_the_content(handled):
    focused = next_stop(handled)
    if focused["skips"]:
        handled.keyboard.press("Enter")
        focused = next_stop(handled)
    assert focused["inside"], focused["label"]


def test_focus_is_seen_wherever_it_goes(handled):
    stops = handled.locator("a[href]:visible, summary:visible").count()
    assert stops
    for _ in range(stops):
        focused = next_stop(handled)
        assert focused["outline"] != "none", focused["label"]
        assert min(focused["room"]) >= 0, focused
