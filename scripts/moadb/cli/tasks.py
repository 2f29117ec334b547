"""moadb tasks: what workers have to do, and what was given up."""

from __future__ import annotations

from dataclasses import asdict

import click

from moadb import tasks as library
from moadb.cli.options import json_option
from moadb.connection import resolve_dsn
from moadb.console import out, print_json, print_table


@click.group()
def tasks() -> None:
    """See the work that waits for workers, and try again what was given up. All times are in UTC."""


@tasks.command("list")
@click.argument("topic", required=False)
@click.option("--status", type=click.Choice(["ready", "done", "dead"]), help="Only tasks in this state.")
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many tasks.")
@json_option
@click.pass_obj
def list_(dsn: str | None, topic: str | None, status: str | None, limit: int, as_json: bool) -> None:
    """Show the topics that have tasks; with TOPIC or --status the tasks, those that are due longest first."""
    if topic is None and status is None:
        _list_topics(resolve_dsn(dsn), as_json)
        return
    found = library.list_tasks(resolve_dsn(dsn), topic, status, limit)
    if as_json:
        print_json([asdict(task) for task in found])
        return
    print_table(
        ["id", "topic", "state", "due", "attempts", "worker", "last error"],
        [
            (
                task.id,
                task.topic,
                task.status,
                f"{task.run_at:%Y-%m-%d %H:%M:%S}",
                f"{task.attempts} of {task.max_attempts}",
                task.worker,
                task.last_error,
            )
            for task in found
        ],
        empty="there are none",
    )


def _list_topics(dsn: str, as_json: bool) -> None:
    topics = library.list_topics(dsn)
    if as_json:
        print_json([asdict(topic) for topic in topics])
        return
    print_table(
        ["topic", "due", "scheduled", "leased", "abandoned", "dead", "done", "waiting for"],
        [
            (
                topic.topic,
                topic.due,
                topic.scheduled,
                topic.leased,
                topic.abandoned,
                topic.dead,
                topic.done,
                topic.waiting_for,
            )
            for topic in topics
        ],
        empty="there are no tasks",
    )


@tasks.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--topic", help="Those of this topic.")
@click.option("--all", "every", is_flag=True, help="All of them.")
@json_option
@click.pass_obj
def retry(dsn: str | None, ids: tuple[int, ...], topic: str | None, every: bool, as_json: bool) -> None:
    """Give tasks that were given up all their attempts again, at once: IDS, those of a topic, or all."""
    if [bool(ids), topic is not None, every].count(True) != 1:
        raise click.UsageError("name the tasks, or say --topic or --all")
    retried = library.retry(resolve_dsn(dsn), ids or None, topic)
    if as_json:
        print_json(retried)
    else:
        out.print(f"{len(retried)} tasks will be tried again" if retried else "none was given up")
