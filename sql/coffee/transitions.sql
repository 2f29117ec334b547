-- What the statuses of coffee may become, in full: a row that is taken out here is taken out of the table.

with defined (machine, from_state, to_state) as (
  values
    -- subscriptions
    ('coffee.coffee_subscriptions', 'active', 'past_due'),
    ('coffee.coffee_subscriptions', 'active', 'paused'),
    ('coffee.coffee_subscriptions', 'active', 'pending_cancel'),
    ('coffee.coffee_subscriptions', 'active', 'cancelled'),
    ('coffee.coffee_subscriptions', 'past_due', 'active'),
    ('coffee.coffee_subscriptions', 'past_due', 'unpaid'),
    ('coffee.coffee_subscriptions', 'past_due', 'cancelled'),
    ('coffee.coffee_subscriptions', 'unpaid', 'active'),
    ('coffee.coffee_subscriptions', 'unpaid', 'cancelled'),
    ('coffee.coffee_subscriptions', 'paused', 'active'),
    ('coffee.coffee_subscriptions', 'paused', 'cancelled'),
    ('coffee.coffee_subscriptions', 'pending_cancel', 'active'),
    ('coffee.coffee_subscriptions', 'pending_cancel', 'past_due'),
    ('coffee.coffee_subscriptions', 'pending_cancel', 'cancelled'),
    ('coffee.coffee_subscriptions', 'past_due', 'pending_cancel'),  -- paid, and wants to leave all the same

    -- billing
    ('coffee.billing_jobs', 'waiting', 'pending'),  -- the box is packed or nothing has to be
    ('coffee.billing_jobs', 'waiting', 'cancelled'),
    ('coffee.billing_jobs', 'pending', 'processing'),
    ('coffee.billing_jobs', 'pending', 'cancelled'),
    ('coffee.billing_jobs', 'processing', 'succeeded'),
    ('coffee.billing_jobs', 'processing', 'retrying'),
    ('coffee.billing_jobs', 'processing', 'failed'),
    ('coffee.billing_jobs', 'processing', 'cancelled'),
    ('coffee.billing_jobs', 'retrying', 'processing'),
    ('coffee.billing_jobs', 'retrying', 'succeeded'),  -- the result came late
    ('coffee.billing_jobs', 'retrying', 'failed'),
    ('coffee.billing_jobs', 'retrying', 'cancelled'),
    ('coffee.billing_jobs', 'failed', 'succeeded'),  -- paid after all
    ('coffee.billing_jobs', 'failed', 'retrying'),  -- with another payment method

    -- boxes
    ('coffee.subscription_orders', 'pending', 'paid'),
    ('coffee.subscription_orders', 'pending', 'cancelled'),
    ('coffee.subscription_orders', 'paid', 'shipped'),
    ('coffee.subscription_orders', 'paid', 'cancelled'),
    ('coffee.subscription_orders', 'shipped', 'delivered')
), removed as (
  delete from platform.transitions as t
  where starts_with(t.machine, 'coffee.')
    and not exists (select from defined as d where (d.machine, d.from_state, d.to_state) = (t.machine, t.from_state, t.to_state))
)
insert into platform.transitions (machine, from_state, to_state)
select d.machine, d.from_state, d.to_state
from defined as d
on conflict do nothing;
