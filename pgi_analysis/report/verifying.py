"""Whether a report that was sent on is as it was made, and whether it can be made again."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pgi_analysis.faults import refuse
from pgi_analysis.report.building import MANIFEST, NOTEBOOKS, build, code_hash, hashes, versions


@dataclass(frozen=True)
class Verified:
    """What of a report differs from its manifest, or from a report made anew.

    ``altered``, ``missing`` and ``unknown`` are files against the manifest; ``differing`` those
    that a replay makes otherwise, and ``newer`` whether its inputs, code or versions are others.
    """

    altered: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    replayed: bool = False
    differing: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing differs."""
        return not (self.altered or self.missing or self.unknown or self.differing)


def verify(
    folder: str | Path, *, data_dir: str | Path | None = None, notebook_dir: str | Path
) -> Verified:
    """Hold the files of a report against the hashes in its manifest, and against a replay.

    Parameters
    ----------
    folder : path
        Of the report, with its ``manifest.json``.
    data_dir : path, optional
        The data: make the report anew, elsewhere, and compare.
    notebook_dir : path

    Raises
    ------
    InputError
        There is no report with a manifest, or the data have not the plan or are faulty.
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        stated, about = dict(manifest["files"]), manifest["parameters"]
    except (OSError, ValueError, KeyError, TypeError):
        raise refuse("verify.no_manifest", got=folder) from None
    there = hashes(folder)
    found = {
        "altered": tuple(name for name in stated if there.get(name, stated[name]) != stated[name]),
        "missing": tuple(name for name in stated if name not in there),
        "unknown": tuple(name for name in there if name not in stated),
    }
    if data_dir is None:
        return Verified(**found)
    with tempfile.TemporaryDirectory() as aside:
        known = {name: about[name] for name in ("plan", "quarter", "language")}
        known["data_name"] = about["data_dir"]
        known |= {"docx": "word" in manifest, **(manifest.get("word") or {})}
        pages = [Path(page["page"]).stem for page in manifest["pages"]]
        made = build(
            **known,
            data_dir=data_dir,
            out=aside,
            notebooks=pages or NOTEBOOKS,
            notebook_dir=notebook_dir,
            archive=False,
        )
        again = json.loads((made.folder / MANIFEST).read_text("utf-8"))
    other = {"code": code_hash(), "versions": versions(), "inputs": again["inputs"]}
    compared = sorted(stated.keys() | again["files"].keys())
    return Verified(
        **found,
        replayed=True,
        differing=tuple(n for n in compared if stated.get(n) != again["files"].get(n)),
        newer=tuple(name for name, value in other.items() if manifest[name] != value),
    )
