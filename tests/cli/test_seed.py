"""Reference and demo data: loaded whole or not at all, and only once."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import conninfo

from moadb import seed, testing
from moadb.cli import cli
from moadb.errors import MoadbError, Refused
from moadb.resources import sql_root
from moadb.seed import seed_demo, seed_reference
from moadb.server import LocalServer


def count(dsn: str, table: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_scale(database: str) -> None:
    seed_demo(database, ["coupon"], scale=1)
    small = count(database, "coupon.coupon_issues")
    seed_demo(database, ["coupon"], scale=3)
    assert count(database, "coupon.coupon_issues") == 3 * small


def test_demo_by_a_superuser(server: LocalServer, demo: str) -> None:
    """Half a year of everything: a superuser's clock can be set back."""
    assert_demo(testing.clone(server.admin_dsn("postgres"), demo))


def test_demo_by_the_owner(database: str) -> None:
    """The same by a member of the owner's, whose clock cannot."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop role if exists seeder")
        connection.execute("create role seeder login password 'seeder' in role moadb_owner")
        dsn = conninfo.make_conninfo(database, user="seeder", password="seeder", host="127.0.0.1")
        assert all(item.rows > 0 for item in seed_demo(dsn))
        assert_demo(database, dsn)
        connection.execute("drop owned by seeder")
        connection.execute("drop role seeder")


def assert_demo(database: str, dsn: str | None = None) -> None:
    """Fail unless the data is there, all invariants hold, and a second run, with `dsn`, adds nothing."""
    with psycopg.connect(database, autocommit=True) as connection:
        violations = connection.execute(
            "select c.invariant, c.sample from platform.check_invariants() as c where c.violations > 0"
        ).fetchall()
        assert violations == []

        coupons = count(database, "coupon.coupon_issues")
        assert count(database, "coupon.coupon_policies") > 0
        assert coupons > 0
        months = connection.execute(
            "select count(distinct o.order_month) from coffee.subscription_orders as o"
        ).fetchone()
        assert months is not None
        assert months[0] >= 4
        assert count(database, "coffee.taste_records") > 100
        assert count(database, "coffee.subscription_feedback") > 50
        unused = connection.execute(
            "select h.name from marketing.channels as h"
            " where not exists (select from marketing.campaigns as c where c.channel_id = h.id)"
        ).fetchall()
        assert unused == []

    assert sum(item.rows for item in seed_demo(dsn or database)) == 0
    assert count(database, "coupon.coupon_issues") == coupons


def test_reference_can_be_loaded_again(database: str) -> None:
    seed_reference(database)
    assert sum(item.rows for item in seed_reference(database)) == 0


def test_no_system_deployed(empty_database: str) -> None:
    assert seed_reference(empty_database) == []
    assert seed_demo(empty_database) == []
    with pytest.raises(Refused, match="not deployed") as caught:
        seed_demo(empty_database, ["coupon"])
    assert caught.value.hint == "moadb migrate --systems coupon"


def test_unknown_system(database: str) -> None:
    with pytest.raises(MoadbError, match="no system 'nonsense'") as caught:
        seed_demo(database, ["nonsense"])
    assert caught.value.exit_code == 2


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose sql/coupon is read in place of ours."""
    (tmp_path / "sql" / "coupon").mkdir(parents=True)
    monkeypatch.setattr(seed, "sql_root", lambda: tmp_path)
    return tmp_path / "sql" / "coupon"


def test_file_that_fails_leaves_nothing_and_says_where(database: str, tree: Path) -> None:
    before = count(database, "platform.error_codes")
    (tree / "reference.sql").write_text(
        "insert into platform.error_codes (sqlstate, name, schema_name, message, hint)\n"
        "values ('MC999', 'test_only', 'coupon', 'm', 'h');\n"
        "\n"
        "select 1 / 0;\n"
    )
    with pytest.raises(MoadbError, match=r"sql/coupon/reference\.sql:4: division by zero"):
        seed_reference(database, ["coupon"])
    assert count(database, "platform.error_codes") == before


def test_template_that_fails(database: str, tree: Path) -> None:
    (tree / "demo.sql.j2").write_text("select 1;\n{% if scale %}\n")
    with pytest.raises(MoadbError, match=r"sql/coupon/demo\.sql\.j2:2: .*endif"):
        seed_demo(database, ["coupon"])
    (tree / "demo.sql.j2").write_text("select {{ size }};\n")
    with pytest.raises(MoadbError, match=r"sql/coupon/demo\.sql\.j2: 'size' is undefined"):
        seed_demo(database, ["coupon"])


def test_rows_are_counted_once(database: str, tree: Path) -> None:
    (tree / "reference.sql").write_text(
        "insert into platform.error_codes (sqlstate, name, schema_name, message, hint)\n"
        "select 'MC99' || n, 'test_' || n, 'coupon', 'm', 'h' from generate_series(1, 7) as n on conflict do nothing;\n"
    )
    [loaded] = seed_reference(database, ["coupon"])
    assert (loaded.schema, loaded.path, loaded.rows) == ("coupon", "sql/coupon/reference.sql", 7)
    assert [item.rows for item in seed_reference(database, ["coupon"])] == [0]


def test_data_belongs_to_the_owner_of_everything(database: str, tree: Path) -> None:
    (tree / "reference.sql").write_text(
        "do $$ begin\n"
        "  assert current_user = 'moadb_owner' and current_setting('search_path') = 'pg_catalog, pg_temp';\n"
        "end $$;\n"
    )
    seed_reference(database, ["coupon"])


def test_every_demo_file_belongs_to_a_system() -> None:
    from moadb.systems import read_systems

    schemas = {schema for system in read_systems() for schema in system.schemas}
    found = {
        path.parent.name
        for name in ("demo.sql.j2", "reference.sql", "try.sql")
        for path in sql_root().glob(f"sql/*/{name}")
    }
    assert found <= schemas


def test_command(database: str) -> None:
    shown = CliRunner().invoke(cli, ["--dsn", database, "seed", "demo", "--systems", "coupon", "--json"])
    assert shown.exit_code == 0
    [report] = json.loads(shown.stdout)
    assert report["path"] == "sql/coupon/demo.sql.j2"
    assert report["rows"] > 0
    shown = CliRunner().invoke(cli, ["--dsn", database, "seed", "reference"])
    assert shown.exit_code == 0
    assert CliRunner().invoke(cli, ["--dsn", database, "seed", "demo", "--scale", "0"]).exit_code == 2
