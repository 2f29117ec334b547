"""Files that need no reading: their lines are copied as they are, a block at a time, after one look at each.

Where all cells are numbers and days, the look is at the shapes of lines: with every digit made a 0, a million lines are
of some thousand shapes, and each of these is matched once. Years are counted, for a 0 does not tell them apart.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone

from moadb.imports.reading import Source
from moadb.imports.rows import Reader

_TEXT = rb"[^{d}\"\r\n\0]"
_COUNT, _AMOUNT = rb"\d{1,15}", rb"\d{1,13}(?:\.\d{1,6})?"
_NO_ID = rb"(?!(?:n/?an?|null|none|nil|(?:sub-?)?totals?)\b)"
_FORMS = {
    "hour": rb"(?:[01]?\d|2[0-3])?",
    "campaign_id": _NO_ID + rb"[a-z0-9][a-z0-9_:-]{{0,99}}",
    "campaign_name": rb"(?:(?!\s)" + _TEXT + rb"{{1,199}}(?<!\s))?",
    "cost": _AMOUNT,
    "conversions": _AMOUNT,
    "revenue": b"-?" + _AMOUNT,
    **dict.fromkeys(("impressions", "clicks", "likes", "shares", "comments", "saves"), _COUNT),
}
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_SHAPES = 100_000  # shapes that are remembered
_FIRST_YEAR = 2000


class Lines:
    """What lines look like when nothing in them has to be read: plain numbers, days as ISO 8601 writes them.

    What does not look so is read cell by cell; that comes to the same, and takes longer.
    """

    def __init__(self, source: Source, delimiter: str) -> None:
        targets = {place: target for target, place in source.found.columns.items()}
        mark = re.escape(delimiter.encode())
        self.years = list(range(_FIRST_YEAR, datetime.now(timezone.utc).year + 1))
        days = b"|".join(b"%d" % year for year in self.years)
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
        self.shape: re.Pattern[bytes] | None = None
        self.shapes: set[bytes] = set()
        if not self.spare and "campaign_name" not in self.columns:
            shapes = {
                **dict.fromkeys(_FORMS, rb"0{1,15}"),
                **dict.fromkeys(("cost", "conversions"), rb"0{1,13}(?:\.0{1,6})?"),
                "revenue": rb"-?0{1,13}(?:\.0{1,6})?",
                "hour": rb"0{0,2}",
                "date": rb"0000-00-00",
                "campaign": _NO_ID + rb"[a-z0][a-z0_:]{0,99}",
            }
            self.shape = re.compile(mark.join(shapes[name] for name in self.columns) + rb"\r?", re.IGNORECASE)

    def count(self, block: bytes) -> int | None:
        """Return how many rows are in a block; None when any line of it wants reading."""
        lines = block.count(b"\n") + (not block.endswith(b"\n"))
        if self._are_known(block, lines) or len(self.line.findall(block)) == lines:
            return lines
        return None

    def _are_known(self, block: bytes, count: int) -> bool:
        """Return whether all lines are of good shapes, and of years that are.

        The hour and the day of the month may still be what they cannot be: COPY refuses these.
        """
        if self.shape is None:
            return False
        lines = set(block.translate(_ZEROS).split(b"\n"))
        lines.discard(b"")  # after the last one; an empty line within has no year
        fresh = lines - self.shapes
        if not all(map(self.shape.fullmatch, fresh)):
            return False
        if len(self.shapes) < _SHAPES:
            self.shapes |= fresh
        dated = 0
        for place, year in enumerate(self.years):
            found = block.count(b"%d-" % year)  # a year alone has a line between four digits and anything
            if found:
                self.years.insert(0, self.years.pop(place))
            dated += found
            if dated == count:
                return True
        return False


def lines_of(source: Source, reader: Reader) -> Lines | None:
    """Return how a file's lines can be copied as they are; None when they cannot.

    Args:
        source: the file.
        reader: what reads its cells otherwise.
    """
    targets = set(source.found.columns)
    if (
        source.delimiter is None
        or source.delimiter not in ",;\t|"
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
