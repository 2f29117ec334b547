-- The textbook locks the policy row, counts, inserts and updates the counter: every caller waits for every other. Here callers meet
-- only where they must: on the last stripes of a stock that runs out, and on the count of one and the same user. Both are
-- conditional updates, so nothing is counted first and inserted later; what fails takes the whole call back.
-- Stock comes before the user's count: a call refused because all is sold out has written nothing.

create or replace function coupon.issue_coupon(
  p_policy_id bigint,
  p_user_id bigint,
  out coupon_id bigint,
  out coupon_number varchar,
  out status varchar
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_now    timestamptz := platform.now();
  v_policy record;
  v_value  bigint;
begin
  select p.is_active, p.issue_start_date, p.issue_end_date, p.max_issue_count, p.max_issue_per_user, p.valid_days, k.secret
  into v_policy
  from coupon.coupon_policies as p
  cross join coupon.number_key as k
  where p.id = p_policy_id;

  if not found or p_user_id is null
    or not v_policy.is_active or v_now < v_policy.issue_start_date or v_now >= v_policy.issue_end_date
  then
    perform coupon._refuse_issue(p_policy_id, p_user_id, v_now);
  end if;

  if v_policy.max_issue_count is not null then
    update coupon.coupon_stock as s
    set remaining = s.remaining - 1
    where s.ctid = (
      select t.ctid
      from coupon.coupon_stock as t
      where t.policy_id = p_policy_id
        and t.stripe = pg_backend_pid() & 127
        and t.remaining > 0
      for update skip locked
    );

    if not found and not coupon._take_stock(p_policy_id) then
      perform platform.fail('coupon_sold_out',
        jsonb_build_object('policy_id', p_policy_id, 'limit', v_policy.max_issue_count));
    end if;
  end if;

  insert into coupon.coupon_quotas as q (policy_id, user_id, issued)
  select p_policy_id, p_user_id, 1
  where v_policy.max_issue_per_user is distinct from 0
  on conflict (policy_id, user_id) do update
  set issued = q.issued + 1
  where q.issued < v_policy.max_issue_per_user or v_policy.max_issue_per_user is null;

  if not found then
    perform platform.fail('coupon_user_limit_exceeded',
      jsonb_build_object('policy_id', p_policy_id, 'user_id', p_user_id, 'limit', v_policy.max_issue_per_user));
  end if;

  coupon_id := platform.month_id(v_now, nextval('coupon.coupon_issues_id_seq'));
  v_value := coupon._scramble(coupon_id, v_policy.secret);
  coupon_number := coupon._number_of(v_value);
  status := 'ISSUED';

  insert into coupon.coupon_issues (
    id, policy_id, user_id, coupon_number, status, issued_at, expiry_date, created_at, updated_at
  )
  values (
    coupon_id, p_policy_id, p_user_id, coupon_number, 'ISSUED', v_now, v_now + make_interval(days => v_policy.valid_days), v_now, v_now
  );
end;
$$;

comment on function coupon.issue_coupon(bigint, bigint) is $$
Issue one coupon of a policy to a user.
p_policy_id: the policy.
p_user_id: the user, in the application's own numbering.
Returns: one row: coupon_id, coupon_number (what the user shows), status ('ISSUED').
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC003 coupon_policy_inactive, MC004 coupon_issue_not_started,
MC005 coupon_issue_ended, MC006 coupon_sold_out, MC007 coupon_user_limit_exceeded. Nothing is written then.
Locks: one row of coupon_stock (limited policies), then the user's row of coupon_quotas; both until the transaction ends. Issuing under
several policies in one transaction: take them by ascending policy id, or two transactions may deadlock (40P01: try again).
Source: specification 002, issue_coupon; the limits of coupon_policies.
$$;
