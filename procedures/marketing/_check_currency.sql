create or replace function marketing._check_currency(p_argument text, p_currency text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_currency is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', p_argument));
  elsif not exists (select from platform.currencies as c where c.code = p_currency) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', p_argument, 'value', p_currency, 'problem', 'it is a currency of platform.currencies'
    ));
  end if;
end;
$$;

comment on function marketing._check_currency(text, text) is $$
Refuse a currency that platform.currencies does not know.
p_argument: name of the caller's argument, for the message.
p_currency: its value.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
