-- Once for each statement, for all its users: first their rows, in order, so that two statements do not wait for each other in a ring; then
-- sums, badges, and what the row shows.

create or replace function coffee._experience_entries_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_users uuid[];
begin
  select array_agg(u.id order by u.id) into v_users
  from (
    select o.id
    from coffee.users as o
    where o.id in (select e.user_id from new_rows as e)
    order by o.id
    for no key update
  ) as u;
  if v_users is null then
    return null;
  end if;

  insert into coffee.user_measures as m (user_id, measure, value)
  select e.user_id, e.reason, count(*) from new_rows as e group by e.user_id, e.reason
  union all
  select e.user_id, 'experience_points', sum(e.points) from new_rows as e group by e.user_id
  on conflict (user_id, measure) do update set value = m.value + excluded.value;

  perform coffee._refresh_standing(v_users);
  return null;
end;
$$;

comment on function coffee._experience_entries_follow() is $$
Trigger function: adds new entries of the ledger to user_measures; points, level and badges follow.
Returns: null.
Locks: the users' rows by id.
$$;

create or replace trigger experience_entries_follow
  after insert on coffee.experience_entries
  referencing new table as new_rows
  for each statement
  execute function coffee._experience_entries_follow();
