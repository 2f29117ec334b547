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
