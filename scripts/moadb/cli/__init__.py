"""The command line: each command parses, calls the library once, prints. Nothing here knows the database."""

from __future__ import annotations

import importlib
import sys

import click
import psycopg

from moadb import __version__
from moadb.console import err
from moadb.errors import Exit, MoadbError

# command -> module of this package that defines it; imported when it is called, so that `moadb --help` stays quick
COMMANDS = {
    "up": "server",
    "down": "server",
    "dsn": "server",
    "psql": "server",
    "migrate": "deploy",
    "rollback": "deploy",
    "status": "deploy",
    "verify": "deploy",
    "new": "deploy",
    "seed": "seed",
    "test": "test",
    "jobs": "jobs",
    "partitions": "partitions",
    "check": "check",
    "doctor": "doctor",
    "completion": "completion",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(importlib.import_module(f"moadb.cli.{module}"), cmd_name)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moadb")
@click.option("--dsn", metavar="URI", help="The database; else MOADB_DSN, libpq's PG* variables, the local server.")
@click.pass_context
def cli(ctx: click.Context, dsn: str | None) -> None:
    """Deploy, seed, test and operate product backends that live inside PostgreSQL."""
    ctx.obj = dsn


def main() -> None:
    """Run the CLI; an expected failure is two lines on standard error and a documented exit code, never a stack trace."""
    try:
        code = cli.main(standalone_mode=False, prog_name="moadb")
        sys.exit(code if isinstance(code, int) else Exit.OK)
    except click.Abort:
        err.print("interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MoadbError as error:
        err.print(f"[bold red]error:[/] {_escape(error.message)}")
        for line in error.details:
            err.print(f"  {_escape(line)}")
        if error.hint:
            err.print(f"[bold]hint:[/] {_escape(error.hint)}")
        sys.exit(error.exit_code)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).strip()
        err.print(f"[bold red]error:[/] {_escape(message)}" + (f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""))
        for part in (error.diag.message_detail, error.diag.message_hint):
            if part:
                err.print(f"  {_escape(part)}")
        sys.exit(Exit.FAILED)
    except BrokenPipeError:
        sys.exit(Exit.OK)


def _escape(text: str) -> str:
    return text.replace("[", r"\[")
