-- requires: procedures/marketing/_metric_columns.sql
-- requires: procedures/marketing/_to_date.sql
-- requires: procedures/marketing/_to_instant.sql
-- requires: procedures/marketing/_to_number.sql
--
-- Called when something is known to be wrong, so it may take its time over each cell.

create or replace function marketing._refuse_metrics(p_rows jsonb, p_account_id bigint, p_snapshot_at timestamptz, p_is_fixed boolean)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_user     bigint := marketing._acting_user();
  v_accounts bigint[] := marketing._my_accounts();
  v_now      timestamptz := platform.now();
  v_last     date := marketing._last_day();
  v_count    bigint;
  v_problems jsonb;
begin
  with given as materialized (
    select
      r.place - 1 as index,
      r.cells,
      jsonb_typeof(r.cells) = 'object' as is_object,
      c.id as campaign_id,
      o.id as account_id,
      o.platform, o.account_id as account_name, o.currency
    from jsonb_array_elements(p_rows) with ordinality as r (cells, place)
    left join marketing.campaigns as c
      on p_account_id is null and r.cells ->> 'platform' is null
        and c.id = case when r.cells ->> 'campaign_id' ~ '^[0-9]{1,18}$' then (r.cells ->> 'campaign_id')::bigint end
        and (v_user is null or c.marketing_account_id = any (v_accounts))
    left join marketing.marketing_accounts as o
      on case
        when p_account_id is not null then o.id = p_account_id
        when r.cells ->> 'platform' is not null then (o.platform, o.account_id) = (r.cells ->> 'platform', r.cells ->> 'account_id')
        else o.id = c.marketing_account_id
      end
        and (v_user is null or o.id = any (v_accounts))
  ), problems as (
    select g.index, 0 as place, null::text as name, g.cells as value, 'it is no JSON object' as reason
    from given as g
    where not g.is_object
    union all
    select g.index, 1, k.name, g.cells -> k.name, 'there is no such column'
    from given as g
    cross join lateral jsonb_object_keys(case when g.is_object then g.cells else '{}' end) as k (name)
    where k.name <> all (marketing._metric_columns())
    union all
    select g.index, 2, p.name, g.cells -> p.name, p.reason
    from given as g
    cross join lateral (
      select
        marketing._to_date(g.cells ->> 'date') as date,
        marketing._to_number(coalesce(g.cells ->> 'impressions', '0')) as impressions,
        marketing._to_number(coalesce(g.cells ->> 'clicks', '0')) as clicks,
        marketing._to_instant(g.cells ->> 'snapshot_at') as snapshot_at
    ) as v
    cross join lateral (
      values
        ('campaign_id', (length(g.cells ->> 'campaign_id') between 1 and 255) is not true, 'it is 1 to 255 characters'),
        (
          'campaign_id', p_account_id is null and g.cells ->> 'platform' is null and g.campaign_id is null,
          'there is no such campaign'
        ),
        ('platform', (g.cells ->> 'platform' is null) <> (g.cells ->> 'account_id' is null), 'platform and account_id stand together'),
        (
          'account_id', g.cells ->> 'account_id' is not null and g.account_id is null,
          'there is no such account'
        ),
        (
          'account_id',
          p_account_id is not null and (g.cells ->> 'platform', g.cells ->> 'account_id') <> (g.platform, g.account_name),
          'it is not the account that the rows are loaded for'
        ),
        ('currency', g.cells ->> 'currency' <> g.currency, 'it is not the currency of the account'),
        ('date', (v.date between '2000-01-01' and v_last) is not true, 'it is a day from 2000-01-01 to tomorrow'),
        ('hour', g.cells ->> 'hour' !~ '^([0-9]|1[0-9]|2[0-3])$', 'it is 0 to 23, or null for the whole day'),
        ('cost', num_nonnulls(g.cells ->> 'cost', g.cells ->> 'cost_micros') > 1, 'cost and cost_micros do not stand together'),
        (
          'cost', (marketing._to_number(g.cells ->> 'cost') >= 0) is not true and g.cells ->> 'cost' is not null,
          'it is a number, 0 or from a millionth up'
        ),
        ('cost_micros', g.cells ->> 'cost_micros' !~ '^[0-9]{1,20}$', 'it is a whole number, 0 or more'),
        (
          'conversions', (marketing._to_number(g.cells ->> 'conversions') >= 0) is not true and g.cells ->> 'conversions' is not null,
          'it is a number, 0 or from a millionth up'
        ),
        (
          'revenue', marketing._to_number(g.cells ->> 'revenue') is null and g.cells ->> 'revenue' is not null,
          'it is a number, 0 or no nearer to it than a millionth'
        ),
        (
          'clicks', v.clicks > v.impressions and v.impressions > 0 and g.cells ->> 'hour' is null,
          'a day with impressions has no more clicks than these'
        ),
        (
          'snapshot_at',
          g.cells ->> 'snapshot_at' is not null and (v.snapshot_at <= v_now) is not true,
          'it is an instant with its offset, not later than now'
        ),
        ('snapshot_at', p_is_fixed and v.snapshot_at <> p_snapshot_at, 'it is not the snapshot of the synchronisation')
    ) as p (name, is_wrong, reason)
    where g.is_object and p.is_wrong
    union all
    select g.index, 3, n.name, g.cells -> n.name, 'it is a whole number, 0 or more'
    from given as g
    cross join unnest('{impressions,clicks,likes,shares,comments,saves}'::text[]) as n (name)
    where g.is_object and g.cells ->> n.name !~ '^[0-9]{1,15}$'
  )
  select
    (select count(distinct p.index) from problems as p),
    (
      select jsonb_agg(
        jsonb_build_object('index', w.index, 'column', w.name, 'value', w.value, 'reason', w.reason) order by w.index, w.place, w.name
      )
      from (select p.* from problems as p order by p.index, p.place, p.name limit 20) as w
    )
  into v_count, v_problems;

  perform platform.fail('metric_rows_refused', jsonb_build_object(
    'refused', v_count,
    'sent', jsonb_array_length(p_rows),
    'problem', case
      when v_problems is null then 'a value has another form than the comment on the function says'
      else format('row %s, %s %s: %s', v_problems -> 0 ->> 'index', v_problems -> 0 ->> 'column', v_problems -> 0 -> 'value',
        v_problems -> 0 ->> 'reason')
    end,
    'rows', coalesce(v_problems, '[]')
  ));
end;
$$;

comment on function marketing._refuse_metrics(jsonb, bigint, timestamptz, boolean) is $$
Say what is wrong with rows of metrics; never returns.
p_rows, p_account_id, p_snapshot_at, p_is_fixed: as marketing._read_metrics was given them.
Errors: MM030 metric_rows_refused (detail: refused, sent: numbers of rows; rows: the first 20 problems, each with index from 0, column,
value, reason).
$$;
