"""The overview of many reports on screens of all sizes, without a network, a script or a mouse."""

from urllib.parse import unquote

import pytest
import synthetic

from pgi_analysis.report.archive import write_archive

from .conftest import SCREEN
from .test_accessibility import axe, grave  # noqa: F401
from .test_layout import PROTRUDING

SIZES = {"12 by 20": (12, 20, "en"), "63 by 5": (63, 5, "vi")}


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: size.replace(" ", "-"))
def overview(request, tmp_path_factory):
    areas, indicators, language = SIZES[request.param]
    names = [
        f"Địa phương {n}" if n % 2 else f"The Federal Republic of Area {n}" for n in range(areas)
    ]
    groups = {f"Tỷ lệ hộ được sử dụng nước sạch {n}": f"Goal {n // 4}" for n in range(indicators)}
    out = synthetic.manifests(tmp_path_factory.mktemp("many") / "reports", names, groups, language)
    return write_archive(out, language)


@pytest.fixture
def seen(scriptless, overview):
    """The page with scripts off: it needs none."""
    scriptless.goto(overview.as_uri())
    return scriptless


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_reaches_beyond_the_screen(window, overview, width):
    window.set_viewport_size(SCREEN | {"width": width})
    window.goto(overview.as_uri())
    assert window.evaluate(PROTRUDING) == []
    assert window.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_grave_barrier(axe, window, overview, width, scheme):  # noqa: F811
    window.set_viewport_size(SCREEN | {"width": width})
    window.emulate_media(color_scheme=scheme)
    window.goto(overview.as_uri())
    found = grave(axe, window)
    assert not found, "\n".join(found)


def test_a_filter_leaves_what_it_names(seen):
    seen.set_viewport_size(SCREEN)
    assert seen.locator("td.likely:visible").count() > 0
    seen.locator("#show-1-missed").check()
    assert seen.locator("table td.missed:visible").count() > 0
    for kind in ("likely", "met", "even", "unlikely"):
        assert seen.locator(f"table.matrix td.{kind}:visible").count() == 0


def test_a_cell_opens_its_report(seen, overview):
    seen.set_viewport_size(SCREEN)
    cell = seen.locator("table.matrix td a").first
    link = cell.get_attribute("href")
    cell.click()
    assert seen.url.endswith(link)
    assert (overview.parent / unquote(link).partition("#")[0]).is_file()


def test_cells_tell_without_colour(seen):
    for cell in seen.locator("table.matrix tbody td:not(.count)").all()[:40]:
        assert cell.inner_text().strip()[0] in "✓▲◆▼✕–"
