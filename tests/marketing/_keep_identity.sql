begin;
select plan(6);

select has_function('marketing', '_keep_identity', array[]::name[]);
select function_returns('marketing', '_keep_identity', array[]::name[], 'trigger');
select volatility_is('marketing', '_keep_identity', array[]::name[], 'volatile');
select isnt_definer('marketing', '_keep_identity', array[]::name[]);

\ir team.psql

select throws_ok('update marketing.campaigns set platform = ''x''', 'MM022', 'platform of marketing.campaigns does not change', 'it says which column');
select lives_ok('update marketing.campaigns set platform = platform', 'the same is no change');

select * from finish();
rollback;
