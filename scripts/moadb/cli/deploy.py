"""moadb migrate, rollback, status, verify, new."""

from __future__ import annotations

import click

from moadb import deploy
from moadb.connection import resolve_dsn
from moadb.console import err, out, print_json


@click.command()
@click.option("--systems", metavar="A,B", help="Only these and what they require; else all.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--lock-timeout", default="2s", show_default=True, help="How long a statement may wait for a lock.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def migrate(dsn: str | None, systems: str | None, plan_only: bool, lock_timeout: str, as_json: bool) -> None:
    """Bring the database to the state of the files."""

    def tell(event: deploy.Event) -> None:
        if event.kind not in ("start", "done"):
            err.print(f"{event.path + ': ' if event.path else ''}{event.text}", markup=False)

    report = deploy.migrate(
        resolve_dsn(dsn),
        systems.split(",") if systems else None,
        plan_only=plan_only,
        lock_timeout=lock_timeout,
        progress=tell,
    )
    if as_json:
        print_json(report.to_json())
    elif report.up_to_date:
        out.print("up to date")
    elif plan_only:
        for script in report.plan.scripts:
            out.print(f"{script.path}  ({report.plan.reasons[script.id]})", markup=False)
    else:
        for entry in report.ran:
            out.print(f"{entry.path}  {entry.seconds * 1000:.0f} ms", markup=False)
