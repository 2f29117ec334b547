"""Tastings under many sessions at once: the sums lose nothing, and whoever goes through the API waits in no circle."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, storm

COFFEE = "00000000-0000-0000-0000-0000000000c1"
USERS = [f"00000000-0000-0000-0000-00000000000{n}" for n in range(1, 5)]
RECORD = "select r.record_id from coffee.record_taste(%s, %s, 'lab', %s::jsonb, p_request_key => %s) as r"


@pytest.fixture
def admin(database: str) -> Iterator[Connection]:
    """Return a superuser's session; a coffee and four users are there."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster')"
        )
        connection.execute(
            "insert into coffee.coffees (id, name, roaster_id, origin_country) "
            "values (%s, 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya')",
            (COFFEE,),
        )
        for number, user in enumerate(USERS):
            connection.execute("insert into coffee.users (id, email) values (%s, %s)", (user, f"{number}@example.com"))
        yield connection


def broken(admin: Connection) -> list[str]:
    """Return the invariants of coffee that do not hold. That days of the past wait in a default partition is none."""
    query = "select c.invariant from platform.check_invariants('coffee') as c where c.violations > 0"
    return [name for (name,) in admin.execute(query).fetchall()]


def test_one_user_in_many_sessions(admin: Connection, database: str) -> None:
    """A user records ten tastings in each of eight sessions: all count, and versions have no gap."""

    def taste(connection: Connection, session: int) -> None:
        for number in range(10):
            one(connection, RECORD, USERS[0], COFFEE, f'{{"acidity": {session}}}', f"{session}-{number}")

    storm(database, 8, taste, "coffee_app")
    row = admin.execute(
        "select (u.taste_dna -> 'total_records')::integer, (u.taste_dna -> 'acidity_preference')::numeric, "
        "u.taste_dna_version, (select count(*) from coffee.taste_dna_versions as v where v.user_id = u.id) "
        "from coffee.users as u where u.id = %s",
        (USERS[0],),
    ).fetchone()
    assert row == (80, 3.5, 81, 80)
    assert broken(admin) == []


def test_the_same_request_in_many_sessions(admin: Connection, database: str) -> None:
    """One record, whoever asks first."""
    records = storm(
        database, 8, lambda c, n: one(c, RECORD, USERS[0], COFFEE, '{"acidity": 1}', "the same"), "coffee_app"
    )
    assert len(set(records)) == 1
    assert one(admin, "select count(*) from coffee.taste_records") == 1


def test_statements_over_many_users(admin: Connection, database: str) -> None:
    """Raw statements over many users, in any order of users: inserts never fail, and no sum is lost.

    Updates and deletes lock records in the order in which they find them. Two that meet in the same records may
    deadlock: one is refused, and nothing of it stays. The API locks the user first, and has one user in a call.
    """

    def write(connection: Connection, session: int) -> list[str]:
        order = USERS if session % 2 else USERS[::-1]
        statements = [
            (
                "insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at) "
                "select u.id, %s, 'cafe', jsonb_build_object('body', n), now() - n * interval '9 days' "
                "from unnest(%s::uuid[]) with ordinality as u (id, place) cross join generate_series(1, 12) as n",
                (COFFEE, order),
            ),
            (
                "update coffee.taste_records as r set taste_layers = '{\"body\": 5}', "
                "created_at = r.created_at - interval '1 day' "
                "where r.mode = 'cafe' and r.user_id = any (%s::uuid[]) and r.taste_layers = '{\"body\": 3}'",
                (order[: 1 + session % 3],),
            ),
            (
                "delete from coffee.taste_records as r where r.user_id = %s and r.taste_layers = '{\"body\": 5}'",
                (order[session % 4],),
            ),
        ]
        return [outcome(connection, statement, *values) for _ in range(3) for statement, values in statements]

    outcomes = [result for results in storm(database, 6, write, None) for result in results]
    assert set(outcomes[::3]) == {"done"}
    assert set(outcomes) <= {"done", "40P01", "40001"}
    assert outcomes.count("done") >= len(outcomes) - 6
    assert broken(admin) == []


def test_an_analysis_and_the_end_of_its_record(admin: Connection, database: str) -> None:
    """Whoever analyses while the record is deleted: the analysis goes with it, or is refused."""
    for _ in range(10):
        row = admin.execute(
            "select r.record_id, r.created_at from coffee.record_taste(%s, %s, 'lab', '{}') as r", (USERS[0], COFFEE)
        ).fetchone()
        assert row is not None
        key = row

        def work(connection: Connection, session: int, key: tuple[object, ...] = key) -> str:
            if session == 0:
                return outcome(connection, "select coffee.delete_taste(%s, %s, %s)", USERS[0], *key)
            return outcome(connection, "select coffee.record_analysis(%s, %s, 'taste_match', '1')", *key)

        outcomes = storm(database, 4, work, "coffee_app")
        assert outcomes[0] == "done"
        assert set(outcomes[1:]) <= {"done", "MF100"}
        assert one(admin, "select count(*) from coffee.ai_analyses") == 0
