-- What was recorded is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table
    marketing.conversion_facts, marketing.window_metrics, marketing.touchpoints, marketing.orders, marketing.imports
    in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('conversion facts', (select count(*) from marketing.conversion_facts)),
    ('window metrics', (select count(*) from marketing.window_metrics)),
    ('touchpoints', (select count(*) from marketing.touchpoints)),
    ('orders', (select count(*) from marketing.orders)),
    ('imports', (select count(*) from marketing.imports))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0008.marketing_conversions would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table marketing.import_slices;
drop table marketing.imports;
drop table marketing.orders;
drop table marketing.touchpoints;
drop table marketing.window_metrics;
drop table marketing.conversion_facts;
