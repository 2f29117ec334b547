-- What the statuses of marketing may become, in full: a row that is taken out here is taken out of the table.

with defined (machine, from_state, to_state) as (
  values
    -- workspaces and accounts

    -- ingest
    ('marketing.data_sync_logs', 'in_progress', 'success'),
    ('marketing.data_sync_logs', 'in_progress', 'failed'),

    -- imports and conversions

    -- roll-ups and rates

    -- budgets

    -- insights

    -- reports
    ('marketing.reports', 'pending', 'processing'),
    ('marketing.reports', 'pending', 'failed'),
    ('marketing.reports', 'processing', 'completed'),
    ('marketing.reports', 'processing', 'failed'),
    ('marketing.reports', 'processing', 'pending'),
    ('marketing.reports', 'failed', 'pending'),
    ('marketing.reports', 'failed', 'processing'),

    -- archive
    ('marketing.archives', 'removed', 'restored')
), removed as (
  delete from platform.transitions as t
  where starts_with(t.machine, 'marketing.')
    and not exists (select from defined as d where (d.machine, d.from_state, d.to_state) = (t.machine, t.from_state, t.to_state))
)
insert into platform.transitions (machine, from_state, to_state)
select d.machine, d.from_state, d.to_state
from defined as d
on conflict do nothing;
