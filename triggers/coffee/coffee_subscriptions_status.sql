-- What a subscription's status may become is listed in sql/coffee/transitions.sql; a new one is active.

create or replace trigger coffee_subscriptions_status
  before update of status on coffee.coffee_subscriptions
  for each row
  when (old.status is distinct from new.status)
  execute function platform.check_transition('coffee.coffee_subscriptions', 'status');

create or replace trigger coffee_subscriptions_status_insert
  before insert on coffee.coffee_subscriptions
  for each row
  when (new.status is distinct from 'active')
  execute function platform.check_transition('coffee.coffee_subscriptions', 'status');
