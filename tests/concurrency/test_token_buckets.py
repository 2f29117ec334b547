"""A limit under many sessions at once."""

from __future__ import annotations

from concurrency.sessions import Connection, one, storm

TAKE = "select platform.take_tokens('tap.storm', %s, 20, '1000 days') = '0'"


def test_no_token_is_taken_twice(database: str) -> None:
    """32 sessions try ten times each to take one of 20 tokens, of two keys: 20 of each are taken."""

    def work(connection: Connection, n: int) -> int:
        return sum(one(connection, TAKE, f"key-{n % 2}") for _ in range(10))

    taken = storm(database, 32, work, role=None)
    assert sum(taken[0::2]) == 20
    assert sum(taken[1::2]) == 20
