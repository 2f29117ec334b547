-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coffee.taste_records, coffee.cuppings, coffee.ai_analyses in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('taste records', (select count(*) from coffee.taste_records)),
    ('cuppings', (select count(*) from coffee.cuppings)),
    ('ai analyses', (select count(*) from coffee.ai_analyses))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0006.coffee_tasting would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

delete from platform.partition_sets where schema_name = 'coffee' and table_name = 'taste_records';
drop table coffee.ai_analyses;
drop table coffee.cupping_descriptors;
drop table coffee.cupping_sections;
drop table coffee.cuppings;
drop table coffee.taste_record_flavors;
drop table coffee.flavors;
drop table coffee.taste_dna_versions;
drop table coffee.taste_windows;
drop table coffee.taste_days;
drop table coffee.taste_records;
