-- What can be said of a rule is its columns by name; what they may be is said by the table's constraints.

create or replace function marketing.set_insight_rule(p_code text, p_terms jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_kept    constant text[] := array['code', 'created_at', 'updated_at'];
  v_rule    marketing.insight_rules;
  v_columns text[];
  v_problem text;
  v_name    text;
begin
  if jsonb_typeof(p_terms) is distinct from 'object' then
    perform platform.fail('insight_rule_invalid', jsonb_build_object('rule', p_code, 'problem', 'it is no JSON object', 'constraint', null));
  end if;

  select array_agg(k.name order by k.name) into v_columns from jsonb_object_keys(p_terms) as k (name);
  for v_name in
    select k.name
    from unnest(v_columns) as k (name)
    where k.name = any (v_kept)
      or not exists (
        select
        from pg_attribute as a
        where a.attrelid = 'marketing.insight_rules'::regclass and a.attname = k.name and a.attnum > 0 and not a.attisdropped
      )
  loop
    perform platform.fail('insight_rule_invalid',
      jsonb_build_object('rule', p_code, 'problem', format('there is no term %s', v_name), 'constraint', null));
  end loop;
  v_problem := marketing._find_malformed(p_terms, '{
    "threshold": "number", "minimum_change": "number", "window_days": "whole", "baseline_days": "whole", "minimum_days": "whole",
    "settle_days": "whole", "outcome_days": "whole"
  }');
  if v_problem is not null then
    perform platform.fail('insight_rule_invalid', jsonb_build_object('rule', p_code, 'problem', v_problem, 'constraint', null));
  end if;

  -- the row lock, so that what two operators say at once of the same rule adds up
  select r.* into v_rule from marketing.insight_rules as r where r.code = p_code for no key update;
  if found then
    v_rule := jsonb_populate_record(v_rule, p_terms);
    update marketing.insight_rules as r
    set (
      kind, type, category, priority, metric, comparison, threshold, window_days, baseline_days, minimum, minimum_days, minimum_change,
      settle_days, grace, title, description, suggested_action, expires_after, outcome_days, is_active
    ) = (
      v_rule.kind, v_rule.type, v_rule.category, v_rule.priority, v_rule.metric, v_rule.comparison, v_rule.threshold, v_rule.window_days,
      v_rule.baseline_days, v_rule.minimum, v_rule.minimum_days, v_rule.minimum_change, v_rule.settle_days, v_rule.grace, v_rule.title,
      v_rule.description, v_rule.suggested_action, v_rule.expires_after, v_rule.outcome_days, v_rule.is_active
    )
    where r.code = p_code;
  else
    execute format(
      'insert into marketing.insight_rules (code%1$s) select $2%2$s from jsonb_populate_record(null::marketing.insight_rules, $1) as t',
      (select string_agg(format(', %I', c.name), '') from unnest(v_columns) as c (name)),
      (select string_agg(format(', t.%I', c.name), '') from unnest(v_columns) as c (name))
    )
    using p_terms, p_code;
  end if;
exception
  when data_exception or integrity_constraint_violation then
    get stacked diagnostics v_problem = message_text, v_name = constraint_name;
    perform platform.fail('insight_rule_invalid', jsonb_build_object('rule', p_code, 'problem', v_problem, 'constraint', v_name));
end;
$$;

comment on function marketing.set_insight_rule(text, jsonb) is $$
Make an insight rule, or change one; it is followed from the next run on. {"is_active": false} switches one off.
p_code: its name: small letters, digits and _.
p_terms: columns of marketing.insight_rules by name; what is not given stays as it is, or is the default. A new rule needs kind, type,
category, threshold, window_days, title, and by kind metric and baseline_days. Numbers are JSON numbers or digits ("12.5").
Errors: MM112 insight_rule_invalid (detail: problem, constraint).
Locks: the rule.
$$;
