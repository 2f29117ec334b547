"""Rows that files declare are guarded as objects are: verify names what differs, migrate puts it back."""

from __future__ import annotations

import pytest

from cli.trees import execute, value
from moadb.deploy import accept, migrate, verify


@pytest.mark.parametrize(
    ("by_hand", "file", "rows", "problem"),
    [
        (
            "update platform.jobs set schedule = '0 0 1 1 *' where name = 'coupon.expire_coupons'",
            "sql/coupon/jobs.sql",
            "platform.jobs of coupon",
            "its row coupon.expire_coupons: changed",
        ),
        (
            "delete from platform.invariants where name = 'coupon.stock_sums_to_limit'",
            "sql/coupon/invariants.sql",
            "platform.invariants of coupon",
            "its row coupon.stock_sums_to_limit: it is gone",
        ),
        (
            "insert into platform.error_codes values ('MP999', 'stray', 'platform', 'm', 'h')",
            "sql/platform/errors.sql",
            "platform.error_codes of platform",
            "its row MP999: no deploy has made it",
        ),
        (
            "update platform.partition_sets set premake = 9 where table_name = 'coupon_issues'",
            "partitions/coupon.sql",
            "platform.partition_sets of coupon",
            "its row coupon_issues: changed",
        ),
        (
            "insert into platform.transitions values ('coupon.coupon_issues', 'USED', 'STRAY')",
            "sql/coupon/transitions.sql",
            "platform.transitions of coupon",
            "its row coupon.coupon_issues USED STRAY: no deploy has made it",
        ),
    ],
)
def test_rows_changed_by_hand(database: str, by_hand: str, file: str, rows: str, problem: str) -> None:
    """Found, named with their table and schema, and put back."""
    execute(database, by_hand)
    assert [(finding.check, finding.object, finding.problem, finding.script) for finding in verify(database)] == [
        ("files", file, f"not deployed as it is: changed since: rows {rows}", None),
        ("objects", f"rows {rows}", problem, file),
    ]
    assert file in migrate(database).applied
    assert verify(database) == []
    assert migrate(database).up_to_date


def test_all_rows_deleted(database: str) -> None:
    execute(database, "delete from platform.jobs where schema_name = 'coupon'")
    assert ("rows platform.jobs of coupon", "it is gone") in {(f.object, f.problem) for f in verify(database)}
    migrate(database)
    assert value(database, "select count(*) from platform.jobs where schema_name = 'coupon'") > 0
    assert verify(database) == []


def test_what_the_operator_owns(database: str) -> None:
    """Pausing a job is no finding."""
    execute(database, "select platform.pause_job('coupon.expire_coupons')")
    assert verify(database) == []
    assert migrate(database).up_to_date


def test_rows_accepted(database: str) -> None:
    """What is declared right is not put back."""
    execute(database, "update platform.jobs set schedule = '0 0 1 1 *' where name = 'coupon.expire_coupons'")
    assert [finding.object for finding in accept(database)] == ["rows platform.jobs of coupon"]
    assert verify(database) == []
    assert migrate(database).up_to_date
