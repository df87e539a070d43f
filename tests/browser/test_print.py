"""Pages on paper: a few A4 sheets of real text, no heading left at the foot of one."""

import re
import shutil
import subprocess
import unicodedata

import pytest

MOST_SHEETS = 12

# a sheet whose text ends with a heading's mark has parted it from what follows; a picture has no
# text of its own, so its foot is marked too. The marks take no room.
MARKS = """
  :is(h1, h2, h3, caption, figcaption)::after { content: "¶"; position: absolute }
  figure { position: relative }
  figure::after { content: "▪"; position: absolute; bottom: 0 }
"""


def printed(page):
    return page.pdf(format="A4", print_background=True)


def squeezed(text):
    """Leave out spaces and line breaks, which paper sets its own way."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def sheets(page):
    if not shutil.which("pdftotext"):
        pytest.skip("no poppler is installed: apt-get install poppler-utils")
    command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=printed(page), capture_output=True, check=True)
    return [squeezed(sheet) for sheet in done.stdout.decode().removesuffix("\f").split("\f")]


def stranded(page):
    page.add_style_tag(content=MARKS)
    return [
        f"sheet {number} ends with the heading …{sheet[-60:]}"
        for number, sheet in enumerate(sheets(page), 1)
        if sheet.endswith("¶")
    ]


def test_a_page_takes_few_sheets(page):
    assert 1 <= len(re.findall(rb"/Type /Page\b", printed(page))) <= MOST_SHEETS


def test_printed_text_is_text(page):
    said = "".join(sheets(page))
    page.emulate_media(media="print")
    paragraphs = page.locator("main > p:visible, .answer p").all_inner_texts()
    assert paragraphs
    assert [text for text in paragraphs if squeezed(text) not in said] == []


def test_no_heading_is_parted_from_what_it_heads(handled):
    assert stranded(handled) == []


PIXEL = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
FIGURE = f'<figure><figcaption>Heading</figcaption><img src="{PIXEL}"></figure>'
NEXT = '<p style="break-before: page">Next'


@pytest.mark.parametrize(
    ("body", "parted"),
    [
        pytest.param(f"<h2>Heading</h2>Text{NEXT}", 0, id="text"),
        pytest.param(f"<h2>Heading</h2>{NEXT}", 1, id="no text"),
        pytest.param(f"<h2>Heading</h2>{NEXT}<h3>Heading</h3>{NEXT}", 2, id="twice"),
        pytest.param(f"{FIGURE}{NEXT}", 0, id="picture"),
        pytest.param(
            f"<style>figcaption {{ break-after: page }}</style>{FIGURE}", 1, id="no picture"
        ),
    ],
)
def test_parted_headings_are_found(shown, body, parted):
    assert len(stranded(shown(body))) == parted
