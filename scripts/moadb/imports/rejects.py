"""The file of rejected rows: what stood in them, and why they were not loaded."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

from moadb.imports.reading import Source
from moadb.imports.rows import TOTALS, Rejected

# What a spreadsheet would take for a formula: numbers below 0 and rows of dashes are none.
_FORMULA = re.compile(r"\s*[=+\-@|%\t\r](?![\d.,]*[%\s]*$|-*$)")


class Rejects:
    """The file of rejected rows; made when there is the first one.

    Args:
        path: where it is to be; None: beside the file that is read.
        source: the file that is read.
        dry_run: whether one of an earlier import is to stay.
    """

    def __init__(self, path: Path | None, source: Source, dry_run: bool) -> None:
        self.path = path or source.path.with_name(f"{source.path.name}.rejected.csv")
        self.header = source.header
        self.count = 0
        self.reasons: Counter[str] = Counter()
        self.file: Any = None
        self.writer: Any = None
        self.is_ours = path is None
        self.dry_run = dry_run

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
        if self.file is None and self.is_ours and not self.dry_run and error[0] is None:
            self.path.unlink(missing_ok=True)  # of an earlier import of this file

    def close(self) -> None:
        """Have all of it in the file; nothing is added then."""
        if self.file is not None:
            self.file.close()

    def add(self, rejected: Rejected) -> None:
        """Write a row down, and count its reason."""
        if self.file is None:
            self.file = self.path.open("w", encoding="utf-8-sig", newline="")
            self.writer = csv.writer(self.file)
            self.writer.writerow(["line", "column", "value", "reason", *map(_harmless, self.header)])
        told = [rejected.column, rejected.value, rejected.reason, *rejected.cells]
        self.writer.writerow([rejected.line, *map(_harmless, told)])
        self.count += 1
        reason = f"{rejected.column}: {rejected.reason}" if rejected.column else rejected.reason
        self.reasons[TOTALS if rejected.reason == TOTALS else rejected.group or reason] += 1


def _harmless(cell: str) -> str:
    """Return a cell as a spreadsheet shows it, and does not compute it: an apostrophe goes before a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
