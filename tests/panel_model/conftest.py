"""The reference material: in the folder PGI_REFERENCE, else in ``shared`` beside the repo."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(os.environ.get("PGI_REFERENCE", Path(__file__).parents[3] / "shared"))


def _reference(path: str) -> Path:
    found = REFERENCE / path
    if not found.exists():
        message = f"{found} is missing; name the folder of the reference with PGI_REFERENCE"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def prototype():
    """The prototype of the model, as a module."""
    path = _reference("oracle/ebpanel_prototype.py")
    spec = importlib.util.spec_from_file_location("ebpanel_prototype", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def real_panels():
    """Real panels by name: pci, cpi, hfi."""
    return {p.name[:3]: pd.read_csv(p) for p in sorted(_reference("data/panels").glob("*.csv.gz"))}


@pytest.fixture
def rng():
    return np.random.default_rng(7)
