"""Documents as offices send them: a plan in Word, in PDF, scanned or as text, read into a draft."""

from pgi_analysis.documents.draft import files_of, told
from pgi_analysis.documents.plan_text import PlanText, read_plan
from pgi_analysis.documents.sources import lines_of

__all__ = ["PlanText", "files_of", "lines_of", "read_plan", "told"]
