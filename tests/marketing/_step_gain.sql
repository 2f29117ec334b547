begin;
select plan(8);

select has_function('marketing', '_step_gain', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select function_returns('marketing', '_step_gain', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'numeric');
select volatility_is('marketing', '_step_gain', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', '_step_gain', array['numeric', 'numeric', 'numeric', 'numeric', 'numeric']);

select is(round(marketing._step_gain(0, 100, 50, 25, 0.5), 6), 1.0, '50 * root of 4, by 100');
select is(round(marketing._step_gain(100, 125, 50, 25, 0.5), 6), 0.4, '50 * (3 - 2), by 125');
select is(marketing._step_gain(100, 0, 50, 25, 0.5), null, 'no step');
select is(marketing._step_gain(100, 1, null, null, null), null, 'no curve');

select * from finish();
rollback;
