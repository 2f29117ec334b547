-- requires: procedures/coffee/_keep_rows.sql
--
-- What was packed for whom, and what it costs, stays as it is: stock and bill were made by it. So does when it left and when it tells.

create or replace trigger subscription_orders_keep
  before update on coffee.subscription_orders
  for each row
  when (
    (
      old.id, old.subscription_id, old.user_id, old.period_id, old.order_job_id, old.order_month, old.order_number, old.coffee_items,
      old.total_price, old.currency, old.credit, old.is_blind, old.qr_codes, old.created_at
    ) is distinct from (
      new.id, new.subscription_id, new.user_id, new.period_id, new.order_job_id, new.order_month, new.order_number, new.coffee_items,
      new.total_price, new.currency, new.credit, new.is_blind, new.qr_codes, new.created_at
    )
    or old.shipped_at <> new.shipped_at
    or old.delivered_at <> new.delivered_at
    or old.reveal_at <> new.reveal_at
  )
  execute function coffee._keep_rows();

create or replace trigger subscription_orders_keep_all
  before delete or truncate on coffee.subscription_orders
  for each statement
  execute function coffee._keep_rows();
