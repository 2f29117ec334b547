create or replace function marketing.define_platform(p_code text, p_display_name text, p_terms jsonb default '{}')
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_problem    text;
  v_constraint text;
begin
  perform marketing._check_terms(
    coalesce(p_terms, '{}'), '{channel_platform,history_months,max_days_per_call,restate_days}',
    '{"history_months": "whole", "max_days_per_call": "whole", "restate_days": "whole"}'
  );
  insert into marketing.platforms as p (code, display_name, channel_platform, history_months, max_days_per_call, restate_days)
  values (
    p_code, p_display_name, p_terms ->> 'channel_platform', (p_terms ->> 'history_months')::integer,
    (p_terms ->> 'max_days_per_call')::integer, coalesce((p_terms ->> 'restate_days')::integer, 30)
  )
  on conflict (code) do update
  set display_name = excluded.display_name, channel_platform = excluded.channel_platform, history_months = excluded.history_months,
    max_days_per_call = excluded.max_days_per_call, restate_days = excluded.restate_days;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_constraint = constraint_name;
    perform marketing._refuse_terms(v_problem, v_constraint);
end;
$$;

comment on function marketing.define_platform(text, text, jsonb) is $$
Add an ad platform, or say anew what its interface gives.
p_code: name for programs: small letters, digits, underscores.
p_display_name: name for people.
p_terms: a JSON object with channel_platform (platform of its channels; left out: any), history_months (months that it keeps; left out:
all), max_days_per_call (days that it gives at once; left out: any), restate_days (days after which its figures stay; left out: 30).
Numbers are JSON numbers or digits.
Errors: MM012 marketing_terms_invalid (detail: problem, constraint).
$$;
