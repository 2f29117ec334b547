-- How many decimals there are is the currency's, so no constraint can say it. The prices in the stock are copies (coffees_prices).

create or replace function coffee._coffees_currency()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_exponent integer := (select c.exponent from platform.currencies as c where c.code = new.currency);
begin
  if new.subscription_price_60g <> round(new.subscription_price_60g, v_exponent)
    or new.subscription_price_100g <> round(new.subscription_price_100g, v_exponent)
  then
    perform platform.fail('coffee_terms_invalid', jsonb_build_object(
      'problem', format('a price in %s has at most %s decimals', new.currency, v_exponent), 'constraint', null
    ));
  end if;
  return new;
end;
$$;

comment on function coffee._coffees_currency() is $$
Trigger function: a price that its currency does not have is refused.
Returns: the row.
Errors: MF008 coffee_terms_invalid.
$$;

create or replace trigger coffees_currency
  before insert or update of subscription_price_60g, subscription_price_100g, currency on coffee.coffees
  for each row
  execute function coffee._coffees_currency();
