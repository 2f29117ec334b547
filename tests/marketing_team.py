"""Two workspaces with something of everything in each, for tests of who may do what.

The first (ours) has an admin, a user and a viewer, the second (theirs) an admin; each has an account, a campaign,
facts, a budget, an insight, a report and a schedule. Ids of the first are 9001 (the user 9002, the viewer 9003), of
the second 9002, its admin 9004, its account and its campaign 9003. There is nothing with the id MISSING.
"""

from __future__ import annotations

from pathlib import Path

from moadb.connection import Connection

ADMIN, USER, VIEWER, OUTSIDER, NOWHERE = 9001, 9002, 9003, 9004, 9006
OURS = {
    "workspace": 9001,
    "account": 9001,
    "campaign": 9001,
    "budget": 9001,
    "insight": 9001,
    "report": 9001,
    "schedule": 9001,
    "user": 9002,
}
THEIRS = dict.fromkeys(OURS, 9002) | {"account": 9003, "campaign": 9003, "user": 9004}
MISSING = 900_000_000

# an argument that a function may be called with, by its type
OF_TYPE = {
    "text": "x",
    "character varying": "x",
    "bigint": "1",
    "integer": "7",
    "numeric": "100",
    "boolean": "false",
    "date": "2026-11-01",
    "jsonb": "[]",
    "timestamp with time zone": "2026-11-01 00:00+00",
    "time without time zone": "06:00",
    "interval": "1 day",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "bytea": "\\x01",
    "text[]": "{x}",
    "bigint[]": "{9001}",
}

TEAM = Path(__file__).with_name("marketing") / "team.psql"

CHANNELS = """
update marketing.campaigns as c
set channel_id = (select min(h.id) from marketing.channels as h where h.platform = p.channel_platform)
from marketing.platforms as p
where p.code = c.platform
"""

FACTS = """
insert into marketing.campaign_metrics (campaign_id, date, impressions, clicks, cost, conversions, revenue)
select c.id, '2026-11-02', 100, 10, 1000, 1, 2000 from marketing.campaigns as c;
insert into marketing.campaign_metric_versions (
  campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at,
  recorded
)
select c.id, '2026-11-02', 90, 9, 900, 1, 2000, 0, 0, 0, 0, '2026-11-03', '[2026-11-03,2026-11-04)'
from marketing.campaigns as c;
insert into marketing.campaign_labels (workspace_id, campaign_id, label)
values (9001, 9001, 'secret'), (9002, 9003, 'secret');
insert into marketing.utm_rules (workspace_id, source, channel_id)
select w.id, 'secret', h.id from marketing.workspaces as w join marketing.channels as h on h.name = 'kakao';
insert into marketing.conversion_facts (
  campaign_id, date, action, model, click_window, view_window, conversions, snapshot_at, updated_at
)
select c.id, '2026-11-02', 'purchase', 'last', 7, 1, 1, '2026-11-03', '2026-11-03' from marketing.campaigns as c;
insert into marketing.window_metrics (campaign_id, date_from, date_to, metric, value, snapshot_at, updated_at)
select c.id, '2026-11-01', '2026-11-07', 'reach', 50, '2026-11-08', '2026-11-08' from marketing.campaigns as c;
insert into marketing.orders (workspace_id, order_key, visitor, at, currency, revenue, snapshot_at, updated_at)
select w.id, 'o1', 'v1', '2026-11-02', 'KRW', 1000, '2026-11-03', '2026-11-03' from marketing.workspaces as w;
insert into marketing.touchpoints (workspace_id, visitor, at, campaign_id, event_key)
select t.workspace_id, 'v1', '2026-11-01', t.campaign_id, 'e1'
from (values (9001, 9001), (9002, 9003)) as t (workspace_id, campaign_id);
insert into marketing.data_sync_logs (
  marketing_account_id, sync_type, window_from, window_to, snapshot_at, started_at, heartbeat_at
)
select a.id, 'incremental', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-03', '2026-11-03'
from marketing.marketing_accounts as a;
update marketing.data_sync_logs set status = 'success', completed_at = '2026-11-03';
insert into marketing.data_sync_logs (
  marketing_account_id, sync_type, window_from, window_to, snapshot_at, started_at, heartbeat_at
)
select a.id, 'incremental', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-03', '2026-11-03'
from marketing.marketing_accounts as a;
insert into marketing.sync_cursors (marketing_account_id, stream, synced_to, settled_to, updated_at)
select a.id, 'campaign_metrics', '2026-11-02', '2026-10-03', '2026-11-03' from marketing.marketing_accounts as a;
insert into marketing.budgets (
  id, workspace_id, name, currency, total_amount, period_type, start_date, end_date, scope
)
select w.id, w.id, 'secret', 'KRW', 1000000, 'monthly', '2026-11-01', '2026-11-30', 'campaigns'
from marketing.workspaces as w;
insert into marketing.budget_campaigns (budget_id, campaign_id) values (9001, 9001), (9002, 9003);
insert into marketing.insights (id, workspace_id, dedupe_key, type, title, created_at)
select w.id, w.id, 'k', 'warning', 'secret', '2026-11-20' from marketing.workspaces as w;
insert into marketing.report_schedules (id, workspace_id, title, report_type, time_zone, next_run_at)
select w.id, w.id, 'secret', 'weekly', 'Asia/Seoul', '2099-01-01' from marketing.workspaces as w;
insert into marketing.reports (id, workspace_id, title, report_type, date_from, date_to, created_at)
select w.id, w.id, 'secret', 'weekly', '2026-11-02', '2026-11-08', '2026-11-09' from marketing.workspaces as w;
select marketing._refresh_channels(array(select w.id from marketing.workspaces as w), null, null);
select marketing._follow_spend(array(select w.id from marketing.workspaces as w), null, null);
"""


def make_team(connection: Connection) -> None:
    """Make both workspaces, as the owner of the database."""
    connection.execute(TEAM.read_bytes())
    connection.execute(CHANNELS.encode())
    connection.execute(FACTS.encode())
