-- What people were promised stays: once a coupon has been issued, whatever makes up its worth is fixed. Frozen is all that is not listed
-- as free here, so a term that comes with a later version is frozen, too. Coupons are valued by their policy, so there is no copy of it.
-- Of a limited policy the stock is locked before looking: a call that is issuing is waited for. One that issues of an unlimited policy
-- and has not committed is not seen; its coupon has the new terms.

create or replace function coupon._coupon_policies_guard()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_old     jsonb := to_jsonb(old);
  v_changed text[];
  v_frozen  text[];
begin
  v_changed := array(
    select n.key
    from jsonb_each(to_jsonb(new)) as n
    where n.value <> v_old -> n.key and n.key not in ('current_issue_count', 'has_terms', 'row_version', 'updated_at')
    order by n.key
  );
  new.row_version := old.row_version + case when v_changed = '{}' then 0 else 1 end;

  if old.closed_at is not null and (new.is_active or new.closed_at is distinct from old.closed_at) then
    perform platform.fail('coupon_policy_closed', jsonb_build_object('policy_id', old.id, 'closed_at', old.closed_at));
  end if;

  v_frozen := array(
    select c.name
    from unnest(v_changed) as c (name)
    where c.name <> all (array[
      'coupon_name', 'coupon_code', 'issue_type', 'max_issue_count', 'max_issue_per_user', 'issue_start_date', 'issue_end_date', 'is_active',
      'closed_at'
    ])
  );
  if v_frozen <> '{}' then
    perform from coupon.coupon_stock as s where s.policy_id = old.id order by s.stripe for update;

    if exists (select from coupon.coupon_quotas as q where q.policy_id = old.id) then
      perform platform.fail('coupon_terms_frozen', jsonb_build_object('policy_id', old.id, 'terms', array_to_string(v_frozen, ', ')));
    end if;
  end if;
  return new;
end;
$$;

comment on function coupon._coupon_policies_guard() is $$
Trigger function: count the changes of a policy, keep a closed one closed, and the worth of coupons that have been issued as it is.
Returns: the new row.
Errors: MC070 coupon_policy_closed, MC071 coupon_terms_frozen.
Locks: when a term that may be frozen changes, all stripes of the policy, by ascending number.
$$;

create or replace trigger coupon_policies_guard
  before update on coupon.coupon_policies
  for each row
  execute function coupon._coupon_policies_guard();
