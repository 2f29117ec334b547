-- Reached when the caller's own stripe is empty: at first any stripe that nobody holds will do. When all that have something left are
-- held, it is not yet sold out: a holder may still roll back, so the caller waits for one of them and looks again. Every turn of the
-- loop that takes nothing saw another transaction take the last of a stripe, so it ends.

create or replace function coupon._take_stock(p_policy_id bigint)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_stripe smallint;
begin
  loop
    select s.stripe into v_stripe
    from coupon.coupon_stock as s
    where s.policy_id = p_policy_id and s.remaining > 0
    limit 1
    for update skip locked;

    if not found then
      if not exists (select from coupon.coupon_stock as s where s.policy_id = p_policy_id and s.remaining > 0) then
        return false;
      end if;

      select s.stripe into v_stripe
      from coupon.coupon_stock as s
      where s.policy_id = p_policy_id and s.remaining > 0
      limit 1
      for update;
    end if;

    if found then
      update coupon.coupon_stock as s
      set remaining = s.remaining - 1
      where s.policy_id = p_policy_id and s.stripe = v_stripe;
      return true;
    end if;
  end loop;
end;
$$;

comment on function coupon._take_stock(bigint) is $$
Take one coupon from any stripe of a limited policy's stock.
p_policy_id: the policy.
Returns: true when one was taken; false when the policy is sold out, all transactions that might still give one back having ended.
Locks: one row of coupon_stock until the transaction ends.
$$;
