"""The house as it was drawn: imports in one direction, a light door, honest names."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

import pgi_analysis

PACKAGE = Path("pgi_analysis")

#: the floors of the house, from the ground up: a room imports from the floors below its own
FLOORS = [
    {"kept", "language"},
    {"faults"},
    {"data", "panel"},
    {"voice"},
    {"charts"},
    {"results"},
    {"assessment"},
    {"evaluation"},
    {"text"},
    {"notebook", "excel", "word", "documents"},
    {"report"},
    {"cli"},
    {"__main__"},
]
FILES = sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in FILES}


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Give what a file imports of the package, wherever: (module, name)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pgi_analysis":
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((a.name, "") for a in node.names if a.name.startswith("pgi_analysis"))


def room(module: str) -> str:
    return (module.partition(".")[2]).partition(".")[0]


def floor(name: str) -> int:
    (found,) = [i for i, rooms in enumerate(FLOORS) if name in rooms]
    return found


def test_every_room_has_its_floor():
    assert {room(module) for module in MODULES} - {""} == set().union(*FLOORS)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_go_down_and_through_doors(path):
    """All imports, also those inside functions and for type checkers.

    Between rooms an import names the room, ``from pgi_analysis.data import Dataset``: what its door
    does not offer is the room's own affair.
    """
    own = room(dotted(path))
    for module, name in imports(path):
        other = room(module)
        if other == own or not own:
            continue
        assert floor(other) < floor(own), f"{path} reaches up to {module}"
        assert module.count(".") == 1, f"{path} climbs into {module} through the window"
        assert name, f"{path} imports {module} whole"


def test_no_circle():
    """Files and what they import, all imports counted; a room's door counts as what it offers."""
    graph: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        for target, name in imports(path):
            inner = f"{target}.{name}"
            graph.setdefault(module, set()).add(inner if inner in MODULES else target)
    assert list(TopologicalSorter(graph).static_order())


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_is_light():
    heavy = {"matplotlib", "papermill", "nbconvert", "pandas", "scipy", "pandera", "seaborn"}
    assert not loaded_by("import pgi_analysis") & heavy
    assert not loaded_by("import pgi_analysis.cli") & heavy


def test_no_door_draws_or_runs():
    rooms = set().union(*FLOORS) - {"__main__"}
    loads = loaded_by("; ".join(f"import pgi_analysis.{name}" for name in sorted(rooms)))
    assert not loads & {"matplotlib", "papermill", "nbconvert", "seaborn", "openpyxl", "docx"}


def test_statistics_need_no_plots():
    loads = loaded_by("import pgi_analysis as p; p.gap, p.trend, p.project, p.load, p.backtest")
    assert not loads & {"matplotlib", "papermill", "nbconvert", "seaborn"}


@pytest.mark.parametrize("path", sorted(Path("notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_use_the_public_names_alone(path):
    """A code cell is a few calls: nothing but pgi is imported, nothing is defined.

    Only target years are gone through, one after the other.
    """
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
            continue
        tree = ast.parse(cell.source)
        names = [
            alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names
        ]
        assert set(names) <= {"pgi_analysis"}
        forbidden = (
            ast.ImportFrom,
            ast.FunctionDef,
            ast.ClassDef,
            ast.For,
            ast.While,
            ast.ListComp,
        )
        found = [node for node in ast.walk(tree) if isinstance(node, forbidden)]
        years = re.compile(r"for [\w, ]+ in page\.each_year\(")
        assert not [node for node in found if not years.match(ast.unparse(node))]
        assert len(tree.body) <= 6


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


def test_the_lock_files_pin_what_is_asked_for_with_its_hashes():
    locks = {"requirements.txt": PROJECT["dependencies"], "requirements-all.txt": map(str, WANTED)}
    found = {}
    for name, asked in locks.items():
        text = Path(name).read_text("utf-8")
        assert "://" not in text
        pinned: dict[str, list[Requirement]] = {}
        for entry in text.replace("\\\n", " ").splitlines():
            line, *hashes = entry.split(" --hash=sha256:")
            requirement = Requirement(line)
            pinned.setdefault(requirement.name, []).append(requirement)
            assert hashes, line
        for wanted in map(Requirement, asked):
            for pin in pinned[wanted.name]:
                (clause,) = pin.specifier
                assert clause.operator == "=="
                assert wanted.specifier.contains(clause.version)
        found[name] = {(pin.name, str(pin.specifier)) for pins in pinned.values() for pin in pins}
    assert found["requirements.txt"] <= found["requirements-all.txt"]


def test_the_version_is_one():
    assert pgi_analysis.__version__ == PROJECT["version"]
