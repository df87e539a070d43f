"""What the world's published assessment methods would say of a target.

Read `assessing` for the public face and `methods` for the list; each method is one file, with its
source, formula, thresholds and edge rules: `statcan`, `eurostat`, `un_progress_chart`, `escap`,
`sdsn`, `weather`, `nutrition`, `pace_ratio`. Only rules that were read in a source are here; what a
method has beyond them is named in its file as left out.

Scores may have periods without one between them: rates and changes are per period, whatever the
number of scores. Where the base period has none each method has its own rule (`cases.Base`). Units
do not matter, but where a source has a number with one: the .001 that stands for 0 at Statistics
Canada, UNICEF's floor, the UN's one point of a percentage.
"""

from pgi_analysis.assessment.assessing import Verdicts, assess, parse_options
from pgi_analysis.assessment.cases import Cases
from pgi_analysis.assessment.methods import METHODS, SIGNALS, Method
from pgi_analysis.assessment.verdicts import NONE, NOT_YEARLY

__all__ = [
    "METHODS",
    "NONE",
    "NOT_YEARLY",
    "SIGNALS",
    "Cases",
    "Method",
    "Verdicts",
    "assess",
    "parse_options",
]
