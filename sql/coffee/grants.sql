-- Applications and administrators call functions and read nothing; reporting reads views, and calls what these call.

-- Who acts on whose behalf is told by the application (platform.set_actor).
grant usage on schema platform to coffee_app, coffee_admin;
grant execute on function platform.set_actor(text, inet, text) to coffee_app, coffee_admin;

grant usage on schema coffee to coffee_app, coffee_admin, coffee_read;

-- catalogue and stock
grant execute on function coffee.search_coffees(text, integer, uuid, uuid, text, text, text, boolean) to coffee_app, coffee_admin;
grant execute on function coffee.get_coffee(uuid) to coffee_app, coffee_admin;
grant execute on function coffee.add_roaster(text, jsonb, text) to coffee_admin;
grant execute on function coffee.edit_roaster(uuid, jsonb) to coffee_admin;
grant execute on function coffee.add_coffee(text, uuid, text, jsonb, text) to coffee_admin;
grant execute on function coffee.edit_coffee(uuid, jsonb) to coffee_admin;
grant execute on function coffee.edit_stock(uuid, text, jsonb) to coffee_admin;
grant execute on function coffee.receive_stock(uuid, text, integer, date, date, text, text) to coffee_admin;
grant execute on function coffee.list_lots(uuid, text, boolean) to coffee_admin;
grant execute on function coffee.adjust_stock(bigint, integer, text, text) to coffee_admin;
grant execute on function coffee.write_off_stock(integer) to coffee_admin;
grant select on coffee.v_stock to coffee_read;

-- users
grant execute on function
  coffee.register_user(text, text, text, jsonb, jsonb, text),
  coffee.edit_user(uuid, jsonb),
  coffee.delete_user(uuid),
  coffee.find_user(text),
  coffee.get_user(uuid),
  coffee.list_notifications(uuid, integer, bigint, boolean),
  coffee.close_sessions(uuid, uuid)
to coffee_app, coffee_admin;
grant execute on function
  coffee.mark_read(uuid, bigint[]),
  coffee.open_session(uuid, interval, jsonb),
  coffee.touch_session(uuid, jsonb),
  coffee.read_session(uuid),
  coffee.close_session(uuid)
to coffee_app;
-- Workers: tasks of coffee alone are claimed; whoever has a lease may end it.
grant execute on function
  coffee.claim_tasks(text, integer, interval, text),
  coffee.get_notification(bigint)
to coffee_app;
grant execute on function coffee.claim_admin_tasks(text, integer, interval, text) to coffee_admin;
grant execute on function
  platform.ack_task(bigint, uuid),
  platform.fail_task(bigint, uuid, text, interval, boolean),
  platform.extend_task(bigint, uuid, interval)
to coffee_app, coffee_admin;

-- subscriptions
grant execute on function
  coffee.create_plan(text, text, text, numeric, text, integer, boolean, jsonb, text),
  coffee.edit_plan(bigint, jsonb),
  coffee.retire_plan(bigint),
  coffee.add_prepaid(uuid, integer, text, text)
to coffee_admin;
grant execute on function
  coffee.subscribe(uuid, bigint, jsonb, integer, jsonb, timestamptz, text, numeric, text),
  coffee.prorate(numeric, numeric, numeric, integer),
  coffee.list_plans(boolean)
to coffee_app, coffee_admin;
grant execute on function
  coffee.pause_subscription(uuid, uuid, text, timestamptz),
  coffee.resume_subscription(uuid, uuid),
  coffee.skip_period(uuid, uuid, integer),
  coffee.unskip_period(uuid, uuid, integer),
  coffee.set_items(uuid, uuid, jsonb),
  coffee.skip_item(uuid, uuid, uuid, text, integer),
  coffee.swap_item(uuid, uuid, uuid, uuid, integer),
  coffee.add_one_time(uuid, uuid, uuid, text, integer, integer, text),
  coffee.undo_change(uuid, uuid, bigint),
  coffee.change_plan(uuid, uuid, bigint, text, jsonb, text),
  coffee.change_anchor(uuid, uuid, timestamptz),
  coffee.change_delivery(uuid, uuid, jsonb, integer),
  coffee.cancel_subscription(uuid, uuid, text, text),
  coffee.undo_cancel(uuid, uuid),
  coffee.list_subscriptions(uuid),
  coffee.list_periods(uuid, uuid, integer, integer, integer),
  coffee.entitled(uuid, timestamptz)
to coffee_app;

-- billing
grant execute on function coffee.process_monthly_billing(timestamptz, integer) to coffee_app;
grant execute on function coffee.claim_billing_jobs(integer, interval, text) to coffee_app;
grant execute on function coffee.record_charge_result(bigint, uuid, text, text, text, boolean) to coffee_app;
grant execute on function coffee.retry_charge(uuid, uuid) to coffee_app;
grant execute on procedure coffee.run_monthly_billing(integer, bigint) to coffee_admin;
grant execute on function coffee.process_monthly_billing(timestamptz, integer), coffee.end_dunning(integer), coffee.notify_upcoming(integer)
to coffee_admin;

-- boxes
grant execute on function
  coffee.assemble_boxes(integer),
  coffee.ship_order(uuid, text),
  coffee.deliver_order(uuid)
to coffee_app, coffee_admin;
grant execute on function
  coffee.get_box(uuid, uuid),
  coffee.list_boxes(uuid, timestamptz, uuid, integer),
  coffee.scan_qr(text, uuid),
  coffee.submit_feedback(uuid, uuid, uuid, integer, boolean, text, numeric, uuid, timestamptz, text),
  coffee.submit_blind_guess(uuid, uuid, bigint, uuid, uuid, text, text, text),
  coffee.reveal_blind(uuid, uuid)
to coffee_app;
grant execute on function
  coffee.cancel_order(uuid, text),
  coffee.list_packing(timestamptz, uuid, integer)
to coffee_admin;
grant select on coffee.v_blind_orders, coffee.v_open_boxes to coffee_read;

-- tasting
grant execute on function
  coffee.record_taste(
    uuid, uuid, text, jsonb, extensions.vector, numeric, text, jsonb, jsonb, numeric, numeric, numeric, numeric, numeric, jsonb, time, text,
    boolean, uuid, jsonb, text, timestamptz, text, text
  ),
  coffee.edit_taste(uuid, uuid, timestamptz, jsonb),
  coffee.delete_taste(uuid, uuid, timestamptz),
  coffee.list_tastes(uuid, timestamptz, uuid, integer),
  coffee.taste_dna_at(uuid, timestamptz),
  coffee.similar_records(uuid, timestamptz, integer),
  coffee.recommend(uuid, integer, integer),
  coffee.records_nearby(numeric, numeric, numeric, integer, timestamptz),
  coffee.record_flavors(uuid, uuid, timestamptz, text[]),
  coffee.list_flavors(text),
  coffee.record_cupping(uuid, uuid, jsonb, jsonb, integer, text, text),
  coffee.record_analysis(
    uuid, timestamptz, text, text, numeric, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, integer, text
  )
to coffee_app;
grant select on coffee.taste_records_readonly, coffee.v_taste_dna_versions to coffee_read;

-- statistics
grant execute on function coffee.simulate(timestamptz, interval) to coffee_admin;

-- A view runs functions with its reader's rights.
grant execute on function platform.now(), coffee.next_demand() to coffee_read;
grant select on coffee.v_subscriptions, coffee.v_mrr, coffee.v_churn, coffee.v_skip_rate, coffee.v_dunning_recovery to coffee_read;
grant select on coffee.v_cohorts, coffee.v_next_period_demand, coffee.v_growth to coffee_read;
