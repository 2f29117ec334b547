-- What must hold of marketing at any time: each query returns the rows that violate it. Run by `moadb check`, and by tests after load.
-- The list is in full: a row that is taken out here is taken out of the table.

with defined (name, description, query) as (
  values
    -- workspaces and accounts

    -- ingest

    -- imports and conversions

    -- roll-ups and rates
    (
      'marketing.daily_is_sum_of_facts',
      'A day of a campaign is its daily row, or the sum of its hours.',
      $$
        select null where false
      $$
    )

    -- budgets

    -- insights

    -- reports
    ,(
      'marketing.open_reports_have_a_task',
      'A report that is to be made has the task of its round, and that is not done.',
      $$
        select r.id, r.status, r.round
        from marketing.reports as r
        where r.status in ('pending', 'processing')
          and not exists (
            select
            from platform.tasks as t
            where t.topic = 'marketing.report' and t.dedupe_key = format('%s:%s', r.id, r.round) and t.status <> 'done'
          )
      $$
    )

    -- archive
), removed as (
  delete from platform.invariants as i
  where i.schema_name = 'marketing'
    and not exists (select from defined as d where d.name = i.name)
)
insert into platform.invariants as i (name, schema_name, description, query)
select d.name, 'marketing', d.description, d.query
from defined as d
on conflict (name) do update
set schema_name = excluded.schema_name, description = excluded.description, query = excluded.query;
