-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.coupon_policies, coupon.coupon_issues in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('policies with max_redemptions', (select count(*) from coupon.coupon_policies as p where p.max_redemptions is distinct from 1)),
    ('balances', (select count(i.balance) from coupon.coupon_issues as i)),
    ('coupons redeemed and not used up', (select count(*) from coupon.coupon_issues as i where i.redemption_count > 0 and i.status <> 'USED'))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0012.coupon_redemptions would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop function if exists coupon.rollback_redemption(text, text, text);
drop function if exists coupon.wallet(bigint, text, bigint, integer);
drop function if exists coupon._redemptions_of(coupon.coupon_policies);

comment on column coupon.coupon_issue_audit.action is 'ISSUED, STATUS_CHANGED, TRANSFERRED or DELETED.';

alter table coupon.coupon_issues drop column redemption_count, drop column balance;
alter table coupon.coupon_policies drop column max_redemptions;
