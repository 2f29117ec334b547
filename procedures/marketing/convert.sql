create or replace function marketing.convert(p_amount numeric, p_from text, p_to text, p_date date, p_max_age integer default 7)
  returns numeric
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_rate numeric;
begin
  if num_nulls(p_from, p_to, p_date, p_max_age) > 0 then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', case
      when p_from is null then 'p_from' when p_to is null then 'p_to' when p_date is null then 'p_date' else 'p_max_age'
    end));
  end if;
  perform marketing._check_currency('p_from', p_from);
  perform marketing._check_currency('p_to', p_to);
  if p_date not between '1900-01-01' and '2999-12-31' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_date', 'value', p_date, 'problem', 'it is 1900-01-01 to 2999-12-31'
    ));
  elsif p_max_age not between 0 and 60 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_max_age', 'value', p_max_age, 'problem', 'it is 0 to 60 days'
    ));
  end if;

  select r.rate into v_rate from marketing._rates(array[p_from], p_to, p_date, p_date, p_max_age) as r;
  if v_rate is null then
    perform marketing._refuse_rate(p_from, p_to, p_date, p_max_age);
  end if;
  return round(p_amount * v_rate, 6);
end;
$$;

comment on function marketing.convert(numeric, text, text, date, integer) is $$
Convert an amount by the rate of a day: that of the pair, its inverse, or through one third currency; on days without a rate the last
before it.
p_amount: amount in p_from; null gives null, where there is a rate.
p_from, p_to: currencies, e.g. USD and KRW.
p_date: the day.
p_max_age: how many days old the rate may be, 0 to 60; 7 gets over weekends and holidays.
Returns: the amount in p_to, rounded to six decimals; to show it, round it to the currency's own (platform.currencies).
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM070 rate_missing, MM071 rate_stale.
$$;
