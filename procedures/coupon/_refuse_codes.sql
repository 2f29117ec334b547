-- Generating and importing for one policy are done one after the other, so that the ids of what one call makes lie together. The class
-- 19781 of the advisory lock is next to those of stripes and guesses. The policy's row is not locked: pausing a policy waits for nobody.

create or replace function coupon._refuse_codes(p_policy_id bigint)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy coupon.coupon_policies;
begin
  perform pg_advisory_xact_lock(19781, hashint8(p_policy_id));

  select p.* into v_policy from coupon.coupon_policies as p where p.id = p_policy_id;
  if not found then
    perform platform.fail('coupon_policy_not_found', jsonb_build_object('policy_id', p_policy_id));
  elsif v_policy.closed_at is not null then
    perform platform.fail('coupon_policy_closed', jsonb_build_object('policy_id', p_policy_id, 'closed_at', v_policy.closed_at));
  elsif v_policy.issue_type <> 'CODE' then
    perform platform.fail('coupon_not_by_code', jsonb_build_object('policy_id', p_policy_id));
  end if;
end;
$$;

comment on function coupon._refuse_codes(bigint) is $$
Raise the error that says why a policy gets no codes; else lock out others who make codes for it.
p_policy_id: the policy.
Returns: nothing, and only when no rule refuses.
Errors: MC002 coupon_policy_not_found, MC061 coupon_not_by_code, MC070 coupon_policy_closed.
Locks: the advisory lock (19781, …) of the policy, until the transaction ends.
$$;
