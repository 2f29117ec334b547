"""What the rules are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from moadb.connection import Connection

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Catalog:
    """A connection to a database with every system, and the questions that the rules put to it."""

    connection: Connection
    schemas: list[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; in it, %(schemas)s are the schemas of all systems."""
        return self.connection.execute(query, {"schemas": self.schemas}).fetchall()

    def refuse(self, rule: str, query: str) -> None:
        """Fail with the rule and the first column of the query's rows, if there are any."""
        offenders = sorted(str(row[0]) for row in self.rows(query))
        assert not offenders, "\n  ".join([f"{rule}; but:", *offenders])


class Routine(NamedTuple):
    """A routine of a system."""

    name: str  # schema.name
    identity: str  # schema.name(argument types)
    kind: str  # f function, p procedure
    language: str
    source: str  # its body, without comments
    returns: str
    parameters: list[str]  # names of those that a caller gives
    definer: bool
    settings: list[str]
    comment: str
    standard_body: bool  # return …, begin atomic …

    @property
    def commits(self) -> bool:
        """Return whether it ends transactions: then it can neither pin settings nor be security definer."""
        return (
            self.kind == "p" and re.search(r"\b(commit|rollback)\s*(and\s|;)", self.source, re.IGNORECASE) is not None
        )

    @property
    def internal(self) -> bool:
        """Return whether it is for other routines only."""
        return self.name.split(".")[1].startswith("_")


def without_comments(source: str) -> str:
    """Return SQL without its comments and without what stands in quotes."""
    pattern = re.compile(r"--[^\n]*|/\*.*?\*/|('(?:[^']|'')*')", re.DOTALL)
    return pattern.sub(lambda match: match[1] or "", source)


def refuse(rule: str, offenders: list[str]) -> None:
    """Fail with the rule and those that break it, if there are any."""
    assert not offenders, "\n  ".join([f"{rule}; but:", *sorted(offenders)])
