"""One request key, several sessions: the work is done once, and everybody gets its answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, storm

# an API function as every system writes them
WORK = """
set role moadb_owner;
create schema tap;
create table tap.orders (id bigint generated always as identity primary key, amount numeric);
create function tap.place_order(p_amount numeric, p_request_key text) returns jsonb language plpgsql as $$
declare
  v_answer jsonb := platform.claim_request('tap.place_order', p_request_key, jsonb_build_object('amount', p_amount));
begin
  if v_answer is null then
    insert into tap.orders (amount) values (p_amount) returning jsonb_build_object('id', id) into v_answer;
    perform platform.complete_request('tap.place_order', p_request_key, v_answer);
  end if;
  return v_answer;
end;
$$;
reset role;
"""
CALL = "select tap.place_order(%s, %s)"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a session on a database in which orders can be placed."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(WORK)
        yield connection


@pytest.fixture
def first(database: str, admin: Connection) -> Iterator[Connection]:
    """Return a session that has placed an order of 5 under key `k` and has not committed."""
    with closing(psycopg.connect(database)) as connection:
        assert one(connection, CALL, 5, "k") == {"id": 1}
        yield connection


@pytest.fixture
def second(database: str, admin: Connection) -> Iterator[Connection]:
    """Return another session."""
    with closing(psycopg.connect(database)) as connection:
        yield connection


def call_behind(
    blocker: Connection, pool: ThreadPoolExecutor, admin: Connection, connection: Connection, amount: int
) -> Future[Any]:
    """Place an order under key `k` in a thread of its own; return when it waits for the session `blocker`."""
    answer = pool.submit(one, connection, CALL, amount, "k")
    while blocker.info.backend_pid not in one(admin, "select pg_blocking_pids(%s)", connection.info.backend_pid):
        assert not answer.done(), "it does not wait"
        time.sleep(0.01)
    return answer


def test_storm(admin: Connection, database: str) -> None:
    """32 sessions send eight requests each: eight orders, and each request has one answer."""
    answers = storm(database, 32, lambda c, n: [one(c, CALL, key, f"key-{key}") for key in range(8)], role=None)
    assert one(admin, "select count(*) from tap.orders") == 8
    assert one(admin, "select array_agg(amount order by amount)::int[] from tap.orders") == list(range(8))
    assert all(answer == answers[0] for answer in answers)
    assert one(admin, "select count(*) from platform.request_keys where response is null") == 0


def test_the_second_waits_and_gets_the_answer(admin: Connection, first: Connection, second: Connection) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 5)
        first.commit()
        assert answer.result() == {"id": 1}
    second.commit()
    assert one(admin, "select count(*) from tap.orders") == 1


def test_the_second_takes_over_after_a_rollback(admin: Connection, first: Connection, second: Connection) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 5)
        first.rollback()
        assert answer.result() == {"id": 2}
    second.commit()
    assert one(admin, "select array_agg(id) from tap.orders") == [2]


def test_the_second_takes_over_when_the_first_is_killed(
    admin: Connection, first: Connection, second: Connection
) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 5)
        admin.execute("select pg_terminate_backend(%s)", [first.info.backend_pid])
        assert answer.result() == {"id": 2}
    second.commit()
    assert one(admin, "select array_agg(id) from tap.orders") == [2]


def test_another_request_is_refused_once_the_first_is_there(
    admin: Connection, first: Connection, second: Connection
) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 6)
        first.commit()
        with pytest.raises(psycopg.Error) as caught:
            answer.result()
    assert caught.value.sqlstate == "MP052"


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_in_a_snapshot_the_second_has_to_try_again(
    admin: Connection, first: Connection, second: Connection, level: str
) -> None:
    """It cannot see the answer, and must not do the work: 40001, and the next try gets it."""
    second.execute(f"set transaction isolation level {level}")
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 5)
        first.commit()
        with pytest.raises(psycopg.errors.SerializationFailure):
            answer.result()
    second.rollback()
    second.execute(f"set transaction isolation level {level}")
    assert one(second, CALL, 5, "k") == {"id": 1}
    second.commit()
    assert one(admin, "select count(*) from tap.orders") == 1


def test_a_key_that_is_pruned_meanwhile_is_new(admin: Connection, first: Connection, second: Connection) -> None:
    """The second call waits for the pruning, and then the request is a new one."""
    first.commit()
    first.execute("select platform.prune_request_keys('0 days')")
    with ThreadPoolExecutor(1) as pool:
        answer = call_behind(first, pool, admin, second, 6)
        first.commit()
        assert answer.result() == {"id": 2}
