-- Largest remainder, in whole units of the currency's smallest coin: everybody gets the whole part of an exact share, and what is left
-- goes, a coin each, to those whose share was cut by most. All in numeric, with div instead of /, so nothing is rounded on the way.

create or replace function platform.allocate(p_total numeric, p_weights numeric[], p_exponent integer)
  returns numeric[]
  language plpgsql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unit   numeric := ('1e' || -p_exponent)::numeric;
  v_units  numeric := div(abs(p_total), v_unit);
  v_weight numeric;
  v_parts  numeric[];
begin
  if (abs(p_total) < 'infinity' and v_units * v_unit = abs(p_total)) is not true then
    perform platform.fail('amount_not_in_units', jsonb_build_object('amount', p_total, 'exponent', p_exponent));
  end if;

  select sum(w.weight) into v_weight
  from unnest(p_weights) as w (weight)
  having bool_and(w.weight >= 0 and w.weight < 'infinity' and w.weight is not null);

  if v_weight is null and (p_weights is null or cardinality(p_weights) > 0) or coalesce(v_weight, 0) = 0 and v_units > 0 then
    perform platform.fail('weights_invalid', jsonb_build_object('weights', p_weights::text, 'total', p_total));
  end if;

  select array_agg(sign(p_total) * v_unit * (r.whole + (r.place <= v_units - r.given)::integer) order by r.position)
  into v_parts
  from (
    select
      s.position,
      s.whole,
      sum(s.whole) over () as given,
      row_number() over (order by v_units * s.weight - s.whole * v_weight desc, s.position) as place
    from (
      select w.position, w.weight, coalesce(div(v_units * w.weight, nullif(v_weight, 0)), 0) as whole
      from unnest(p_weights) with ordinality as w (weight, position)
    ) as s
  ) as r;

  return coalesce(v_parts, '{}');
end;
$$;

comment on function platform.allocate(numeric, numeric[], integer) is $$
Split an amount in proportion to weights, without losing or inventing a coin: a discount over the lines of an order, a refund, a tax.
p_total: the amount, in the currency's main unit; negative for a refund, which is split as the positive amount is.
p_weights: one for each part, not negative; what they sum to does not matter. A weight of zero gets zero.
p_exponent: decimals of the currency (platform.currencies.exponent).
Returns: the parts, in the order of the weights; they sum to p_total exactly, and each is less than one coin away from its exact share.
Coins that are left over go to the largest remainders, among equal ones to the first. A total of zero is split into zeros.
Errors: MP055 amount_not_in_units when p_total has more decimals than the currency or is no number; MP056 weights_invalid when a weight
is negative, null or not finite, or when there is no weight above zero to give a total other than zero to.
$$;
