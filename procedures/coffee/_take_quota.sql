-- The row of a month is made by the first box that needs it, with the roaster's row held still, so that a quota which is changed at that
-- moment is either in the row or meets it.

create or replace function coffee._take_quota(p_roaster_id uuid, p_month date, p_quantity integer)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  for attempt in 1..2 loop
    update coffee.roaster_quotas as q
    set used = q.used + p_quantity
    where q.roaster_id = p_roaster_id and q.month = p_month and (q.used + p_quantity <= q.maximum or q.maximum is null);
    if found then
      return true;
    end if;

    insert into coffee.roaster_quotas (roaster_id, month, maximum)
    select r.id, p_month, r.monthly_quota
    from coffee.roasters as r
    where r.id = p_roaster_id and attempt = 1
    for share
    on conflict (roaster_id, month) do nothing;
  end loop;
  return false;
end;
$$;

comment on function coffee._take_quota(uuid, date, integer) is $$
Count bags of a roaster against its quota of a month.
p_roaster_id: the roaster.
p_month: first day of the month of the box.
p_quantity: bags.
Returns: false when the quota does not allow so many; then nothing is counted.
Locks: the row of roaster_quotas; the first call of a month, or one that is refused, the roaster's row for share.
$$;
