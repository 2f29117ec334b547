begin;
select plan(15);

select has_function('marketing', '_report_period', array['text', 'date']);
select function_returns('marketing', '_report_period', array['text', 'date'], 'daterange');
select volatility_is('marketing', '_report_period', array['text', 'date'], 'immutable');
select isnt_definer('marketing', '_report_period', array['text', 'date']);
select function_privs_are('marketing', '_report_period', array['text', 'date'], 'marketing_app', '{}');
select function_privs_are('marketing', '_report_period', array['text', 'date'], 'marketing_admin', '{}');

select is(marketing._report_period('daily', '2024-02-29'), '[2024-02-29,2024-03-01)', 'a day');
select is(marketing._report_period('weekly', '2026-11-16'), '[2026-11-16,2026-11-23)', 'a Monday begins a week');
select is(marketing._report_period('weekly', '2026-11-22'), '[2026-11-16,2026-11-23)', 'a Sunday ends it');
select is(marketing._report_period('weekly', '2027-01-01'), '[2026-12-28,2027-01-04)', 'over the year');
select is(marketing._report_period('monthly', '2024-02-29'), '[2024-02-01,2024-03-01)', 'February of a leap year');
select is(marketing._report_period('monthly', '2026-02-01'), '[2026-02-01,2026-03-01)', 'and of another');
select is(marketing._report_period('monthly', '2026-12-31'), '[2026-12-01,2027-01-01)', 'December');
set local timezone = 'America/New_York';
select is(marketing._report_period('monthly', '2026-03-31'), '[2026-03-01,2026-04-01)', 'whatever the session''s zone');
select is(marketing._report_period('custom', '2026-03-31'), null, 'nothing for other types');

select * from finish();
rollback;
