"""The house as it was drawn: imports in one direction, a light door, honest names."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import pgi_analysis

PACKAGE = Path("pgi_analysis")

#: each layer may import those before it, and modules named beside it in its own layer not
LAYERS = [
    {"language"},
    {"faults"},
    {"reading", "deadlines", "panel", "export"},
    {"parsing"},
    {"contracts"},
    {"schema", "names"},
    {"files"},
    {"consistency", "about"},
    {"composites"},
    {"dataset"},
    {"data", "gaps", "workplan"},
    {"assessment"},
    {"trends"},
    {"forecasting"},
    {"holding"},
    {"joint"},
    {"projection"},
    {"scenario", "news"},
    {"scorecards"},
    {"voice"},
    {"evaluation"},
    {"wording", "work_wording", "footnotes", "pictures"},
    {"headlines"},
    {"tables", "captions", "plots"},
    {"sheets"},
    {"form", "annex"},
    {"returned_forms"},
    {"intake"},
    {"page"},
    {"display"},
    {"execution", "offline", "sliders"},
    {"archive"},
    {"report"},
    {"cli"},
    {"__main__"},
]


def imported(path: Path) -> set[str]:
    """Name the modules of the package that a file imports when it is loaded."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == "pgi_analysis":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pgi_analysis."):
            names.add(node.module.split(".")[1])
    return names


def test_every_module_has_its_layer():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    drawn = set().union(*LAYERS)
    assert modules <= drawn


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_imports_go_one_way(path):
    """A folder of modules counts as one; inside it the modules are free."""
    name = path.relative_to(PACKAGE).with_suffix("").parts[0]
    below = {name} if path.parent != PACKAGE else set()
    for layer in LAYERS:
        if name in layer:
            assert imported(path) <= below
            return
        below |= layer
    assert name == "__init__"


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_is_light():
    heavy = {"matplotlib", "papermill", "nbconvert", "pandas", "scipy", "pandera", "seaborn"}
    assert not loaded_by("import pgi_analysis") & heavy
    assert not loaded_by("import pgi_analysis.cli") & heavy


def test_statistics_need_no_plots():
    loads = loaded_by("import pgi_analysis as p; p.gap, p.trend, p.project, p.load")
    assert not loads & {"matplotlib", "papermill", "nbconvert", "seaborn"}


@pytest.mark.parametrize("name", pgi_analysis.__all__)
def test_public_names_are_honest(name):
    thing = getattr(pgi_analysis, name)
    assert thing.__name__ == name
    assert thing.__doc__
    assert name in dir(pgi_analysis)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'gaap'"):
        pgi_analysis.gaap  # noqa: B018


PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [Requirement(line) for line in [*PROJECT["dependencies"], *EXTRAS["lab"], *EXTRAS["test"]]]


def test_conda_and_pip_ask_for_the_same():
    entries = yaml.safe_load(Path("environment.yml").read_text("utf-8"))["dependencies"]
    conda = {r.name: str(r.specifier) for r in map(Requirement, entries)}
    assert conda.pop("python") == PROJECT["requires-python"]
    del conda["pip"]
    assert conda == {r.name: str(r.specifier) for r in WANTED}


def test_the_lock_file_pins_what_is_asked_for():
    lines = Path("requirements.txt").read_text("utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pinned: dict[str, list[Requirement]] = {}
    for requirement in map(Requirement, lines):
        pinned.setdefault(requirement.name, []).append(requirement)
    for wanted in WANTED:
        for pin in pinned[wanted.name]:
            (clause,) = pin.specifier
            assert clause.operator == "=="
            assert wanted.specifier.contains(clause.version)


def test_the_version_is_one():
    assert pgi_analysis.__version__ == PROJECT["version"]
