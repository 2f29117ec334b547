-- Who has set it need not be told what time it is.

create or replace trigger coffee_subscriptions_updated_at
  before update on coffee.coffee_subscriptions
  for each row
  when (new.updated_at = old.updated_at)
  execute function platform.update_updated_at();
