"""Users under many sessions at once: addresses, points, notifications, and the last subscription."""

from __future__ import annotations

from typing import Any

import psycopg

from coffee_shop import PICK, open_shop
from concurrency.sessions import Connection, one, outcome, overtake, storm, violations

USERS = 3
BADGES = """
insert into coffee.badges (code, name, description, measure, threshold)
values ('storm_ten', '열', '열', 'storm', 10), ('storm_points', '점', '점', 'experience_points', 100)
"""


def connect(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(dsn, autocommit=True)


def test_an_address_is_registered_once(database: str) -> None:
    """16 sessions register the same four addresses, in one case and another: four users, no other error."""

    def work(connection: Connection, n: int) -> str:
        address = f"User{n % 4}@Example.com" if n % 3 else f"user{n % 4}@example.com"
        return outcome(connection, "select coffee.register_user(%s)", address)

    outcomes = storm(database, 16, work, role="coffee_app")
    assert sorted(outcomes) == ["MF141"] * 12 + ["done"] * 4


def test_the_same_request_gets_the_same_user(database: str) -> None:
    def work(connection: Connection, _: int) -> str:
        return str(one(connection, "select coffee.register_user('a@example.com', p_request_key => 'one')"))

    assert len(set(storm(database, 12, work, role="coffee_app"))) == 1


def test_points_add_up(database: str) -> None:
    """12 sessions award overlapping things to the same users: each once, and level, badges and notices follow once."""
    with connect(database) as connection:
        users = open_shop(connection, USERS, stock=0)
        connection.execute(BADGES)

    def work(connection: Connection, n: int) -> int:
        return sum(
            one(connection, "select coffee._award(%s, 'storm', %s, 7)", users[(n + thing) % USERS], f"thing {thing}")
            for thing in range(20)
        )

    given = storm(database, 12, work, role=None)
    assert sum(given) == USERS * 20
    with connect(database) as connection:
        assert connection.execute(
            "select distinct u.experience_points, u.level, u.badges from coffee.users as u"
        ).fetchall() == [(140, 2, ["storm_ten", "storm_points"])]
        assert one(connection, "select count(*) from coffee.notifications") == USERS * 3
        assert one(connection, "select count(*) from platform.tasks where topic = 'coffee.notify'") == USERS * 3
        assert violations(connection) == []


def test_statements_of_many_users_do_not_deadlock(database: str) -> None:
    """8 sessions write entries of the same users in different orders."""
    with connect(database) as connection:
        users = open_shop(connection, 20, stock=0)

    def work(connection: Connection, n: int) -> None:
        order = users if n % 2 else users[::-1]
        for turn in range(10):
            connection.execute(
                "insert into coffee.experience_entries (user_id, reason, reference, points) "
                "select u, 'storm', %s, 1 from unnest(%s::uuid[]) as u",
                [f"{n} {turn}", order],
            )

    storm(database, 8, work, role=None)
    with connect(database) as connection:
        assert connection.execute("select distinct u.experience_points from coffee.users as u").fetchall() == [(80,)]
        assert violations(connection) == []


def test_a_user_is_told_once(database: str) -> None:
    with connect(database) as connection:
        [user] = open_shop(connection, 1, stock=0)

    def work(connection: Connection, n: int) -> int:
        return sum(
            one(connection, "select coffee._notify(%s, 'storm', %s, '{}', %s) is not null", user, str(n), f"key {key}")
            for key in range(10)
        )

    assert sum(storm(database, 12, work, role=None)) == 10
    with connect(database) as connection:
        assert one(connection, "select count(*) from platform.tasks where topic = 'coffee.notify'") == 10


def test_who_subscribes_is_not_deleted(database: str) -> None:
    with connect(database) as connection:
        first, second = open_shop(connection, 2, stock=0)
    subscribe = "select coffee.subscribe('{}', " + str(PICK) + ', \'{{"street": "1"}}\')'
    delete = "select coffee.delete_user('{}')"
    assert overtake(database, subscribe.format(first), delete.format(first), role="coffee_app") == "MF144"
    assert overtake(database, delete.format(second), subscribe.format(second), role="coffee_app") == "MF140"
    with connect(database) as connection:
        assert violations(connection) == []


def test_nobody_is_told_who_is_being_deleted(database: str) -> None:
    with connect(database) as connection:
        first, second = open_shop(connection, 2, stock=0)
    delete, notify = "select coffee.delete_user('{}')", "select coffee._notify('{}', 'storm', 'box')"
    assert overtake(database, delete.format(first), notify.format(first), role=None) == "done"
    assert overtake(database, notify.format(second), delete.format(second), role=None) == "done"
    with connect(database) as connection:
        assert one(connection, "select count(*) from coffee.notifications") == 0
        assert violations(connection) == []


def test_workers_share_the_notifications(database: str) -> None:
    """Four workers send 40 notifications: each is sent by one of them."""
    with connect(database) as connection:
        [user] = open_shop(connection, 1, stock=0)
        connection.execute("select coffee._notify(%s, 'storm', n::text) from generate_series(1, 40) as n", [user])

    def work(connection: Connection, n: int) -> list[str]:
        sent: list[str] = []
        while tasks := connection.execute("select * from coffee.claim_tasks('coffee.notify', 3)").fetchall():
            for task_id, lease, payload, *_ in tasks:
                content = connection.execute(
                    "select g.content from coffee.get_notification(%s) as g", [payload["notification_id"]]
                ).fetchone()
                assert content is not None
                connection.execute("select platform.ack_task(%s, %s)", [task_id, lease])
                sent.append(content[0])
        return sent

    sent = [content for part in storm(database, 4, work, role="coffee_app") for content in part]
    assert sorted(sent, key=int) == [str(n) for n in range(1, 41)]
