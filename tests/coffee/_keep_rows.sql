begin;
select plan(5);

select has_function('coffee', '_keep_rows', array[]::name[]);
select function_returns('coffee', '_keep_rows', array[]::name[], 'trigger');
select volatility_is('coffee', '_keep_rows', array[]::name[], 'volatile');
select isnt_definer('coffee', '_keep_rows', array[]::name[]);

select throws_ok('truncate coffee.stock_movements', 'MF003', 'truncate on coffee.stock_movements is refused', 'it says which table, and what was tried');

select * from finish();
rollback;
