"""What is told of a file at the end of its import: why rows were rejected, and what its owner may want to look at."""

from __future__ import annotations

from typing import Any

from moadb.imports.job import Job
from moadb.imports.rejects import Rejects
from moadb.imports.rows import DUPLICATES, TOTALS, Reader


def told_of(job: Job, reader: Reader, rejects: Rejects) -> dict[str, Any]:
    """Return it as JSON: the database keeps it, so that whoever goes on with the import can tell it."""
    return {
        "totals": rejects.reasons[TOTALS],
        "reasons": dict(rejects.reasons.most_common()),
        # a name that is no UTF-8 has surrogates, which JSON in the database may not have
        "rejects": str(rejects.path).encode(errors="backslashreplace").decode() if rejects.count else None,
        "notes": _notes(job, reader, rejects),
    }


def _notes(job: Job, reader: Reader, rejects: Rejects) -> list[str]:
    """Return what whoever imports may want to look at."""
    source, options = job.source, job.options
    found = source.found
    notes = [
        f"{target} is read from {source.header[found.columns[target]]!r}, "
        f"not from {', '.join(map(repr, others))} (--map)"
        for target, others in found.rivals.items()
    ]
    if source.guess:
        notes.append(f"the encoding is guessed: is {source.guess!r} right? (--encoding)")
    if found.unused:
        notes.append(f"not used: {', '.join(map(repr, found.unused))}")
    if reader.empty:
        cells = ", ".join(f"{name!r} {count}" for name, count in reader.empty.items())
        notes.append(f"empty cells that count as 0: {cells}")
    if len(reader.kinds) > 1:
        rare, usual = sorted(reader.kinds.values())
        notes.append(
            f"campaign ids are of two kinds: {usual[2]!r} and the like in {usual[0]} rows, "
            f"{rare[2]!r} (line {rare[1]}) and the like in {rare[0]}; are columns shifted there?"
        )
    if "campaign_id" not in found.columns and "campaign_id" not in options.given:
        notes.append("there is no column of campaign ids: campaigns go by their names")
    if duplicates := rejects.reasons[DUPLICATES]:
        notes.append(
            f"{duplicates} rows share their campaign, day and hour with others and were not loaded: "
            "are they ads, groups or devices of a campaign? --sum adds them up"
        )
    return notes
