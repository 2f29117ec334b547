"""moadb tasks: what is shown, what is tried again, what bad input gets."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from moadb import tasks
from moadb.cli import cli
from moadb.errors import Exit, MoadbError


@pytest.fixture
def tasked(database: str) -> str:
    """Return a database in which one task is due, one is leased, and two were given up."""
    with psycopg.connect(database) as connection:
        connection.execute(
            """
            insert into platform.tasks (
              id, topic, payload, status, run_at, attempts, worker, lease_token, last_error, finished_at
            )
            overriding system value
            values
              (101, 'tap.mail', '{"to": 1}', 'ready', now() - interval '1 hour', 0, null, null, null, null),
              (102, 'tap.mail', '{}', 'ready', now() + interval '1 hour', 1, 'w1', gen_random_uuid(), null, null),
              (103, 'tap.mail', '{}', 'dead', '2027-01-01', 10, 'w1', null, '[smtp] no answer', now()),
              (104, 'tap.push', '{}', 'dead', '2027-01-02', 10, 'w2', null, 'no such device', now())
            """
        )
    return database


def moadb(dsn: str, *arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, ["--dsn", dsn, "tasks", *arguments], env={"COLUMNS": "200"})


def moadb_json(dsn: str, *arguments: str) -> Any:
    """Run a command that succeeds and return its JSON."""
    result = moadb(dsn, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_list_topics(tasked: str) -> None:
    topics = moadb_json(tasked, "list")
    assert topics[0].pop("waiting_for") >= 3600
    assert topics == [
        {"topic": "tap.mail", "due": 1, "scheduled": 0, "leased": 1, "abandoned": 0, "dead": 1, "done": 0},
        {
            "topic": "tap.push",
            "due": 0,
            "scheduled": 0,
            "leased": 0,
            "abandoned": 0,
            "dead": 1,
            "done": 0,
            "waiting_for": None,
        },
    ]
    lines = moadb(tasked, "list").stdout.splitlines()
    assert lines[0].split()[:3] == ["topic", "due", "scheduled"]
    assert [line.split()[0] for line in lines[1:]] == ["tap.mail", "tap.push"]


def test_list_tasks(tasked: str) -> None:
    found = moadb_json(tasked, "list", "tap.mail", "--status", "ready")
    assert [task["id"] for task in found] == [101, 102]
    assert found[0]["payload"] == {"to": 1}
    assert "lease_token" not in found[1]
    assert [task["id"] for task in moadb_json(tasked, "list", "--status", "dead")] == [103, 104]
    assert [task["id"] for task in moadb_json(tasked, "list", "--status", "dead", "-n", "1")] == [103]
    assert "[smtp] no answer" in moadb(tasked, "list", "tap.mail").stdout
    assert moadb(tasked, "list", "tap.nothing").stdout == "there are none\n"


def test_no_tasks(database: str) -> None:
    assert moadb(database, "list").stdout == "there are no tasks\n"
    assert moadb(database, "retry", "--all").stdout == "none was given up\n"


@pytest.mark.parametrize(
    ("arguments", "retried"), [(["103"], [103]), (["--topic", "tap.push"], [104]), (["--all"], [103, 104])]
)
def test_retry(tasked: str, arguments: list[str], retried: list[int]) -> None:
    assert moadb_json(tasked, "retry", *arguments) == retried
    assert [task.id for task in tasks.list_tasks(tasked, status="dead")] == [
        id for id in (103, 104) if id not in retried
    ]
    assert {
        task.id: task.attempts for task in tasks.list_tasks(tasked, status="ready") if task.id in retried
    } == dict.fromkeys(retried, 0)


def test_retry_touches_nothing_when_one_is_not_dead(tasked: str) -> None:
    with pytest.raises(MoadbError) as caught:
        tasks.retry(tasked, [103, 102, 999])
    assert caught.value.message == "not given up: 102, 999"
    assert caught.value.exit_code == Exit.USAGE
    assert [task.id for task in tasks.list_tasks(tasked, status="dead")] == [103, 104]


@pytest.mark.parametrize("arguments", [[], ["103", "--all"], ["--all", "--topic", "tap.mail"]])
def test_retry_wants_one_choice(tasked: str, arguments: list[str]) -> None:
    result = moadb(tasked, "retry", *arguments)
    assert result.exit_code == Exit.USAGE
    assert "name the tasks, or say --topic or --all" in result.output
