"""Pages fit their screen: nothing is scrolled sideways, from the narrowest phone to a desktop."""

import pytest

from .conftest import SCREEN

# 320 pixels: WCAG 2.2, success criterion 1.4.10 (reflow)
WIDTHS = [320, 360, 1280]

PROTRUDING = """() => {
  const edge = document.documentElement.clientWidth + 0.5;
  const scrolls = element => element !== null
    && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
        || scrolls(element.parentElement));
  const name = element => [element.tagName.toLowerCase(), ...element.classList].join('.');
  const found = [];
  const walk = document.createTreeWalker(document.body);
  while (walk.nextNode()) {
    const node = walk.currentNode, range = document.createRange();
    range.selectNode(node);
    const right = Math.max(...[...range.getClientRects()].map(box => box.right));
    if (right > edge && !scrolls(node.parentElement)) {
      const element = node instanceof Element ? node : node.parentElement;
      found.push(`${name(element)} to ${right.toFixed()} px: ${node.textContent.slice(0, 60)}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_reaches_beyond_the_screen(page, width):
    page.set_viewport_size(SCREEN | {"width": width})
    assert page.evaluate(PROTRUDING) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_images_keep_to_the_column(page, width):
    page.set_viewport_size(SCREEN | {"width": width})
    column = page.locator("main").evaluate(
        "main => main.clientWidth - 2 * parseFloat(getComputedStyle(main).paddingLeft)"
    )
    for image in page.locator("img").all():
        assert image.bounding_box()["width"] <= column + 0.5


def test_what_protrudes_is_named(shown):
    scrolled = '<div style="overflow: auto"><p class="free" style="width: 1500px">Free</p></div>'
    page = shown(f'<p class="wide" style="width: 1300px">Wide</p>{scrolled}')
    assert page.evaluate(PROTRUDING) == ["p.wide to 1308 px: Wide"]
