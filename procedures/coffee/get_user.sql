create or replace function coffee.get_user(p_user_id uuid)
  returns table (
    user_id uuid,
    email text,
    username text,
    time_zone text,
    profile jsonb,
    preferences jsonb,
    experience_points integer,
    level integer,
    level_name text,
    next_level_at integer,
    badges jsonb,
    subscription_tier text,
    subscription_type text,
    subscription_expires_at timestamptz,
    lab_pro_active boolean,
    taste_dna jsonb,
    taste_dna_version integer,
    unread_notifications bigint,
    created_at timestamptz
  )
  language sql
  stable
  security definer
  rows 1
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select
    u.id, u.email, u.username, u.time_zone, u.profile, u.preferences, u.experience_points, u.level,
    (select l.name from coffee.levels as l where l.level = u.level),
    (select min(l.experience_points) from coffee.levels as l where l.experience_points > u.experience_points),
    (
      select coalesce(jsonb_agg(
        jsonb_build_object('code', b.code, 'name', b.name, 'description', b.description, 'awarded_at', h.awarded_at)
        order by h.awarded_at, b.code
      ), '[]')
      from coffee.user_badges as h
      join coffee.badges as b on b.code = h.badge_code
      where h.user_id = u.id
    ),
    u.subscription_tier, u.subscription_type, u.subscription_expires_at, u.lab_pro_active, u.taste_dna, u.taste_dna_version,
    (select count(*) from coffee.notifications as n where n.user_id = u.id and n.read_at is null),
    u.created_at
  from coffee.users as u
  where u.id = p_user_id and u.deleted_at is null
$$;

comment on function coffee.get_user(uuid) is $$
A user, as the user sees it.
p_user_id: the user.
Returns: one row, none when there is no such user. next_level_at: the points that the next level takes; null: there is none. badges: an
array of {code, name, description, awarded_at} in the order of winning.
$$;
