-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.insights in access exclusive mode;
  select format('insights (%s)', count(*)) into v_lost from marketing.insights having count(*) > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0006.marketing_insights would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop type marketing.insight_finding;
drop table marketing.insights;
drop table marketing.insight_rules;
