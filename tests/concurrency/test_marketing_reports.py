"""Reports that many workers make at once, while schedules run twice and users cancel what is being made."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import pytest

from concurrency.sessions import Connection, one, outcome, overtake, storm, violations

SHOP = """
insert into marketing.users (id, email, password_hash, name) values (1, 'a@example.com', 'x', 'a');
insert into marketing.workspaces (id, name) values (1, 'one');
insert into marketing.workspace_members (workspace_id, user_id, role) values (1, 1, 'user');
"""
ASK = (
    "select marketing.request_report(1, 'R' || n, 'daily', p_config => '{\"formats\": [\"pdf\"]}') "
    "from generate_series(1, %s) as n"
)
CLAIM = "select report_id, task_id, lease_token, attempt, file_name from marketing.claim_report('5 minutes', %s)"
COMPLETE = (
    "select marketing.complete_report(%s, %s, jsonb_build_array(jsonb_build_object("
    "'format', 'pdf', 'url', %s::text, 'bytes', 1, 'sha256', repeat('0', 64))))"
)
RUN = "select marketing.run_report_schedules()"


@pytest.fixture
def shop(database: str) -> str:
    """Return a database with a workspace and a user of it."""
    with psycopg.connect(database) as connection:
        connection.execute(SHOP)
    return database


def claim(connection: Connection, worker: int) -> tuple[Any, ...] | None:
    """Take a report; None when there is none."""
    return connection.execute(CLAIM, [f"w{worker}"]).fetchone()


def url(found: tuple[Any, ...], folder: str) -> str:
    """Return where the worker of a claimed report has put its file."""
    return f"file:///{folder}/{found[4]}.pdf"


def test_each_report_is_made_once(shop: str) -> None:
    """6 workers make 40 reports, some at the second attempt: each is completed by one of them, no lease is shared."""
    with psycopg.connect(shop) as connection:
        connection.execute(ASK, [40])

    def work(connection: Connection, n: int) -> list[int]:
        made: list[int] = []
        empty = 0
        while empty < 3:
            found = claim(connection, n)
            if found is None:
                empty += 1
                continue
            report_id, task_id, token, attempt, _ = found
            if report_id % 5 == 0 and attempt == 1:
                connection.execute("select marketing.fail_report(%s, %s, 'no disk')", [task_id, token])
                connection.execute(
                    "update platform.tasks set run_at = now() where id = %s and status = 'ready'", [task_id]
                )
                empty = 0
                continue
            connection.execute(COMPLETE, [task_id, token, url(found, f"w{n}")])
            made.append(report_id)
        return made

    made = storm(shop, 6, work, role=None)
    with psycopg.connect(shop) as connection:
        assert Counter(i for ids in made for i in ids) == Counter(
            row[0] for row in connection.execute("select id from marketing.reports")
        )
        assert connection.execute("select status, count(*) from marketing.reports group by 1").fetchall() == [
            ("completed", 40)
        ]
        by_worker = {(i, f"w{n}") for n, ids in enumerate(made) for i in ids}
        named = connection.execute("select id, split_part(file_url, '/', 4) from marketing.reports").fetchall()
        assert set(named) == by_worker
        assert one(connection, "select count(*) from marketing.reports where attempts = 2") == 8
        assert one(connection, "select count(*) from platform.tasks where status <> 'done'") == 0
        assert not violations(connection)


def test_a_lease_is_completed_by_who_has_it(shop: str) -> None:
    """A worker that comes back while another has its report is refused, whichever of them is first."""
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute(ASK, [1])
        first = claim(connection, 1)
        connection.execute("update platform.tasks set run_at = now()")
        second = claim(connection, 2)
        assert first is not None
        assert second is not None
        assert (first[0], second[3]) == (second[0], 2)

    calls = [(*first[1:3], url(first, "a")), (*second[1:3], url(second, "a"))]
    outcomes = storm(shop, 8, lambda c, n: (n % 2, outcome(c, COMPLETE, *calls[n % 2])), role="marketing_admin")
    assert set(outcomes) == {(0, "MP058"), (1, "done")}
    with psycopg.connect(shop) as connection:
        assert one(connection, "select file_url from marketing.reports") == url(second, "a")


def test_schedules_ask_once(shop: str) -> None:
    """8 sessions run the schedules at the same moment: a report for each, and none the next time."""
    with psycopg.connect(shop) as connection:
        connection.execute(
            "select marketing.create_report_schedule(1, 'S' || n, (array['daily', 'weekly', 'monthly'])[n % 3 + 1]) "
            "from generate_series(1, 30) as n"
        )
        connection.execute("update marketing.report_schedules set next_run_at = now() - interval '40 days'")

    made = storm(shop, 8, lambda connection, n: int(one(connection, RUN)), role="marketing_admin")
    with psycopg.connect(shop) as connection:
        assert sum(made) == 30
        assert connection.execute(
            "select count(*), count(distinct schedule_id), "
            "count(distinct date_to) filter (where report_type = 'daily') from marketing.reports"
        ).fetchall() == [(30, 30, 1)]
        assert one(connection, "select count(*) from platform.tasks where topic = 'marketing.report'") == 30
        assert one(connection, "select count(*) from marketing.report_schedules where next_run_at <= now()") == 0
        assert one(connection, RUN) == 0
        assert not violations(connection)


def test_a_schedule_that_another_session_runs_is_passed_over(shop: str) -> None:
    """Two sessions in transactions that overlap: the second asks for nothing and does not wait."""
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("select marketing.create_report_schedule(1, 'S', 'daily')")
        connection.execute("update marketing.report_schedules set next_run_at = now()")
    with psycopg.connect(shop) as first, psycopg.connect(shop) as second:
        second.execute("set lock_timeout = '5s'")
        assert (one(first, RUN), one(second, RUN)) == (1, 0)
        first.commit()
        second.commit()
        assert (one(second, RUN), one(second, "select count(*) from marketing.reports")) == (0, 1)


def test_the_same_request_at_once_asks_once(shop: str) -> None:
    """8 sessions ask under the same key: one report."""
    ask = "select marketing.request_report(1, 'R', 'daily', p_request_key => 'k')"
    ids = storm(shop, 8, lambda connection, n: one(connection, ask), role="marketing_admin")
    assert len(set(ids)) == 1
    with psycopg.connect(shop) as connection:
        assert one(connection, "select count(*) from marketing.reports") == 1


def test_cancelled_or_completed(shop: str) -> None:
    """Users cancel and ask again while workers make: nobody hangs, and each report is as the last of them left it."""
    with psycopg.connect(shop) as connection:
        connection.execute(ASK, [20])
        ids = [row[0] for row in connection.execute("select id from marketing.reports order by 1")]

    def work(connection: Connection, n: int) -> set[str]:
        outcomes: set[str] = set()
        if n % 2:
            for key in ids if n % 4 == 1 else ids[::-1]:
                outcomes.add(outcome(connection, "select marketing.cancel_report(%s)", key))
                if key % 2:
                    outcomes.add(outcome(connection, "select marketing.retry_report(%s)", key))
            return outcomes
        while (found := claim(connection, n)) is not None:
            outcomes.add(outcome(connection, COMPLETE, *found[1:3], url(found, "a")))
        return outcomes

    outcomes = set().union(*storm(shop, 6, work, role="marketing_admin"))
    assert outcomes <= {"done", "MM133", "MM134"}
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute("update platform.tasks set run_at = now() where status = 'ready'")
        while (found := claim(connection, 9)) is not None:
            connection.execute(COMPLETE, [*found[1:3], url(found, "last")])
        states: dict[int, str] = dict(connection.execute("select id, status from marketing.reports").fetchall())
        assert set(states.values()) <= {"completed", "failed"}
        assert all(states[i] == "completed" for i in ids if i % 2)
        assert one(connection, "select count(*) from platform.tasks where status <> 'done'") == 0
        assert not violations(connection)


@pytest.mark.parametrize(("first", "second", "end"), [("cancel", "complete", "MM133"), ("complete", "cancel", "MM134")])
def test_who_is_later_is_told(shop: str, first: str, second: str, end: str) -> None:
    """Cancelling and completing the same report at the same moment: one of them happens, the other is refused."""
    with psycopg.connect(shop, autocommit=True) as connection:
        connection.execute(ASK, [1])
        found = claim(connection, 1)
        assert found is not None
        calls = {
            "cancel": f"select marketing.cancel_report({found[0]})",
            "complete": psycopg.ClientCursor(connection).mogrify(COMPLETE, [*found[1:3], url(found, "a")]),
        }
    assert overtake(shop, calls[first], calls[second], role="marketing_admin") == end
