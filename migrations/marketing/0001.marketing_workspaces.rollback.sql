-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.workspaces, marketing.users in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('workspaces', (select count(*) from marketing.workspaces)),
    ('users', (select count(*) from marketing.users))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0001.marketing_workspaces would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table marketing.workspace_members;
drop table marketing.users;
drop table marketing.workspaces;
drop function marketing._my_people();
drop function marketing._my_workspaces();
drop function marketing._acting_user();
drop schema marketing;
