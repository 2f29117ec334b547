-- The same rules as coupon.issue_coupon, for many users in a handful of statements. What it needs of the stock is taken first, as
-- there, so the lock order is the same; users are counted in ascending order, so two batches do not deadlock; what a user's limit
-- leaves over goes back before anybody else can see it.

create or replace function coupon.issue_coupons(p_policy_id bigint, p_user_ids bigint[], p_request_key text default null)
  returns table (user_id bigint, coupon_id bigint, coupon_number varchar, status varchar, error_code text)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_now        timestamptz := platform.now();
  v_stock      integer;
  v_user_limit integer;
  v_days       integer;
  v_secret     bigint;
  v_eligible   bigint[];
  v_taken      integer;
  v_counted    integer;
  v_answer     jsonb;
begin
  if p_user_ids is null then
    perform platform.fail('coupon_argument_missing', '{"argument": "p_user_ids"}');
  elsif cardinality(p_user_ids) > 10000 then
    perform platform.fail('coupon_argument_invalid',
      jsonb_build_object('argument', 'p_user_ids', 'value', format('of %s users', cardinality(p_user_ids)), 'problem', '10,000 at most'));
  end if;

  v_answer := platform.claim_request('coupon.issue_coupons', p_request_key,
    jsonb_build_object('policy_id', p_policy_id, 'user_ids', p_user_ids));
  if v_answer is not null then
    return query
    select a.*
    from jsonb_to_recordset(v_answer) as a(user_id bigint, coupon_id bigint, coupon_number varchar, status varchar, error_code text);
    return;
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
    perform coupon._refuse_issue(p_policy_id, 0, v_now);
  end loop;

  loop
    begin
      select coalesce(array_agg(u.user_id order by u.position), '{}') into v_eligible
      from (
        select a.user_id, min(a.position) as position
        from unnest(p_user_ids) with ordinality as a (user_id, position)
        where a.user_id is not null
        group by a.user_id
      ) as u
      left join coupon.coupon_quotas as q on q.policy_id = p_policy_id and q.user_id = u.user_id
      where coalesce(q.issued, 0) < v_user_limit or v_user_limit is null;

      v_taken := cardinality(v_eligible);
      if v_stock is not null and v_taken > 0 then
        v_taken := coupon._take_stock(p_policy_id, v_taken);
      end if;

      with counted as (
        insert into coupon.coupon_quotas as q (policy_id, user_id, issued)
        select p_policy_id, u.user_id, 1
        from unnest(v_eligible[:v_taken]) as u (user_id)
        order by u.user_id
        on conflict (policy_id, user_id) do update
        set issued = q.issued + 1
        where q.issued < v_user_limit or v_user_limit is null
        returning q.user_id
      )
      select count(*) into v_counted from counted;
      exit when v_counted = v_taken;

      -- another call gave one of them a coupon meanwhile: begin again, and see it
      raise sqlstate 'MC000';
    exception
      when sqlstate 'MC000' then
        null;
    end;
  end loop;

  with numbered as materialized (
    select n.user_id, n.id, coupon._scramble(n.id, v_secret) as value
    from (
      select u.user_id, platform.month_id(v_now, nextval('coupon.coupon_issues_id_seq')) as id
      from unnest(v_eligible[:v_taken]) as u (user_id)
    ) as n
  ), issued as (
    insert into coupon.coupon_issues as i (
      id, policy_id, user_id, coupon_number, status, issued_at, expiry_date, created_at, updated_at, counts_written
    )
    select
      n.id, p_policy_id, n.user_id, coupon._number_of(n.value), 'ISSUED', v_now, v_now + make_interval(hours => 24 * v_days), v_now,
      v_now, true
    from numbered as n
    returning i.id, i.user_id, i.coupon_number, i.expiry_date
  ), recorded as (
    insert into coupon.coupon_issue_audit (id, coupon_id, user_id, action, details, client_ip, user_agent, created_at)
    select
      i.id, i.id, i.user_id, 'ISSUED',
      jsonb_build_object('policy_id', p_policy_id, 'coupon_number', i.coupon_number, 'expiry_date', i.expiry_date),
      coupon._audit_address(), coupon._audit_agent(), v_now
    from issued as i
  )
  select coalesce(jsonb_agg(
    jsonb_build_object(
      'user_id', u.user_id, 'coupon_id', i.id, 'coupon_number', i.coupon_number,
      'status', case when i.id is not null then 'ISSUED' end,
      'error_code', case
        when i.id is not null then null
        when u.user_id is null then 'MC001'
        when e.user_id is not null then 'MC006'
        else 'MC007'
      end
    )
    order by u.position
  ), '[]')
  into v_answer
  from (
    select a.user_id, min(a.position) as position from unnest(p_user_ids) with ordinality as a (user_id, position) group by a.user_id
  ) as u
  left join unnest(v_eligible) as e (user_id) on e.user_id = u.user_id
  left join issued as i on i.user_id = u.user_id;

  perform platform.complete_request('coupon.issue_coupons', p_request_key, v_answer);

  return query
  select a.*
  from jsonb_to_recordset(v_answer) as a(user_id bigint, coupon_id bigint, coupon_number varchar, status varchar, error_code text);
end;
$$;

comment on function coupon.issue_coupons(bigint, bigint[], text) is $$
Issue a coupon of a policy to each of many users. Those who may not have one get the reason, the others get theirs: when the stock does
not suffice, the first in the list do.
p_policy_id: the policy.
p_user_ids: the users, up to 10,000; one who is named twice gets one coupon and one row.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: a row for each user, in the order of the list: user_id, coupon_id, coupon_number, status ('ISSUED') and error_code null; or
those null and error_code MC001 (the user is null), MC006 (sold out) or MC007 (the user's limit).
Errors: MC001 coupon_argument_missing, MC002 coupon_policy_not_found, MC003 coupon_policy_inactive,
MC004 coupon_issue_not_started, MC005 coupon_issue_ended, MC011 coupon_argument_invalid, MC070 coupon_policy_closed; of p_request_key
MP051 request_key_invalid, MP052 request_key_reused. To begin again when another call was quicker, it raises sqlstate MC000, and
catches it.
Locks: as coupon.issue_coupon, stripes of the stock first, all that are free when its own has too little, then the users' rows of
coupon_quotas by ascending user. A transaction of several batches may deadlock with another (40P01: try again); one batch does not.
Source: specification 002, issue_coupon; the limits of coupon_policies.
$$;
