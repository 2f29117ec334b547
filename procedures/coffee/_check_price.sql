-- Amounts are numeric(12, 2) everywhere: in a currency of three decimals shares would be rounded, and no longer sum to the whole.

create or replace function coffee._check_price(p_amount numeric, p_currency text)
  returns numeric
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_exponent integer;
begin
  select c.exponent into v_exponent from platform.currencies as c where c.code = p_currency;
  if not found then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_currency', 'value', p_currency, 'problem', 'there is no such currency'
    ));
  elsif v_exponent > 2 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_currency', 'value', p_currency, 'problem', format('it has %s decimals, and amounts are kept with 2', v_exponent)
    ));
  elsif (p_amount between 0 and 999999999 and p_amount = round(p_amount, v_exponent)) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_price_per_month', 'value', p_amount,
      'problem', format('it is 0 or more, with at most %s decimals', v_exponent)
    ));
  end if;
  return p_amount;
end;
$$;

comment on function coffee._check_price(numeric, text) is $$
Check that an amount can be a price.
p_amount: the amount, in the currency's main unit.
p_currency: its currency.
Returns: the amount.
Errors: MF002 coffee_argument_invalid.
$$;
