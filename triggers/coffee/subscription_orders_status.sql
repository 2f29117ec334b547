-- What a box's status may become is listed in sql/coffee/transitions.sql; each begins as pending.

create or replace trigger subscription_orders_status
  before update on coffee.subscription_orders
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('coffee.subscription_orders', 'status');

create or replace trigger subscription_orders_status_insert
  before insert on coffee.subscription_orders
  for each row
  when (new.status <> 'pending')
  execute function platform.check_transition('coffee.subscription_orders', 'status');

create or replace trigger subscription_orders_updated_at
  before update on coffee.subscription_orders
  for each row
  execute function platform.update_updated_at();
