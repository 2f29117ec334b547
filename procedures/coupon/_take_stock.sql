-- Reached when the caller's own stripe is empty or held: any stripe that nobody holds will do. When all that have something left are
-- held, it is not yet sold out, because a holder may still roll back: the caller waits for one of them and takes from that.
-- Whoever waits must hold nothing that another may wait for, or they deadlock; so each attempt is a subtransaction that lets go of
-- what it locked when it took nothing, and a wait is for one stripe.
-- Every turn of the loop that takes nothing saw another transaction take the last of a stripe, so it ends.

create or replace function coupon._take_stock(p_policy_id bigint)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_stripe smallint;
begin
  loop
    begin
      select s.stripe into v_stripe
      from coupon.coupon_stock as s
      where s.policy_id = p_policy_id
        and s.remaining > 0
        and pg_try_advisory_xact_lock(19779, hashint8(p_policy_id) # s.stripe)
      limit 1;

      if not found then
        select s.stripe into v_stripe
        from coupon.coupon_stock as s
        where s.policy_id = p_policy_id and s.remaining > 0
        limit 1;

        if not found then
          return false;
        end if;
        perform pg_advisory_xact_lock(19779, hashint8(p_policy_id) # v_stripe);
      end if;

      update coupon.coupon_stock as s
      set remaining = s.remaining - 1
      where s.policy_id = p_policy_id and s.stripe = v_stripe and s.remaining > 0;

      if found then
        return true;
      end if;
      raise sqlstate 'MC000';
    exception
      when sqlstate 'MC000' then
        null;
    end;
  end loop;
end;
$$;

comment on function coupon._take_stock(bigint) is $$
Take one coupon from any stripe of a limited policy's stock.
p_policy_id: the policy.
Returns: true when one was taken; false when the policy is sold out, all transactions that might still give one back having ended.
Errors: none; to let go of locks, it raises sqlstate MC000, and catches it.
Locks: the advisory lock of one stripe and its row of coupon_stock until the transaction ends; none when nothing was taken.
$$;
