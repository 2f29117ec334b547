-- A quota that is used up is refused without the roaster's row: packing has other quotas by then, and whoever edits the roaster wants them.

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
    exit when exists (select from coffee.roaster_quotas as q where q.roaster_id = p_roaster_id and q.month = p_month);
    perform coffee._open_quotas(array[p_roaster_id], array[p_month]);
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
Locks: the row of roaster_quotas; the first call of a month, when coffee._open_quotas was not called before, as that.
$$;
