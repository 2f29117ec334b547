create or replace function coffee._refresh_standing(p_users uuid[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_badges jsonb;
  v_levels jsonb;
begin
  with awarded as (
    insert into coffee.user_badges (user_id, badge_code, awarded_at)
    select m.user_id, b.code, platform.now()
    from coffee.user_measures as m
    join coffee.badges as b on b.measure = m.measure and b.threshold <= m.value
    where m.user_id = any(p_users)
    on conflict (user_id, badge_code) do nothing
    returning user_id, badge_code
  )
  select jsonb_agg(to_jsonb(a) order by a.user_id, a.badge_code) into v_badges from awarded as a;

  with before as (
    select u.id, u.level from coffee.users as u where u.id = any(p_users)
  ), after as (
    update coffee.users as u
    set experience_points = u.experience_points
    where u.id = any(p_users)
    returning u.id, u.level
  )
  select jsonb_agg(to_jsonb(a) order by a.id) into v_levels
  from after as a
  join before as b on b.id = a.id and b.level < a.level;

  perform coffee._notify(
    (w.standing ->> 'id')::uuid, 'level_up', format('레벨 %s(%s)에 도달했습니다!', l.level, l.name), jsonb_build_object('level', l.level),
    'level_up:' || l.level
  )
  from jsonb_array_elements(v_levels) as w (standing)
  join coffee.levels as l on l.level = (w.standing ->> 'level')::integer
  order by w.standing ->> 'id';

  perform coffee._notify(
    (w.badge ->> 'user_id')::uuid, 'badge_awarded', format('새 배지를 받았습니다: %s', b.name), jsonb_build_object('badge', b.code),
    'badge_awarded:' || b.code
  )
  from jsonb_array_elements(v_badges) as w (badge)
  join coffee.badges as b on b.code = w.badge ->> 'badge_code'
  order by w.badge ->> 'user_id', b.code;
end;
$$;

comment on function coffee._refresh_standing(uuid[]) is $$
Award the badges that users have earned, bring their points, level and badges up to date, and tell them of a new level or badge.
p_users: ids of users, whose rows the caller has locked.
Locks: the users' rows.
$$;
