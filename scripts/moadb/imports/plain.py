"""Files that need no reading: their lines are copied as they are, a block at a time, after one look at each."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from moadb.imports.reading import Source
from moadb.imports.rows import Reader

_TEXT = rb"[^{d}\"\r\n\0]"
_COUNT, _AMOUNT = rb"\d{1,15}", rb"\d{1,13}(?:\.\d{1,6})?"
_FORMS = {
    "hour": rb"(?:[01]?\d|2[0-3])?",
    "campaign_id": rb"(?!(?:n/?an?|null|none|nil|totals?|subtotals?)\b)[a-z0-9][a-z0-9_:-]{{0,99}}",
    "campaign_name": rb"(?:(?!\s)" + _TEXT + rb"{{1,199}}(?<!\s))?",
    "cost": _AMOUNT,
    "conversions": _AMOUNT,
    "revenue": b"-?" + _AMOUNT,
    **dict.fromkeys(("impressions", "clicks", "likes", "shares", "comments", "saves"), _COUNT),
}


class Lines:
    """What lines look like when nothing in them has to be read: plain numbers, days as ISO 8601 writes them.

    What does not look so is read cell by cell; that comes to the same, and takes longer.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        targets = {place: target for target, place in source.found.columns.items()}
        mark = re.escape(delimiter.encode())
        days = b"|".join(b"%d" % year for year in range(2000, datetime.now(timezone.utc).year + 1))
        forms = {**_FORMS, "date": rb"(?:" + days + rb")-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"}
        cells, self.columns, self.spare = [], [], 0
        for place in range(len(source.header)):
            target = targets.get(place)
            if target is None:
                self.spare += 1
            self.columns.append(target or f"spare_{self.spare}")
            form = forms[target] if target else _TEXT + b"*"
            cells.append(form.replace(b"{d}", mark).replace(b"{{", b"{").replace(b"}}", b"}"))
        self.columns = ["campaign" if name == "campaign_id" else name for name in self.columns]
        self.line = re.compile(b"^" + mark.join(cells) + rb"\r?$", re.MULTILINE | re.IGNORECASE)

    def count(self, block: bytes) -> int | None:
        """Return how many rows are in a block; None when any line of it wants reading."""
        lines = block.count(b"\n") + (not block.endswith(b"\n"))
        return lines if len(self.line.findall(block)) == lines else None


def lines_of(source: Source, reader: Reader) -> Lines | None:
    """Return how a file's lines can be copied as they are; None when they cannot.

    Args:
        source: the file.
        reader: what reads its cells otherwise.
    """
    targets = set(source.found.columns)
    if (
        source.delimiter is None
        or source.encoding not in ("utf-8", "utf-8-sig")
        or reader.account is None
        or reader.given
        or reader.day.format
        or reader.decimal_mark != "."
        or not targets >= {"date", "campaign_id"}
        or targets - {"date", *_FORMS}
        or len(set(source.found.columns.values())) != len(targets)
    ):
        return None
    return Lines(source, source.delimiter)
