"""The foot of a plan: when it is reported and through whom, who receives it, who signed it."""

from __future__ import annotations

import re

from pgi_analysis.documents.reading import Reading, sentence_case

_QUARTER_DAY = re.compile(r"tr..c ngay (\d{1,2}) (?:cua )?thang cuoi (?:cung )?(?:cua )?quy")
_YEAR_DAY = re.compile(r"n.m tr..c ngay (\d{1,2})\s*/\s*(\d{1,2})(?!/?\d)")
_THROUGH = re.compile(
    r"(?i)(?:qua|về|cho|gửi)\s+(phòng [^,;.()]+?)(?=\s+(?:trước|để|tổng)|[,;.(]|$)"
)
_OFFICE = re.compile(r"giam doc|chu tich|truong ban|chanh|uy ban|da ky|\bso\b")


def read_foot(reading: Reading) -> None:
    """Read the dates of reports, the recipients and the signer."""
    passages = reading.passages
    whole = " ".join(one.bare for one in passages)
    for pattern, columns in (
        (_QUARTER_DAY, ("quarter_day",)),
        (_YEAR_DAY, ("annual_day", "annual_month")),
    ):
        if found := pattern.search(whole):
            at = next((p for p in passages if pattern.search(p.bare)), passages[-1])
            for column, value in zip(columns, found.groups(), strict=True):
                reading.say("plan", "reporting", column, int(value), at, reading.scan)
            if "unit_vi" not in reading.of_row("reporting") and (unit := _THROUGH.search(at.read)):
                name = sentence_case(unit[1].strip())
                reading.say("plan", "reporting", "unit_vi", name, at, "letters")
    foot = next(
        (n for n, one in enumerate(passages) if re.match(r"\s*no[i1] nh.n", one.bare)), None
    )
    if foot is None:
        return
    after = passages[foot + 1 :]
    received = [one for one in after if re.match(r"\s*[-+]", one.text)]
    if received:
        text = "; ".join(re.sub(r"^\s*[-+]\s*", "", one.read).strip(" ;:.") for one in received)
        unsure = [word for one in received for word in one.unsure]
        note = {"words": ", ".join(unsure)} if unsure else {}
        doubt = "letters" * bool(unsure)
        reading.say("plan", "letter", "recipients_vi", text, received[0], doubt, **note)
    for one in reversed(after):
        named = re.fullmatch(r"\s*(?:[^\W\d_]+\s+){1,4}[^\W\d_]+\s*", one.text)
        if named and one not in received and not _OFFICE.search(one.bare):
            doubt = "name" if reading.scan else ""
            reading.say("plan", "", "signed_by", one.text.strip(), one, doubt)
            return
