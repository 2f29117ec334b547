"""Each way in which coupon systems have failed elsewhere has a test that bears its number.

A test bears a number in its docstring ("T3: …"), a pgTAP file in a comment of its own line ("-- T3: …").
"""

from __future__ import annotations

import ast
import re

import pytest

from catalog.rules import ROOT

FAILURE_MODES = {
    1: "64 parallel claims of a stock of one, or of a limit of one: one coupon",
    2: "a coupon of three uses, redeemed by more than three orders at once: three",
    3: "one coupon, many orders at once: one discount",
    4: "a change that changed nothing is an error, not a success",
    5: "the same order is completed twice: the coupon is used once",
    6: "a second coupon on an order that holds one: the first is not judged against itself",
    7: "a cancelled order gives back what the user, and everybody, may have",
    8: "declined, released, tried again, paid: used",
    9: "the hold lapses between the start of a payment and its success",
    10: "a limit per attribute that is reached for one value is not reached for another",
    11: "no limit, a limit of 0 and a limit not given mean different things",
    12: "paid after the coupon's expiry: the discount that was quoted",
    13: "odd percentages, amounts above the total, 100 per cent: parts sum to the whole, nothing is negative",
    14: "a partial refund gives back the share of what is refunded",
    15: "10,000 coupons in one transaction: all numbers differ",
    16: "a new month without the job that makes its partition: everything goes on",
    17: "raw SQL that gives back a used coupon, holds one twice, or issues more than there are: refused",
}


def numbers() -> set[int]:
    """Return the numbers that tests bear."""
    found: list[str] = []
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found += re.findall(r"\bT(\d+)\b(?=[^:\n]*:)", (ast.get_docstring(node) or "").split("\n", 1)[0])
    for file in (ROOT / "tests" / "coupon").glob("*.sql"):
        for line in re.findall(r"^-- (T\d+\b[^:\n]*):", file.read_text(encoding="utf-8"), re.MULTILINE):
            found += re.findall(r"\bT(\d+)\b", line)
    return set(map(int, found))


@pytest.mark.parametrize("number", FAILURE_MODES, ids=lambda number: f"T{number}")
def test_has_a_test(number: int) -> None:
    assert number in numbers(), f"no test bears T{number}: {FAILURE_MODES[number]}"
