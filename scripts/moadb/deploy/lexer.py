"""Cut a SQL text into statements exactly where psql does.

Execution never depends on this: a transactional file is sent to the server whole. The cuts serve reports (which statement failed, on
which line), the journal of non-transactional files, and the comparison of two texts without their comments and line ends.

The rules are psql's own (its flex scanner): quotes of all four kinds, dollar quotes, nested comments, parentheses, and the
`begin … end` of SQL-standard routine bodies, which is only counted in statements that start with `create [or replace] function|procedure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_LETTER = r"A-Za-z_\u0080-\U0010ffff"
_TOKEN = re.compile(
    rf"""
      (?P<space>     [ \t\n\r\f\v]+ )
    | (?P<comment>   --[^\n\r]* )
    | (?P<block>     /\* )
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
# An escape string goes on after a line break: the next part may be written without the E and still has backslash escapes.
_CONTINUED = re.compile(
    r"[ \t\f\v]*(?:\r\n|\n|\r)(?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'(?:[^'\\]|\\.|'')*(?:'|\Z)", re.DOTALL
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
BLANK = ("space", "comment", "block")


class Token(NamedTuple):
    """One token: its kind (a group name of the scanner), and where it starts and ends in the text (characters)."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """One statement: its text without surrounding comments, where that lies in the source, and the words that it starts with.

    `line` counts from 1; `words` are the unquoted words before the first other token, in lower case.
    """

    text: str
    start: int
    end: int
    line: int
    words: tuple[str, ...]


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text without gaps; whatever is unterminated reaches to the end."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match is not None, "the scanner's last rule matches any character"
        kind, end = str(match.lastgroup), match.end()
        if kind == "block":
            end = _end_of_comment(text, position)
        elif kind == "dollar":
            closing = text.find(match.group(), end)
            end = len(text) if closing < 0 else closing + len(match.group())
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
    start = -1  # where the current statement starts, -1 before its first token
    parentheses = blocks = 0
    words: list[str] = []
    leading = True  # no other token than words so far
    opening: list[str] = []  # the first unquoted words, wherever they stand: psql's test for a routine definition
    line, counted = 1, 0

    for token in tokens(text):
        if token.kind in BLANK:
            continue
        symbol = text[token.start : token.end]
        if symbol == ";" and parentheses == 0 and blocks == 0:
            if start >= 0:
                line, counted = line + text.count("\n", counted, start), start
                statements.append(Statement(text[start : token.end], start, token.end, line, tuple(words)))
            start, leading, words, opening = -1, True, [], []
            continue
        if start < 0:
            start = token.start
        if token.kind == "word":
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
        else:
            leading = False
            if symbol == "(":
                parentheses += 1
            elif symbol == ")" and parentheses > 0:
                parentheses -= 1
    if start >= 0:
        line += text.count("\n", counted, start)
        tail = text[start:].rstrip()
        statements.append(Statement(tail, start, start + len(tail), line, tuple(words)))
    return statements


def _defines_routine(opening: list[str]) -> bool:
    rest = opening[1:]
    if rest[:2] == ["or", "replace"]:
        rest = rest[2:]
    return opening[:1] == ["create"] and rest[:1] in (["function"], ["procedure"])


def normalise(text: str) -> str:
    """Return the text without comments and layout: two texts that normalise alike do the same.

    What is inside quotes stays as it is, but for its line ends, which become a single line feed.
    """
    return " ".join(
        text[token.start : token.end].replace("\r\n", "\n").replace("\r", "\n")
        for token in tokens(text)
        if token.kind not in BLANK
    )


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of the character at `offset` (from 0)."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
