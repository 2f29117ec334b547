-- The ledger and the balance are written together; the subscription's row has been locked by whoever calls.

create or replace function coffee._credit_box(p_subscription_id uuid, p_period_id bigint, p_amount numeric, p_reason text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_amount > 0 then
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    values (p_subscription_id, p_period_id, p_amount, p_reason, platform.now());

    update coffee.coffee_subscriptions as s
    set credit_balance = s.credit_balance + p_amount
    where s.id = p_subscription_id;
  end if;
end;
$$;

comment on function coffee._credit_box(uuid, bigint, numeric, text) is $$
Credit a subscription for something that was paid for and not sent: the next bills take it off.
p_subscription_id: the subscription.
p_period_id: the period that was paid.
p_amount: how much; nothing happens when it is not positive.
p_reason: for the record.
Locks: the subscription's row.
$$;
