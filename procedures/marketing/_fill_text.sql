-- In one pass: a campaign whose name has braces is not filled in again.

create or replace function marketing._fill_text(p_template text, p_values jsonb)
  returns text
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(concat(m.part[1], case when m.part[2] <> '' then coalesce(p_values ->> m.part[2], '–') end), '' order by m.number)
  from regexp_matches(p_template, '([^{]*)(?:\{([a-z_]+)\})?', 'g') with ordinality as m (part, number);
$$;

comment on function marketing._fill_text(text, jsonb) is $$
Put values into a text of a rule.
p_template: the text, with {name} where the value of that name belongs; no other braces.
p_values: {name: value}; what is null or missing is a dash.
Returns: the text.
$$;
