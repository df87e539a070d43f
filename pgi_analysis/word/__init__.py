"""The draft of a report in Word: `layout` sets out what `text.draft` says, in styles with names.

python-docx writes it. A template for an office to fill (docxtpl) would put loops and conditions
into Word, where no test reads them and a figure can get lost; an office that wants another look
changes the styles of the draft, which all have names.
"""

from pgi_analysis.word.layout import save_draft, to_fill

__all__ = ["save_draft", "to_fill"]
