"""What the owner of marketing's tables, past all rights, is refused by raw SQL, or what follows from it by itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from marketing_team import make_team
from moadb import testing
from moadb.connection import Connection, connect
from moadb.server import LocalServer

REFUSED = [
    # who may what
    "update marketing.workspace_members set role = 'owner'",
    "delete from marketing.workspace_members where workspace_id = 9002",
    "update marketing.workspace_members set role = 'viewer'",
    "truncate marketing.workspace_members",
    "insert into marketing.users (email, password_hash, name) values ('ADMIN@team.example', 'h', 'n')",
    "insert into marketing.users (email, password_hash, name) values ('nobody', 'h', 'n')",
    "update marketing.users set password_hash = ''",
    "update marketing.users set role = 'root'",
    "delete from marketing.users",
    "update marketing.workspaces set time_zone = 'KST'",
    "update marketing.workspaces set report_currency = 'XXX'",
    "delete from marketing.workspaces",
    # accounts
    "insert into marketing.marketing_accounts (platform, account_id, currency, time_zone)"
    " values ('google_ads', '111-222', 'KRW', 'Asia/Seoul')",
    "insert into marketing.marketing_accounts (platform, account_id, currency, time_zone)"
    " values ('tv', '1', 'KRW', 'Asia/Seoul')",
    "update marketing.marketing_accounts set currency = 'EUR'",
    "update marketing.marketing_accounts set time_zone = 'UTC'",
    "update marketing.marketing_accounts set restate_days = -1",
    "delete from marketing.marketing_accounts",
    "update marketing.account_connections set disconnected_at = now()",
    "update marketing.account_connections set access_token = '\\x01', token_key = null",
    "delete from marketing.account_connections",
    # campaigns
    "insert into marketing.campaigns (marketing_account_id, campaign_id, campaign_name, platform)"
    " values (9001, 'c1', 'x', 'google_ads')",
    "update marketing.campaigns set marketing_account_id = 9003 where id = 9001",
    "update marketing.campaigns set campaign_id = 'other'",
    "update marketing.campaigns set status = 'gone'",
    "update marketing.campaigns set daily_budget = -1",
    "update marketing.campaigns set daily_budget = 'NaN'",
    "update marketing.campaigns set total_budget = 'Infinity'",
    "update marketing.campaigns set start_date = '2026-02-01', end_date = '2026-01-01'",
    "delete from marketing.campaigns",
    "truncate marketing.campaigns cascade",
    "delete from marketing.campaign_versions",
    "insert into marketing.campaign_versions (campaign_id, valid, campaign_name, status)"
    " values (9001, '[2026-01-01,)', 'x', 'active')",
    "update marketing.channels set name = 'tv'",
    "delete from marketing.channels",
    "update marketing.channel_rules set field = 'colour'",
    "delete from marketing.platforms where code = 'google_ads'",
    # facts
    "update marketing.campaign_metrics set clicks = -1",
    "update marketing.campaign_metrics set cost = 'NaN'",
    "update marketing.campaign_metrics set hour = 24",
    "insert into marketing.campaign_metrics (campaign_id, date) select m.campaign_id, m.date"
    " from marketing.campaign_metrics as m",
    "insert into marketing.campaign_metrics (campaign_id, date) values (-1, '2026-11-02')",
    "delete from marketing.campaign_metric_versions",
    "update marketing.campaign_metrics set snapshot_at = 'infinity'",
    "update marketing.campaign_metrics set snapshot_at = '2200-01-01'",
    "update marketing.campaign_metrics set is_retracted = true",
    "update marketing.conversion_facts set snapshot_at = 'infinity'",
    "update marketing.window_metrics set snapshot_at = 'infinity'",
    "update marketing.orders set snapshot_at = 'infinity'",
    "update marketing.data_sync_logs set token = gen_random_uuid()",
    "update marketing.data_sync_logs set snapshot_at = '2099-12-31'",
    "update marketing.sync_batches set answer = '{}'",
    "delete from marketing.sync_batches",
    # budgets, insights, reports
    "update marketing.budgets set revision = 77",
    "update marketing.budgets set workspace_id = 9002 where id = 9001",
    "update marketing.budgets set start_date = '-infinity'",
    "update marketing.insights set workspace_id = 9002 where id = 9001",
    "update marketing.reports set workspace_id = 9002 where id = 9001",
    "update marketing.report_schedules set workspace_id = 9002 where id = 9001",
    "update marketing.report_schedules set next_run_at = 'infinity'",
]

# what every row would have to be looked at for
FOUND = [
    (
        "update marketing.channel_performance set avg_ctr = coalesce(avg_ctr, 0) + 1",
        "marketing.channel_ratios_are_of_their_sums",
    ),
    (
        "insert into marketing.campaigns (marketing_account_id, campaign_id, campaign_name, platform)"
        " values (9001, 'c2', 'x', 'kakao_ads')",
        "marketing.campaigns_are_of_their_accounts",
    ),
    (
        "update marketing.campaigns set channel_id = h.id from marketing.channels as h where h.name = 'facebook'",
        "marketing.campaigns_are_of_their_accounts",
    ),
    ("update marketing.campaign_metrics set snapshot_at = '2099-12-31'", "marketing.snapshots_are_past"),
    ("update marketing.conversion_facts set snapshot_at = '2099-12-31'", "marketing.snapshots_are_past"),
    ("update marketing.window_metrics set snapshot_at = '2099-12-31'", "marketing.snapshots_are_past"),
    ("update marketing.data_sync_logs set records_synced = 99", "marketing.syncs_count_their_batches"),
    ("update marketing.data_sync_logs set batches = 1", "marketing.syncs_count_their_batches"),
    ("update marketing.sync_cursors set synced_to = '2099-01-01'", "marketing.cursors_are_of_syncs"),
    ("delete from marketing.sync_cursors", "marketing.cursors_are_of_syncs"),
    ("update marketing.orders set revenue = 0.5", "marketing.orders_are_whole_coins"),
    ("update marketing.budgets set missing_rates = '{USD/KRW}'", "marketing.budget_is_sum_of_days"),
    ("update marketing.marketing_accounts set is_connected = false", "marketing.connected_accounts_are_marked"),
    (
        "update marketing.campaign_versions set campaign_name = 'lie' where upper_inf(valid)",
        "marketing.campaigns_have_their_version",
    ),
]

# ratios and roll-ups, whatever is written
KEPT = [
    ("update marketing.campaign_metrics set ctr = 99, roas = 99, cpa = 99", "select sum(ctr + roas + cpa) from {0}"),
    (
        "update marketing.marketing_accounts set account_name = 'x', is_connected = is_connected",
        "select count(*) from marketing.campaign_versions",
    ),
]


@pytest.fixture(scope="module")
def attacked(server: LocalServer, template: str) -> Iterator[Connection]:
    """Return a superuser's session in a database of this module's own."""
    dsn = testing.clone(server.admin_dsn("postgres"), template)
    with connect(dsn) as connection:
        make_team(connection)
    with connect(dsn, autocommit=False) as connection:
        yield connection
        connection.rollback()


def as_owner(attacked: Connection, statement: str) -> int:
    """Run a statement as the owner, be whoever was again, and return how many rows it met."""
    attacked.execute("set local role moadb_owner")
    rows = attacked.execute(statement.encode()).rowcount
    attacked.execute("reset role")
    return rows


@pytest.mark.parametrize("statement", REFUSED)
def test_refused(attacked: Connection, statement: str) -> None:
    with pytest.raises(psycopg.Error) as error, attacked.transaction(force_rollback=True):
        as_owner(attacked, statement)
    assert str(error.value.sqlstate)[:2] in ("MM", "MP", "22", "23"), "by a rule, not because the statement is wrong"


@pytest.mark.parametrize(("statement", "invariant"), FOUND)
def test_found(attacked: Connection, statement: str, invariant: str) -> None:
    with attacked.transaction(force_rollback=True):
        assert as_owner(attacked, statement) > 0
        rows = attacked.execute(
            "select c.invariant from platform.check_invariants('marketing') as c where c.violations > 0"
        ).fetchall()
        assert (invariant,) in rows


@pytest.mark.parametrize(("statement", "figure"), KEPT)
def test_kept(attacked: Connection, statement: str, figure: str) -> None:
    query = figure.format("marketing.campaign_metrics").encode()
    with attacked.transaction(force_rollback=True):
        before = attacked.execute(query).fetchone()
        assert as_owner(attacked, statement) > 0
        assert attacked.execute(query).fetchone() == before


def test_a_raw_change_of_facts_is_rolled_up(attacked: Connection) -> None:
    with attacked.transaction(force_rollback=True):
        assert as_owner(attacked, "update marketing.campaign_metrics set cost = cost + 500, clicks = clicks + 1") > 0
        assert (
            attacked.execute(
                "select c.invariant, c.sample from platform.check_invariants('marketing') as c where c.violations > 0"
            ).fetchall()
            == []
        )
        assert attacked.execute(
            "select d.cost = m.cost from marketing.campaign_daily as d"
            " join marketing.campaign_metrics as m using (campaign_id, date) limit 1"
        ).fetchone() == (True,)


def test_nothing_is_broken_before(attacked: Connection) -> None:
    rows = attacked.execute(
        "select c.invariant, c.sample from platform.check_invariants('marketing') as c where c.violations > 0"
    ).fetchall()
    assert rows == []
