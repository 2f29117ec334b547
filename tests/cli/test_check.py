"""moadb check: what it prints and how it exits."""

from __future__ import annotations

import json

import pytest

from cli.commands import call
from moadb.checks import check_invariants
from moadb.connection import connect
from moadb.errors import Exit, MoadbError


def moadb(dsn: str, *arguments: str, code: int = Exit.OK) -> tuple[str, str]:
    done = call("--dsn", dsn, "check", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def register(dsn: str, name: str, query: str) -> None:
    with connect(dsn) as connection:
        connection.execute(
            "insert into platform.invariants (name, schema_name, description, query) values (%s, %s, %s, %s)",
            [name, name.split(".")[0], "Nothing is wrong.", query],
        )


def test_what_holds(database: str) -> None:
    found = check_invariants(database)
    assert found
    assert [invariant.invariant for invariant in found if invariant.violations] == []
    printed, _ = moadb(database)
    assert all(invariant.invariant in printed for invariant in found)
    assert "Nothing is wrong" not in printed


def test_what_does_not_hold(database: str) -> None:
    register(database, "probe.counts", "select n, '[red]' as markup from generate_series(1, 7) as n")
    register(database, "probe.fails", "select 1 / 0 as x")
    printed, _ = moadb(database, "--schema", "probe", code=Exit.NOT_VERIFIED)
    assert "probe.counts 7 violations" in printed
    assert "n = 5, markup = [red]" in printed
    assert "n = 6" not in printed
    assert "sqlstate = 22012" in printed
    assert "platform." not in printed

    document, _ = moadb(database, "--schema", "probe", "--json", code=Exit.NOT_VERIFIED)
    counts, fails = json.loads(document)
    assert (counts["violations"], len(counts["sample"]), counts["description"]) == (7, 5, "Nothing is wrong.")
    assert fails["sample"] == [{"sqlstate": "22012", "error": "division by zero"}]


def test_a_query_cannot_write(database: str) -> None:
    with connect(database) as connection:
        connection.execute(
            "create function public.probe() returns int language sql as 'delete from platform.jobs; select 1'"
        )
    register(database, "probe.sly", "select public.probe() as x where true")
    moadb(database, "--schema", "probe", code=Exit.NOT_VERIFIED)
    with connect(database) as connection:
        assert connection.execute("select count(*) > 0 from platform.jobs").fetchone() == (True,)


def test_an_unknown_schema_is_a_usage_error(database: str) -> None:
    with pytest.raises(MoadbError, match="no invariant is registered for schema 'coupno'") as raised:
        check_invariants(database, "coupno")
    assert raised.value.exit_code == Exit.USAGE
    assert raised.value.hint is not None
    assert "platform" in raised.value.hint
    _, message = moadb(database, "--schema", "coupno", code=Exit.USAGE)
    assert "coupno" in message


def test_a_database_without_moadb_is_one_message(empty_database: str) -> None:
    assert "has no moadb in it" in moadb(empty_database, code=Exit.FAILED)[1]
