-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.policy_limits, coupon.limit_usages in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('limits and budgets', (select count(*) from coupon.policy_limits)),
    ('usages of them', (select count(*) from coupon.limit_usages))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0009.coupon_limits would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

alter table coupon.coupon_reservations drop column limit_usage;
drop table coupon.limit_credits;
drop table coupon.limit_usages;
drop table coupon.policy_limits;
