create or replace function marketing._check_campaign_rows(p_rows jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_bad   jsonb;
  v_count bigint;
begin
  if jsonb_typeof(p_rows) is distinct from 'array' then
    perform platform.fail('campaign_rows_invalid', jsonb_build_object('rows', 1, 'bad', jsonb_build_array(
      jsonb_build_object('index', null, 'column', null, 'value', null, 'problem', 'they are no JSON array')
    )));
  end if;

  with given as (
    select e.place - 1 as index, e.value as fields, e.value ->> 'campaign_id' as campaign_id
    from jsonb_array_elements(p_rows) with ordinality as e (value, place)
    where jsonb_typeof(e.value) = 'object'
  ), bad (index, name, value, problem) as (
    select e.place - 1, null, e.value, 'it is no JSON object'
    from jsonb_array_elements(p_rows) with ordinality as e (value, place)
    where jsonb_typeof(e.value) <> 'object'
    union all
    select g.index, f.key, f.value,
      case
        when f.key = 'campaign_id' then 'it has 1 to 255 characters'
        when f.key = 'status' then 'it is active, paused or ended, or a word of the platform for these'
        when f.key in ('start_date', 'end_date') then 'it is a date, YYYY-MM-DD'
        when f.key in ('daily_budget', 'total_budget') then 'it is an amount of up to 14 digits and 6 decimals'
        when f.key = 'deleted' then 'it is true or false'
        when f.key in ('campaign_name', 'objective', 'network') then 'it is too long'
        else 'there is no such column'
      end
    from given as g
    cross join lateral jsonb_each(g.fields) as f
    where not coalesce(
      case
        when f.key = 'campaign_id' then length(f.value #>> '{}') between 1 and 255
        when f.key = 'campaign_name' then length(f.value #>> '{}') <= 255
        when f.key in ('objective', 'network') then length(f.value #>> '{}') <= 100
        when f.key = 'status' then marketing._campaign_status(f.value #>> '{}') is not null
        when f.key in ('start_date', 'end_date') then marketing._is_date(f.value #>> '{}')
        when f.key in ('daily_budget', 'total_budget') then f.value #>> '{}' ~ '^[0-9]{1,14}(\.[0-9]{1,6})?$'
        when f.key = 'deleted' then jsonb_typeof(f.value) = 'boolean'
        else false
      end,
      f.key in ('campaign_name', 'objective', 'network', 'start_date', 'end_date', 'daily_budget', 'total_budget')
    )
    union all
    select g.index, 'campaign_id', null, 'it is missing'
    from given as g
    where not g.fields ? 'campaign_id'
    union all
    select min(g.index), 'campaign_id', to_jsonb(g.campaign_id), 'it is there more than once'
    from given as g
    where g.campaign_id is not null
    group by g.campaign_id
    having count(*) > 1
  )
  select count(distinct b.index), jsonb_agg(b.described order by b.index) filter (where b.place <= 20)
  into v_count, v_bad
  from (
    select b.index, row_number() over (order by b.index, b.name) as place,
      jsonb_build_object('index', b.index, 'column', b.name, 'value', b.value, 'problem', b.problem) as described
    from bad as b
  ) as b;

  if v_count > 0 then
    perform platform.fail('campaign_rows_invalid', jsonb_build_object('rows', v_count, 'bad', v_bad));
  end if;
end;
$$;

comment on function marketing._check_campaign_rows(jsonb) is $$
Refuse rows of marketing.upsert_campaigns that cannot be stored.
p_rows: the rows.
Errors: MM019 campaign_rows_invalid (detail: rows, their number; bad, up to 20 of {"index", "column", "value", "problem"}).
$$;
