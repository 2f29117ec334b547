-- The policy learns that it has limits, so that its reservations count; and a limit that has counted keeps what it counts.

create or replace function coupon._policy_limits_terms()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    perform platform.fail('policy_limit_fixed', jsonb_build_object('limit_id', old.id));
  end if;
  update coupon.coupon_policies as p
  set has_terms = true
  where p.id = case tg_op when 'INSERT' then new.policy_id else old.policy_id end;
  return null;
end;
$$;

comment on function coupon._policy_limits_terms() is $$
Trigger function: keep coupon_policies.has_terms true while the policy has limits, and refuse to change what a limit counts.
Returns: null (after trigger).
Errors: MC037 policy_limit_fixed.
Locks: the policy's row.
$$;

create or replace trigger policy_limits_terms
  after insert or delete on coupon.policy_limits
  for each row
  execute function coupon._policy_limits_terms();

create or replace trigger policy_limits_terms_fixed
  after update on coupon.policy_limits
  for each row
  when ((old.id, old.policy_id, old.per, old.attribute, old.period, old.zone, old.measure)
    is distinct from (new.id, new.policy_id, new.per, new.attribute, new.period, new.zone, new.measure))
  execute function coupon._policy_limits_terms();
