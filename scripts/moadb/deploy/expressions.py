"""Compare expressions as the server words them.

An expression that was dumped and read back is the same, but the server may word it anew: `varchar_column in ('a', 'b')`
has one cast around the list at first and one for each item later, and `x between 1 and 9 and y` a pair of parentheses
more at first than later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from moadb.deploy import lexer

_LIST = re.compile(r"\(ARRAY\[((?:[^\[\]']|'(?:[^']|'')*')*)\]\)::text\[\]")
_ITEM = re.compile(r"('(?:[^']|'')*'::character varying)")

Group = list["str | Group"]


def same(one: str | None, other: str | None) -> bool:
    """Say whether two texts are the same expression, worded before and after a dump and restore."""
    if one == other:
        return True
    return one is not None and other is not None and _canonical(one) == _canonical(other)


def _canonical(text: str) -> Group:
    text = _LIST.sub(lambda match: "ARRAY[" + _ITEM.sub(r"(\1)::text", match.group(1)) + "]", text)
    return _flat(_group(text[token.start : token.end] for token in lexer.code(text)))


def _group(symbols: Iterator[str]) -> Group:
    """Return the symbols up to the closing parenthesis, those between parentheses as groups of their own."""
    group: Group = []
    for symbol in symbols:
        if symbol == ")":
            break
        group.append(_group(symbols) if symbol == "(" else symbol)
    return group


def _flat(group: Group) -> Group:
    """Return a group without the parentheses around `a AND b` in `(a AND b) AND c`, and the like with OR."""
    items: Group = [_flat(item) if isinstance(item, list) else item for item in group]
    for word in ("AND", "OR"):
        if word not in items:
            continue
        flat: Group = []
        for place, item in enumerate(items):
            around = items[place - 1 : place] + items[place + 1 : place + 2]
            if isinstance(item, list) and word in item and all(neighbour == word for neighbour in around):
                flat.extend(item)
            else:
                flat.append(item)
        items = flat
    return items
