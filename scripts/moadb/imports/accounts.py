"""Whose the rows of a file are: the ad account is there or made, and in the currency that the file says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import psycopg

from moadb.errors import Exit, MoadbError
from moadb.imports import columns
from moadb.imports.job import Job
from moadb.imports.rows import Account


def currency_of(job: Job) -> str | None:
    """Return the account's currency; connect it, if that is asked for; refuse what is known to be otherwise."""
    options, account = job.options, job.account
    if account is None:
        if options.currency or options.time_zone or options.connect:
            raise MoadbError(
                "--currency, --time-zone and --connect are of one account",
                hint="--account PLATFORM:ID",
                exit_code=Exit.USAGE,
            )
        return None
    try:
        row = job.connection.execute(
            "select a.currency, a.time_zone, a.currencies from marketing.import_account(%s, %s, %s, %s, %s) as a",
            [account.platform, account.id, options.connect, options.currency, options.time_zone],
        ).fetchone()
    except psycopg.Error as error:
        if error.sqlstate == "MM004":
            raise MoadbError(
                f"ad account {account.platform}:{account.id} is new", hint="say its --currency and its --time-zone"
            ) from None
        if error.sqlstate == "MM059":
            known = json.loads(error.diag.message_detail or "{}").get("known")
            raise MoadbError(
                str(error.diag.message_primary),
                hint=f"--account {account.platform}:{known}; if yours is another, connect it with "
                "marketing.connect_account before",
                exit_code=Exit.USAGE,
            ) from None
        if error.sqlstate == "MM014":
            raise MoadbError(
                f"there is no platform {account.platform}",
                hint="marketing.v_platforms lists them; "
                f"select marketing.define_platform('{account.platform}', 'NAME') adds this one",
                exit_code=Exit.USAGE,
            ) from None
        if error.sqlstate == "MM058":
            raise MoadbError(
                str(error.diag.message_primary),
                hint="give its id; select marketing.create_workspace('NAME', 'Asia/Seoul', 'KRW') makes one",
                exit_code=Exit.USAGE,
            ) from None
        raise
    if row is None:
        raise unknown_accounts([f"{account.platform}:{account.id}"])
    known = {"currency": row[0], "time zone": row[1]}
    for what, given in (("currency", options.currency), ("time zone", options.time_zone)):
        if given is not None and given != known[what]:
            raise MoadbError(f"ad account {account.platform}:{account.id} has the {what} {known[what]}, not {given}")
    told = {columns.unit(name) for name in job.source.header}
    other = told & set(row[2]) - {row[0]}
    if other:
        raise MoadbError(
            f"{job.source.path.name} has amounts in {', '.join(sorted(map(str, other)))}, and ad account "
            f"{account.platform}:{account.id} is in {row[0]}",
            hint="is it the right account?",
        )
    return str(row[0])


def check_currencies(job: Job, told: Mapping[tuple[Account, str], int]) -> None:
    """Refuse a file whose rows name their accounts, and other currencies than these have.

    Args:
        job: the import.
        told: account and currency -> the first line that names both.
    """
    for (account, currency), line in told.items():
        row = job.connection.execute(
            "select a.currency from marketing.import_account(%s, %s) as a", [account.platform, account.id]
        ).fetchone()
        if row is not None and row[0] != currency:
            raise MoadbError(
                f"{job.source.path.name}, line {line}: the row is in {currency}, and ad account "
                f"{account.platform}:{account.id} is in {row[0]}",
                hint="is it the right account?",
            )


def unknown_accounts(accounts: Sequence[str]) -> MoadbError:
    """Return the refusal of accounts that are not known."""
    return MoadbError(
        f"ad account {', '.join(accounts)} is not known",
        hint=f"connect it on the way: --account {accounts[0]} --currency USD --time-zone America/New_York "
        "--connect WORKSPACE (its currency, the zone of its days, id or name of the workspace)",
    )
