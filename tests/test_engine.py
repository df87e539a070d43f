"""Cells run in this process show what they show in a kernel, and leave nothing behind."""

import json
import os
import signal
import time
from functools import partial
from pathlib import Path

import nbformat
import pytest

from pgi_analysis.report import processes
from pgi_analysis.report.execution import IN_PROCESS, run_here, run_notebook
from pgi_analysis.report.html import to_html

PARAMETERS = {"plan": "lang-son-transport-2024", "quarter": "2025Q2", "language": "en"}
pytestmark = pytest.mark.skipif(not processes.can_fork(), reason="processes cannot be forked here")


def apart(work):
    """Do something in a process forked from this one."""
    (found,) = processes.forked([work], 1, died=lambda _, code: f"died with {code}")
    return found[1]


def notebook(path, *cells):
    cells = [nbformat.v4.new_code_cell('a: str = "x"'), *map(nbformat.v4.new_code_cell, cells)]
    cells[0].metadata["tags"] = ["parameters"]
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "p", "language": "python"}
    nbformat.write(made, path)
    return path


def outputs(path):
    return [cell.get("outputs", []) for cell in nbformat.read(path, 4).cells]


def together(cell):
    """Join what is printed: a kernel sends each stream in its own time."""
    printed = {}
    for one in cell:
        if one["output_type"] == "stream":
            printed.setdefault(one["name"], []).append(one["text"])
    rest = [one for one in cell if one["output_type"] != "stream"]
    return [
        *({"output_type": "stream", "name": k, "text": "".join(v)} for k, v in printed.items()),
        *rest,
    ]


def as_shown(path):
    """Return a notebook without what tells when and by what it was run."""
    read = json.loads(path.read_text("utf-8"))
    for thing in [read, *read["cells"]]:
        for name in ("papermill", "execution"):
            thing["metadata"].pop(name, None)
        thing.pop("id", None)
    return read


def test_a_page_is_the_same_with_and_without_a_kernel(tmp_path, data_dir):
    source, options = Path("notebooks/trend.ipynb"), PARAMETERS | {"data_dir": str(data_dir)}
    here, there = tmp_path / "here.ipynb", tmp_path / "there.ipynb"
    assert apart(partial(run_notebook, source, here, options, engine=IN_PROCESS)).error == ""
    assert run_notebook(source, there, options).error == ""
    assert as_shown(here) == as_shown(there)
    pages = [to_html(nbformat.read(path, 4), title="t", language="en") for path in (here, there)]
    assert pages[0] == pages[1]


def test_what_cells_show_is_what_a_kernel_sends(tmp_path):
    cells = (
        "print('one')\nimport sys\nprint('two', file=sys.stderr)\nprint('three')",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))\n41 + 1",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "shown = display('old', display_id=True)",
        "shown.update('new')\n%time\n[1, 2];",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    print(error)\nNone",
    )
    source = notebook(tmp_path / "n.ipynb", *cells)
    found = {}
    for name, run in (
        ("here", lambda path: apart(partial(run_notebook, source, path, {}, engine=IN_PROCESS))),
        ("there", lambda path: run_notebook(source, path, {})),
    ):
        assert run(tmp_path / f"{name}.ipynb").error == ""
        cells_shown = outputs(tmp_path / f"{name}.ipynb")
        del cells_shown[5]  # %time tells the time
        found[name] = [
            {
                (one["output_type"], one.get("name"), one.get("execution_count")): one.get("text")
                or (sorted(one["data"]), one["data"]["text/plain"])
                for one in together(cell)
            }
            for cell in cells_shown
        ]
    assert found["here"] == found["there"]
    assert str(found["here"]).count("image/png") == 1


def test_a_figure_that_was_open_before_is_not_drawn_into(tmp_path):
    """A script that asks for a report may have figures of its own."""
    import matplotlib.pyplot as plt

    source = notebook(
        tmp_path / "n.ipynb", "import matplotlib.pyplot as plt\nprint(plt.get_fignums())"
    )
    mine = plt.figure()
    ran = apart(partial(run_notebook, source, tmp_path / "o.ipynb", {}, engine=IN_PROCESS))
    assert ran.error == ""
    (shown,) = (one for cell in outputs(tmp_path / "o.ipynb") for one in cell)
    assert shown["text"] == "[]\n"
    assert plt.get_fignums() == [mine.number]


def test_a_cell_that_fails_stops_the_notebook_and_is_kept(tmp_path):
    source = notebook(tmp_path / "n.ipynb", "1 / 0", "print('never')")
    made = tmp_path / "o.ipynb"
    run = apart(partial(run_notebook, source, made, {}, engine=IN_PROCESS))
    assert run.error == "ZeroDivisionError: division by zero"
    errors = [one for cell in outputs(made) for one in cell if one["output_type"] == "error"]
    assert [one["ename"] for one in errors] == ["ZeroDivisionError"]
    assert "never" not in str(outputs(made))


def test_nothing_of_a_notebook_reaches_the_next(tmp_path):
    """Settings, random numbers, figures, the environment: each begins anew."""
    loud = notebook(
        tmp_path / "loud.ipynb",
        "import matplotlib, pandas, numpy, os, warnings, sys\n"
        "matplotlib.rcParams['lines.linewidth'] = 99\npandas.options.display.max_rows = 3\n"
        "os.environ['LOUD'] = '1'\nwarnings.simplefilter('ignore')\nleft = 1\nnumpy.pi = 3\n"
        "import matplotlib.pyplot as plt\nfigure = plt.figure()\nplt.close = None",
    )
    asks = notebook(
        tmp_path / "asks.ipynb",
        "import matplotlib, pandas, numpy, os\nimport matplotlib.pyplot as plt\nprint(\n"
        "    matplotlib.rcParams['lines.linewidth'], pandas.options.display.max_rows,\n"
        "    'LOUD' in os.environ, 'left' in globals(), numpy.pi > 3, plt.get_fignums())",
        "import random\nprint(numpy.random.rand(), random.random())",
    )
    made = [tmp_path / f"{i}.ipynb" for i in range(4)]
    work = [
        partial(run_notebook, source, path, {}, engine=IN_PROCESS)
        for source, path in zip((loud, asks, loud, asks), made, strict=True)
    ]
    done = dict(processes.forked(work, 1, died=lambda _, code: code))
    assert all(run.error == "" for run in done.values())
    said = [[cell[0]["text"] for cell in outputs(path) if cell] for path in (made[1], made[3])]
    assert said[0][0] == said[1][0] == "1.5 60 False False True []\n"
    assert len({said[0][1], said[1][1]}) == 2  # a fork alone would repeat its random numbers


def test_a_process_that_stays_begins_anew_with_each_notebook(tmp_path):
    loud = notebook(
        tmp_path / "loud.ipynb",
        "import matplotlib, pandas, os, sys, warnings\nimport matplotlib.pyplot as plt\n"
        "matplotlib.rcParams['lines.linewidth'] = 99\npandas.options.display.max_rows = 3\n"
        "os.environ['LOUD'] = '1'\nos.chdir('/')\nsys.path.append('loud')\n"
        "warnings.simplefilter('ignore', BytesWarning)\nleft = 1\nfigure = plt.figure()\n1 / 0",
    )
    asks = notebook(
        tmp_path / "asks.ipynb",
        "import matplotlib, pandas, os, sys, warnings\nimport matplotlib.pyplot as plt\nprint(\n"
        "    matplotlib.rcParams['lines.linewidth'], pandas.options.display.max_rows,\n"
        "    'LOUD' in os.environ, os.getcwd() == '/', 'loud' in sys.path, 'left' in globals(),\n"
        "    any(one[2] is BytesWarning for one in warnings.filters), plt.get_fignums())",
        "import random\nimport numpy\nprint(numpy.random.rand(), random.random())",
        "plt.plot([1, 2]);",
    )
    made = [tmp_path / f"{i}.ipynb" for i in range(4)]

    def all_here():
        order = zip((asks, loud, asks, asks), made, strict=True)
        return [run_here(source, path, {}).error for source, path in order]

    assert apart(all_here) == ["", "ZeroDivisionError: division by zero", "", ""]
    said = [[cell[0] for cell in outputs(made[i]) if cell] for i in (0, 2, 3)]
    assert {first["text"] for first, *_ in said} == {"1.5 60 False False False False False []\n"}
    assert len({numbers["text"] for _, numbers, _ in said}) == 3
    assert len({chart["data"]["image/png"] for *_, chart in said}) == 1


def test_of_processes_started_anew_one_that_dies_is_told():
    work = [partial(abs, -1), partial(os._exit, 7), partial(abs, -2)]
    found = dict(processes.spawned(work, 1, lambda _, code: f"died with {code}"))
    assert found == {0: 1, 1: "died with 1", 2: "died with 1"}
    alone = processes.apart([lambda: 1, lambda: 2], 0, died=lambda _, code: code)
    assert list(alone) == [(0, 1), (1, 2)]


def test_a_process_that_dies_is_told_and_takes_nobody_along():
    work = [
        lambda: "first",
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        lambda: os._exit(7),
        lambda: "last",
    ]
    found = dict(processes.forked(work, 2, died=lambda _, code: code))
    assert found == {0: "first", 1: -signal.SIGKILL, 2: 7, 3: "last"}


def test_what_nobody_waits_for_is_ended():
    ended = processes.forked([lambda: 1, lambda: time.sleep(60)], 2, died=lambda _, code: code)
    assert next(ended) == (0, 1)
    began = time.perf_counter()
    ended.close()
    assert time.perf_counter() - began < 30
