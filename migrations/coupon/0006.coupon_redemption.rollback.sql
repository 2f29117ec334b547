-- What people made is not deleted unasked (docs/deploying.md, Rollback).
do $$
declare
  v_lost text;
begin
  lock table coupon.coupon_issues, coupon.coupon_reservations in access exclusive mode;
  select string_agg(format('%s (%s)', d.what, d.number), ', ') into v_lost
  from (values
    ('reasons of cancelled coupons', (select count(i.cancelled_reason) from coupon.coupon_issues as i)),
    ('times of payment', (select count(r.confirmed_at) from coupon.coupon_reservations as r)),
    ('contexts of orders', (select count(*) from coupon.coupon_reservations as r where r.context <> '{}'))
  ) as d (what, number)
  where d.number > 0;
  if v_lost is not null and current_setting('moadb.discard', true) is distinct from 'on' then
    raise exception 'the rollback of 0006.coupon_redemption would delete %', v_lost
      using errcode = 'object_not_in_prerequisite_state',
        hint = 'Save it first; with PGOPTIONS=''-c moadb.discard=on'' the rollback deletes it (docs/deploying.md, Rollback).';
  end if;
end;
$$;

drop table coupon.expiry_progress;
drop sequence coupon.coupon_reservations_number_seq;
alter table coupon.coupon_reservations drop column context, drop column confirmed_at;
alter table coupon.coupon_issues drop column cancelled_reason;
