create or replace function marketing._refuse_terms(p_problem text, p_constraint text)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('marketing_terms_invalid', jsonb_build_object('problem', p_problem, 'constraint', nullif(p_constraint, '')));
end;
$$;

comment on function marketing._refuse_terms(text, text) is $$
Put what a constraint said into the API's terms.
p_problem: the server's message.
p_constraint: the constraint; empty or null: none was named.
Errors: MM012 marketing_terms_invalid (detail: problem, constraint).
$$;
