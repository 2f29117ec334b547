-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.coupon_policies in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('policies closed for good', (select count(p.closed_at) from coupon.coupon_policies as p))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0015.coupon_policy_administration would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

-- Its triggers write row_version, which PostgreSQL does not know.
drop function if exists coupon._coupon_policies_guard() cascade;

alter table coupon.coupon_policies
  drop constraint coupon_policies_closed_check,
  drop column closed_at,
  drop column row_version;
