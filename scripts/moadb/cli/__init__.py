"""The command line: each command parses, calls the library once, prints. Nothing here knows the database."""

from __future__ import annotations

import importlib
import keyword
import sys
from collections.abc import Sequence

import click
import psycopg
from rich.markup import escape

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
    "import": "import_",
    "test": "test",
    "jobs": "jobs",
    "partitions": "partitions",
    "tasks": "tasks",
    "reports": "reports",
    "archive": "archive",
    "check": "check",
    "doctor": "doctor",
    "conf": "conf",
    "completion": "completion",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        attribute = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(importlib.import_module(f"moadb.cli.{module}"), attribute)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moadb")
@click.option("--dsn", metavar="URI", help="The database; else MOADB_DSN, libpq's PG* variables, the local server.")
@click.pass_context
def cli(ctx: click.Context, dsn: str | None) -> None:
    """Deploy, seed, test and operate product backends that live inside PostgreSQL."""
    if dsn is not None and not dsn.strip():
        raise click.BadParameter("it is empty", ctx, param_hint="--dsn")
    ctx.obj = dsn


def main() -> None:
    """Run the CLI; an expected failure is a message on standard error and a documented exit code, no stack trace."""
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
        _print_error(error.message, error.details)
        if error.hint:
            err.print(f"[bold]hint:[/] {escape(error.hint)}")
        sys.exit(error.exit_code)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error).strip()
        parts = (error.diag.message_detail, error.diag.message_hint)
        _print_error(
            message + (f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""), [part for part in parts if part]
        )
        sys.exit(Exit.FAILED)
    except BrokenPipeError:
        sys.exit(Exit.OK)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _print_error(f"{place}{error.strerror or error}")
        sys.exit(Exit.FAILED)


def _print_error(message: str, details: Sequence[str] = ()) -> None:
    err.print(f"[bold red]error:[/] {escape(message)}")
    for line in details:
        err.print(f"  {escape(line)}")
