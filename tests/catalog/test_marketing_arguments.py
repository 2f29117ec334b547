"""Whatever is given to a function of marketing's API, it answers, or refuses with a code that is documented.

The functions are asked of the catalog; each argument in turn is something odd, while the others are as they should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest

from catalog.rules import refuse
from marketing_team import OF_TYPE, make_team
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

ODD = {
    "date": ["-infinity", "infinity", "4713-01-01 BC", "5874897-12-31", "1900-01-01", "2999-12-31"],
    "timestamp with time zone": ["-infinity", "infinity", "4713-01-01 00:00+00 BC", "294276-12-31 00:00+00"],
    "numeric": ["NaN", "Infinity", "-Infinity", "-1", "0", "1e30", "1e-30", "1e1000"],
    "integer": ["-2147483648", "-1", "0", "2147483647"],
    "bigint": ["-9223372036854775808", "-1", "0", "9223372036854775807"],
    "interval": ["-1 day", "0", "178000000 years", "-178000000 years", "2000000000 days"],
    "text": ["", "%s{'(", "\\", "x" * 5000],
    "character varying": ["", "x" * 5000],
    "jsonb": ["null", "[]", "{}", "1", '"x"', "[null]", "[[]]", "[1]", '[{"x": null}]', '{"x": {}}', '{"x": [1e400]}'],
    "bigint[]": ["{}", "{null}", "{-1}", "{{1,2},{3,4}}", "{9001,9001}"],
    "text[]": ["{}", "{null}", '{""}', "{{a,b},{c,d}}"],
    "bytea": ["\\x"],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
    "boolean": ["true", "false"],
    "time without time zone": ["24:00", "00:00"],
}

# what is right, of a name, or of a name and a function
GIVEN = {
    "p_workspace_id": "9001",
    "p_account_id": "9001",
    "connect_account.p_account_id": "999-1",
    "p_campaign_id": "9001",
    "p_budget_id": "9001",
    "p_insight_id": "9001",
    "p_report_id": "9001",
    "p_schedule_id": "9001",
    "p_user_id": "9002",
    "p_member_id": "9002",
    "p_channel_id": "1",
    "p_archive_id": "1",
    "p_import_id": "1",
    "p_platform": "google_ads",
    "define_platform.p_platform": "tv_ads",
    "p_role": "viewer",
    "p_email": "new@team.example",
    "p_currency": "KRW",
    "p_report_currency": "KRW",
    "p_time_zone": "Asia/Seoul",
    "p_report_type": "weekly",
    "request_report.p_report_type": "custom",
    "p_period_type": "monthly",
    "p_grain": "day",
    "p_by": "campaign",
    "p_sync_type": "incremental",
    "p_stream": "campaign_metrics",
    "p_metric": "clicks",
    "get_window_metric.p_metric": "reach",
    "window_performance.p_metric": "reach",
    "p_model": "last",
    "p_channel_name": "google_search",
    "p_from": "2026-11-01",
    "p_to": "2026-11-07",
    "convert.p_from": "KRW",
    "convert.p_to": "KRW",
    "p_campaign_ids": "{9001}",
    "p_budget_ids": "{9001}",
    "p_status": "open",
    "list_reports.p_status": "pending",
    "p_compare": "previous",
    "p_pacing": "linear",
    "p_table": "campaign_metrics",
    "p_amount": "100000",
    "p_limit": "10",
    "edit_workspace.p_changes": '{"name": "x"}',
    "edit_budget.p_changes": '{"amount": 1000}',
    "p_config": "{}",
    "p_action": "purchase",
    "p_days": "10",
    "p_name": "x",
}

# what the columns of a row are computed by: these have the bounds, marketing.kpis takes anything
FORMULAS = ["ctr", "cpc", "cpm", "conversion_rate", "cpa", "roas", "roi"]


class Function(NamedTuple):
    """A function of the API."""

    name: str
    parameters: list[str]
    types: list[str]
    needed: int

    def calls(self) -> Iterator[str]:
        """Return calls with one odd argument each; the needed ones are as they should be, others left out."""
        for place, (odd, odd_kind) in enumerate(zip(self.parameters, self.types, strict=True)):
            values: list[str | None] = [None, *ODD[odd_kind]]
            for value in values:
                arguments = [
                    f"{p} => {quoted(value if p == odd else self.given(p, kind))}::{kind}"
                    for n, (p, kind) in enumerate(zip(self.parameters, self.types, strict=True))
                    if n < self.needed or n == place
                ]
                yield f"select t::text from marketing.{self.name}({', '.join(arguments)}) as t"

    def given(self, parameter: str, kind: str) -> str:
        """Return what is right there, as far as anything is."""
        return GIVEN.get(f"{self.name}.{parameter}", GIVEN.get(parameter, OF_TYPE.get(kind, "")))


def quoted(value: str | None) -> str:
    """Return a literal."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def session(server: LocalServer, template: str) -> Iterator[Connection]:
    """Return an operator's session; each call in it is undone."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        make_team(connection)
    with connect(dsn, autocommit=False) as connection:
        connection.execute("set statement_timeout = '10s'")
        connection.commit()
        yield connection
        connection.rollback()


def test_odd_arguments(session: Connection) -> None:
    functions = [
        Function(*row)
        for row in session.execute(
            """
            select p.proname, p.proargnames[1:p.pronargs],
              array(
                select format_type(t.type, null)
                from unnest(p.proargtypes::oid[]) with ordinality as t (type, place)
                order by t.place
              ),
              p.pronargs - p.pronargdefaults
            from pg_proc as p
            where p.pronamespace = 'marketing'::regnamespace
              and p.proname !~ '^_'
              and has_function_privilege('marketing_admin', p.oid, 'execute')
              and p.pronargs > 0
              and p.proname <> all (%s)
            order by p.proname
            """,
            [FORMULAS],
        ).fetchall()
    ]
    assert len(functions) > 50
    offenders = []
    for f in functions:
        for call in f.calls():
            try:
                with session.transaction(force_rollback=True):
                    session.execute(call.encode()).fetchall()
            except psycopg.Error as error:
                if not str(error.sqlstate).startswith(("MM", "MP")):
                    offenders.append(f"{error.sqlstate} {error.diag.message_primary}: {call[:300]}")
    refuse("an odd argument is answered, or refused with a code of the API", offenders)
