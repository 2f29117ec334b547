begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_total_of', array['numeric', 'text', 'date', 'date', 'text']);
select function_returns('marketing', '_total_of', array['numeric', 'text', 'date', 'date', 'text'], 'numeric');
select volatility_is('marketing', '_total_of', array['numeric', 'text', 'date', 'date', 'text'], 'stable');
select isnt_definer('marketing', '_total_of', array['numeric', 'text', 'date', 'date', 'text']);

select is(marketing._total_of(3000, 'monthly', '2026-03-01', '2026-03-31', 'KRW'), 3000::numeric, 'an amount is the total');
select is(marketing._total_of(100, 'daily', '2026-06-01', '2026-06-30', 'KRW'), 3000::numeric, 'of a daily budget, that of each day');
select is(marketing._total_of(9.99, 'daily', '2026-03-01', '2026-03-31', 'USD'), 303.69, 'in whole units of the currency');
select is(marketing._total_of(1, 'daily', '2026-03-02', '2026-03-01', 'KRW'), 1::numeric, 'dates that are refused later do no harm here');
select throws_ok($$ select marketing._total_of(0.5, 'monthly', '2026-03-01', '2026-03-31', 'KRW') $$, 'MM005', 'amount 0.5 is not accepted: KRW has 0 decimals', 'half a won');

select * from finish();
rollback;
