-- Records are kept as they are.

create or replace trigger subscription_events_keep
  before update or delete or truncate on coffee.subscription_events
  for each statement
  execute function coffee._keep_rows();
