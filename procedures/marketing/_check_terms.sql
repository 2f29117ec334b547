create or replace function marketing._check_terms(p_terms jsonb, p_allowed text[], p_forms jsonb default '{}')
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
  v_problem text;
begin
  if jsonb_typeof(p_terms) is distinct from 'object' then
    perform platform.fail('marketing_terms_invalid', jsonb_build_object('problem', 'they are no JSON object', 'constraint', null));
  end if;
  select min(k.key) into v_unknown from jsonb_object_keys(p_terms) as k (key) where k.key <> all (p_allowed);
  if v_unknown is not null then
    perform platform.fail('marketing_terms_invalid',
      jsonb_build_object('problem', format('%s cannot be given', v_unknown), 'constraint', null));
  end if;
  v_problem := marketing._find_malformed(p_terms, p_forms);
  if v_problem is not null then
    perform platform.fail('marketing_terms_invalid', jsonb_build_object('problem', v_problem, 'constraint', null));
  end if;
end;
$$;

comment on function marketing._check_terms(jsonb, text[], jsonb) is $$
Refuse terms that are no JSON object of known keys and forms.
p_terms: what was given.
p_allowed: the keys that may be.
p_forms: the forms of those that are not text, as marketing._find_malformed takes them.
Errors: MM012 marketing_terms_invalid (detail: problem, constraint).
$$;
