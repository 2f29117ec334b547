create or replace function marketing._total_of(p_amount numeric, p_period_type text, p_start_date date, p_end_date date, p_currency text)
  returns numeric
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_exponent integer;
begin
  select c.exponent into v_exponent from platform.currencies as c where c.code = p_currency;
  if round(p_amount, v_exponent) <> p_amount then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'amount', 'value', p_amount, 'problem', format('%s has %s decimals', p_currency, v_exponent)
    ));
  end if;

  if p_period_type = 'daily' and p_end_date between p_start_date and p_start_date + 3660 then
    return trunc(marketing._daily_limit(p_amount, p_start_date, p_end_date, 1), v_exponent);
  end if;
  return p_amount;
end;
$$;

comment on function marketing._total_of(numeric, text, date, date, text) is $$
What an amount comes to from start to end. What else it has to be is said by the constraints of the table.
p_amount: the amount; of a daily budget that of a day.
p_period_type: type of the budget.
p_start_date: first day.
p_end_date: last day.
p_currency: its currency.
Returns: the total.
Errors: MM005 marketing_argument_invalid for more decimals than the currency has.
$$;
