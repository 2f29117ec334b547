"""What an application role tries that it should not: the tables, the internal routines, names of its own in the way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from catalog.rules import ROOT
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer
from moadb.systems import read_systems

POLICY = 900001

# names that every body uses, in forms that its calls would resolve to if the caller's path meant anything to it
SHADOWS = """
create function evil.now() returns timestamptz language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.nextval(text) returns bigint language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.nextval(regclass) returns bigint language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.current_setting(text, boolean) returns text language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.compare(bigint, bigint) returns boolean language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.compare(bigint, integer) returns boolean language plpgsql as $$ begin raise 'shadowed'; end $$;
create function evil.compare(timestamptz, timestamptz) returns boolean
  language plpgsql as $$ begin raise 'shadowed'; end $$;
create operator evil.= (leftarg = bigint, rightarg = bigint, function = evil.compare);
create operator evil.> (leftarg = bigint, rightarg = integer, function = evil.compare);
create operator evil.< (leftarg = timestamptz, rightarg = timestamptz, function = evil.compare);
create operator evil.>= (leftarg = timestamptz, rightarg = timestamptz, function = evil.compare);
create table evil.coupon_policies (id bigint);
create temporary table coupon_policies (id bigint, is_active boolean);
create temporary table coupon_issues (id bigint);
create temporary table error_codes (name text);
create temporary table pg_class (oid oid);
"""

FORBIDDEN = [
    "select count(*) from coupon.coupon_policies",
    "select secret from coupon.number_key",
    "select * from coupon.v_active_coupons",
    "insert into coupon.coupon_issues (policy_id, user_id) values (900001, 1)",
    "update coupon.coupon_policies set max_issue_count = null",
    "delete from coupon.coupon_issue_audit",
    "truncate coupon.coupon_stock",
    "select nextval('coupon.coupon_issues_id_seq')",
    "copy coupon.coupon_issues to stdout",
    "lock table coupon.coupon_policies in access exclusive mode",
    "select code from coupon.policy_codes",
    "update coupon.guess_limits set burst = 1000000",
    "select coupon._find_code('ATTACKED')",
    "select coupon.list_codes(900001)",
    "select coupon.generate_codes(900001, 1)",
    "select coupon.edit_policy(900001, '{\"max_issue_count\": 1000}', 1)",
    "select coupon.close_policy(900001)",
    "select coupon._take_stock(900001, 1)",
    "select coupon.refresh_statistics()",
    "select platform.fail('coupon_sold_out')",
    "select platform.prune_audit_log('0 days')",
    "call platform.run_job('platform.prune_audit_log')",
    "select platform.maintain_partitions()",
    "update platform.error_codes set message = 'all is well'",
    "select * from moadb.scripts",
    "create table coupon.mine (id bigint)",
    "create function platform.now(integer) returns integer language sql as 'select 1'",
    "create or replace function coupon.issue_coupon(bigint, bigint, text, inet, text) returns void language sql as ''",
    "alter function coupon.issue_coupon(bigint, bigint, text, inet, text) reset all",
    "alter table coupon.coupon_policies disable trigger all",
    "create trigger mine before insert on coupon.coupon_issues for each row execute function coupon.keep_stock()",
    "set role moadb_owner",
    "set role moadb_clock",
    "set session_replication_role = 'replica'",
    "alter role moadb_owner set moadb.now = '2000-01-01'",
    "drop function coupon.issue_coupon(bigint, bigint, text, inet, text)",
    "alter function coupon.issue_coupon(bigint, bigint, text, inet, text) security invoker",
    "drop trigger coupon_stock_keep on coupon.coupon_stock",
    "select setval('coupon.coupon_issues_id_seq', 1)",
    "select coupon._id_of('CPN', k.secret) from coupon.number_key as k",
    "grant execute on function coupon._take_stock(bigint, integer) to coupon_app",
]


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> str:
    """Return a superuser's connection string to a database of this module's own."""
    return testing.clone(server.admin_dsn("postgres"), template)


@pytest.fixture
def attacker(attacked: str) -> Iterator[Connection]:
    """Return a session of a login that is a member of coupon_app and has a schema of its own; it is rolled back."""
    with connect(attacked, autocommit=False) as connection:
        connection.execute("create role mallory login")
        connection.execute("grant coupon_app to mallory")
        connection.execute("create schema evil authorization mallory")
        connection.execute(
            """
            insert into coupon.coupon_policies (
              id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count,
              max_issue_per_user, valid_days, issue_start_date, issue_end_date, is_active
            )
            values (%s, 'a', 'ATTACKED', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 1, 30, now() - interval '1 day',
                    now() + interval '1 day', true)
            """,
            [POLICY],
        )
        connection.execute("set local session authorization mallory")
        yield connection
        connection.rollback()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_forbidden(attacker: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(statement)


def test_names_of_the_caller_mean_nothing_to_the_api(attacker: Connection) -> None:
    attacker.execute(SHADOWS)
    attacker.execute("set local search_path = evil, pg_temp, pg_catalog")
    with pytest.raises(psycopg.errors.RaiseException, match="shadowed"), attacker.transaction():
        attacker.execute("select 1::bigint = 1::bigint")
    row = attacker.execute(
        "select i.status, pg_catalog.length(i.coupon_number) from coupon.issue_coupon(900001, 7) as i"
    ).fetchone()
    assert row is not None
    assert row[0] == "ISSUED"
    with pytest.raises(psycopg.Error) as error, attacker.transaction():
        attacker.execute("select coupon.issue_coupon(900001, 7)")
    assert error.value.diag.message_detail is not None
    assert '"code": "coupon_user_limit_exceeded"' in error.value.diag.message_detail


def test_no_relation_can_be_touched(attacker: Connection) -> None:
    """Not one of the tables, partitions, views and sequences of any system."""
    attacker.execute("reset session authorization")
    relations = attacker.execute(
        """
        select c.oid::regclass::text, c.relkind::text
        from pg_class as c
        where c.relkind in ('r', 'p', 'v', 'm', 'S')
          and c.relnamespace in (select n.oid from pg_namespace as n where n.nspname = any(%s))
        """,
        [["moadb", *(schema for system in read_systems() for schema in system.schemas)]],
    ).fetchall()
    attacker.execute("set local session authorization mallory")
    assert len(relations) > 50
    for relation, kind in relations:
        attempts = ["select from {}"] if kind == "S" else ["select from {}", "delete from {}", "truncate {}"]
        for attempt in attempts:
            if kind in "vm" and not attempt.startswith("select"):
                continue  # no view can be written to, whoever does
            with pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
                attacker.execute(attempt.format(relation).encode())


def test_settings_of_moadb_give_no_rights(attacker: Connection) -> None:
    """Whatever name a routine reads, the application may set it: that must not matter."""
    names = {
        name
        for folder in ("procedures", "triggers", "partitions")
        for path in (ROOT / folder).rglob("*.sql")
        for name in re.findall(r"current_setting\('(moadb\.\w+)'", path.read_text(encoding="utf-8"))
    }
    assert "moadb.now" in names
    for value in ("on", "2000-01-01", "-1", "user:1"):
        with attacker.transaction(force_rollback=True):
            for name in names:
                attacker.execute("select pg_catalog.set_config(%s, %s, true)", [name, value])
            for statement in ("select 1 from coupon.coupon_stock", "delete from platform.audit_log"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
                    attacker.execute(statement.encode())
            row = attacker.execute("select i.status from coupon.issue_coupon(900001, 7) as i").fetchone()
            assert row == ("ISSUED",)
            attacker.execute("reset session authorization")
            row = attacker.execute(
                "select count(*) from coupon.coupon_issue_audit as a where a.user_id = 7 and a.created_at = now()"
            ).fetchone()
            assert row == (1,), "recorded, and now"
            attacker.execute("set local session authorization mallory")


def test_the_clock_of_an_application_cannot_be_moved(attacker: Connection) -> None:
    attacker.execute("set local moadb.now = '2000-01-01'")
    row = attacker.execute("select i.status from coupon.issue_coupon(900001, 7) as i").fetchone()
    assert row == ("ISSUED",)


def test_settings_of_the_caller_change_nothing(attacker: Connection) -> None:
    """Those that change what SQL means, as far as everybody may set them."""
    for setting in (
        "time zone 'Pacific/Kiritimati'",
        "datestyle = 'SQL, DMY'",
        "intervalstyle = 'sql_standard'",
        "bytea_output = 'escape'",
        "transform_null_equals = on",
        "row_security = off",
        "default_transaction_isolation = 'serializable'",
        "check_function_bodies = off",
        "enable_seqscan = off",
        "plan_cache_mode = 'force_generic_plan'",
    ):
        attacker.execute(f"set local {setting}")
    row = attacker.execute("select i.status from coupon.issue_coupon(900001, 7) as i").fetchone()
    assert row == ("ISSUED",)
