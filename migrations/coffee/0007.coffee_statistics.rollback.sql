-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.user_growth_metrics, coffee.user_growth_monthly in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('user growth metrics', (select count(*) from coffee.user_growth_metrics)),
    ('user growth monthly', (select count(*) from coffee.user_growth_monthly))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0007.coffee_statistics would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

delete from platform.partition_sets where schema_name = 'coffee' and table_name = 'user_growth_metrics';
drop table coffee.growth_days;
drop table coffee.user_growth_monthly;
drop table coffee.user_growth_metrics;
