"""The index of all reports in a folder: an overview of their targets, and what each report says.

It is made from the manifests that lie beside the reports, so that it needs no data and holds for a
folder copied to a USB stick; every link is relative.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote

from pgi_analysis.data import Quarter, whole_file
from pgi_analysis.faults import InputError
from pgi_analysis.language import LANGUAGES
from pgi_analysis.report.html import TEMPLATES, render, style
from pgi_analysis.report.overview import SIGNS, matrices
from pgi_analysis.report.summary import Entry
from pgi_analysis.voice import Voice

#: what `summary` keeps of a target as text
_TEXTS = "indicator name group year state chance told value target unit place".split()


def entries(out: Path) -> list[dict[str, object]]:
    """Read the manifests of the reports in a folder, by plan, the newest quarter first.

    A folder without a readable manifest is passed over: it is not one of our reports.
    """
    found = []
    for path in out.glob("*/*/manifest.json"):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
            found.append(_entry(path))
    return sorted(found, key=lambda one: _place(one, ""))


def _entry(path: Path) -> dict[str, object]:
    """Read what the index tells of one report."""
    manifest = json.loads(path.read_text("utf-8"))
    pages, summary = manifest["pages"], manifest["summary"]
    return {
        "plan": path.parent.parent.name,
        "family": str(manifest.get("family") or ""),
        "folder": quote(f"{path.parent.parent.name}/{path.parent.name}"),
        "files": [page["page"] for page in pages if page["status"] == "ok"],
        "quarter": Quarter.parse(manifest["parameters"]["quarter"]),
        "link": f"{path.parent.parent.name}/{path.parent.name}/index.html",
        "failed": sum(page["status"] != "ok" for page in pages),
        "pages": len(pages),
        "as_of": date.fromisoformat(manifest["as_of"]),
        "title": str(summary["title"]),
        "language": str(summary["language"]),
        "answer": [str(line) for line in summary["answer"]],
        "changes": [str(line) for line in summary["changes"]],
        "area": str(summary.get("area", "")),
        "plan_title": str(summary.get("plan", summary["title"])),
        "index": str(summary.get("index", "")),
        "nouns": _nouns(summary.get("nouns")),
        "targets": _targets(summary.get("targets", [])),
    }


def _nouns(kept: object) -> dict[str, dict[str, str]]:
    """Read what a manifest calls areas and groups; nothing where it does not say."""
    found = kept if isinstance(kept, dict) else {}
    return {
        what: {form: noun for form, noun in said.items() if isinstance(noun, str)}
        for what, said in found.items()
        if isinstance(said, dict)
    }


def _targets(kept: object) -> list[Entry]:
    """Read what a manifest keeps of targets; nothing where it is not what `summary` writes."""
    found = []
    with suppress(ValueError, KeyError, TypeError):
        for one in kept:
            fan = one["fan"] and {
                "scores": [(int(period), float(score)) for period, score in one["fan"]["scores"]],
                "ahead": [
                    (int(period), float(low), float(middle), float(high))
                    for period, low, middle, high in one["fan"]["ahead"]
                ],
                "goals": [float(goal) for goal in one["fan"]["goals"]],
                "until": int(one["fan"]["until"]),
            }
            texts = {key: str(one[key]) for key in _TEXTS}
            p = None if one["p"] is None else float(one["p"])
            rest = {"digits": int(one["digits"]), "stated": bool(one["stated"])}
            found.append(texts | rest | {"p": p, "fan": fan or None})
        return found
    return []


def _place(one: Mapping[str, object], language: str) -> tuple[object, ...]:
    """Sort by plan, the newest quarter first, in it the report in one language first."""
    return str(one["plan"]), _newest_first(one["quarter"]), one["language"] != language


def _newest_first(quarter: Quarter) -> tuple[int, int]:
    return -quarter.year, -quarter.number


def write_archive(out: Path, language: str) -> Path:
    """Write ``index.html`` of a folder of reports, in a language, and give its path."""
    voice = Voice(None, language)
    plans: dict[str, list[Mapping[str, object]]] = {}
    for one in sorted(entries(out), key=lambda one: _place(one, language)):
        name = voice.quarter(one["quarter"])
        if one["language"] != language and one["language"] in LANGUAGES:
            name = voice.say(f"archive.in_{one['language']}", quarter=name)
        shown = one | {
            "name": name,
            "day": one["as_of"],
            "lang": one["language"] if one["language"] in LANGUAGES else language,
        }
        plans.setdefault(str(one["plan"]), []).append(shown)
    newest = [reports[0] for reports in plans.values()]
    html = render(
        "archive.html.j2",
        style=style() + (TEMPLATES / "overview.css").read_text("utf-8"),
        matrices=matrices(newest, voice),
        signs=SIGNS,
        title=voice.say("archive.title"),
        language=language,
        say=voice.say,
        plans=plans,
    )
    path = out / "index.html"
    with whole_file(path) as aside:
        aside.write_text(html, "utf-8")
    return path
