"""Prior families: what panels of a kind have shown, for where a panel's history is short."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pgi_analysis.faults import refuse


@dataclass(frozen=True)
class Family:
    """What panels of a kind have shown; see ``families.toml`` for the equations."""

    name: str
    label_vi: str
    label_en: str
    provenance: str
    noise_intercept: float
    noise_slope: float
    noise_sd: float
    change_log_mean: float
    change_log_sd: float
    common_ratio: float
    tail_df: float
    permanent: float
    trend: float = 0.0

    def noise_logit(self, log_ratio: float) -> float:
        """Return the family's mean of logit q where log(v / V0) is `log_ratio`."""
        return self.noise_intercept + self.noise_slope * log_ratio


@cache
def families() -> dict[str, Family]:
    """Read the prior families, by name."""
    text = resources.files(__package__).joinpath("families.toml").read_text("utf-8")
    return {name: Family(name=name, **entry) for name, entry in tomllib.loads(text).items()}


def family_named(name: str) -> Family:
    """Return a family, or refuse a name that is none."""
    if not isinstance(name, str) or name not in families():
        raise refuse("family_unknown", got=name, known=", ".join(families()))
    return families()[name]
