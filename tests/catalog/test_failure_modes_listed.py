"""Each way in which such systems have failed elsewhere has a test that bears its number.

A test bears a number in its docstring ("T3: …"), a pgTAP file in a comment of its own line ("-- T3: …").
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from catalog.rules import ROOT

FAILURE_MODES = {
    "coupon": {
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
    },
    "coffee": {
        1: "an anchor on the 31st or on 29 February: clamped, no drift, no month missing, no gap",
        2: "the job was off for three months: each period once, or as the plan says; a day late is billed",
        3: "billing by many sessions, some killed: one charge for each period, one period on",
        4: "a customer in another zone near midnight in UTC: that zone's calendar counts",
        5: "anchors late at night across changes of the clock: the day stays",
        6: "a charge fails: access to the end of the grace, no retry after cancelling, the original schedule",
        7: "paused and resumed again and again: no overlap, nothing charged for paused time",
        8: "a renewal without stock: no charge; the last bag for two: one box",
        9: "changes after the cut-off concern the box after the next; what is billed is not skipped",
        10: "results of charges that come late, twice, or for what has ended: one state, the rest given back",
        11: "up, up again and down in one period: days of the whole period, never more credit than was paid",
        12: "back-dated, malformed and bulk taste records: the DNA is that of the records",
        13: "a vector of zeros spoils nothing; a filtered search finds as many as were asked for",
        14: "a code is scanned at once, or by another user: one record, or refused as unknown",
        15: "the month has no partition: nothing is lost, the alarm shows, maintenance heals",
        16: "low stock, counting what is reserved: one notification for each crossing and subscriber",
    },
    "marketing": {
        1: "a day loaded twice, by the day and by the hour: totals stay",
        2: "a day restated upwards, then downwards: the latest wins, every version is kept",
        3: "batches out of order, an older snapshot last: not applied",
        4: "denominators of zero, and back: null, then right",
        5: "tiny rates, fractions of conversions, more conversions than clicks, twelve digits of won: stored exactly",
        6: "the ratio of a week is that of its sums, not the mean of its days",
        7: "accounts in two currencies, a rate that is missing, a rate of the weekend",
        8: "an account's day ends when its zone's does, not the reader's",
        9: "two users connect one account: one row of facts",
        10: "a sync crashes, a second begins, the first ends late: refused by its token",
        11: "a campaign is renamed or deleted at its source: its history stays",
        12: "twice the daily budget in a day, under 30.4 times in a month: no alert; 80 % once, and when raised",
        13: "months of 28 and 31 days, begun in the middle, days of 23 and 25 hours",
        14: "reach of days is not added up",
        15: "conversions under two windows are not added up",
        16: "a viewer writes, somebody reads another workspace: refused",
    },
}


def system_of(path: Path) -> str:
    """Return the system whose failures a test file is about."""
    if path.parent.name == "marketing" or "marketing" in path.stem:
        return "marketing"
    return "coffee" if path.parent.name == "coffee" or re.search("coffee|billing", path.stem) else "coupon"


@cache
def numbers(system: str) -> set[int]:
    """Return the numbers that tests of a system bear."""
    found: list[str] = []
    for file in (ROOT / "tests").rglob("test_*.py"):
        if system_of(file) != system:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found += re.findall(r"\bT(\d+)\b(?=[^:\n]*:)", (ast.get_docstring(node) or "").split("\n", 1)[0])
    for file in (ROOT / "tests" / system).glob("*.sql"):
        for line in re.findall(r"^-- (T\d+\b[^:\n]*):", file.read_text(encoding="utf-8"), re.MULTILINE):
            found += re.findall(r"\bT(\d+)\b", line)
    return set(map(int, found))


@pytest.mark.any_server
@pytest.mark.parametrize(
    ("system", "number"),
    [pytest.param(system, n, id=f"{system}-T{n}") for system, modes in FAILURE_MODES.items() for n in modes],
)
def test_has_a_test(system: str, number: int) -> None:
    assert number in numbers(system), f"no test of {system} bears T{number}: {FAILURE_MODES[system][number]}"
