create or replace function marketing._check_names(p_value jsonb, p_known text[], p_problem text)
  returns text
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when jsonb_typeof(p_value) is distinct from 'array' then 'it is an array of names'
    when p_value = '[]' then 'leave it out to have all'
    when exists (
      select
      from jsonb_array_elements(p_value) as e
      where jsonb_typeof(e.value) <> 'string' or e.value #>> '{}' <> all (p_known)
    ) then 'each is one of: ' || p_problem
    when (select count(*) > count(distinct e.value) from jsonb_array_elements(p_value) as e) then 'each is there once'
  end;
$$;

comment on function marketing._check_names(jsonb, text[], text) is $$
Say what is wrong with a list of names.
p_value: the list, as JSON.
p_known: names that there are.
p_problem: what to say of one that is not among them.
Returns: the problem; null when there is none.
$$;
