-- Judged here without a lock, so that a quote can say it; decided when the reservation is written (coupon._take_limits).
-- Holds that have lapsed are in nobody's way; they are looked for only where too little is left.
-- What the order's own reservations of the coupons that are judged have taken already is not held against them.

create or replace function coupon._judge_limits(
  p_policy_id bigint,
  p_user_id bigint,
  p_context jsonb,
  p_discount numeric,
  p_at timestamptz,
  p_own jsonb,
  p_beside jsonb,
  out verdicts jsonb,
  out usage jsonb
)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with asked as (
    select
      l.*,
      case l.per
        when 'POLICY' then ''
        when 'USER' then p_user_id::text
        else coalesce(p_context -> 'attributes' ->> l.attribute, p_context ->> l.attribute)
      end as subject,
      case l.period when 'TOTAL' then '-infinity' else date_trunc(l.period, p_at at time zone l.zone)::date end as period_start,
      case l.measure when 'AMOUNT' then p_discount else 1 end as needed
    from coupon.policy_limits as l
    where l.policy_id = p_policy_id
  ), judged as (
    select a.*, s.used, case
      when a.subject is null then 'attribute_missing'
      when length(a.subject) > 500 then 'attribute_too_long'
      when s.used + a.needed > a.bound then case a.per when 'POLICY' then 'limit_reached' else 'subject_limit_reached' end
    end as reason
    from asked as a
    cross join lateral (
      select
        coalesce((
          select u.used
          from coupon.v_limit_usages as u
          where u.limit_id = a.id and u.period_start = a.period_start and u.subject = a.subject
        ), 0)
        + coalesce((
          select sum(case when t.own then -t.amount else t.amount end)
          from (
            select true as own, o.* from jsonb_to_recordset(p_own) as o (limit_id bigint, period_start date, subject text, amount numeric)
            union all
            select false, b.* from jsonb_to_recordset(p_beside) as b (limit_id bigint, period_start date, subject text, amount numeric)
          ) as t
          where t.limit_id = a.id and t.period_start = a.period_start and t.subject = a.subject
        ), 0) as counted
    ) as u
    cross join lateral (
      select case when u.counted + a.needed <= a.bound then u.counted else
        u.counted - coalesce((select sum(h.amount) from coupon._lapsed_holds(a.id, a.period_start, a.subject) as h), 0)
      end as used
    ) as s
  )
  select
    coalesce(
      jsonb_agg(
        jsonb_strip_nulls(jsonb_build_object(
          'rule', 'limit', 'limit_id', j.id, 'policy_id', j.policy_id, 'per', j.per, 'attribute', j.attribute, 'period', j.period,
          'measure', j.measure, 'maximum', j.maximum, 'subject', nullif(left(j.subject, 500), ''), 'what', coalesce(j.attribute, lower(j.per)),
          'used', j.used, 'needed', j.needed, 'verdict', j.reason is null, 'reason', j.reason,
          'error', case j.reason
            when 'limit_reached' then 'coupon_limit_reached'
            when 'subject_limit_reached' then 'coupon_subject_limit_reached'
            when 'attribute_missing' then 'coupon_rule_failed'
            when 'attribute_too_long' then 'coupon_rule_failed'
          end
        ))
        order by j.id
      ),
      '[]'
    ),
    jsonb_agg(
      jsonb_build_object('limit_id', j.id, 'period_start', j.period_start, 'subject', j.subject, 'amount', j.needed) order by j.id
    ) filter (where j.subject is not null)
  from judged as j
$$;

comment on function coupon._judge_limits(bigint, bigint, jsonb, numeric, timestamptz, jsonb, jsonb) is $$
Whether the limits of a policy leave room for a redemption.
p_policy_id: the policy.
p_user_id: who redeems.
p_context: of the order, see coupon.quote_coupon.
p_discount: what the redemption would cost, in the policy's currency.
p_at: the instant whose periods count.
p_own: limit_usage of the reservations, not lapsed, that are judged anew, in one list; null or empty when there is none.
p_beside: what other coupons of the same order are about to take, likewise; null when they take nothing.
Returns: verdicts, one for each limit, those that refuse with reason and error; usage, what goes into coupon_reservations.limit_usage, null
for a policy without limits.
$$;
