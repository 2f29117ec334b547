-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.users, coffee.experience_entries, coffee.notifications in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('users', (select count(*) from coffee.users)),
    ('experience entries', (select count(*) from coffee.experience_entries)),
    ('notifications', (select count(*) from coffee.notifications))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0002.coffee_users would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coffee.active_sessions;
drop table coffee.notifications;
drop table coffee.user_badges;
drop table coffee.badges;
drop table coffee.user_measures;
drop table coffee.experience_entries;
drop table coffee.levels;
drop table coffee.users;
