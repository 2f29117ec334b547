-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.coupon_issue_audit, coupon.daily_statistics in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('records of coupons', (select count(*) from coupon.coupon_issue_audit)),
    ('days of statistics', (select count(*) from coupon.daily_statistics))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0005.coupon_records would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coupon.daily_statistics;
delete from platform.partition_sets where schema_name = 'coupon' and table_name = 'coupon_issue_audit';
drop table coupon.coupon_issue_audit;
