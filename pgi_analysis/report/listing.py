"""What a batch of reports shows on the command line: a bar while it runs, a line a report after."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pgi_analysis.language import say
from pgi_analysis.report.batch import Outcome
from pgi_analysis.report.building import draft_in
from pgi_analysis.word import to_fill

#: what can come of a report
STATES = ("built", "unchanged", "planned", "failed")


def watched(found: Iterable[Outcome], total: int, failed: int, language: str) -> Iterator[Outcome]:
    """Pass outcomes on under a progress bar that names the last one, and counts what failed."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would be there when processes are forked
    label = say("command.batch", language, n=total)
    with tqdm(total=total, desc=label, disable=not sys.stderr.isatty()) as bar:
        for outcome in found:
            failed += outcome.state == "failed"
            state = say(f"batch.{outcome.state}", language)
            note = f"{say('batch.failed', language)}: {failed}" if failed else ""
            bar.set_postfix_str(" ".join([outcome.order.name, state, note]).strip())
            bar.update()
            yield outcome


def listed(done: Sequence[Outcome], out: Path, language: str) -> Iterator[str]:
    """Say of each report what came of it and why, and where it stands."""
    width = max((len(one.order.name) for one in done), default=0)
    for one in sorted(done, key=lambda one: (one.order.plan, one.order.quarter, one.order.folder)):
        told = one.error or (say(f"batch.why.{one.reason}", language) if one.reason else "")
        path = out / one.order.plan / one.order.folder / "index.html"
        line = [one.order.name.ljust(width), say(f"batch.{one.state}", language)]
        line += [told] if told else []
        line += [str(path)] if one.state in ("built", "unchanged") else []
        yield "  ".join(line)


def drafted(one: Outcome, out: Path, language: str) -> Iterator[str]:
    """Say what a draft in Word still needs, and where one stands that somebody had edited."""
    if one.kept:
        yield say("draft.kept_edited", language, file=one.kept)
    if not one.order.docx or one.state not in ("built", "unchanged", "failed"):
        return
    path = draft_in(out / one.order.plan / one.order.folder)
    if path is None or one.state == "failed":
        yield say("draft.incomplete", language, report=one.order.name)
        return
    blanks = to_fill(path)
    said = [
        text if n == 1 else say("draft.to_fill_times", language, blank=text, n=n)
        for text, n in blanks.items()
    ]
    about = {"file": path, "n": sum(blanks.values()), "blanks": ", ".join(said)}
    yield say("draft.to_fill" if blanks else "draft.complete", language, **about)


def count(done: Sequence[Outcome]) -> dict[str, int]:
    """Count the reports by what came of them."""
    return {state: sum(one.state == state for one in done) for state in STATES}
