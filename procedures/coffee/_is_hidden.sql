-- The one place that says what of a blind box may be told. Whatever shows an application a coffee that a box brought asks here, or its
-- answer is a way around. A guess counts from the next transaction on: one that reads the answer and is rolled back would have guessed
-- nothing.

create or replace function coffee._is_hidden(p_order_id uuid, p_coffee_id uuid)
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (
      select o.is_blind and coalesce(o.reveal_at > platform.now(), true)
      from coffee.subscription_orders as o
      where o.id = p_order_id
    )
    and exists (
      select from coffee.order_items as i where i.order_id = p_order_id and i.coffee_id = p_coffee_id and not i.is_extra
    )
    and not exists (
      select
      from coffee.subscription_feedback as f
      where f.order_id = p_order_id
        and f.coffee_id = p_coffee_id
        and f.guess_transaction <> coalesce(pg_current_xact_id_if_assigned(), '0'::xid8)
    ),
    false
  )
$$;

comment on function coffee._is_hidden(uuid, uuid) is $$
Whether the customer must not be told yet that this coffee lies in this box.
p_order_id: the box.
p_coffee_id: the coffee.
Returns: true for what a blind box brought, extras excepted, until it was guessed in an earlier transaction or reveal_at has come; false
for everything else, also for what is not in the box.
$$;
