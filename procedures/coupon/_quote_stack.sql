-- Coupons are applied one after the other, each to what those before it have left: on items first, then on orders, then on the shipping,
-- then gift balances; by priority among those of a kind. When not all can be combined, every alternative is priced: each exclusive coupon
-- alone, and one coupon of each group together with all that are in none. Taking more coupons never costs more, so no smaller sets need
-- to be looked at; ten coupons have 36 alternatives at most. The cheapest for the user wins; among equal ones the one that spends
-- fewer coupons, then the one with the higher priorities, then the older coupons.
-- Loops, because what a coupon takes off depends on the one before it.

create or replace function coupon._quote_stack(
  p_coupon_ids bigint[],
  p_user_id bigint,
  p_order_id text,
  p_order_amount numeric,
  p_context jsonb,
  p_alone boolean
)
  returns table (
    place integer,
    coupon_id bigint,
    policy_id bigint,
    applicable boolean,
    discount numeric,
    shipping numeric,
    lines jsonb,
    verdicts jsonb,
    limit_usage jsonb
  )
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_now       constant timestamptz := platform.now();
  v_lines     constant jsonb := coupon._read_lines(p_order_amount, p_context);
  v_shipping  constant numeric := coalesce((p_context ->> 'shipping')::numeric, 0);
  v_count     constant integer := cardinality(p_coupon_ids);
  v_policies  coupon.coupon_policies[];
  v_eligible  text[];
  v_verdicts  jsonb[];
  v_own       jsonb := '[]'::jsonb;
  v_since     timestamptz[];
  v_balances  numeric[];
  v_candidate boolean[];
  v_holds     jsonb;
  v_whole     numeric[];
  v_whole_shipping numeric;
  v_left      numeric[];
  v_left_shipping numeric;
  v_taken     jsonb;
  v_sum       numeric;
  v_used      integer;
  v_best_sum  numeric := -1;
  v_best_used integer;
  v_best      jsonb := '{}'::jsonb;
  v_this      jsonb;
  v_chosen    integer[];
  v_coupon    coupon.coupon_issues;
  v_held      record;
  v_price     record;
  v_limits    record;
  v_verdict   jsonb;
  v_i         integer;
begin
  -- what else is open in the order
  select coalesce(
    jsonb_agg(jsonb_build_object(
      'exclusive', r.exclusive, 'stack_group', r.stack_group, 'coupon_id', r.coupon_id,
      'goods', r.discount_amount - coalesce((r.quote ->> 'shipping')::numeric, 0),
      'shipping', coalesce((r.quote ->> 'shipping')::numeric, 0),
      'lines', r.quote -> 'lines'
    )),
    '[]'
  ) into v_holds
  from coupon.coupon_reservations as r
  where r.order_id = p_order_id
    and r.user_id = p_user_id
    and r.coupon_id <> all (p_coupon_ids)
    and (r.status = 'CONFIRMED' or r.status = 'PENDING' and r.expires_at > v_now);

  v_whole := coupon._lines_left(v_lines, v_holds);
  select greatest(v_shipping - coalesce(sum(h.shipping), 0), 0) into v_whole_shipping
  from jsonb_to_recordset(v_holds) as h (shipping numeric);

  -- each coupon by itself
  for i in 1 .. v_count loop
    select c.* into v_coupon from coupon.coupon_issues as c where c.id = p_coupon_ids[i];
    v_policies[i] := (select p from coupon.coupon_policies as p where p.id = v_coupon.policy_id);
    v_eligible[i] := coupon._eligible_lines(v_policies[i].rules, v_lines)::text;
    v_balances[i] := case when v_policies[i].discount_type = 'GIFT_BALANCE' then coalesce(v_coupon.balance, v_policies[i].discount_value) end;
    v_verdicts[i] := coupon._judge_holder(v_coupon, p_user_id, p_order_id, v_now);

    if v_coupon.user_id = p_user_id then
      select r.limit_usage, r.reserved_at into v_held
      from coupon.coupon_reservations as r
      where r.coupon_id = v_coupon.id and r.order_id = p_order_id and r.status = 'PENDING' and r.expires_at > v_now;
      v_own := v_own || coalesce(v_held.limit_usage, '[]');
      v_since[i] := v_held.reserved_at;

      v_verdicts[i] := v_verdicts[i]
        || coupon._judge_terms(v_policies[i], v_lines, v_eligible[i]::boolean[], p_order_amount, p_context, v_now)
        || coalesce((
          select jsonb_build_array(jsonb_build_object(
            'rule', 'stacking', 'verdict', false, 'error', 'coupon_not_combinable', 'with', h.coupon_id,
            'reason', case when h.exclusive or v_policies[i].exclusive then 'exclusive' else 'same_group' end
          ))
          from jsonb_to_recordset(v_holds) as h (exclusive boolean, stack_group text, coupon_id bigint)
          where h.exclusive or v_policies[i].exclusive or h.stack_group = v_policies[i].stack_group
          order by h.coupon_id
          limit 1
        ), '[]');
    end if;
    v_candidate[i] := not jsonb_path_exists(v_verdicts[i], '$[*] ? (@.verdict == false)');
  end loop;

  -- the alternatives
  for v_chosen in
    with recursive ranked as (
      select
        c.place, p.exclusive,
        row_number() over (order by p.priority desc, c.id) as rank,
        row_number() over (
          order by
            case
              when p.discount_type = 'GIFT_BALANCE' then 4
              when p.discount_type = 'FREE_SHIPPING' then 3
              when p.discount_type in ('FIXED_PRICE', 'BUY_X_GET_Y')
                or jsonb_path_exists(p.rules, '$[*] ? (@.rule == "products" || @.rule == "categories")') then 1
              else 2
            end, p.priority desc, c.id
        ) as turn,
        coalesce('g' || p.stack_group, 'c' || c.id) as stack_group
      from unnest(p_coupon_ids, v_candidate) with ordinality as c (id, candidate, place)
      join unnest(v_policies) with ordinality as p on p.ordinality = c.place
      where c.candidate
    ), grouped as (
      select r.*, dense_rank() over (order by r.stack_group) as number from ranked as r where not r.exclusive
    ), combined as (
      select 0::bigint as number, '{}'::bigint[] as places
      union all
      select g.number, c.places || g.place
      from combined as c
      join grouped as g on g.number = c.number + 1
    ), alternatives as (
      select array[r.place] as places from ranked as r where r.exclusive
      union all
      select c.places from combined as c where c.number = (select max(g.number) from grouped as g)
    )
    select (select coalesce(array_agg(r.place::integer order by r.turn), '{}') from ranked as r where r.place = any (a.places))
    from alternatives as a
    order by (select array_agg(r.rank order by r.rank) from ranked as r where r.place = any (a.places))
  loop
    v_left := v_whole;
    v_left_shipping := v_whole_shipping;
    v_taken := '[]'::jsonb;
    v_sum := 0;
    v_used := 0;
    v_this := '{}'::jsonb;

    foreach v_i in array v_chosen loop
      v_price := coupon._price_lines(v_policies[v_i], v_lines, v_eligible[v_i]::boolean[], v_left, v_left_shipping, v_balances[v_i]);
      v_limits := coupon._judge_limits(
        v_policies[v_i].id, p_user_id, p_context, v_price.discount, coalesce(v_since[v_i], v_now), v_own, v_taken
      );
      v_verdict := v_limits.verdicts;
      if v_price.discount = 0 and (not p_alone or v_holds <> '[]') then
        v_verdict := v_verdict || '[{"rule": "benefit", "verdict": false, "reason": "no_benefit", "error": "coupon_rule_failed"}]';
      end if;

      if jsonb_path_exists(v_verdict, '$[*] ? (@.verdict == false)') then
        v_this := v_this || jsonb_build_object(v_i::text, jsonb_build_object('verdicts', v_verdict));
        continue;
      end if;

      select coalesce(array_agg(w.amount - w.part order by w.number), '{}') into v_left
      from unnest(v_left, v_price.parts) with ordinality as w (amount, part, number);
      v_left_shipping := v_left_shipping - v_price.shipping;
      v_taken := v_taken || coalesce(v_limits.usage, '[]');
      v_sum := v_sum + v_price.discount;
      v_used := v_used + 1;
      v_this := v_this || jsonb_build_object(v_i::text, jsonb_build_object(
        'verdicts', v_verdict, 'applied', true, 'discount', v_price.discount, 'shipping', v_price.shipping,
        'parts', to_jsonb(v_price.parts), 'usage', v_limits.usage
      ));
    end loop;

    if v_sum > v_best_sum or v_sum = v_best_sum and v_used < v_best_used then
      v_best_sum := v_sum;
      v_best_used := v_used;
      v_best := v_this;
    end if;
  end loop;

  for i in 1 .. v_count loop
    v_this := v_best -> i::text;
    v_verdict := v_verdicts[i];
    if v_this is null and v_candidate[i] then
      v_verdict := v_verdict || jsonb_build_array(jsonb_build_object(
        'rule', 'stacking', 'verdict', false, 'reason', 'better_alternative', 'error', 'coupon_not_combinable'
      ));
    elsif v_this ? 'applied' and v_count > 1 then
      v_verdict := v_verdict || '[{"rule": "stacking", "verdict": true}]';
    end if;
    if v_this is not null then
      v_verdict := v_verdict || (v_this -> 'verdicts');
    elsif not jsonb_path_exists(v_verdicts[i], '$[*] ? (@.rule == "holder" && @.verdict == false)') then
      v_price := coupon._price_lines(v_policies[i], v_lines, v_eligible[i]::boolean[], v_whole, v_whole_shipping, v_balances[i]);
      v_limits := coupon._judge_limits(
        v_policies[i].id, p_user_id, p_context, v_price.discount, coalesce(v_since[i], v_now), v_own, null
      );
      v_verdict := v_verdict || v_limits.verdicts;
    end if;

    return query
    select
      i,
      p_coupon_ids[i],
      v_policies[i].id,
      coalesce(v_this ? 'applied', false),
      coalesce((v_this ->> 'discount')::numeric, 0),
      coalesce((v_this ->> 'shipping')::numeric, 0),
      case when v_this ? 'applied' and coalesce(jsonb_typeof(p_context -> 'lines'), 'null') <> 'null' then (
        select coalesce(jsonb_agg(jsonb_build_object('id', l.line -> 'id', 'amount', l.line -> 'amount', 'discount', d.part) order by l.number), '[]')
        from jsonb_array_elements(v_lines) with ordinality as l (line, number)
        join jsonb_array_elements(v_this -> 'parts') with ordinality as d (part, number) on d.number = l.number
      ) else '[]' end,
      (
        select jsonb_agg(
          case when v.verdict ? 'error' then
            v.verdict
            || jsonb_build_object('sqlstate', (select e.sqlstate from platform.error_codes as e where e.name = v.verdict ->> 'error'))
          else v.verdict end
          order by v.number
        )
        from jsonb_array_elements(v_verdict) with ordinality as v (verdict, number)
      ),
      nullif(v_this -> 'usage', 'null');
  end loop;
end;
$$;

comment on function coupon._quote_stack(bigint[], bigint, text, numeric, jsonb, boolean) is $$
Judge and price coupons for one order.
p_coupon_ids: the coupons, each once.
p_user_id: who wants to use them.
p_order_id: the order; what it holds already is not judged again. Null: not known.
p_order_amount: what the goods cost before discounts.
p_context: of the order, see coupon.quote_coupon.
Prices are for what the coupons that the order holds have left.
p_alone: true: one coupon, which may take nothing off when the order holds no other; false: a coupon that takes nothing off is not
applied.
Returns: one row for each coupon, in their order: whether it applies, what it takes off in all and off the shipping, lines [{"id",
"amount", "discount"}] (empty when the context has none), the verdicts, and what goes into coupon_reservations.limit_usage.
Errors: MC031 coupon_context_invalid.
$$;
