create or replace function coffee.prorate(p_amount numeric, p_used_days numeric, p_total_days numeric, p_exponent integer)
  returns numeric
  language plpgsql
  immutable
  parallel safe
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if (p_used_days >= 0 and p_used_days <= p_total_days and p_total_days > 0 and p_total_days < 'infinity') is not true then
    perform platform.fail('days_invalid', jsonb_build_object('used', p_used_days, 'total', p_total_days));
  end if;
  return round(p_amount * p_used_days / p_total_days, p_exponent);
end;
$$;

comment on function coffee.prorate(numeric, numeric, numeric, integer) is $$
The share of an amount that falls to some of its days, rounded to the currency. The rest of the amount is the share of the other days:
take it by subtraction, and the two sum to the whole.
p_amount: what all days cost, in the currency's main unit.
p_used_days: days of the share, 0 to p_total_days; parts of a day count.
p_total_days: all days of the whole that p_amount is for, more than 0.
p_exponent: decimals of the currency (platform.currencies.exponent).
Returns: numeric, between 0 and p_amount.
Errors: MF037 days_invalid.
$$;
