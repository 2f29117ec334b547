"""Non-transactional migrations: where they stop, how they go on, what they never do twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.trees import Tree, execute, shop, value
from moadb.connection import connect
from moadb.deploy import Event, migrate, rollback, status, verify
from moadb.errors import Exit, MoadbError, Refused

PATH = "migrations/shop/0002.shop_index.sql"
INDEX = """-- transactional: false
insert into shop.prices (id) values (2);

create unique index concurrently prices_changed_at_key
  on shop.prices (changed_at);
insert into shop.prices (id) values (3);
"""


def indexed(root: Path, text: str = INDEX, back: str | None = None) -> Tree:
    """Return the shop with a non-transactional migration."""
    tree = shop(root)
    tree.version(2, "index", text, back)
    return tree


def valid(dsn: str, name: str = "prices_changed_at_key") -> bool | None:
    """Say whether an index is valid, None: there is none."""
    query = "select i.indisvalid from pg_index as i where i.indexrelid = to_regclass('shop.' || %s)"
    result: bool | None = value(dsn, query, name)
    return result


def test_in_phases(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(tmp_path)
    tree.version(3, "more", "create table shop.more (id int);")
    report = migrate(empty_database, root=tree.root)
    assert [[script.path for script in phase.scripts] for phase in report.plan.phases if not phase.transactional] == [
        [PATH]
    ]
    assert report.applied[:3] == [
        "migrations/shop/0001.shop_prices.sql",
        PATH,
        "migrations/shop/0003.shop_more.sql",
    ]
    assert valid(empty_database) is True
    assert value(empty_database, "select array_agg(state order by n) from moadb.steps") == ["done"] * 3
    assert value(empty_database, "select array[state, transactions::text] from moadb.deployments") == ["done", "7"]
    assert value(empty_database, "select script_id from moadb.objects where identity = 'shop.prices_changed_at_key'")
    assert value(empty_database, "select count(*) from moadb._yoyo_migration") == 3
    assert value(empty_database, "select count(*) from moadb.yoyo_lock") == 0
    assert verify(empty_database, root=tree.root) == []
    assert migrate(empty_database, root=tree.root).up_to_date


def test_failed_statement_and_resume(tmp_path: Path, empty_database: str) -> None:
    """The data does not allow the index; the statements before it ran, and do not run again."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "insert into shop.prices values (10, 1, '2026-01-01'), (11, 1, '2026-01-01')")
    indexed(tmp_path)
    with pytest.raises(MoadbError, match=f"{PATH}:4: could not create unique index") as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.exit_code == Exit.NEEDS_RESUME
    assert "`moadb migrate --resume`" in str(caught.value.hint)
    assert valid(empty_database) is False

    with pytest.raises(MoadbError, match=f"{PATH} has not come to its end") as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.exit_code == Exit.NEEDS_RESUME
    assert caught.value.details[0].startswith("statement 2 (failed): create unique index concurrently")
    interrupted = status(empty_database, root=tree.root).plan.interrupted
    assert interrupted is not None
    assert interrupted.path == PATH

    execute(empty_database, "delete from shop.prices where id = 11")
    events: list[Event] = []
    migrate(empty_database, root=tree.root, resume=True, progress=events.append)
    warning = "invalid index shop.prices_changed_at_key is left over: built anew"
    assert [event.text for event in events if event.kind == "warning"] == [warning]
    assert valid(empty_database) is True
    assert value(empty_database, "select array_agg(id order by id) from shop.prices") == [1, 2, 3, 10]
    assert verify(empty_database, root=tree.root) == []
    assert value(empty_database, "select array_agg(state order by id) from moadb.deployments") == [
        "done",
        "failed",
        "done",
    ]


def test_failure_of_the_first_statement_changes_nothing(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(tmp_path, "-- transactional: false\nselect 1/0;\nselect 2;")
    with pytest.raises(MoadbError, match=f"{PATH}:2: division by zero") as caught:
        migrate(empty_database, root=tree.root)
    assert caught.value.exit_code == Exit.FAILED
    assert value(empty_database, "select count(*) from moadb.steps") == 0
    tree.version(2, "index", INDEX)
    migrate(empty_database, root=tree.root)


def test_what_has_run_may_not_change_and_the_rest_may(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(tmp_path, INDEX.replace("(changed_at)", "(nosuch)"))
    with pytest.raises(MoadbError, match=f'{PATH}:4: column "nosuch" does not exist'):
        migrate(empty_database, root=tree.root)
    tree.version(2, "index", INDEX.replace("values (2)", "values (22)"))
    with pytest.raises(Refused, match="statement 1 is not the one that has run") as caught:
        migrate(empty_database, root=tree.root, resume=True)
    assert caught.value.details == ["it ran as: insert into shop . prices ( id ) values ( 2 ) ;"]
    tree.version(2, "index", INDEX + "insert into shop.prices (id) values (4);")
    migrate(empty_database, root=tree.root, resume=True)
    assert value(empty_database, "select array_agg(id order by id) from shop.prices") == [1, 2, 3, 4]
    assert migrate(empty_database, root=tree.root).up_to_date


def journal_as_if_cut_off(dsn: str, n: int, state: str = "running") -> None:
    """Make the ledger what it is when the deployer died while statement n ran."""
    execute(
        dsn,
        f"delete from moadb.steps where n > {n}; update moadb.steps set state = '{state}' where n = {n};"
        "update moadb.scripts set state = 'running' where id = '0002.shop_index';"
        "delete from moadb.objects where identity ~ 'prices_changed_at';"
        "delete from moadb._yoyo_migration where migration_id = '0002.shop_index'",
    )


def test_index_was_complete_and_not_journalled(tmp_path: Path, empty_database: str) -> None:
    """A valid index is not built twice; the rest of the file runs."""
    tree = indexed(tmp_path)
    migrate(empty_database, root=tree.root)
    journal_as_if_cut_off(empty_database, 2)
    execute(empty_database, "delete from shop.prices where id = 3")
    oid = value(empty_database, "select 'shop.prices_changed_at_key'::regclass::oid")
    migrate(empty_database, root=tree.root, resume=True)
    assert value(empty_database, "select 'shop.prices_changed_at_key'::regclass::oid") == oid
    assert value(empty_database, "select array_agg(id order by id) from shop.prices") == [1, 2, 3]
    assert verify(empty_database, root=tree.root) == []


@pytest.mark.parametrize(
    ("text", "undo", "check"),
    [
        (
            "drop index concurrently shop.prices_cents_idx;",
            "create index prices_cents_idx on shop.prices (cents)",
            "select to_regclass('shop.prices_cents_idx') is null",
        ),
        (
            "reindex index concurrently shop.prices_cents_idx;",
            "create index prices_cents_idx_ccnew on shop.prices (cents);"
            "update pg_index set indisvalid = false where indexrelid = 'shop.prices_cents_idx_ccnew'::regclass",
            "select to_regclass('shop.prices_cents_idx_ccnew') is null",
        ),
        ("vacuum shop.prices;", "select 1", "select true"),
        ("call shop.refill();", "select 1", "select count(*) = 2 from shop.prices where id > 100"),
        (
            "alter table shop.days detach partition shop.days_1 concurrently;",
            "alter table shop.days attach partition shop.days_1 for values from ('2026-01-01') to ('2026-01-02')",
            "select count(*) = 0 from pg_inherits where inhrelid = 'shop.days_1'::regclass",
        ),
    ],
)
@pytest.mark.parametrize("done", [True, False])
def test_statements_outside_a_transaction(
    tmp_path: Path, empty_database: str, text: str, undo: str, check: str, done: bool
) -> None:
    """Cut off after or before it took effect: --resume brings either to the end."""
    tree = shop(tmp_path)
    tree.version(
        2,
        "ground",
        """
        create table shop.days (day date) partition by range (day);
        create table shop.days_1 partition of shop.days for values from ('2026-01-01') to ('2026-01-02');
        create procedure shop.refill() language plpgsql as $$
        begin
          insert into shop.prices (id) values (101) on conflict do nothing;
          commit;
          insert into shop.prices (id) values (102) on conflict do nothing;
        end $$;
        """,
    )
    id = tree.version(3, "outside", f"-- transactional: false\n{text}\ninsert into shop.prices (id) values (7);")
    migrate(empty_database, root=tree.root)
    assert value(empty_database, check)
    execute(empty_database, "delete from shop.prices where id = 7")
    journal_as_if_cut_off(empty_database, 1)
    execute(
        empty_database,
        f"update moadb.scripts set state = 'applied' where id like '0002%'; "
        f"update moadb.scripts set state = 'running' where id = '{id}'",
    )
    if not done:
        with connect(empty_database) as connection:
            for statement in undo.split(";"):
                connection.execute(statement.encode())
    migrate(empty_database, root=tree.root, resume=True)
    assert value(empty_database, check)
    assert value(empty_database, "select count(*) from shop.prices where id = 7") == 1


def test_rewritten_statement(tmp_path: Path, empty_database: str) -> None:
    """What the earlier wording left behind is cleared up."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "insert into shop.prices values (10, 1, '2026-01-01'), (11, 1, '2026-01-01')")
    indexed(tmp_path)
    with pytest.raises(MoadbError, match="could not create unique index"):
        migrate(empty_database, root=tree.root)
    text = INDEX.replace("unique index", "index").replace("_key", "_idx")
    tree.version(2, "index", text)
    migrate(empty_database, root=tree.root, resume=True)
    assert valid(empty_database) is None
    assert valid(empty_database, "prices_changed_at_idx") is True
    assert verify(empty_database, root=tree.root) == []


def test_index_of_somebody_else(tmp_path: Path, empty_database: str) -> None:
    """A valid index that was there before is not taken for the one that could not be made."""
    tree = shop(tmp_path)
    migrate(empty_database, root=tree.root)
    execute(empty_database, "create index prices_changed_at_key on shop.prices (cents)")
    indexed(tmp_path)
    for resume in (False, True):
        with pytest.raises(MoadbError, match='relation "prices_changed_at_key" already exists'):
            migrate(empty_database, root=tree.root, resume=resume)
    execute(empty_database, "drop index shop.prices_changed_at_key")
    migrate(empty_database, root=tree.root, resume=True)
    assert verify(empty_database, root=tree.root) == []


def test_index_without_a_name(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(tmp_path, "-- transactional: false\ncreate index concurrently on shop.prices (cents);")
    with pytest.raises(MoadbError, match=f"{PATH}:2: an index that is built concurrently needs a name"):
        migrate(empty_database, root=tree.root)


def test_detach_that_is_pending_is_finished(tmp_path: Path, empty_database: str) -> None:
    tree = shop(tmp_path)
    tree.version(
        2,
        "ground",
        "create table shop.days (day date) partition by range (day);\n"
        "create table shop.days_1 partition of shop.days for values from ('2026-01-01') to ('2026-01-02');",
    )
    migrate(empty_database, root=tree.root)
    id = tree.version(
        3, "detach", "-- transactional: false\nalter table shop.days detach partition shop.days_1 concurrently;"
    )
    with connect(empty_database) as reader, connect(empty_database) as dba:
        reader.execute("begin; select * from shop.days")
        dba.execute("set lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):  # as a crash in the second half of it leaves it
            dba.execute("alter table shop.days detach partition shop.days_1 concurrently")
        reader.execute("rollback")
    pending = "select count(*) from pg_inherits where inhrelid = 'shop.days_1'::regclass and inhdetachpending"
    assert value(empty_database, pending) == 1
    text = (tree.root / f"migrations/shop/{id}.sql").read_text()
    execute(
        empty_database,
        f"insert into moadb.scripts (id, kind, state, path, system_name, schema_name, body, raw_sha256, "
        f"normalised_sha256, deployment_id, applied_at, duration_ms) values ('{id}', 'version', 'running', "
        f"'migrations/shop/{id}.sql', 'shop', 'shop', $t${text}$t$, '', '', 1, now(), 0);"
        f"insert into moadb.steps (script_id, direction, n, statement, state, deployment_id, started_at) "
        f"values ('{id}', 'apply', 1, 'alter table shop.days detach partition shop.days_1 concurrently;', "
        f"'running', 1, now())",
    )
    migrate(empty_database, root=tree.root, resume=True)
    assert value(empty_database, "select count(*) from pg_inherits where inhrelid = 'shop.days_1'::regclass") == 0


def test_rollback_of_a_non_transactional_version(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(
        tmp_path,
        back="drop index concurrently if exists shop.prices_changed_at_key;\ndelete from shop.prices where id > 1;",
    )
    migrate(empty_database, root=tree.root)
    rollback(empty_database, steps_back=1, root=tree.root)
    assert valid(empty_database) is None
    assert value(empty_database, "select array_agg(id) from shop.prices") == [1]
    assert value(empty_database, "select count(*) from moadb.steps") == 0
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []


def test_rollback_of_an_interrupted_version(tmp_path: Path, empty_database: str) -> None:
    back = "drop index concurrently if exists shop.prices_changed_at_key;\ndelete from shop.prices where id in (2, 3);"
    tree = indexed(tmp_path, INDEX.replace("(changed_at)", "(nosuch)"), back)
    with pytest.raises(MoadbError):
        migrate(empty_database, root=tree.root)
    rollback(empty_database, steps_back=1, root=tree.root)
    assert value(empty_database, "select array_agg(id) from shop.prices") == [1]
    assert status(empty_database, root=tree.root).plan.interrupted is None
    tree.version(2, "index", INDEX)
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []


def test_interrupted_rollback(tmp_path: Path, empty_database: str) -> None:
    back = "delete from shop.prices where id in (2, 3);\ndrop index concurrently shop.nosuch;"
    tree = indexed(tmp_path, back=back)
    migrate(empty_database, root=tree.root)
    with pytest.raises(
        MoadbError, match=r"0002\.shop_index\.rollback\.sql:2: index \"nosuch\" does not exist"
    ) as caught:
        rollback(empty_database, steps_back=1, root=tree.root)
    assert caught.value.exit_code == Exit.NEEDS_RESUME
    for resume in (True, False):
        with pytest.raises(MoadbError, match=f"the rollback of {PATH} has not come to its end"):
            migrate(empty_database, root=tree.root, resume=resume)
    tree.version(2, "index", INDEX, back.replace("nosuch", "prices_changed_at_key"))
    rollback(empty_database, steps_back=1, root=tree.root)
    assert valid(empty_database) is None
    migrate(empty_database, root=tree.root)
    assert verify(empty_database, root=tree.root) == []


def test_rehearsal_stops_before_it(tmp_path: Path, empty_database: str) -> None:
    tree = indexed(tmp_path)
    events: list[Event] = []
    report = migrate(empty_database, root=tree.root, plan_only=True, rehearse=True, progress=events.append)
    assert report.applied == ["migrations/shop/0001.shop_prices.sql"]
    assert any("not transactional" in event.text and event.path == PATH for event in events)
    assert value(empty_database, "select to_regnamespace('shop')") is None
