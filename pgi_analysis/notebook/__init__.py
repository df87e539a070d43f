"""What a notebook shows: pages of a report, results that show themselves, sliders.

`page` is what notebooks use; `display` is loaded with the first result, see the package's door.
"""

from pgi_analysis.notebook.page import Page, png

__all__ = ["Page", "png"]
