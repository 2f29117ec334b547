-- For coupons that come by other means than the functions that issue (which write all of this themselves): what they would have
-- refused is refused, what they would have written is written. The condition reads a column of the row, so that the functions pay
-- nothing for it.

create or replace function coupon._coupon_issues_insert()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_policy  coupon.coupon_policies;
  v_problem text;
begin
  v_problem := case
    when new.status <> 'ISSUED'
      or new.redemption_count <> 0
      or num_nonnulls(
        new.used_at, new.reserved_at, new.order_id, new.reservation_id, new.cancelled_reason, new.was_held, new.balance
      ) > 0
      then 'it is not new'
    when new.expiry_date <= new.issued_at then 'it expires before it is issued'
    when (select coupon._id_of(new.coupon_number, k.secret) from coupon.number_key as k) is distinct from new.id
      then 'its number is not that of its id'
  end;
  if v_problem is not null then
    perform platform.fail('coupon_state_refused',
      jsonb_build_object('coupon_id', new.id, 'status', new.status, 'problem', v_problem));
  end if;

  select p.* into v_policy from coupon.coupon_policies as p where p.id = new.policy_id;
  if not found then
    perform platform.fail('coupon_policy_not_found', jsonb_build_object('policy_id', new.policy_id));
  elsif v_policy.max_issue_count is not null and coupon._take_stock(new.policy_id, 1) = 0 then
    perform platform.fail('coupon_sold_out', jsonb_build_object('policy_id', new.policy_id, 'limit', v_policy.max_issue_count));
  end if;
  perform coupon._add_to_quota(new.policy_id, new.user_id, v_policy.max_issue_per_user);

  insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
  values (
    platform.month_id(new.created_at, nextval('coupon.coupon_issue_audit_id_seq')), new.id, new.user_id, 'ISSUED',
    jsonb_build_object('policy_id', new.policy_id, 'coupon_number', new.coupon_number, 'expiry_date', new.expiry_date),
    coupon._audit_address(), coupon._audit_agent(), new.created_at
  );
  return null;
end;
$$;

comment on function coupon._coupon_issues_insert() is $$
Trigger function: take a coupon that was inserted by other means than the issuing functions from the stock, count it for its user and
write its audit.
Returns: null (after trigger).
Errors: MC002 coupon_policy_not_found, MC006 coupon_sold_out, MC007 coupon_user_limit_exceeded, MC024 coupon_state_refused (not ISSUED,
or its columns do not agree).
Locks: one stripe of the policy's stock, then the user's row of coupon_quotas.
$$;

create or replace trigger trigger_audit_coupon_issues
  after insert on coupon.coupon_issues
  for each row
  when (not new.counts_written)
  execute function coupon._coupon_issues_insert();
