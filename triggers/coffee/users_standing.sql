-- Points, level and badges are copies. Whatever is written to them, they are what the ledger's sums say, so no statement can make them
-- wrong, and to bring them up to date is to write them.

create or replace function coffee._users_standing()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.experience_points := coalesce(
    (select m.value from coffee.user_measures as m where m.user_id = new.id and m.measure = 'experience_points'), 0
  );
  new.level := coalesce((select max(l.level) from coffee.levels as l where l.experience_points <= new.experience_points), 1);
  new.badges := coalesce(
    (select jsonb_agg(b.badge_code order by b.awarded_at, b.badge_code) from coffee.user_badges as b where b.user_id = new.id), '[]'
  );
  return new;
end;
$$;

comment on function coffee._users_standing() is $$
Trigger function: sets experience_points, level and badges of a user to what user_measures, levels and user_badges say.
Returns: the row.
$$;

create or replace trigger users_standing
  before insert or update of experience_points, level, badges on coffee.users
  for each row
  execute function coffee._users_standing();
