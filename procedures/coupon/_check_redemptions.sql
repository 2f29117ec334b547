-- Counted, because it is asked when a coupon is freed, changed by hand or redeemed for the second time, and not by every checkout.

create or replace function coupon._check_redemptions(p_coupon coupon.coupon_issues)
  returns text
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_pending  bigint;
  v_redeemed bigint;
  v_spent    numeric;
begin
  select
    count(*) filter (where r.status = 'PENDING'),
    count(*) filter (where r.status = 'CONFIRMED'),
    coalesce(sum(r.discount_amount) filter (where r.status = 'CONFIRMED'), 0)
  into v_pending, v_redeemed, v_spent
  from coupon.coupon_reservations as r
  where r.coupon_id = p_coupon.id;

  return case
    when v_pending > 0 and p_coupon.status <> 'RESERVED' then 'an open reservation has it'
    when v_redeemed > 0 and p_coupon.status = 'CANCELLED' then 'it was redeemed'
    when v_redeemed <> coalesce(p_coupon.redemption_count, 0) then 'its redemptions say otherwise'
    when p_coupon.balance is not null or v_redeemed > 0 then (
      select case
        when p_coupon.balance is distinct from case when p.discount_type = 'GIFT_BALANCE' then p.discount_value - v_spent end
          and (p_coupon.balance is not null or v_spent > 0)
          then 'its balance is another'
        when p_coupon.status in ('ISSUED', 'EXPIRED') and (v_redeemed >= coupon._redemptions_of(p) or p_coupon.balance = 0)
          then 'it is used up'
      end
      from coupon.coupon_policies as p
      where p.id = p_coupon.policy_id
    )
  end;
end;
$$;

comment on function coupon._check_redemptions(coupon.coupon_issues) is $$
Whether a coupon's count and balance are what its reservations make them.
p_coupon: the row, as it is to be.
Returns: what is wrong with it; null: nothing.
$$;
