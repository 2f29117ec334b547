begin;
select plan(13);
\ir budgets.psql

select has_function('marketing', '_daily_limit', array['numeric', 'date', 'date', 'integer']);
select function_returns('marketing', '_daily_limit', array['numeric', 'date', 'date', 'integer'], 'numeric');
select volatility_is('marketing', '_daily_limit', array['numeric', 'date', 'date', 'integer'], 'immutable');
select isnt_definer('marketing', '_daily_limit', array['numeric', 'date', 'date', 'integer']);

-- T13: months of 28, 29, 30 and 31 days, a start in mid-month
select is(marketing._daily_limit(100, '2026-02-01', '2026-02-28', 1), 2800::numeric, 'February has 28 days');
select is(marketing._daily_limit(100, '2028-02-01', '2028-02-29', 1), 2900::numeric, 'or 29');
select is(marketing._daily_limit(100, '2026-06-01', '2026-06-30', 1), 3000::numeric, 'June has 30');
select is(marketing._daily_limit(100, '2026-03-01', '2026-03-31', 1), 3040.0::numeric, '31 days are 30.4 to a platform');
select is(marketing._daily_limit(100, '2026-03-16', '2026-03-31', 1), 1600::numeric, 'half a month');
select is(marketing._daily_limit(100, '2026-03-16', '2026-04-10', 1), 2600::numeric, 'two halves');
select is(marketing._daily_limit(100, '2026-02-01', '2026-02-28', 2), 3040.0::numeric, 'at most 30.4 times, also in February');
select is(marketing._daily_limit(100, '2026-03-31', '2026-03-31', 2), 200::numeric, 'at most twice on a day');
select is(marketing._daily_limit(100, '2026-03-31', '2026-04-30', 2), 3240.0::numeric, 'months count each for itself');

select * from finish();
rollback;
