"""Refusals: nothing is tried, nothing is changed, one message says what is wrong and what to do."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from psycopg import conninfo

from cli.trees import Tree, eventually, execute, shop, value
from moadb import testing
from moadb.connection import connect
from moadb.deploy import migrate, status, verify
from moadb.deploy.bootstrap import SUFFIXES
from moadb.deploy.guards import check_extensions, check_server
from moadb.errors import MoadbError, Refused
from moadb.server import LocalServer
from moadb.server.osuser import server_user
from moadb.server.ports import is_free
from servers import temporary_server

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def bare(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """Return a server of its own, on which nobody has made any role yet."""
    with temporary_server(request.config.getoption("--server")) as local:
        yield local


def login(admin_dsn: str, name: str, options: str = "") -> str:
    """Make a login role, and return a connection string of it to the same database."""
    execute(admin_dsn, f"create role {name} login password '{PASSWORD}' {options}")
    port = conninfo.conninfo_to_dict(admin_dsn)["port"]
    database = conninfo.conninfo_to_dict(admin_dsn)["dbname"]
    return f"postgresql://{name}:{quote(PASSWORD)}@127.0.0.1:{port}/{database}"


def drop(admin_dsn: str, *names: str) -> None:
    """Drop roles, with what they may do in this database."""
    for name in names:
        execute(admin_dsn, f"drop owned by {name} cascade; drop role {name}")


@contextmanager
def new_database(admin_dsn: str, owner: str | None = None) -> Iterator[str]:
    """Make an empty database, and yield a superuser's connection string to it."""
    name = testing.new_name("guard")
    dsn = testing.create_database(admin_dsn, name)
    if owner:
        execute(admin_dsn, f"alter database {name} owner to {owner}")
    try:
        yield dsn
    finally:
        testing.drop_database(admin_dsn, name)


# who deploys


def test_a_deployer_with_createrole_needs_nothing_else(tmp_path: Path, bare: LocalServer) -> None:
    """He owns the database and may create roles; no administrator has prepared anything."""
    tree = shop(tmp_path)
    admin = bare.admin_dsn("postgres")
    with new_database(admin) as dsn:
        deployer = login(dsn, "head", "createrole")
        execute(admin, f"alter database {conninfo.conninfo_to_dict(dsn)['dbname']} owner to head")
        migrate(deployer, root=tree.root)
        assert migrate(deployer, root=tree.root).up_to_date
        assert verify(deployer, root=tree.root) == []
        owners = value(
            dsn, "select array_agg(distinct nspowner::regrole::text) from pg_namespace where nspname ~ '^shop'"
        )
        assert owners == ["moadb_owner"]
    drop_roles(admin)


def drop_roles(admin: str) -> None:
    """Drop what the tests of this file leave in a cluster."""
    names = value(
        admin, "select array_agg(rolname) from pg_roles where rolname !~ '^(pg_|postgres|moadb_(admin|demo))'"
    )
    for name in names or []:
        execute(admin, f'drop owned by "{name}" cascade')
    for name in names or []:
        execute(admin, f'drop role "{name}"')


def test_a_deployer_without_any_right(tmp_path: Path, bare: LocalServer) -> None:
    """He is told the statements for an administrator; when these have run, he needs no further right."""
    tree = shop(tmp_path)
    admin = bare.admin_dsn("postgres")
    with new_database(admin) as dsn:
        deployer = login(dsn, "junior")
        with pytest.raises(
            Refused, match="role 'junior' cannot create the roles moadb_owner, moadb_clock, shop_app"
        ) as c:
            migrate(deployer, root=tree.root)
        assert c.value.exit_code == 3
        assert value(dsn, "select count(*) from pg_namespace where nspname in ('moadb', 'shop')") == 0
        assert [line for line in c.value.details if not line.startswith("create role")] == [
            'grant "moadb_owner" to "junior";',
            f'grant create on database "{conninfo.conninfo_to_dict(dsn)["dbname"]}" to "moadb_owner";',
        ]
        execute(dsn, "".join(c.value.details))
        migrate(deployer, root=tree.root)
        assert verify(deployer, root=tree.root) == []
    drop_roles(admin)


@pytest.mark.parametrize("missing", ["membership", "database"])
def test_a_deployer_who_lacks_one_right(tmp_path: Path, bare: LocalServer, missing: str) -> None:
    tree = shop(tmp_path)
    admin = bare.admin_dsn("postgres")
    with new_database(admin) as dsn:
        deployer = login(dsn, "clerk")
        database = conninfo.conninfo_to_dict(dsn)["dbname"]
        for role in ("moadb_owner", "moadb_clock", "shop_app", "shop_admin", "shop_read"):
            execute(dsn, f"create role {role}")
        if missing == "membership":
            execute(dsn, f"grant create on database {database} to moadb_owner")
            message = "role 'clerk' cannot become moadb_owner"
        else:
            execute(dsn, "grant moadb_owner to clerk")
            message = f"role 'clerk' cannot let moadb_owner create schemas in database '{database}'"
        with pytest.raises(Refused, match=message) as caught:
            migrate(deployer, root=tree.root)
        execute(dsn, "".join(caught.value.details))
        migrate(deployer, root=tree.root)
    drop_roles(admin)


def test_a_role_that_a_release_brings(tmp_path: Path, bare: LocalServer) -> None:
    """A database that was deployed when there was no such role gets it; who may make none is told the statement."""
    tree = shop(tmp_path)
    admin = bare.admin_dsn("postgres")
    with new_database(admin) as dsn:
        migrate(dsn, root=tree.root)
        execute(dsn, "drop role shop_admin")
        deployer = login(dsn, "heir")
        execute(dsn, "grant moadb_owner to heir")
        tree.append("sql/shop/grants.sql", "grant usage on schema shop to shop_admin;\n")
        with pytest.raises(Refused, match="role 'heir' cannot create the roles shop_admin") as caught:
            migrate(deployer, root=tree.root)
        assert caught.value.details[0] == 'create role "shop_admin" nologin;'
        assert migrate(dsn, root=tree.root).applied == ["sql/shop/grants.sql"]
        assert value(dsn, "select has_schema_privilege('shop_admin', 'shop', 'usage')")
        assert verify(deployer, root=tree.root) == []
    drop_roles(admin)


def test_somebody_who_may_not_read_the_ledger(tmp_path: Path, bare: LocalServer) -> None:
    tree = shop(tmp_path)
    admin = bare.admin_dsn("postgres")
    with new_database(admin) as dsn:
        migrate(dsn, root=tree.root)
        guest = login(dsn, "guest")
        for command in (migrate, verify, status):
            with pytest.raises(Refused, match="role 'guest' may not read the ledger of database") as caught:
                command(guest, root=tree.root)
            assert caught.value.details == ['grant "moadb_owner" to "guest";']
        execute(dsn, "".join(caught.value.details))
        assert verify(guest, root=tree.root) == []
    drop_roles(admin)


def test_two_first_deploys_into_one_cluster(tmp_path: Path, bare: LocalServer) -> None:
    """Roles are the cluster's: both databases find that the other has just made what they were about to make."""
    systems: dict[str, list[str]] = {f"s{n}": [] for n in range(12)}
    tree = Tree(tmp_path, systems)
    for name in systems:
        tree.version(1, "a", f"create schema {name};", schema=name)
    admin = bare.admin_dsn("postgres")
    execute(admin, f"create role twin login createrole password '{PASSWORD}'")
    with new_database(admin, "twin") as one, new_database(admin, "twin") as other:
        errors: list[BaseException] = []

        def deploy(dsn: str) -> None:
            port, name = (conninfo.conninfo_to_dict(dsn)[key] for key in ("port", "dbname"))
            try:
                migrate(f"postgresql://twin:{quote(PASSWORD)}@127.0.0.1:{port}/{name}", root=tree.root)
            except BaseException as error:
                errors.append(error)

        for _ in range(5):
            threads = [threading.Thread(target=deploy, args=(dsn,)) for dsn in (one, other)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert errors == []
            for dsn in (one, other):
                assert value(dsn, "select count(*) from moadb.scripts") == len(systems)
                execute(dsn, "drop schema moadb cascade;" + "".join(f"drop schema {name};" for name in systems))
                execute(dsn, "drop owned by moadb_owner cascade")
            roles = [f"{name}_{suffix}" for name in systems for suffix in SUFFIXES]
            execute(admin, "".join(f"drop role {role};" for role in roles))
            execute(admin, "drop role moadb_owner; drop role moadb_clock")
    drop_roles(admin)


# which server


def test_standby(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    tree = shop(tmp_path)
    with temporary_server(request.config.getoption("--server")) as local:
        dsn = local.admin_dsn("postgres")
        migrate(dsn, root=tree.root)
        local.stop()
        (local.cluster / "standby.signal").touch()
        server_user(local.cluster).own(local.cluster / "standby.signal")
        local.start()
        assert value(dsn, "select pg_is_in_recovery()")
        with pytest.raises(Refused, match="the server is a standby") as caught:
            migrate(dsn, root=tree.root)
        assert "target_session_attrs=read-write" in str(caught.value.hint)
        assert verify(dsn, root=tree.root) == []  # reading is allowed


def test_read_only(tmp_path: Path, empty_database: str) -> None:
    name = conninfo.conninfo_to_dict(empty_database)["dbname"]
    execute(empty_database, f"alter database {name} set default_transaction_read_only = on")
    with pytest.raises(Refused, match=f"transactions in database '{name}' are read-only"):
        migrate(empty_database, root=shop(tmp_path).root)


def test_encoding(tmp_path: Path, server: LocalServer) -> None:
    """Without an encoding the server passes bytes on, and nobody knows what characters they are."""
    admin = server.admin_dsn("postgres")
    name = testing.new_name("ascii")
    execute(admin, f"create database {name} encoding 'SQL_ASCII' locale 'C' template template0")
    try:
        with pytest.raises(Refused, match=f"the encoding of database '{name}' is SQL_ASCII") as caught:
            migrate(server.admin_dsn(name), root=shop(tmp_path).root)
        assert "encoding 'UTF8' template template0" in str(caught.value.hint)
        assert value(server.admin_dsn(name), "select 'ü'::text") == "ü", "text, not bytes"
    finally:
        testing.drop_database(admin, name)


def test_old_server(monkeypatch: pytest.MonkeyPatch, empty_database: str) -> None:
    monkeypatch.setattr("moadb.deploy.guards.OLDEST_SERVER", 99)
    with connect(empty_database) as connection, pytest.raises(Refused, match=r"the server is PostgreSQL 1\d"):
        check_server(connection, allow_pooler=False)


@pytest.mark.parametrize("schema", ["shop", "moadb"])
def test_wrong_database(tmp_path: Path, empty_database: str, schema: str) -> None:
    """It has a schema of our name with somebody else's tables in it."""
    execute(empty_database, f"create schema {schema}; create table {schema}.scripts (id int)")
    roles = value(empty_database, "select count(*) from pg_roles")
    with pytest.raises(Refused, match=schema) as caught:
        migrate(empty_database, root=shop(tmp_path).root)
    assert caught.value.hint == "is this the right database? if it is, rename or drop that schema"
    assert value(empty_database, "select count(*) from pg_namespace where nspname in ('shop', 'moadb')") == 1
    assert value(empty_database, "select count(*) from pg_roles") == roles


def test_no_server(tmp_path: Path) -> None:
    with pytest.raises(MoadbError, match="cannot connect"):
        migrate(f"host={tmp_path} dbname=x", root=shop(tmp_path / "tree").root)


# extensions


def test_extension_that_the_server_lacks(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    manifest = (tree.root / "sql/systems.toml").read_text()
    tree.write("sql/systems.toml", manifest.replace("extensions = []", 'extensions = ["no_such_thing"]'))
    with pytest.raises(
        Refused, match="system shop needs extension no_such_thing, which is not on this server"
    ) as caught:
        migrate(empty_database, root=tree.root)
    assert "-no-such-thing)" in str(caught.value.hint)
    assert value(empty_database, "select to_regnamespace('moadb')") is None


def test_extension_is_made_in_its_schema(tmp_path: Path, empty_database: str) -> None:
    name = "vector"
    if not value(empty_database, "select count(*) from pg_available_extensions where name = %s", name):
        pytest.skip("this server has no pgvector")
    tree = shop(tmp_path)
    manifest = (tree.root / "sql/systems.toml").read_text()
    tree.write("sql/systems.toml", manifest.replace("extensions = []", f'extensions = ["{name}"]'))
    tree.version(2, "taste", "create table shop.tastes (taste extensions.vector(3));")
    migrate(empty_database, root=tree.root)
    assert migrate(empty_database, root=tree.root).up_to_date
    assert verify(empty_database, root=tree.root) == []


def test_extension_in_another_schema(empty_database: str) -> None:
    name = value(empty_database, "select name from pg_available_extensions where name in ('vector', 'pgtap') limit 1")
    if name is None:
        pytest.skip("this server has no extension to try it with")
    execute(empty_database, f"create extension {name} schema public")
    with connect(empty_database) as connection, pytest.raises(Refused, match="is in schema public") as caught:
        check_extensions(connection, {name: "shop"})
    assert caught.value.hint == f"alter extension {name} set schema extensions"


# poolers


@pytest.fixture
def pooler(server: LocalServer, tmp_path: Path) -> Iterator[int]:
    """Return the port of a PgBouncer before the server, in transaction mode."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    port = next(port for port in range(6432, 7000) if is_free(port))
    folder = Path(tempfile.mkdtemp(prefix="moadb-pooler-"))
    user = server_user()
    user.own(folder)
    address = f"host=127.0.0.1 port={server.port} user=postgres password={server.password('postgres')}"
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n* = {address}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\nignore_startup_parameters = extra_float_digits,options\n",
        encoding="utf-8",
    )
    user.own(config)
    identity: dict[str, Any] = {} if user.is_self else {"user": user.uid, "group": user.gid, "extra_groups": []}
    process = subprocess.Popen(
        [program, "-q", str(config)], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **identity
    )
    try:
        eventually(lambda: process.poll() is not None or not is_free(port), "pgbouncer accepts connections")
        assert process.poll() is None, "pgbouncer does not start"
        yield port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def test_transaction_pooler(tmp_path: Path, empty_database: str, pooler: int) -> None:
    database = conninfo.conninfo_to_dict(empty_database)["dbname"]
    dsn = f"postgresql://anybody@127.0.0.1:{pooler}/{database}"
    tree = shop(tmp_path / "tree")
    with pytest.raises(Refused, match="there is a connection pooler between this command and the server"):
        migrate(dsn, root=tree.root)
    assert value(empty_database, "select to_regnamespace('moadb')") is None
    migrate(dsn, root=tree.root, allow_pooler=True)
    assert value(empty_database, "select shop.price(1)") == 500
    with connect(dsn) as connection:
        connection.execute("reset all; reset role")  # what the deploy has left in the pooled session
    assert verify(dsn, root=tree.root) == []
    assert status(dsn, root=tree.root).plan.scripts == []
    left = "select array[current_user::text, current_setting('search_path')]"
    assert value(dsn, left) == ["postgres", '"$user", public'], "reading leaves nothing behind"


def test_no_password_in_messages(tmp_path: Path, empty_database: str) -> None:
    port = conninfo.conninfo_to_dict(empty_database)["port"]
    result = shop(tmp_path).run(f"postgresql://nobody:S3cret@127.0.0.1:{port}/x", "migrate")
    assert result.returncode == 1
    assert "cannot connect" in result.stderr
    assert "S3cret" not in result.stdout + result.stderr


@pytest.mark.any_server
@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://nobody:S3cret%zz@127.0.0.1/x",
        "postgresql://nobody:[S3cret@127.0.0.1/x",
        "postgresql://nobody:1@S3cret@127.0.0.1/x",
        "postgresql://nobody:S3cret/2@127.0.0.1/x",
        "postgresql://nobody@127.0.0.1:S3cret/x",
        "postgresql://nobody@127.0.0.1/x?password:S3cret",
        "host=127.0.0.1 password=1 S3cret",
        "host=127.0.0.1 password='S3cret",
        "S3cret",
    ],
)
def test_no_password_in_messages_about_connection_strings(tmp_path: Path, dsn: str) -> None:
    """Half of such a string has become host or port, or libpq shows where it stopped to understand."""
    tree = Tree(tmp_path)
    results = {command: tree.run(dsn, command) for command in ("status", "migrate", "doctor", "dsn")}
    psql = tree.start(dsn, "psql")  # it would become psql
    out, err = psql.communicate()
    results["psql"] = subprocess.CompletedProcess(psql.args, psql.returncode, out, err)
    for command, result in results.items():
        assert result.returncode != 0
        assert "Traceback" not in result.stderr
        assert "S3cret" not in result.stdout + result.stderr, command
