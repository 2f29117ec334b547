-- Applications call functions, and read views under row-level security; marketing_admin operates the installation; reporting reads all.

grant usage on schema platform to marketing_app, marketing_admin;
grant execute on function platform.set_actor(text, inet, text) to marketing_app, marketing_admin;

grant usage on schema marketing to marketing_app, marketing_admin, marketing_read;

-- workspaces and accounts

-- What the policies of row-level security ask, with the rights of whoever reads: what it tells is the reader's own.
grant execute on function
  marketing._my_workspaces(),
  marketing._my_people(),
  marketing._my_accounts(),
  marketing._my_campaigns()
to marketing_app;

grant execute on function
  marketing.act_as(bigint),
  marketing.whoami(),
  marketing.create_workspace(text, text, text, text),
  marketing.edit_workspace(bigint, jsonb),
  marketing.register_user(text, text, text, text, text, text),
  marketing.edit_user(bigint, jsonb),
  marketing.record_login(bigint),
  marketing.add_member(bigint, bigint, text, text),
  marketing.set_member_role(bigint, bigint, text),
  marketing.remove_member(bigint, bigint),
  marketing.connect_account(bigint, text, text, text, text, text, bytea, bytea, text, timestamptz, bigint, text),
  marketing.disconnect_account(bigint, bigint),
  marketing.refresh_tokens(bigint, bigint, bytea, text, timestamptz, bytea),
  marketing.upsert_campaigns(bigint, jsonb, boolean, text),
  marketing.set_channel(bigint, text),
  marketing.set_labels(bigint, bigint, text[]),
  marketing.set_utm_rule(bigint, text, text, text)
to marketing_app, marketing_admin;
grant execute on function
  marketing.find_credentials(text),
  marketing.deactivate_user(bigint),
  marketing.read_tokens(bigint),
  marketing.define_platform(text, text, jsonb),
  marketing.define_channel(text, text, text, text, boolean),
  marketing.set_channel_rule(text, text, text, text, integer),
  marketing.remove_channel_rule(bigint)
to marketing_admin;

-- Views read with the rights of whoever asks: each column that they show is named here, tokens and hashes are not.
grant select (id, name, time_zone, report_currency, rate_max_age, created_at) on marketing.workspaces to marketing_app, marketing_read;
grant select (id, email, name, company_name, is_active) on marketing.users to marketing_app, marketing_read;
grant select (workspace_id, user_id, role, created_at) on marketing.workspace_members to marketing_app, marketing_read;
grant select (code, display_name, channel_platform, history_months, max_days_per_call, restate_days) on marketing.platforms
to marketing_app, marketing_read;
grant select (id, name, platform, display_name, icon_url, is_active) on marketing.channels to marketing_app, marketing_read;
grant select (id, platform, field, pattern, channel_id, priority) on marketing.channel_rules to marketing_app, marketing_read;
grant select (id, platform, account_id, account_name, currency, time_zone, restate_days, is_connected, created_at)
on marketing.marketing_accounts to marketing_app, marketing_read;
grant select (workspace_id, marketing_account_id, user_id, token_key, token_expires_at, connected_at, disconnected_at)
on marketing.account_connections to marketing_app, marketing_read;
grant select (
  id, marketing_account_id, campaign_id, campaign_name, is_named, platform, channel_id, channel_is_set, status, objective, network,
  daily_budget, total_budget, start_date, end_date, deleted_at, created_at, updated_at
) on marketing.campaigns to marketing_app, marketing_read;
grant select (
  campaign_id, valid, campaign_name, status, objective, network, channel_id, daily_budget, total_budget, start_date, end_date, deleted_at
) on marketing.campaign_versions to marketing_app, marketing_read;
grant select (workspace_id, campaign_id, label) on marketing.campaign_labels to marketing_app, marketing_read;
grant select (workspace_id, source, medium, channel_id) on marketing.utm_rules to marketing_app, marketing_read;
grant execute on function platform.now() to marketing_app, marketing_read;
grant usage on schema platform to marketing_read;
grant select on
  marketing.v_workspaces,
  marketing.v_members,
  marketing.v_platforms,
  marketing.v_channels,
  marketing.v_channel_rules,
  marketing.v_accounts,
  marketing.v_connections,
  marketing.v_campaigns,
  marketing.v_campaign_history,
  marketing.v_campaign_labels,
  marketing.v_utm_rules
to marketing_app, marketing_read;

-- ingest

grant execute on function
  marketing.in_range(numeric, numeric),
  marketing.ctr(bigint, bigint),
  marketing.cpc(numeric, bigint),
  marketing.cpm(numeric, bigint),
  marketing.conversion_rate(numeric, bigint),
  marketing.cpa(numeric, numeric),
  marketing.roas(numeric, numeric),
  marketing.roi(numeric, numeric)
to marketing_app, marketing_admin, marketing_read;
grant execute on function
  marketing.upsert_campaign_metrics(jsonb, bigint, timestamptz, text),
  marketing.next_sync_window(bigint, text, text),
  marketing.sync_start(bigint, text, date, date, text, timestamptz, boolean, text),
  marketing.sync_batch(uuid, text, jsonb, jsonb),
  marketing.sync_finish(uuid, jsonb),
  marketing.sync_fail(uuid, text),
  marketing.metrics_as_of(bigint, date, date, timestamptz)
to marketing_app, marketing_admin;
grant execute on function marketing.reap_syncs(interval) to marketing_admin;

grant select (
  id, marketing_account_id, stream, sync_type, status, window_from, window_to, replaces, snapshot_at, batches, records_synced,
  records_changed, records_stale, records_retracted, cursor, error_message, started_at, heartbeat_at, completed_at
) on marketing.data_sync_logs to marketing_app, marketing_read;
grant select on marketing.sync_cursors to marketing_app, marketing_read;
grant select (
  campaign_id, date, hour, is_retracted, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at,
  created_at, updated_at
) on marketing.campaign_metrics to marketing_app, marketing_read;
grant select on marketing.campaign_metric_versions to marketing_app, marketing_read;
grant select on marketing.v_sync_logs, marketing.v_campaign_metrics to marketing_app, marketing_read;

-- imports and conversions: figures that must not be added up are read by function alone
grant execute on function
  marketing.upsert_conversion_facts(jsonb, bigint, timestamptz, text),
  marketing.upsert_window_metrics(jsonb, bigint, timestamptz, text),
  marketing.conversion_performance(bigint, date, date, text, text, integer, integer, text, text),
  marketing.get_window_metric(bigint, text, date, date),
  marketing.window_performance(bigint, text, date, date, text),
  marketing.record_touchpoints(bigint, jsonb, text),
  marketing.record_orders(bigint, jsonb, text),
  marketing.attribute_conversions(bigint, date, date, text, interval, text, text),
  marketing.attribute_order(bigint, text, text, interval)
to marketing_app, marketing_admin;
grant execute on function
  marketing.import_account(text, text, text, text, text),
  marketing.import_open(text, bytea, timestamptz, text, text, integer),
  marketing.import_stage(bigint, bigint, boolean, integer, boolean),
  marketing.import_tell(bigint, jsonb),
  marketing.import_load(bigint, integer),
  marketing.import_close(bigint),
  marketing.import_abandon(bigint),
  marketing.import_resume(bytea),
  marketing.import_progress(bigint)
to marketing_admin;
grant select (campaign_id, date, action, model, click_window, view_window, snapshot_at) on marketing.conversion_facts
to marketing_app, marketing_read;
grant select (campaign_id, metric, date_from, date_to, snapshot_at) on marketing.window_metrics to marketing_app, marketing_read;
grant select on marketing.touchpoints, marketing.orders to marketing_app, marketing_read;
grant select on marketing.v_conversion_kinds, marketing.v_metric_windows, marketing.v_touchpoints, marketing.v_orders
to marketing_app, marketing_read;

-- roll-ups and rates
grant execute on function
  marketing.kpis(numeric, numeric, numeric, numeric, numeric),
  marketing.convert(numeric, text, text, date, integer),
  marketing.today(bigint),
  marketing.performance(bigint, date, date, text, text, text, bigint[], bigint[]),
  marketing.compare_performance(bigint, date, date, date, date, text, text, bigint[]),
  marketing.maturity_curve(bigint, text, integer),
  marketing.mature_estimate(bigint, date, date, text, integer)
to marketing_app, marketing_admin;
grant execute on function marketing.set_rates(jsonb, text) to marketing_admin;
grant select (base, quote, date, rate, source, updated_at) on marketing.fx_rates to marketing_app, marketing_read;
grant select (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, hours)
on marketing.campaign_daily to marketing_app, marketing_read;
grant select (campaign_id, week, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
on marketing.campaign_weekly to marketing_app, marketing_read;
grant select (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
on marketing.campaign_monthly to marketing_app, marketing_read;
grant select (
  workspace_id, channel_id, date, currency, total_spend, total_impressions, total_clicks, total_conversions, total_revenue, missing_rates,
  updated_at
) on marketing.channel_performance to marketing_app, marketing_read;
grant select on
  marketing.v_campaign_daily,
  marketing.v_campaign_weekly,
  marketing.v_campaign_monthly,
  marketing.v_channel_performance,
  marketing.v_unmapped_campaigns,
  marketing.v_fx_rates
to marketing_app, marketing_read;

-- budgets
grant execute on function
  marketing.create_budget(bigint, text, numeric, text, date, date, text, bigint, bigint[], text, numeric, text),
  marketing.edit_budget(bigint, jsonb),
  marketing.close_budget(bigint),
  marketing.set_budget_campaigns(bigint, bigint[]),
  marketing.list_budgets(bigint, boolean, bigint, integer),
  marketing.budget_pacing(bigint, date),
  marketing.propose_reallocation(bigint, integer, numeric, numeric, numeric)
to marketing_app, marketing_admin;
grant execute on function
  marketing.claim_budget_alerts(integer, interval, text),
  marketing.evaluate_budget_alerts(integer),
  marketing.refigure(date, date)
to marketing_admin;
grant execute on function
  platform.ack_task(bigint, uuid), platform.fail_task(bigint, uuid, text, interval, boolean), platform.extend_task(bigint, uuid, interval)
to marketing_admin;
grant select on
  marketing.budgets, marketing.budget_campaigns, marketing.budget_daily, marketing.budget_alerts, marketing.budget_changes,
  marketing.v_budgets, marketing.v_budget_daily, marketing.v_budget_alerts
to marketing_app, marketing_read;

-- insights

grant execute on function
  marketing.run_insight_rules(bigint, date),
  marketing.detect_anomalies(date, bigint),
  marketing.add_insight(bigint, jsonb, text),
  marketing.list_insights(bigint, integer, bigint, text, boolean, text, bigint),
  marketing.mark_insight_read(bigint, boolean),
  marketing.apply_insight(bigint),
  marketing.dismiss_insight(bigint)
to marketing_app, marketing_admin;
grant execute on function
  marketing.set_insight_rule(text, jsonb),
  marketing.measure_outcomes(integer),
  marketing.expire_insights(integer)
to marketing_admin;
grant select (
  id, workspace_id, marketing_account_id, campaign_id, rule_code, type, category, title, description, priority, potential_impact,
  suggested_action, evidence, metric, first_day, last_day, is_read, is_applied, applied_at, dismissed_at, decided_by, outcome_days,
  outcome_due, outcome, created_at, expires_at, closed_at
) on marketing.insights to marketing_app, marketing_read;
grant select (
  code, kind, type, category, priority, metric, comparison, threshold, window_days, baseline_days, minimum, minimum_days, minimum_change,
  settle_days, grace, title, description, suggested_action, expires_after, outcome_days, is_active
) on marketing.insight_rules to marketing_app, marketing_read;
grant select on marketing.v_insights, marketing.v_insight_rules to marketing_app, marketing_read;

-- reports
grant execute on function
  marketing.request_report(bigint, text, text, date, date, jsonb, text, text),
  marketing.report_data(bigint),
  marketing.list_reports(bigint, text, integer, bigint),
  marketing.cancel_report(bigint),
  marketing.retry_report(bigint),
  marketing.create_report_schedule(bigint, text, text, time, text, jsonb, text, text),
  marketing.edit_report_schedule(bigint, jsonb),
  marketing.pause_report_schedule(bigint),
  marketing.resume_report_schedule(bigint)
to marketing_app, marketing_admin;
grant execute on function
  marketing.claim_report(interval, text),
  marketing.complete_report(bigint, uuid, jsonb),
  marketing.fail_report(bigint, uuid, text, boolean),
  marketing.run_report_schedules(integer),
  platform.extend_task(bigint, uuid, interval)
to marketing_admin;
grant select (
  id, workspace_id, user_id, schedule_id, title, report_type, date_from, date_to, compare_from, compare_to, config, status, attempts,
  file_url,
  files, error_message, created_at, completed_at
) on marketing.reports to marketing_app, marketing_read;
grant select (
  id, workspace_id, user_id, title, report_type, config, compare, time_zone, at_time, next_run_at, is_active, created_at
) on marketing.report_schedules to marketing_app, marketing_read;
grant select on marketing.v_reports, marketing.v_report_schedules to marketing_app, marketing_read;

-- archive
grant execute on function marketing.list_archivable(interval, interval) to marketing_admin;
grant execute on function marketing.list_archives(text) to marketing_admin;
grant execute on function marketing.drain_facts(text) to marketing_admin;
grant execute on function marketing.open_export(text, date) to marketing_admin;
grant execute on function marketing.archive_partition(text, date, text, jsonb, bigint, bigint, bytea, numeric, timestamptz)
to marketing_admin;
grant execute on function marketing.restore_open(bigint) to marketing_admin;
grant execute on function marketing.restore_close(bigint) to marketing_admin;
