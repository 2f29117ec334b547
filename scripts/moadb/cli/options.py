"""Options that several commands have."""

from __future__ import annotations

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _split(context: click.Context, parameter: click.Parameter, value: str | None) -> list[str] | None:
    """Return the names in a list that commas separate, None when the option is not there."""
    if value is None:
        return None
    names = [name.strip() for name in value.split(",")]
    if not all(names):
        raise click.BadParameter(f"{value!r} is not a list of names, as a,b is", context, parameter)
    return names


systems_option = click.option(
    "--systems", metavar="A,B", callback=_split, help="Only these systems and what they require; else all."
)
