-- The one place that raises API errors, so that each has the same shape: SQLSTATE for the program's branch, message and hint for
-- people, a JSON detail for the program's values.

create or replace function platform.fail(p_error text, p_detail jsonb default '{}')
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_error   platform.error_codes;
  v_message text;
  v_hint    text;
  v_key     text;
  v_value   text;
begin
  select e.* into v_error from platform.error_codes as e where e.name = p_error;
  if not found then
    raise exception using
      errcode = 'MP001',
      message = format('error %L is not registered', p_error),
      detail = jsonb_build_object('code', 'unregistered_error', 'error', p_error),
      hint = 'Add it to sql/<schema>/errors.sql of the schema that raises it.';
  end if;

  v_message := v_error.message;
  v_hint := v_error.hint;
  for v_key, v_value in select d.key, d.value from jsonb_each_text(p_detail) as d loop
    v_message := replace(v_message, '{' || v_key || '}', coalesce(v_value, 'null'));
    v_hint := replace(v_hint, '{' || v_key || '}', coalesce(v_value, 'null'));
  end loop;

  raise exception using
    errcode = v_error.sqlstate,
    message = v_message,
    detail = coalesce(p_detail, '{}') || jsonb_build_object('code', v_error.name),
    hint = v_hint;
end;
$$;

comment on function platform.fail(text, jsonb) is $$
Raise the registered error p_error; never returns.
p_error: its name in platform.error_codes.
p_detail: the values a program needs; with "code" (p_error) they are the error's DETAIL, and {key} in message and hint is replaced by
them. Null is none.
Errors: the registered SQLSTATE; MP001 unregistered_error when there is no such name.
$$;
