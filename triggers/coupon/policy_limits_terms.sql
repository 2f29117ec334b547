-- The policy learns that it has limits, so that its reservations count; a limit that has counted keeps what it counts, and knows exactly
-- how much that is before its maximum changes.

create or replace function coupon._policy_limits_terms()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_when = 'BEFORE' then
    perform coupon._settle_limit(c.limit_id, c.period_start, c.subject)
    from (
      select distinct c.limit_id, c.period_start, c.subject
      from coupon.limit_credits as c
      where c.limit_id = old.id
      order by c.limit_id, c.period_start, c.subject
    ) as c;
    return new;
  elsif tg_op = 'UPDATE' then
    perform platform.fail('policy_limit_fixed', jsonb_build_object('limit_id', old.id));
  end if;
  update coupon.coupon_policies as p
  set has_terms = true
  where p.id = case tg_op when 'INSERT' then new.policy_id else old.policy_id end;
  return null;
end;
$$;

comment on function coupon._policy_limits_terms() is $$
Trigger function: keep coupon_policies.has_terms true while the policy has limits, refuse to change what a limit counts, and take off its
usage what was given back of it.
Returns: the new row before, null after.
Errors: MC037 policy_limit_fixed.
Locks: the policy's row; the limit's rows of limit_usages by key and of limit_credits.
$$;

create or replace trigger policy_limits_terms
  after insert or delete on coupon.policy_limits
  for each row
  execute function coupon._policy_limits_terms();

create or replace trigger policy_limits_terms_settle
  before update on coupon.policy_limits
  for each row
  execute function coupon._policy_limits_terms();

create or replace trigger policy_limits_terms_fixed
  after update on coupon.policy_limits
  for each row
  when ((old.id, old.policy_id, old.per, old.attribute, old.period, old.zone, old.measure)
    is distinct from (new.id, new.policy_id, new.per, new.attribute, new.period, new.zone, new.measure))
  execute function coupon._policy_limits_terms();
