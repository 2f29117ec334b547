"""Facts to be archived, and what they are, bit by bit: for the tests of archiving."""

from __future__ import annotations

from psycopg import sql

from moadb.connection import Connection

TABLES = ("campaign_metrics", "campaign_metric_versions", "campaign_daily")
NOW = "2026-11-21 03:00+00"

# a row of a campaign and a day
INSERT = """
insert into marketing.campaign_metrics (campaign_id, date, hour, likes, created_at, updated_at)
values (%s, %s, 5, 0, now(), now())
"""

# Months of 2025 and 2026 up to now. What is hard to keep: nulls, all digits of a numeric, microseconds, bounds of
# ranges, largest and smallest values, a month without rows (June 2026).
_FACTS = """
insert into marketing.campaign_metrics (
  campaign_id, date, hour, impressions, clicks, ctr, cost, cpc, cpm, conversions, conversion_rate, cpa,
  revenue, roas, roi, likes, shares, comments, saves, snapshot_at, created_at, updated_at
)
select
  c, d.day, h.hour, c * 1000 + 7, c, 0.000001 * c, c * 1234567.123456, null, 0, 2.5, 1200.000000,
  -0.000001, 99999999999999.999999, null, -100, 0, 1, 2, 999999999999999,
  d.day + time '23:59:59.999999' at time zone 'Asia/Seoul',
  timestamptz '2026-01-01 00:00:00.000001+09', d.day + interval '1 microsecond' * c
from generate_series(1, 3) as c
cross join generate_series(date '2026-02-01', date '2026-11-20', interval '9 days') as g (at)
cross join lateral (select g.at::date) as d (day)
cross join (values (null::smallint), (0::smallint), (23::smallint)) as h (hour)
where d.day not between '2026-06-01' and '2026-06-30';
insert into marketing.campaign_metric_versions (
  campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves,
  snapshot_at, recorded
)
select
  m.campaign_id, m.date, m.hour, 0, 0, m.cost, m.conversions, m.revenue, 0, 0, 0, 0, m.snapshot_at,
  tstzrange(m.created_at, m.snapshot_at, b.bounds)
from marketing.campaign_metrics as m
cross join (values ('[)'), ('[]'), ('()'), ('(]')) as b (bounds);
insert into marketing.campaign_daily (
  campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, hours
)
select c, d.day, 7, 1, c * 0.000001, 2.5, 12345678901234567890.123456, 0, 0, 0, 0, nullif(c, 1)
from generate_series(1, 3) as c
cross join generate_series(date '2025-08-01', date '2026-11-20', interval '9 days') as g (at)
cross join lateral (select g.at::date) as d (day);
"""


def fill(admin: Connection) -> None:
    """Make facts from February 2026 on, daily sums from August 2025 on, and go to their time."""
    go_to_their_time(admin)
    for table in TABLES:
        admin.execute(
            """
            select platform.define_partition_set(
              format('marketing.%%I', %s::text)::regclass, 'month', p_premake => 1, p_covers_from => %s
            )
            """,
            [table, "2025-08-01" if table == "campaign_daily" else "2026-02-01"],
        )
    admin.execute(
        "select platform.maintain_partitions(format('%I.%I', s.schema_name, s.table_name)::regclass)"
        " from platform.partition_sets as s"
    )
    admin.execute(_FACTS)


def go_to_their_time(admin: Connection) -> None:
    """For this database it is now 2026-11-21.

    This session, unlike others, writes facts past their triggers, which ask for campaigns and follow up what changes.
    """
    admin.execute("set session_replication_role = replica")
    admin.execute(sql.SQL("alter database {} set moadb.now = {}").format(sql.Identifier(admin.info.dbname), NOW))
    admin.execute(sql.SQL("set moadb.now = {}").format(NOW))


def contents(admin: Connection) -> dict[str, list[str]]:
    """Return every row of the three tables as PostgreSQL itself sends it, in order."""
    found = {}
    for table in TABLES:
        query = sql.SQL("copy (select t.* from marketing.{} as t) to stdout").format(sql.Identifier(table))
        with admin.cursor() as cursor, cursor.copy(query) as copy:
            found[table] = sorted(b"".join(bytes(block) for block in copy).decode().splitlines())
    return found
