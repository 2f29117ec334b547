"""Cut a SQL text into statements exactly where psql does.

Execution never depends on this: a transactional file is sent to the server whole. The cuts serve reports (which
statement failed, on which line), the journal of non-transactional files, and the comparison of two texts without their
comments and line ends.

The rules are those of psql's own scanner: all kinds of quotes, dollar quotes, nested comments, parentheses, and the
`begin … end` of SQL-standard routine bodies, counted only in statements that begin like a routine's definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_LETTER = r"A-Za-z_\u0080-\U0010ffff"
_BLANK = re.compile(r"(?:[ \t\n\r\f\v]+|--[^\n\r]*)*")
_TOKEN = re.compile(
    rf"""
      (?P<block>     /\* )
    | (?P<escaped>   [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z) )
    | (?P<string>    (?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|\Z) )
    | (?P<quoted>    (?:[uU]&)?"(?:[^"]|"")*(?:"|\Z) )
    | (?P<dollar>    \$(?:[{_LETTER}][{_LETTER}0-9]*)?\$ )
    | (?P<word>      [{_LETTER}][{_LETTER}0-9$]* )
    | (?P<number>    [0-9][0-9A-Za-z_.]* )
    | (?P<operator>  (?:(?!--|/\*)[~!@\#^&|`?+\-*/%<>=])+ )
    | (?P<other>     . )
    """,
    re.VERBOSE | re.DOTALL,
)
# An escape string goes on after a line break: its next part has no E and still knows backslash escapes.
_CONTINUED = re.compile(
    r"(?:[ \t\f\v]|--[^\n\r]*)*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'(?:[^'\\]|\\.|'')*(?:'|\Z)", re.DOTALL
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Token(NamedTuple):
    """One token: its kind (a group of the scanner), and where it starts and ends in the text, in characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """One statement.

    Args:
        text: from its first token to its semicolon.
        start: where that begins in the source, in characters.
        end: where it ends.
        line: the line of its first token, from 1.
        words: the unquoted words before the first other token, in lower case.
    """

    text: str
    start: int
    end: int
    line: int
    words: tuple[str, ...]


def code(text: str) -> Iterator[Token]:
    """Yield the tokens that are neither blank nor comment; whatever is not terminated reaches to the end."""
    position, length = 0, len(text)
    while True:
        blank = _BLANK.match(text, position)
        assert blank is not None, "it matches nothing at all, too"
        position = blank.end()
        if position == length:
            return
        match = _TOKEN.match(text, position)
        assert match is not None, "the scanner's last rule matches any character"
        kind, end = str(match.lastgroup), match.end()
        if kind == "block":
            position = _end_of_comment(text, position)
            continue
        if kind == "dollar":
            closing = text.find(match.group(), end)
            end = length if closing < 0 else closing + len(match.group())
        elif kind == "escaped":
            while more := _CONTINUED.match(text, end):
                end = more.end()
        yield Token(kind, position, end)
        position = end


def _end_of_comment(text: str, start: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)


def split(text: str) -> list[Statement]:
    """Return the statements of a text, empty ones left out, as psql would send them one by one."""
    statements: list[Statement] = []
    start = end = -1  # of the current statement; start is -1 before its first token
    parentheses = blocks = 0
    words: list[str] = []
    leading = True  # no other token than words so far
    opening: list[str] = []  # its first unquoted words, wherever they stand: psql's test for a routine's definition
    line, counted = 1, 0

    def finish() -> None:
        nonlocal line, counted
        line, counted = line + text.count("\n", counted, start), start
        statements.append(Statement(text[start:end], start, end, line, tuple(words)))

    for token in code(text):
        symbol = text[token.start : token.end]
        if symbol == ";" and parentheses == 0 and blocks == 0:
            if start >= 0:
                end = token.end
                finish()
            start, leading, words, opening = -1, True, [], []
            continue
        end = token.end
        if start < 0:
            start = token.start
        if token.kind != "word":
            leading = False
            if symbol == "(":
                parentheses += 1
            elif symbol == ")" and parentheses > 0:
                parentheses -= 1
            continue
        word = symbol.lower()
        if leading:
            words.append(word)
        if len(opening) < 4:
            opening.append(word)
        if parentheses == 0 and _defines_routine(opening):
            if word == "begin" or (word == "case" and blocks > 0):
                blocks += 1
            elif word == "end" and blocks > 0:
                blocks -= 1
    if start >= 0:
        finish()
    return statements


def _defines_routine(opening: list[str]) -> bool:
    rest = opening[1:]
    if rest[:2] == ["or", "replace"]:
        rest = rest[2:]
    return opening[:1] == ["create"] and rest[:1] in (["function"], ["procedure"])


def name_after(text: str, *words: str) -> list[str] | None:
    """Return the parts of the possibly qualified name that follows the first of these words in a statement.

    `if not exists`, `if exists` and `only` before the name are skipped. Parts are as written; without quotes in lower
    case.
    """
    symbols = [text[t.start : t.end].lower() if t.kind == "word" else text[t.start : t.end] for t in code(text)]
    for word in words:
        if word not in symbols:
            continue
        rest = symbols[symbols.index(word) + 1 :]
        while rest and rest[0] in ("if", "not", "exists", "only"):
            rest = rest[1:]
        parts = rest[:1]
        while len(rest) > 2 and rest[1] == ".":
            parts, rest = [*parts, rest[2]], rest[2:]
        return parts or None
    return None


def normalise(text: str) -> str:
    """Return the text without comments and layout: two texts that normalise alike do the same.

    What is inside quotes stays as it is, but for its line ends, which become single line feeds.
    """
    return " ".join(text[t.start : t.end].replace("\r\n", "\n").replace("\r", "\n") for t in code(text))


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of the character at `offset` (from 0)."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
