-- A badge that is new goes to everybody who has earned it; one that becomes harder stays where it is.

create or replace function coffee._badges_follow()
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
    where exists (
      select
      from coffee.user_measures as m
      join coffee.badges as b on b.measure = m.measure and b.threshold <= m.value
      where m.user_id = o.id
        and not exists (select from coffee.user_badges as h where h.user_id = m.user_id and h.badge_code = b.code)
    )
    order by o.id
    for no key update
  ) as u;
  perform coffee._refresh_standing(v_users);
  return null;
end;
$$;

comment on function coffee._badges_follow() is $$
Trigger function: after a change of coffee.badges, everybody who has earned one gets it.
Returns: null.
Locks: the users' rows by id, of those who do.
$$;

create or replace trigger badges_follow
  after insert or update on coffee.badges
  for each statement
  execute function coffee._badges_follow();
