begin;
select plan(8);

select has_function('marketing', '_is_date', array['text']);
select function_returns('marketing', '_is_date', array['text'], 'boolean');
select volatility_is('marketing', '_is_date', array['text'], 'immutable');
select isnt_definer('marketing', '_is_date', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._is_date(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._is_date(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._is_date(text)', 'execute'), 'readers may not');

select results_eq(
  $$ select marketing._is_date(t.text) from unnest('{2026-02-28,2026-02-29,2028-02-29,2026-04-31,2026-12-31,2026-13-01,2026-1-1,0000-01-01,x,null}'::text[]) as t (text) $$,
  $$ values (true), (false), (true), (false), (true), (false), (false), (false), (false), (null) $$, 'the calendar'
);

select * from finish();
rollback;
