"""The reference material of the model."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from pgi_analysis.evaluation import evidence


@pytest.fixture(scope="session")
def prototype(reference):
    """The prototype of the model, as a module."""
    return module_at(reference("oracle/ebpanel_prototype.py"))


@pytest.fixture(scope="session")
def second_prototype(reference):
    """The prototype of the second version of the model, as a module."""
    return module_at(reference("oracle/model2_prototype.py"))


def module_at(path):
    """Load the module of a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def real_panels(reference):
    """Real panels by name: pci, cpi, hfi."""
    return {
        name: pd.read_csv(reference(panel["file"])) for name, panel in evidence.panels().items()
    }


@pytest.fixture
def rng():
    return np.random.default_rng(7)
