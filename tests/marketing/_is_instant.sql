begin;
select plan(11);

select has_function('marketing', '_is_instant', array['text']);
select function_returns('marketing', '_is_instant', array['text'], 'boolean');
select volatility_is('marketing', '_is_instant', array['text'], 'immutable');
select isnt_definer('marketing', '_is_instant', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._is_instant(text)', 'execute'), 'applications may not call it');

select ok(marketing._is_instant('2026-11-21T09:30:00.5+09:00'), 'an instant');
select ok(marketing._is_instant('2026-11-21 09:30Z'), 'in UTC');
select ok(not marketing._is_instant('2026-11-21T09:30:00'), 'one without its offset');
select ok(not marketing._is_instant('now'), 'a word');
select ok(not marketing._is_instant('2026-11-21'), 'a day');
select is(marketing._is_instant(null), null, 'nothing');

select * from finish();
rollback;
