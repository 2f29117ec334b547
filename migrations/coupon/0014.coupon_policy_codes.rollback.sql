-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.policy_codes, coupon.code_claims, coupon.guess_limits in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('codes beside those of the policies', (select count(*) from coupon.policy_codes as c where not c.is_main)),
    ('codes switched off', (select count(*) from coupon.policy_codes as c where c.is_main and not c.is_active)),
    ('claims by code', (select count(*) from coupon.code_claims)),
    ('limits of guessing that were changed', (
      select 2 - count(*)
      from coupon.guess_limits as g
      where (g.bucket, g.burst, g.per) in (('coupon.guess_code.address', 100, '1 hour'), ('coupon.guess_code.user', 10, '1 hour'))
    ))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0014.coupon_policy_codes would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

-- Its triggers write policy_codes, which PostgreSQL does not know.
drop function if exists coupon._coupon_policies_codes() cascade;

drop table coupon.guess_limits;
drop table coupon.code_spaces;
drop table coupon.code_claims;
drop table coupon.policy_codes;
drop domain coupon.code_text;
