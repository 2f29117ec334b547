begin;
select plan(12);

select has_function('marketing', '_to_instant', array['text']);
select function_returns('marketing', '_to_instant', array['text'], 'timestamp with time zone');
select volatility_is('marketing', '_to_instant', array['text'], 'stable');
select isnt_definer('marketing', '_to_instant', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._to_instant(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._to_instant(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._to_instant(text)', 'execute'), 'readers may not');

select is(marketing._to_instant('2026-11-21T09:30:00+09:00'), '2026-11-21 00:30:00+00'::timestamptz, 'an instant');
select is(marketing._to_instant('2026-11-21 09:30Z'), '2026-11-21 09:30:00+00'::timestamptz, 'in UTC');
select is(marketing._to_instant('2026-11-21T09:30:00.123456-0330'), '2026-11-21 13:00:00.123456+00'::timestamptz, 'and to the microsecond');
select is(
  array(select t.text from unnest(array['2026-11-21T09:30:00', '2026-11-21', 'now', 'infinity', '2026-02-30T00:00Z', '2026-11-21T25:00Z', '2026-11-21T09:30+99:00', '']) as t (text) where marketing._to_instant(t.text) is not null),
  '{}', 'what is none, or does not say its offset'
);
select is(marketing._to_instant(null), null, 'nothing');

select * from finish();
rollback;
