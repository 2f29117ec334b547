-- Applications and administrators call functions and read nothing; reporting reads views and calls nothing.

-- Who acts on whose behalf is told by the application (platform.set_actor).
grant usage on schema platform to coffee_app, coffee_admin;
grant execute on function platform.set_actor(text, inet, text) to coffee_app, coffee_admin;

grant usage on schema coffee to coffee_app, coffee_admin, coffee_read;

-- catalogue and stock
grant execute on function coffee.receive_stock(uuid, text, integer, date, date, text, text) to coffee_admin;

-- users

-- subscriptions
grant execute on function
  coffee.create_plan(text, text, text, numeric, text, integer, boolean, jsonb, text),
  coffee.edit_plan(bigint, jsonb),
  coffee.retire_plan(bigint)
to coffee_admin;
grant execute on function
  coffee.subscribe(uuid, bigint, jsonb, integer, jsonb, timestamptz, text, numeric, text)
to coffee_app;

-- billing

-- boxes

-- tasting

-- statistics
-- A view runs functions with its reader's rights.
grant execute on function platform.now() to coffee_read;
grant select on coffee.v_subscriptions, coffee.v_mrr, coffee.v_churn, coffee.v_skip_rate, coffee.v_dunning_recovery to coffee_read;
grant select on coffee.v_cohorts, coffee.v_next_period_demand, coffee.v_growth to coffee_read;
