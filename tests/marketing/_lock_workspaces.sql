begin isolation level repeatable read;
select plan(5);

select has_function('marketing', '_lock_workspaces', array['bigint[]']);
select function_returns('marketing', '_lock_workspaces', array['bigint[]'], 'void');
select volatility_is('marketing', '_lock_workspaces', array['bigint[]'], 'volatile');
select isnt_definer('marketing', '_lock_workspaces', array['bigint[]']);

select throws_ok(
  'select marketing._lock_workspaces(array[1]::bigint[])', 'MM094', 'what budgets spend is not written in a transaction that is repeatable read',
  'an old snapshot does not show what was loaded meanwhile'
);

select * from finish();
rollback;
