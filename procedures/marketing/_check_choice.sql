create or replace function marketing._check_choice(p_argument text, p_value text, p_choices text[])
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_value is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', p_argument));
  elsif p_value <> all (p_choices) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', p_argument, 'value', p_value, 'problem', 'it is one of ' || array_to_string(p_choices, ', ')
    ));
  end if;
end;
$$;

comment on function marketing._check_choice(text, text, text[]) is $$
Refuse a value that is none of those that there are.
p_argument: name of the caller's argument, for the message.
p_value: its value.
p_choices: the values that it may have.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
