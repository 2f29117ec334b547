begin;
select plan(31);

select has_function('marketing', '_find_malformed', array['jsonb', 'jsonb']);
select function_returns('marketing', '_find_malformed', array['jsonb', 'jsonb'], 'text');
select volatility_is('marketing', '_find_malformed', array['jsonb', 'jsonb'], 'stable');
select isnt_definer('marketing', '_find_malformed', array['jsonb', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._find_malformed(jsonb, jsonb)', 'execute'), 'applications may not call it');

select is(marketing._find_malformed(jsonb_build_object('x', t.value), jsonb_build_object('x', t.form)), null, format('%s: %s', t.form, t.value))
from (values
  ('whole', '7'::jsonb), ('whole', '"-70"'), ('whole', 'null'), ('whole', '1e3'), ('number', '0.5'), ('number', '"1234.50"'), ('number', '"-1"'),
  ('date', '"2026-02-28"'), ('date', 'null'), ('instant', '"2026-11-21T09:30:00+09:00"')
) as t (form, value);
select is(
  left(marketing._find_malformed(jsonb_build_object('x', t.value), jsonb_build_object('x', t.form)), 2), 'x ', format('%s: %s', t.form, t.value)
)
from (values
  ('whole', '"1_000"'::jsonb), ('whole', '"0x1f"'), ('whole', '7.5'), ('whole', '" 7"'), ('number', '"1_000"'), ('number', '"0b1"'),
  ('number', '"1e3"'), ('number', '"NaN"'), ('number', '[1]'), ('number', 'true'), ('date', '"today"'), ('date', '"20260101"'),
  ('date', '"2026-02-30"'), ('instant', '"2026-11-21 09:30"')
) as t (form, value);
select is(
  marketing._find_malformed('{"b": "x", "a": "1_000", "name": 1}', '{"b": "whole", "a": "number", "c": "date"}'),
  'a is "1_000", not a number as 1234.5', 'the first is told, with its value'
);
select is(marketing._find_malformed('{}', '{"b": "whole"}'), null, 'nothing, nothing wrong');

select * from finish();
rollback;
