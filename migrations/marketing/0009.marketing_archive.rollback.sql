-- What is in files alone is not forgotten unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table marketing.archives in access exclusive mode;
  select string_agg(format('archived rows of %s (%s)', a.table_name, a.rows), ', ' order by a.table_name, a.date_from) into v_lost
  from marketing.archives as a
  where a.status = 'removed';
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0009.marketing_archive would forget where these are: %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Restore them first (moadb archive restore); with PGOPTIONS=''-c moadb.discard=on'' the rollback forgets them (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table marketing.archives;
