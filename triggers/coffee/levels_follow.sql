-- Levels change rarely and move few users, so they are moved at once.

create or replace function coffee._levels_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_users uuid[];
begin
  select array_agg(u.id) into v_users
  from (
    select o.id
    from coffee.users as o
    where o.level <> coalesce((select max(l.level) from coffee.levels as l where l.experience_points <= o.experience_points), 1)
    order by o.id
    for no key update
  ) as u;
  perform coffee._refresh_standing(v_users);
  return null;
end;
$$;

comment on function coffee._levels_follow() is $$
Trigger function: after a change of coffee.levels, users get the level that they have now.
Returns: null.
Locks: the users' rows by id, of those that move.
$$;

create or replace trigger levels_follow
  after insert or update or delete on coffee.levels
  for each statement
  execute function coffee._levels_follow();
