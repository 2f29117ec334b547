-- Whoever looks at what else an order holds has this lock first, or two of them would not see each other. It comes after the locks of the
-- coupons, which are taken before it is known that their policies need it, and before limits. A snapshot older than the lock would not
-- show what those have written who had it before: with any isolation level but READ COMMITTED the lock is worth nothing.

create or replace function coupon._enter_order(p_order_id text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform platform.fail('order_isolation_level',
      jsonb_build_object('order_id', p_order_id, 'isolation', current_setting('transaction_isolation')));
  end if;
  perform pg_advisory_xact_lock(19783, hashtext(p_order_id));
end;
$$;

comment on function coupon._enter_order(text) is $$
Be alone with what an order holds, and see all of it.
p_order_id: the order.
Returns: nothing.
Errors: MC053 order_isolation_level.
Locks: advisory (19783, hashtext(order)).
$$;
