create or replace function coupon._check_terms(p_terms jsonb, p_elsewhere text[])
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown text;
begin
  if jsonb_typeof(p_terms) <> 'object' then
    perform platform.fail('coupon_terms_invalid', jsonb_build_object('problem', 'they are a JSON ' || jsonb_typeof(p_terms) || ', not an object'));
  end if;

  select k.name into v_unknown
  from jsonb_object_keys(p_terms) as k (name)
  where k.name not in (
    select a.attname
    from pg_attribute as a
    where a.attrelid = 'coupon.coupon_policies'::regclass
      and a.attnum > 0
      and not a.attisdropped
      and a.attname <> all (
        array['id', 'current_issue_count', 'currency_exponent', 'has_terms', 'row_version', 'closed_at', 'created_at', 'updated_at']
        || p_elsewhere
      )
  )
  order by k.name
  limit 1;

  if found then
    perform platform.fail('coupon_term_unknown', jsonb_build_object('term', v_unknown));
  end if;
end;
$$;

comment on function coupon._check_terms(jsonb, text[]) is $$
Refuse terms that are no columns of coupon_policies, or that the system itself writes.
p_terms: a JSON object, column → value.
p_elsewhere: columns that are given or changed in another way.
Returns: nothing, and only when all may be given.
Errors: MC072 coupon_term_unknown, MC074 coupon_terms_invalid.
$$;
