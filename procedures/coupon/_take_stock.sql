-- Reached by batches, which try the stripe of their own backend first, and by single coupons that did not get one there. Stripes that
-- nobody holds will do; a single coupon takes from one of them, a batch from as many as it needs. When what is free is not enough, it
-- is not yet sold out, because a holder may still roll back: the caller waits for one who holds some of the rest, and tries again.
-- Whoever waits must hold nothing that another may wait for, or they deadlock; so each attempt is a subtransaction that lets go of
-- what it locked when it did not take enough, and a wait is for one stripe. Rows are locked by ascending stripe, as they are by a change
-- of the limit.
-- The search begins anywhere, so that callers do not meet on the first stripe, and one that issues thousands in one transaction does
-- not read all the versions it has left behind there each time.
-- Every turn of the loop waited for another transaction, or saw one take what was left of a stripe, so it ends.

create or replace function coupon._take_stock(p_policy_id bigint, p_count integer)
  returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  v_begin  smallint := floor(random() * 128);
  v_stripe smallint;
  v_held   smallint;
  v_taken  integer;
begin
  loop
    select s.stripe into v_stripe
    from coupon.coupon_stock as s
    where s.policy_id = p_policy_id and s.stripe >= v_begin and s.remaining > 0
    order by s.stripe
    limit 1;
    if not found then
      select s.stripe into v_stripe
      from coupon.coupon_stock as s
      where s.policy_id = p_policy_id and s.stripe < v_begin and s.remaining > 0
      order by s.stripe
      limit 1;
      if not found then
        return 0;
      end if;
    end if;

    begin
      if v_held is not null then
        perform pg_advisory_xact_lock(19779, hashint8(p_policy_id) # v_held);
      else
        v_stripe := case when p_count = 1 then v_stripe else pg_backend_pid() & 127 end;
        if pg_try_advisory_xact_lock(19779, hashint8(p_policy_id) # v_stripe) then
          update coupon.coupon_stock as s
          set remaining = s.remaining - p_count
          where s.policy_id = p_policy_id
            and s.stripe = v_stripe
            and s.remaining >= p_count;
          if found then
            return p_count;
          end if;
        end if;
      end if;

      with free as materialized (
        select s.stripe, s.remaining::integer as remaining
        from coupon.coupon_stock as s
        where s.policy_id = p_policy_id
          and s.remaining > 0
          and pg_try_advisory_xact_lock(19779, hashint8(p_policy_id) # s.stripe)
        order by s.stripe
        limit p_count
        for update
      ), shares as (
        select f.stripe, least(f.remaining, p_count - sum(f.remaining) over (order by f.stripe) + f.remaining)::integer as share
        from free as f
      ), taken as (
        update coupon.coupon_stock as s
        set remaining = s.remaining - h.share
        from shares as h
        where s.policy_id = p_policy_id and s.stripe = h.stripe and h.share > 0 and s.remaining >= h.share
        returning h.share
      )
      select coalesce(sum(t.share), 0) into v_taken from taken as t;

      if v_taken = p_count
        or not exists (select from coupon.coupon_stock as s where s.policy_id = p_policy_id and s.remaining > 0)
      then
        return v_taken;
      end if;

      select s.stripe into v_held
      from coupon.coupon_stock as s
      where s.policy_id = p_policy_id
        and s.remaining > 0
        and not pg_try_advisory_xact_lock(19779, hashint8(p_policy_id) # s.stripe)
      limit 1;
      raise sqlstate 'MC000';
    exception
      when sqlstate 'MC000' then
        null;
    end;
  end loop;
end;
$$;

comment on function coupon._take_stock(bigint, integer) is $$
Take coupons from any stripes of a limited policy's stock.
p_policy_id: the policy.
p_count: how many, 1 or more.
Returns: how many were taken: fewer than p_count only when that was all, all transactions that might still give some back having ended;
0 when the policy is sold out.
Errors: none; to let go of locks, it raises sqlstate MC000, and catches it.
Locks: the advisory locks of the stripes taken from and their rows of coupon_stock, until the transaction ends; none when nothing was
taken.
$$;
