begin;
select plan(5);

select has_function('marketing', '_keep_rows', array[]::name[]);
select function_returns('marketing', '_keep_rows', array[]::name[], 'trigger');
select volatility_is('marketing', '_keep_rows', array[]::name[], 'volatile');
select isnt_definer('marketing', '_keep_rows', array[]::name[]);

\ir team.psql

select throws_ok('delete from marketing.campaigns', 'MM006', 'delete on marketing.campaigns is refused', 'it says which table, and what was tried');

select * from finish();
rollback;
