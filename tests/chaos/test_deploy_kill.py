"""Deployers that die, hang, or lose their connection: all of a deploy or nothing of it, and the next one just works."""

from __future__ import annotations

import json
import random
import signal
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from psycopg import conninfo

from cli.trees import Tree, eventually, execute, shop, value
from moadb.connection import connect
from moadb.deploy import Event, migrate, verify
from moadb.deploy.engine import Work
from moadb.deploy.session import open_session
from moadb.errors import Exit, MoadbError, Refused
from moadb.server import LocalServer
from servers import kill9

DEPLOYERS = "select pid from pg_stat_activity where application_name = 'moadb deploy' and datname = current_database()"
RAISE_PRICES = "update shop.prices set cents = cents * 100;"


def waits(dsn: str, event: str) -> int | None:
    """Return the server process of a deployer that waits for a lock of this kind."""
    pid: int | None = value(dsn, f"{DEPLOYERS} and wait_event_type = 'Lock' and wait_event = %s", event)
    return pid


def gone(dsn: str) -> None:
    """Wait until no deployer has a session any more."""
    eventually(lambda: value(dsn, DEPLOYERS) is None, "the deployer's session ends")


@pytest.fixture
def tree(tmp_path: Path, empty_database: str) -> Tree:
    """Return the shop, deployed, with a pending change of data."""
    made = shop(tmp_path / "tree")
    migrate(empty_database, root=made.root)
    made.version(2, "raise", RAISE_PRICES)
    return made


@pytest.mark.parametrize("table", ["moadb.scripts", "moadb._yoyo_migration", "moadb._yoyo_log"])
def test_killed_between_the_script_and_the_ledger(tree: Tree, empty_database: str, table: str) -> None:
    """Prices are raised once, however often the deployer dies just before it records that they were."""
    execute(
        empty_database,
        f"""
        create function public.hold() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(7); return new; end $$;
        create trigger hold before insert on {table} for each row execute function public.hold();
        """,
    )
    for _ in range(3):
        with connect(empty_database) as holder:
            holder.execute("select pg_advisory_lock(7)")
            deployer = tree.start(empty_database, "migrate")
            eventually(lambda: waits(empty_database, "advisory"), "the deployer writes the ledger")
            deployer.kill()
            deployer.communicate()
        gone(empty_database)
        assert value(empty_database, "select cents from shop.prices") == 500
        assert value(empty_database, "select count(*) from moadb.scripts where id = '0002.shop_raise'") == 0
    assert tree.run(empty_database, "migrate").returncode == 0
    assert value(empty_database, "select cents from shop.prices") == 50000
    assert migrate(empty_database, root=tree.root).up_to_date


def test_killed_while_the_server_commits(tree: Tree, empty_database: str) -> None:
    """The commit has begun and its outcome is open: whatever it is, price and ledger agree."""
    execute(
        empty_database,
        """
        create function public.hold() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(7); return new; end $$;
        create constraint trigger hold after insert on moadb.scripts deferrable initially deferred
          for each row execute function public.hold();
        """,
    )
    with connect(empty_database) as holder:
        holder.execute("select pg_advisory_lock(7)")
        deployer = tree.start(empty_database, "migrate")
        eventually(lambda: waits(empty_database, "advisory"), "the deployer commits")
        deployer.kill()
        deployer.communicate()
    gone(empty_database)
    recorded = value(empty_database, "select count(*) from moadb.scripts where id = '0002.shop_raise'")
    assert value(empty_database, "select cents from shop.prices") == (50000 if recorded else 500)
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select cents from shop.prices") == 50000


def test_killed_at_random_instants(tmp_path: Path, empty_database: str) -> None:
    """A first deploy of many files, killed again and again: each time nothing or everything is there."""
    tree = shop(tmp_path / "tree")
    for number in range(2, 12):
        tree.version(number, f"t{number}", f"create table shop.t{number} (id int);\nselect pg_sleep(0.03);")
    tree.version(12, "raise", RAISE_PRICES)
    dice = random.Random(20261121)
    whole = killed = 0
    for _ in range(20):
        deployer = tree.start(empty_database, "migrate")
        time.sleep(dice.uniform(0.1, 0.9))
        deployer.kill()
        deployer.communicate()
        gone(empty_database)
        killed += deployer.returncode == -signal.SIGKILL
        tables = value(empty_database, "select count(*) from pg_tables where schemaname = 'shop'")
        ledger = value(empty_database, "select to_regclass('moadb.scripts') is not null")
        scripts = value(empty_database, "select count(*) from moadb.scripts") if ledger else 0
        assert (tables, scripts) in ((0, 0), (11, 16))
        if tables:
            whole += 1
            assert value(empty_database, "select cents from shop.prices") == 50000
            assert verify(empty_database, root=tree.root) == []
            execute(empty_database, "drop schema shop cascade; drop schema moadb cascade")
    assert killed > 5, "the deployer is quicker than its killer: give it more to do"
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select cents from shop.prices") == 50000


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_asked_to_end_in_mid_script(tree: Tree, empty_database: str, number: int, code: int) -> None:
    tree.version(3, "slow", "create table shop.slow (id int);\nselect pg_sleep(600);")
    deployer = tree.start(empty_database, "migrate")
    eventually(
        lambda: value(empty_database, f"{DEPLOYERS} and wait_event = 'PgSleep'"), "the deployer runs the slow file"
    )
    deployer.send_signal(number)
    _, err = deployer.communicate(timeout=60)
    assert deployer.returncode == code
    assert f"stopped by {signal.Signals(number).name}; what was not committed is rolled back" in err
    assert "Traceback" not in err
    gone(empty_database)
    assert value(empty_database, "select to_regclass('shop.slow')") is None
    assert value(empty_database, "select cents from shop.prices") == 500
    assert value(empty_database, "select count(*) from moadb.yoyo_lock") == 0
    tree.remove("migrations/shop/0003.shop_slow.sql")
    migrate(empty_database, root=tree.root, wait=0)


@pytest.mark.parametrize("inside", [True, False], ids=["in a transaction", "between two"])
def test_interrupted_with_a_statement_on_its_way(tree: Tree, empty_database: str, inside: bool) -> None:
    """Nothing more can be sent on that connection: it is closed, and the interruption is all that the caller sees."""
    with open_session(empty_database, lock_timeout="2s", allow_pooler=False, progress=lambda event: None) as opened:
        work = Work(opened, "migrate", ["shop"], attempts=1)

        def interrupted(attempt: object = None) -> None:
            opened.connection.pgconn.send_query(b"select pg_sleep(600)")
            raise KeyboardInterrupt

        def between_two() -> None:
            with work.yoyo_lock():
                interrupted()

        with pytest.raises(KeyboardInterrupt):
            work.transaction(interrupted, last=True) if inside else between_two()
        assert opened.connection.closed
    gone(empty_database)
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select cents from shop.prices") == 50000
    assert value(empty_database, "select count(*) from moadb.yoyo_lock") == 0


def test_deployer_hangs_and_its_session_works_on(tree: Tree, empty_database: str) -> None:
    """The second deployer names the first one's session; when that is dead, it can go on."""
    tree.version(3, "slow", "select pg_sleep(600);")
    deployer = tree.start(empty_database, "migrate")
    try:
        pid = eventually(
            lambda: value(empty_database, f"{DEPLOYERS} and wait_event = 'PgSleep'"), "the deployer runs the slow file"
        )
        deployer.send_signal(signal.SIGSTOP)
        with pytest.raises(
            Refused, match=f"another deploy is at work: server process {pid} \\(moadb deploy, for "
        ) as c:
            migrate(empty_database, root=tree.root, wait=0)
        assert "pg_sleep(600)" in c.value.message
        assert f"pg_terminate_backend({pid})" in str(c.value.hint)
        second = tree.run(empty_database, "migrate", "--wait", "0")
        assert second.returncode == Exit.REFUSED
        assert str(pid) in second.stderr
    finally:
        deployer.kill()
        deployer.communicate()
    # nobody ends the session by hand: the server looks for its client once a second
    tree.remove("migrations/shop/0003.shop_slow.sql")
    assert migrate(empty_database, root=tree.root, wait=60).applied[0] == "migrations/shop/0002.shop_raise.sql"
    assert value(empty_database, "select cents from shop.prices") == 50000


def test_killed_while_an_index_is_built_concurrently(tree: Tree, empty_database: str) -> None:
    tree.version(
        3,
        "index",
        "-- transactional: false\ninsert into shop.prices (id) values (2);\n"
        "create index concurrently prices_changed_at_idx on shop.prices (changed_at);",
    )
    migrate_index = "migrations/shop/0003.shop_index.sql"
    invalid = "select not indisvalid from pg_index where indexrelid = to_regclass('shop.prices_changed_at_idx')"
    with connect(empty_database) as writer:
        writer.execute("begin; insert into shop.prices (id) values (99)")
        deployer = tree.start(empty_database, "migrate")
        eventually(lambda: value(empty_database, invalid) and waits(empty_database, "virtualxid"), "the index is built")
        deployer.kill()
        deployer.communicate()
        gone(empty_database)
        writer.execute("rollback")
    assert value(empty_database, invalid)
    plain = tree.run(empty_database, "migrate")
    assert plain.returncode == Exit.NEEDS_RESUME
    assert f"error: {migrate_index} has not come to its end" in plain.stderr
    assert "statement 2 (running): create index concurrently prices_changed_at_idx" in plain.stderr
    assert "`moadb migrate --resume` goes on from there" in plain.stderr
    assert tree.run(empty_database, "migrate", "--resume").returncode == 0
    assert value(empty_database, invalid) is False
    assert value(empty_database, "select array_agg(id order by id) from shop.prices") == [1, 2]
    assert verify(empty_database, root=tree.root) == []


def test_terminated_while_an_index_is_built_concurrently(tree: Tree, empty_database: str) -> None:
    tree.version(
        3, "index", "-- transactional: false\ncreate index concurrently prices_new_idx on shop.prices (changed_at);"
    )
    with connect(empty_database) as writer:
        writer.execute("begin; insert into shop.prices (id) values (99)")
        deployer = tree.start(empty_database, "migrate")
        eventually(lambda: waits(empty_database, "virtualxid"), "the index is built")
        deployer.terminate()
        deployer.communicate(timeout=60)
        assert deployer.returncode == 143
        writer.execute("rollback")
    assert value(empty_database, "select count(*) from moadb.yoyo_lock") == 0
    migrate(empty_database, root=tree.root, resume=True)
    assert verify(empty_database, root=tree.root) == []


def test_session_ended_while_an_index_is_built_concurrently(tree: Tree, empty_database: str) -> None:
    tree.version(
        3, "index", "-- transactional: false\ncreate index concurrently prices_new_idx on shop.prices (changed_at);"
    )
    with connect(empty_database) as writer:
        writer.execute("begin; insert into shop.prices (id) values (99)")
        deployer = tree.start(empty_database, "migrate")
        pid = eventually(lambda: waits(empty_database, "virtualxid"), "the index is built")
        execute(empty_database, f"select pg_terminate_backend({pid})")
        _, err = deployer.communicate(timeout=60)
        assert deployer.returncode == Exit.NEEDS_RESUME
        assert "the connection to the server was lost" in err
        writer.execute("rollback")
    migrate(empty_database, root=tree.root, resume=True)
    assert verify(empty_database, root=tree.root) == []


def test_a_waiting_deployer_does_not_hold_up_a_concurrent_index(tree: Tree, empty_database: str) -> None:
    """The first one's index needs all snapshots older than it to end; the second one, waiting, must not have one."""
    tree.version(
        3, "index", "-- transactional: false\ncreate index concurrently prices_new_idx on shop.prices (changed_at);"
    )
    order: list[str] = []
    second_waits = threading.Event()

    def first() -> None:
        migrate(empty_database, root=tree.root, progress=lambda event: None)
        order.append("first ended")

    def second() -> None:
        def tell(event: Event) -> None:
            if event.kind == "wait":
                second_waits.set()

        report = migrate(empty_database, root=tree.root, wait=600, progress=tell)
        order.append("second: " + ("up to date" if report.up_to_date else "something to do"))

    with connect(empty_database) as writer:
        writer.execute("begin; insert into shop.prices (id) values (99)")
        one = threading.Thread(target=first, daemon=True)
        one.start()
        eventually(lambda: waits(empty_database, "virtualxid"), "the first one waits for the writer")
        two = threading.Thread(target=second, daemon=True)
        two.start()
        assert second_waits.wait(60), "the second one has not come to wait"
        writer.execute("rollback")
        # nothing but the second one's waiting is left: if that held up the index, neither would ever end
        one.join(120)
        assert order[:1] == ["first ended"]
    two.join(120)
    assert order == ["first ended", "second: up to date"]


def test_many_deployers_at_once(tmp_path: Path, empty_database: str) -> None:
    """On an empty database, all start together: one does the work, the others find nothing to do."""
    tree = shop(tmp_path)
    tree.version(2, "raise", RAISE_PRICES)
    deployers = [tree.start(empty_database, "migrate", "--json") for _ in range(6)]
    results = [deployer.communicate(timeout=300) for deployer in deployers]
    assert [deployer.returncode for deployer in deployers] == [0] * 6, results
    reports = [json.loads(out) for out, _ in results]
    assert sorted(report["up_to_date"] for report in reports) == [False] + [True] * 5
    assert value(empty_database, "select cents from shop.prices") == 50000
    assert value(empty_database, "select count(*) from moadb.deployments") == 1


def test_session_ended_by_the_administrator(tree: Tree, empty_database: str) -> None:
    """There is one connection: with it goes everything that was under way."""
    tree.version(3, "slow", "select pg_sleep(600);")
    caught: list[MoadbError] = []

    def deploy() -> None:
        try:
            migrate(empty_database, root=tree.root)
        except MoadbError as error:
            caught.append(error)

    thread = threading.Thread(target=deploy)
    thread.start()
    eventually(
        lambda: value(empty_database, f"{DEPLOYERS} and wait_event = 'PgSleep'"), "the deployer runs the slow file"
    )
    execute(empty_database, f"select pg_terminate_backend(pid) from ({DEPLOYERS}) as d")
    thread.join(60)
    assert "the connection to the server was lost" in caught[0].message
    assert value(empty_database, "select cents from shop.prices") == 500


def test_server_crashes(server: LocalServer, tree: Tree, empty_database: str) -> None:
    tree.version(3, "slow", "select pg_sleep(600);")
    deployer = tree.start(empty_database, "migrate")
    eventually(
        lambda: value(empty_database, f"{DEPLOYERS} and wait_event = 'PgSleep'"), "the deployer runs the slow file"
    )
    kill9(server)
    _, err = deployer.communicate(timeout=60)
    assert deployer.returncode == Exit.FAILED
    assert "the connection to the server was lost" in err
    server.start()
    tree.remove("migrations/shop/0003.shop_slow.sql")
    assert value(empty_database, "select cents from shop.prices") == 500
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select cents from shop.prices") == 50000


class Proxy:
    """A TCP proxy that cuts a connection when the client says `commit` for the nth time.

    Args:
        port: the server's.
        forward: whether the server still gets to hear it.
        nth: which commit, of all connections together.
    """

    def __init__(self, port: int, *, forward: bool, nth: int = 1) -> None:
        self.target = port
        self.forward = forward
        self.left = nth
        self.mute = False  # from the cut to the server's answer, which the client does not get
        self.answered = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._pump, args=(client, upstream, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(upstream, client, False), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        try:
            while data := source.recv(65536):
                if from_client and b"commit\x00" in data.lower():
                    self.left -= 1
                    if self.left == 0:
                        if self.forward:
                            self.mute = True
                            sink.sendall(data)
                            self.answered.wait(60)
                        break
                if self.mute and not from_client:
                    self.answered.set()
                    break
                sink.sendall(data)
        except OSError:
            pass
        finally:
            self.mute = False
            for end in (source, sink):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def close(self) -> None:
        """Take no more connections."""
        self.listener.close()


@pytest.fixture
def by_tcp(server: LocalServer, empty_database: str) -> str:
    """Return a connection string to the empty database, in plain text over TCP, with a place for the port."""
    database = conninfo.conninfo_to_dict(empty_database)["dbname"]
    login = f"user=postgres password={server.password('postgres')}"
    return f"host=127.0.0.1 port=%s {login} dbname={database} sslmode=disable gssencmode=disable"


@pytest.mark.parametrize("forward", [True, False])
def test_connection_lost_at_commit(
    server: LocalServer, tree: Tree, empty_database: str, by_tcp: str, forward: bool
) -> None:
    """Only the ledger knows whether the server committed: it is asked, and the deploy goes on or fails accordingly."""
    proxy = Proxy(server.port, forward=forward, nth=2)  # the first one makes the roles
    events: list[Event] = []
    try:
        if forward:
            report = migrate(by_tcp % proxy.port, root=tree.root, progress=events.append)
            assert report.applied[0] == "migrations/shop/0002.shop_raise.sql"
        else:
            with pytest.raises(MoadbError, match="lost at commit, and the server had not committed"):
                migrate(by_tcp % proxy.port, root=tree.root, progress=events.append)
            assert value(empty_database, "select cents from shop.prices") == 500
    finally:
        proxy.close()
    assert any("connection lost at commit" in event.text for event in events if event.kind == "wait")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, "select cents from shop.prices") == 50000
    assert verify(empty_database, root=tree.root) == []
