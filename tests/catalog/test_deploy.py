"""However a database came to be, it is the same: at once or version by version, dumped and restored, down and up."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cli.trees import execute, value
from moadb import testing
from moadb.connection import connect
from moadb.deploy import migrate, rollback, status, verify
from moadb.deploy.catalog import changes, signature
from moadb.deploy.source import read_source
from moadb.errors import MoadbError
from moadb.resources import sql_root
from moadb.server import LocalServer
from moadb.systems import read_systems

SYSTEMS = [system.name for system in read_systems()]
VERSIONS = read_source().versions

Objects = dict[tuple[str, str], dict[str, str]]


def objects(dsn: str) -> Objects:
    """Return every object of the systems with its properties."""
    schemas = [schema for system in read_systems() for schema in system.schemas]
    with connect(dsn) as connection:
        connection.execute("set search_path = pg_catalog, pg_temp")
        return {key: described.properties for key, described in signature(connection, schemas).items()}


def differences(one: Objects, other: Objects) -> list[str]:
    """Return what is not the same in both."""
    return sorted(
        f"{key[0]} {key[1]}: {one.get(key)} | {other.get(key)}"
        for key in one.keys() | other.keys()
        if key not in one or key not in other or changes(one[key], other[key])
    )


@pytest.fixture(scope="module")
def fresh(server: LocalServer, template: str) -> Objects:
    """Return the objects of a database that was deployed at once."""
    return objects(testing.clone(server.admin_dsn("postgres"), template))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a root of SQL files that has the manifest and nothing else."""
    (tmp_path / "sql").mkdir()
    shutil.copy(sql_root() / "sql" / "systems.toml", tmp_path / "sql")
    return tmp_path


def add(tree: Path, path: str) -> None:
    """Copy a migration and its rollback into the tree."""
    source = sql_root() / path
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    for file in (source, source.with_suffix(".rollback.sql")):
        shutil.copy(file, (tree / path).parent)


def test_a_fresh_database_is_sound(database: str) -> None:
    assert verify(database) == []


def test_version_by_version_down_and_up(empty_database: str, tree: Path, fresh: Objects) -> None:
    """Each version leaves no trace when it is rolled back; all of them, one by one, come to what they are at once."""
    before = objects(empty_database)
    for version in VERSIONS:
        add(tree, version.path)
        assert migrate(empty_database, root=tree).applied == [version.path]
        after = objects(empty_database)
        assert before != after, f"{version.path} changes nothing"
        rollback(empty_database, steps_back=1, root=tree)
        assert differences(objects(empty_database), before) == [], version.path
        migrate(empty_database, root=tree)
        assert differences(objects(empty_database), after) == [], version.path
        before = after
    migrate(empty_database)
    assert differences(objects(empty_database), fresh) == []
    assert verify(empty_database) == []


def test_all_the_way_down_and_up(database: str, fresh: Objects) -> None:
    """Routines and views go with the versions that they stand on, and come back."""
    for _ in range(2):
        rollback(database, steps_back=len(VERSIONS))
        assert list(objects(database)) == []
        migrate(database)
        assert differences(objects(database), fresh) == []
        assert verify(database) == []


POLICY = """
    select coupon.create_policy('p', 'P-1', 'FIXED_AMOUNT', 1000, 'CODE', 30, now() - interval '1 day',
      now() + interval '1 day', p_terms => '{}')
"""
TERMS = POLICY.replace("p_terms => '{}'", """p_terms => '{"stack_group": "g"}'""")
HELD = f"""
    {POLICY};
    select r.reservation_id
    from (select i.coupon_number from coupon.coupon_policies as p, coupon.issue_coupon(p.id, 7) as i) as c,
      coupon.reserve_coupon(c.coupon_number, 7, 'order-1', 5000) as r
"""
PAID = f"{HELD}; select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r"
GIFT = POLICY.replace("FIXED_AMOUNT", "GIFT_BALANCE")
LOST = {
    "0015": (
        f"{POLICY}; select coupon.close_policy(p.id) from coupon.coupon_policies as p",
        "policies closed for good (1)",
    ),
    "0014": (
        f"{POLICY}; select coupon.import_codes(p.id, array['A-1', 'A-2']) from coupon.coupon_policies as p",
        "codes beside those of the policies (2)",
    ),
    "0012": (
        PAID.replace(POLICY, GIFT).replace("5000", "300"),
        "balances (1), coupons redeemed and not used up (1)",
    ),
    "0009": (
        f"{POLICY}; select coupon.set_policy_limit(p.id, 'POLICY', 100) from coupon.coupon_policies as p",
        "limits and budgets (1)",
    ),
    "0008": (TERMS, "policies with terms (1)"),
    "0006": (PAID, "times of payment (1)"),
    "0004": (HELD, "reservations (1)"),
    "0003": (f"{POLICY}; select coupon.issue_coupon(p.id, 7) from coupon.coupon_policies as p", "coupons (1)"),
    "0001": (POLICY, "policies (1)"),
}


@pytest.fixture(scope="module")
def with_coupon(server: LocalServer) -> str:
    """Return the name of a database that has nothing but coupon and what it requires: to clone."""
    return testing.make_template(server.admin_dsn("postgres"), systems=["coupon"], pgtap=False)


@pytest.fixture
def coupons(server: LocalServer, with_coupon: str) -> Iterator[str]:
    """Return a database that has nothing but coupon: its versions are the newest ones."""
    admin = server.admin_dsn("postgres")
    name = testing.new_name()
    yield testing.create_database(admin, name, with_coupon)
    testing.drop_database(admin, name)


@pytest.mark.parametrize("number", LOST)
def test_a_rollback_deletes_nothing_unasked(coupons: str, number: str) -> None:
    """What people made stops it, by name and number, unless the operator says otherwise; then the way up is free."""
    statements, lost = LOST[number]
    newest = [version.id for version in reversed(VERSIONS) if version.schema == "coupon"]
    steps = next(n for n, id in enumerate(newest, 1) if id.startswith(f"{number}.coupon_"))
    with connect(coupons) as connection:
        connection.execute(statements)
        if number < "0005":  # its records would stop the rollback before
            connection.execute("set session_replication_role = replica; delete from coupon.coupon_issue_audit")
    with pytest.raises(MoadbError, match=re.escape(f" would delete {lost}")) as caught:
        rollback(coupons, steps_back=steps)
    assert "moadb.discard" in str(caught.value.hint)
    assert verify(coupons) == []

    rollback(make_conninfo(coupons, options="-c moadb.discard=on"), steps_back=steps)
    migrate(coupons, ["coupon"])
    assert verify(coupons) == []


def test_policies_that_were_there_have_their_codes(empty_database: str, tree: Path) -> None:
    """What a release before codes has left is upgraded: each policy's coupon_code is a code, and claims a coupon."""
    for version in VERSIONS:
        if version.schema == "platform" or version.id < "0007":
            add(tree, version.path)
    migrate(empty_database, root=tree)
    with connect(empty_database) as connection:
        connection.execute(
            """
            insert into coupon.coupon_policies (
              coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date,
              issue_end_date
            )
            select 'old', code, 'FIXED_AMOUNT', 1000, 'CODE', 30, now() - interval '1 day', now() + interval '1 day'
            from unnest(array['Old-1', 'OLD1', 'OLD_1']) as code
            """
        )
    migrate(empty_database, ["coupon"])
    with connect(empty_database) as connection:
        claims = {
            code: connection.execute("select status from coupon.issue_coupon_by_code(%s, 7)", [code]).fetchone()
            for code in ("old-1", "old1", "old_1", "o-ld1")
        }
    assert claims == {"old-1": ("ISSUED",), "old1": ("ISSUED",), "old_1": ("ISSUED",), "o-ld1": ("CODE_UNKNOWN",)}


def test_coupons_that_were_there_are_upgraded(empty_database: str, tree: Path) -> None:
    """Of the coupons that were there only those are written that have to be, and no trigger is switched on by it."""
    for version in VERSIONS:
        if version.schema == "platform" or version.id < "0011":
            add(tree, version.path)
    migrate(empty_database, root=tree)
    with connect(empty_database) as connection:
        connection.execute(
            """
            insert into coupon.coupon_policies (
              id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date,
              issue_end_date, duration
            )
            overriding system value
            values
              (1, 'old', 'OLD', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, now() - interval '1 day', now(), 'ONCE'),
              (2, 'old', 'OLD-2', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, now() - interval '1 day', now(), 'FOREVER');
            create table coupon.coupon_issues_old partition of coupon.coupon_issues default;
            alter table coupon.coupon_issues_old owner to moadb_owner;
            insert into coupon.coupon_issues (id, policy_id, user_id, coupon_number, status, expiry_date)
            select u, 1, u, 'CPN' || u, case u when 3 then 'USED' else 'ISSUED' end, now() + interval '1 day'
            from generate_series(1, 3) as u;
            insert into coupon.coupon_reservations (
              reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, expires_at, status
            )
            select
              u, u, u, u, 5000, 1000, now() + interval '1 hour', case u when 3 then 'CONFIRMED' else 'CANCELLED' end
            from generate_series(2, 3) as u;
            create trigger off before update on coupon.coupon_issues
              for each row execute function suppress_redundant_updates_trigger();
            alter table coupon.coupon_issues disable trigger off;
            create table public.before as select i.id, i.xmin::text as version from coupon.coupon_issues as i;
            """
        )
    for version in VERSIONS:
        if version.id.startswith(("0011.coupon", "0012.coupon")):
            add(tree, version.path)
    migrate(empty_database, root=tree)
    with connect(empty_database) as connection:
        coupons = connection.execute(
            """
            select i.id, i.was_held, i.redemption_count, i.balance, i.xmin::text <> b.version
            from coupon.coupon_issues as i join public.before as b on b.id = i.id order by i.id
            """
        ).fetchall()
        triggers = connection.execute("select tgenabled from pg_trigger where tgname = 'off'").fetchall()
        terms = connection.execute("select p.id, p.has_terms from coupon.coupon_policies as p order by p.id").fetchall()
    assert coupons == [(1, None, 0, None, False), (2, True, 0, None, True), (3, None, 1, None, True)]
    assert set(triggers) == {("D",)}
    assert terms == [(1, False), (2, True)]


def test_a_balance_survives_the_way_down_and_up(coupons: str) -> None:
    """What is spent of it stays spent, by reservations that say so."""
    pay = """
        select coupon.confirm_reservation(r.reservation_id)
        from coupon.coupon_issues as i, coupon.reserve_coupon(i.coupon_number, i.user_id, %s, %s) as r
        where i.user_id = %s
    """
    with connect(coupons) as connection:
        connection.execute(GIFT.replace("1000", "10000"))
        connection.execute(
            "select coupon.issue_coupon(p.id, u) from coupon.coupon_policies as p, unnest(array[1, 2]) as u"
        )
        for user, order, amount in ((1, "o-1", 9000), (2, "o-2", 9000), (2, "o-3", 1000)):
            connection.execute(pay, (order, amount, user))
    rollback(make_conninfo(coupons, options="-c moadb.discard=on"), to="0011.coupon_reservations_fast")
    migrate(coupons, ["coupon"])
    with connect(coupons) as connection:
        coupons = (
            "select i.status, i.redemption_count, i.balance::integer from coupon.coupon_issues as i order by user_id"
        )
        assert connection.execute(coupons).fetchall() == [("ISSUED", 1, 1000), ("USED", 2, 0)]
        violations = "select c.invariant from platform.check_invariants('coupon') as c where c.violations > 0"
        assert connection.execute(violations).fetchall() == []


def test_system_by_system_is_as_at_once(empty_database: str, fresh: Objects) -> None:
    for name in SYSTEMS:
        migrate(empty_database, [name])
    assert differences(objects(empty_database), fresh) == []


@pytest.mark.parametrize("name", SYSTEMS)
def test_each_system_is_installable_on_its_own(empty_database: str, name: str) -> None:
    migrate(empty_database, [name])
    assert migrate(empty_database, [name]).up_to_date
    assert verify(empty_database) == []


HOSTILE = {
    "bytea_output": "'escape'",
    "client_encoding": "'LATIN1'",
    "datestyle": "'German, DMY'",
    "default_transaction_isolation": "'serializable'",
    "extra_float_digits": "-15",
    "idle_in_transaction_session_timeout": "'20ms'",
    "intervalstyle": "'iso_8601'",
    "lock_timeout": "'1ms'",
    "quote_all_identifiers": "on",
    "standard_conforming_strings": "off",
    "statement_timeout": "'20ms'",
    "timezone": "'Asia/Tokyo'",
    "transaction_timeout": "'20ms'",
}


def test_a_second_database_of_the_cluster(empty_database: str, fresh: Objects) -> None:
    """Roles are the cluster's: the second deploy finds them.

    Whatever is set for a database, all systems are deployed to it, verify as deployed, and can be read.
    """
    name = conninfo_to_dict(empty_database)["dbname"]
    with connect(empty_database) as connection:
        there = {row[0].lower() for row in connection.execute("select name from pg_settings").fetchall()}
        for setting in HOSTILE.keys() & there:
            connection.execute(f"alter database {name} set {setting} = {HOSTILE[setting]}".encode())
    migrate(empty_database)
    secret = value(empty_database, "select secret from coupon.number_key")
    assert isinstance(secret, int)
    assert verify(empty_database) == []
    assert status(empty_database).last is not None
    assert value(empty_database, "select '1 day'::interval").days == 1
    execute(empty_database, f"alter database {name} reset all")
    assert verify(empty_database) == []
    assert migrate(empty_database).up_to_date
    assert differences(objects(empty_database), fresh) == []


def test_dump_and_restore(
    server: LocalServer, database: str, empty_database: str, tmp_path: Path, fresh: Objects
) -> None:
    dump = tmp_path / "dump"
    _run(server, "pg_dump", "--format=custom", "--file", str(dump), database)
    _run(server, "pg_restore", "--exit-on-error", "--dbname", empty_database, str(dump))
    assert differences(objects(empty_database), fresh) == []
    assert migrate(empty_database).up_to_date
    assert verify(empty_database) == []


def _run(server: LocalServer, program: str, *arguments: str) -> None:
    done = subprocess.run([server.binaries / program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
