-- The row of a month is made by the first box that needs it, with the roaster's row held still, so that a quota which is changed at that
-- moment is either in the row or meets it. Roasters come before quotas, as with whoever edits one; a roaster whose rows are there is left
-- alone.

create or replace function coffee._open_quotas(p_roaster_ids uuid[], p_months date[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  with incomplete as (
    select r.id, r.monthly_quota
    from coffee.roasters as r
    where r.id = any (p_roaster_ids)
      and exists (
        select
        from unnest(p_months) as m (month)
        where not exists (select from coffee.roaster_quotas as q where q.roaster_id = r.id and q.month = m.month)
      )
    order by r.id
    for share of r
  )
  insert into coffee.roaster_quotas (roaster_id, month, maximum)
  select i.id, m.month, i.monthly_quota
  from incomplete as i
  cross join unnest(p_months) as m (month)
  order by i.id, m.month
  on conflict (roaster_id, month) do nothing;

  perform
  from coffee.roaster_quotas as q
  where q.roaster_id = any (p_roaster_ids) and q.month = any (p_months)
  order by q.roaster_id, q.month
  for no key update;
end;
$$;

comment on function coffee._open_quotas(uuid[], date[]) is $$
Make the quotas of roasters for months, where there are none yet, and lock them all: whoever takes from several of them does this first.
p_roaster_ids: the roasters.
p_months: first days of months.
Locks: roasters that lack one of the months, for share by ascending id; then the rows of roaster_quotas by ascending roaster and month.
$$;
