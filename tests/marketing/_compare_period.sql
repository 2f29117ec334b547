begin;
select plan(27);

select has_function('marketing', '_compare_period', array['text', 'text', 'daterange']);
select function_returns('marketing', '_compare_period', array['text', 'text', 'daterange'], 'daterange');
select volatility_is('marketing', '_compare_period', array['text', 'text', 'daterange'], 'stable');
select isnt_definer('marketing', '_compare_period', array['text', 'text', 'daterange']);
select function_privs_are('marketing', '_compare_period', array['text', 'text', 'daterange'], 'marketing_app', '{}');
select function_privs_are('marketing', '_compare_period', array['text', 'text', 'daterange'], 'marketing_admin', '{}');

select is(marketing._compare_period('none', 'daily', '[2026-11-17,2026-11-18)'), null, 'with nothing');
select is(marketing._compare_period('previous', 'daily', '[2026-03-01,2026-03-02)'), '[2026-02-28,2026-03-01)', 'the day before');
select is(marketing._compare_period('previous', 'weekly', '[2026-11-09,2026-11-16)'), '[2026-11-02,2026-11-09)', 'the week before');
select is(marketing._compare_period('previous', 'monthly', '[2026-03-01,2026-04-01)'), '[2026-02-01,2026-03-01)', 'the month before, all of it');
select is(marketing._compare_period('previous', 'custom', '[2026-03-01,2026-04-01)'), '[2026-01-29,2026-03-01)', 'as many days before');
select is(marketing._compare_period('year', 'daily', '[2026-11-17,2026-11-18)'), '[2025-11-17,2025-11-18)', 'the same date');
select is(marketing._compare_period('year', 'weekly', '[2026-11-09,2026-11-16)'), '[2025-11-10,2025-11-17)', 'the week of the same weekdays');
select is(marketing._compare_period('year', 'monthly', '[2025-02-01,2025-03-01)'), '[2024-02-01,2024-03-01)', 'all 29 days of February');
select is(marketing._compare_period('year', 'monthly', '[2024-02-01,2024-03-01)'), '[2023-02-01,2023-03-01)', 'all 28 days');
select is(marketing._compare_period('year', 'custom', '[2025-01-01,2025-03-01)'), '[2024-01-01,2024-03-01)', 'months that were asked for as days');
-- around a leap day a day is one day all the same
select is(marketing._compare_period('year', 'daily', '[2024-02-29,2024-03-01)'), '[2023-02-28,2023-03-01)', 'of the 29th of February');
select is(marketing._compare_period('year', 'daily', '[2024-02-28,2024-02-29)'), '[2023-02-28,2023-03-01)', 'of the 28th in a leap year');
select is(marketing._compare_period('year', 'daily', '[2025-02-28,2025-03-01)'), '[2024-02-28,2024-02-29)', 'of the 28th in the year after');
select is(marketing._compare_period('2026-01-01/2026-01-31', 'daily', '[2026-03-01,2026-03-02)'), '[2026-01-01,2026-02-01)', 'days that are named');
select is(marketing._compare_period('2023-01-01/2026-01-05', 'daily', '[2026-03-01,2026-03-02)'), '[2023-01-01,2026-01-06)', '1,100 days');
select throws_ok($$ select marketing._compare_period('2023-01-01/2026-01-06', 'daily', '[2026-03-01,2026-03-02)') $$, 'MM005', null, 'one more');
select throws_ok($$ select marketing._compare_period('2026-01-02/2026-01-01', 'daily', '[2026-03-01,2026-03-02)') $$, 'MM005', null, 'backwards');
select throws_ok($$ select marketing._compare_period('2026-02-29/2026-03-01', 'daily', '[2026-03-01,2026-03-02)') $$, 'MM005', null, 'no such day');
select throws_ok($$ select marketing._compare_period('quarter', 'daily', '[2026-03-01,2026-03-02)') $$, 'MM005', null, 'a word that there is not');
select throws_ok($$ select marketing._compare_period('', 'daily', '[2026-03-01,2026-03-02)') $$, 'MM005', null, 'no word');
select throws_ok($$ select marketing._compare_period('year', 'daily', '[1900-03-01,1900-03-02)') $$, 'MM005', null, 'before all days');

select * from finish();
rollback;
