-- The textbook locks the policy row, counts, inserts and updates the counter: every caller waits for every other. Here callers meet
-- only where they must: on the last stripes of a stock that runs out, and on the count of one and the same user. Both are
-- conditional writes, so nothing is counted first and inserted later; what fails takes the whole call back.
-- Stock comes before the user's count: a call refused because all is sold out has written nothing.
-- The advisory lock of a stripe only says that somebody is on it; the stripe's row decides. It is asked for, not waited for, so two
-- callers that share a stripe take from two. Its class 19779 is 'MC' in ASCII.
-- A call's time goes into setting up statements and the functions and operators in them, not into rows (docs/performance.md). That is
-- why rare arguments share one test, the user's first coupon has a statement of its own, coupon and audit are written by one
-- statement, and the rounds of coupon._scramble stand here, as a loop: what is in it is set up once. Without seqscan: the stock of a
-- few policies looks small enough to be read whole, and is full of dead rows when it is hot.

create or replace function coupon.issue_coupon(
  p_policy_id bigint,
  p_user_id bigint,
  p_request_key text default null,
  p_client_ip inet default null,
  p_user_agent text default null
)
  returns coupon.issued_coupon
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
declare
  v_issued     coupon.issued_coupon;
  v_now        timestamptz := platform.now();
  v_stock      integer;
  v_user_limit integer;
  v_days       integer;
  v_secret     bigint;
  v_stripe     smallint;
  v_taken      boolean := false;
  v_value      bigint;
  v_right      bigint;
  v_stated     text[];  -- what platform.set_actor was told
  v_answer     jsonb;
begin
  if p_request_key is not null or p_client_ip is not null or p_user_agent is not null or p_user_id is null then
    if p_request_key is not null then
      v_answer := platform.claim_request('coupon.issue_coupon', p_request_key,
        jsonb_build_object('policy_id', p_policy_id, 'user_id', p_user_id));
      if v_answer is not null then
        return jsonb_populate_record(null::coupon.issued_coupon, v_answer);
      end if;
    end if;
    if p_client_ip is not null or p_user_agent is not null then
      v_stated := array[coalesce(current_setting('moadb.client_ip', true), ''), coalesce(current_setting('moadb.user_agent', true), '')];
      perform
        set_config('moadb.client_ip', coalesce(host(p_client_ip), v_stated[1]), true),
        set_config('moadb.user_agent', coalesce(p_user_agent, v_stated[2]), true);
    end if;
    if p_user_id is null then
      perform coupon._refuse_issue(p_policy_id, p_user_id, v_now);
    end if;
  end if;

  loop
    select p.max_issue_count, p.max_issue_per_user, p.valid_days, (select k.secret from coupon.number_key as k)
    into v_stock, v_user_limit, v_days, v_secret
    from coupon.coupon_policies as p
    where p.id = p_policy_id
      and p.is_active
      and p.issue_start_date <= v_now
      and p.issue_end_date > v_now;

    exit when found;
    -- returns only when the policy has begun to issue since it was read
    perform coupon._refuse_issue(p_policy_id, p_user_id, v_now);
  end loop;

  if v_stock is not null then
    v_stripe := pg_backend_pid() & 127;
    if pg_try_advisory_xact_lock(19779, hashint8(p_policy_id) # v_stripe) then
      update coupon.coupon_stock as s
      set remaining = s.remaining - 1
      where s.policy_id = p_policy_id
        and s.stripe = v_stripe
        and s.remaining > 0;
      v_taken := found;
    end if;

    if not v_taken and coupon._take_stock(p_policy_id, 1) = 0 then
      perform platform.fail('coupon_sold_out', jsonb_build_object('policy_id', p_policy_id, 'limit', v_stock));
    end if;
  end if;

  insert into coupon.coupon_quotas (policy_id, user_id, issued)
  values (p_policy_id, p_user_id, 1)
  on conflict (policy_id, user_id) do nothing;
  if not found or v_user_limit = 0 then
    perform coupon._add_to_quota(p_policy_id, p_user_id, v_user_limit);
  end if;

  v_issued.coupon_id := platform.month_id(v_now, nextval('coupon.coupon_issues_id_seq'));
  v_value := v_issued.coupon_id;
  for v_round in 1 .. 4 loop
    v_right := v_value & 268435455;
    v_value := v_right << 28 | (v_value >> 28 # (hashint8extended(v_right, v_secret # v_round) & 268435455));
  end loop;
  v_issued.coupon_number := coupon._number_of(v_value);
  v_issued.status := 'ISSUED';

  -- The audit's id is the coupon's: both are unique, and no other record of the coupon has it.
  with issued as (
    insert into coupon.coupon_issues (
      id, policy_id, user_id, coupon_number, status, issued_at, expiry_date, created_at, updated_at, counts_written
    )
    values (
      v_issued.coupon_id, p_policy_id, p_user_id, v_issued.coupon_number, 'ISSUED', v_now, v_now + make_interval(hours => 24 * v_days),
      v_now, v_now, true
    )
    returning expiry_date
  )
  insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
  select
    v_issued.coupon_id, v_issued.coupon_id, p_user_id, 'ISSUED',
    jsonb_build_object('policy_id', p_policy_id, 'coupon_number', v_issued.coupon_number, 'expiry_date', i.expiry_date),
    coupon._audit_address(), coupon._audit_agent(), v_now
  from issued as i;

  if p_request_key is not null or v_stated is not null then
    perform platform.complete_request('coupon.issue_coupon', p_request_key, to_jsonb(v_issued));
    perform set_config('moadb.client_ip', v_stated[1], true), set_config('moadb.user_agent', v_stated[2], true)
    where v_stated is not null;
  end if;
  return v_issued;
end;
$$;

comment on function coupon.issue_coupon(bigint, bigint, text, inet, text) is $$
Issue one coupon of a policy to a user.
p_policy_id: the policy.
p_user_id: the user, in the application's own numbering.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same coupon. Null: none.
p_client_ip: the user's address, for the audit; null: what platform.set_actor was told.
p_user_agent: the user's program, likewise.
Returns: one row: coupon_id, coupon_number (what the user shows), status ('ISSUED').
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC003 coupon_policy_inactive, MC004 coupon_issue_not_started,
MC005 coupon_issue_ended, MC006 coupon_sold_out, MC007 coupon_user_limit_exceeded, MC070 coupon_policy_closed; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused. Nothing is written then.
Locks: a request key that another transaction is at work under is waited for. Then of a limited policy, the advisory lock (19779, …) of
a stripe and its row of coupon_stock, waited for only when every stripe that has something left is held; then the user's row of
coupon_quotas. All until the transaction ends. Issuing several in one transaction: by ascending policy id and user id, or two such
transactions may deadlock (40P01: try again).
Source: specification 002, issue_coupon; the limits of coupon_policies.
$$;
