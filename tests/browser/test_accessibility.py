"""WCAG 2.2 AA by axe-core, on a desktop and a phone, in light and in dark."""

import pytest

from .conftest import SCREEN

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def axe(browser):
    """The program of axe-core."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().axe_script


def told(violation):
    """Say which rule was broken, how gravely, where, and with what contrast."""
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines += [f"  at {' '.join(map(str, node['target']))}: {node['html'][:100]}"]
        lines += [f"    {check['message']}" for check in node["any"] + node["all"] + node["none"]]
    return "\n".join(lines)


def grave(axe, page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    violations = page.evaluate("options => axe.run(options)", OPTIONS)["violations"]
    return [told(violation) for violation in violations if violation["impact"] in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_grave_barrier(axe, page, width, scheme):
    page.set_viewport_size(SCREEN | {"width": width})
    page.emulate_media(color_scheme=scheme)
    found = grave(axe, page)
    assert not found, "\n".join(found)


def test_a_barrier_is_found(axe, shown):
    (found,) = grave(axe, shown('<p class="pale" style="color: #ccc">Pale</p>'))
    assert "color-contrast (serious)" in found
    assert 'at p: <p class="pale"' in found
    assert "contrast of 1.6" in found
