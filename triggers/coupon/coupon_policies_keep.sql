-- Issued coupons and per-user counts speak of policies without a foreign key (its check would lock the policy row in every issuing
-- call), so a policy that exists stays.

create or replace function coupon._coupon_policies_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('coupon_policy_permanent', jsonb_build_object('operation', lower(tg_op)));
  return null;
end;
$$;

comment on function coupon._coupon_policies_keep() is $$
Trigger function: a policy is neither deleted nor renumbered.
Returns: never.
Errors: MC010 coupon_policy_permanent.
$$;

create or replace trigger coupon_policies_keep
  before delete or truncate on coupon.coupon_policies
  for each statement
  execute function coupon._coupon_policies_keep();

create or replace trigger coupon_policies_keep_id
  before update of id on coupon.coupon_policies
  for each row
  when (old.id <> new.id)
  execute function coupon._coupon_policies_keep();
