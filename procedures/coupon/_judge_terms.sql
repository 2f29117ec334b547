-- Every rule is judged, not only the first that fails: a quote says all that is missing. What the context does not say is null here,
-- and fails the rule that asks for it.

create or replace function coupon._judge_terms(
  p_policy coupon.coupon_policies,
  p_lines jsonb,
  p_eligible boolean[],
  p_order_amount numeric,
  p_context jsonb,
  p_at timestamptz
)
  returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with facts as (
    select
      coalesce(sum(l.amount) filter (where e.eligible), 0) as amount,
      case when count(l.id) > 0 or count(*) = 0 then coalesce(sum(l.quantity) filter (where e.eligible), 0) end as quantity,
      case when count(l.id) > 0 or count(*) = 0 then count(*) filter (where e.eligible) end as lines
    from rows from (jsonb_to_recordset(p_lines) as (id text, quantity numeric, amount numeric)) with ordinality
      as l (id, quantity, amount, number)
    join unnest(p_eligible) with ordinality as e (eligible, number) on e.number = l.number
  ), asked as (
    select 0 as place, jsonb_build_object('rule', 'minimum_order_amount', 'value', p_policy.minimum_order_amount) as rule
    union all
    select 1, jsonb_build_object('rule', 'currency', 'value', p_policy.currency)
    where coalesce(jsonb_typeof(p_context -> 'currency'), 'null') <> 'null'
    union all
    select 2, jsonb_build_object('rule', 'items', 'value', coalesce(p_policy.buy_quantity + p_policy.get_quantity, 1))
    where p_policy.discount_type in ('FIXED_PRICE', 'BUY_X_GET_Y')
    union all
    select 3, '{"rule": "shipping"}'
    where p_policy.discount_type = 'FREE_SHIPPING'
    union all
    select 3 + r.number, r.rule
    from jsonb_array_elements(p_policy.rules) with ordinality as r (rule, number)
  ), known as (
    select
      a.place,
      a.rule,
      a.rule ->> 'rule' as name,
      nullif(case a.rule ->> 'rule'
        when 'minimum_order_amount' then to_jsonb(p_order_amount)
        when 'min_amount' then to_jsonb(f.amount)
        when 'min_quantity' then to_jsonb(f.quantity)
        when 'items' then to_jsonb(f.quantity)
        when 'products' then to_jsonb(f.lines)
        when 'categories' then to_jsonb(f.lines)
        when 'hours' then to_jsonb(p_at at time zone (a.rule ->> 'zone'))
        when 'attribute' then coalesce(p_context -> 'attributes' -> (a.rule ->> 'name'), p_context -> (a.rule ->> 'name'))
        else p_context -> (a.rule ->> 'rule')
      end, 'null') as actual
    from asked as a
    cross join facts as f
  ), judged as (
    select k.*, case
      when k.actual is null then false
      when k.name in ('minimum_order_amount', 'min_amount', 'min_quantity', 'items') then k.actual >= k.rule -> 'value'
      when k.name in ('currency', 'first_order') then k.actual = coalesce(k.rule -> 'value', 'true')
      when k.name in ('products', 'categories') then k.actual > '0'
      when k.name in ('segment', 'channel') and jsonb_typeof(k.actual) <> 'string' and k.actual <> '[]'
        and not coupon._is_text_list(k.actual) then null
      when k.name in ('segment', 'channel') then
        (not k.rule ? 'in' or coupon._compare_attribute(k.actual, 'in', k.rule -> 'in'))
        and coupon._compare_attribute(k.actual, 'not in', k.rule -> 'not_in')
      when k.name = 'hours' then coupon._in_hours(k.rule -> 'windows', p_at at time zone (k.rule ->> 'zone'))
      when k.name = 'attribute' then coupon._compare_attribute(k.actual, k.rule ->> 'op', k.rule -> 'value')
      else true
    end as verdict
    from known as k
  )
  select jsonb_agg(
    j.rule || jsonb_strip_nulls(jsonb_build_object(
      'actual', j.actual,
      'verdict', coalesce(j.verdict, false),
      'reason', case
        when j.verdict then null
        when j.actual is null then 'attribute_missing'
        when j.verdict is null then 'attribute_type'
        when j.name in ('minimum_order_amount', 'min_amount') then 'amount_too_small'
        when j.name in ('min_quantity', 'items') then 'quantity_too_small'
        when j.name in ('products', 'categories') then 'no_eligible_line'
        when j.name = 'hours' then 'outside_hours'
        else j.name || '_differs'
      end,
      'error', case
        when j.verdict then null
        when j.name = 'minimum_order_amount' then 'coupon_order_too_small'
        else 'coupon_rule_failed'
      end
    ))
    order by j.place
  )
  from judged as j
$$;

comment on function coupon._judge_terms(coupon.coupon_policies, jsonb, boolean[], numeric, jsonb, timestamptz) is $$
Judge an order by the terms of a policy.
p_policy: the policy.
p_lines: from coupon._read_lines.
p_eligible: from coupon._eligible_lines.
p_order_amount: what the goods cost before discounts.
p_context: of the order, see coupon.quote_coupon.
p_at: the instant by which hours are judged.
Returns: verdicts, a list of {"rule", its operands, "actual", "verdict"}, with "reason" and "error" where the verdict is false.
$$;
