-- Applications and administrators call functions and read nothing; reporting reads views and calls nothing.

-- Who acts on whose behalf is told by the application (platform.set_actor).
grant usage on schema platform to coupon_app, coupon_admin;
grant execute on function platform.set_actor(text, inet, text) to coupon_app, coupon_admin;

grant usage on schema coupon to coupon_app, coupon_admin, coupon_read;

grant execute on function coupon.issue_coupon(bigint, bigint, text, inet, text) to coupon_app;
grant execute on function coupon.issue_coupons(bigint, bigint[], text) to coupon_app, coupon_admin;
grant execute on function coupon.issue_coupon_by_code(text, bigint, text, inet, text) to coupon_app;
grant execute on function coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb) to coupon_app;
grant execute on function coupon.confirm_reservation(text) to coupon_app;
grant execute on function coupon.cancel_reservation(text, text) to coupon_app;
grant execute on function coupon.rollback_redemption(text, text, text) to coupon_app;
grant execute on function coupon.cancel_coupon(text, text) to coupon_app, coupon_admin;
grant execute on function coupon.transfer_coupon(text, bigint, bigint) to coupon_app;
grant execute on function coupon.quote_coupon(text, bigint, numeric, jsonb) to coupon_app;
grant execute on function coupon.quote_coupons(text[], bigint, numeric, jsonb) to coupon_app;
grant execute on function coupon.reserve_coupons(text[], bigint, text, numeric, interval, text, jsonb) to coupon_app;
grant execute on function coupon.confirm_order(text, bigint) to coupon_app;
grant execute on function coupon.rollback_order(text, bigint, text) to coupon_app;
grant execute on function coupon.refund_share(text, bigint, jsonb, jsonb) to coupon_app;
grant execute on function coupon.wallet(bigint, text, bigint, integer) to coupon_app;
grant execute on function coupon.list_user_codes(bigint, bigint, integer) to coupon_app;

grant execute on function coupon.create_policy(
  text, text, text, numeric, text, integer, timestamptz, timestamptz, numeric, numeric, integer, integer, boolean, jsonb, text
) to coupon_admin;
grant execute on function coupon.edit_policy(bigint, jsonb, integer) to coupon_admin;
grant execute on function coupon.pause_policy(bigint) to coupon_admin;
grant execute on function coupon.resume_policy(bigint) to coupon_admin;
grant execute on function coupon.close_policy(bigint) to coupon_admin;
grant execute on function coupon.set_policy_limit(bigint, text, numeric, text, text, text, text) to coupon_admin;
grant execute on function coupon.get_policy(bigint) to coupon_admin;
grant execute on function coupon.list_policies(bigint, integer, boolean) to coupon_admin;
grant execute on function coupon.generate_codes(bigint, integer, text, integer, text, timestamptz, bigint[]) to coupon_admin;
grant execute on function coupon.import_codes(bigint, text[], integer, timestamptz, text) to coupon_admin;
grant execute on function coupon.list_codes(bigint, bigint, integer) to coupon_admin;
grant execute on function coupon.activate_codes(bigint, text[]) to coupon_admin;
grant execute on function coupon.deactivate_codes(bigint, text[]) to coupon_admin;

-- A view runs functions with its reader's rights.
grant execute on function platform.now() to coupon_read;
grant select on coupon.v_active_coupons, coupon.v_policy_stock, coupon.v_policy_limits, coupon.mv_coupon_statistics to coupon_read;
grant select on coupon.v_liability, coupon.v_expiring_value, coupon.v_daily_policy_statistics to coupon_read;
grant select on coupon.v_daily_statistics, coupon.v_hourly_statistics to coupon_read;
