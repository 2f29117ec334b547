-- The rows of migration 0009 and the constraints of their table.
begin;
select plan(3);

select results_eq(
  $$ select c.code, c.exponent from platform.currencies as c where c.code in ('KRW', 'JPY', 'USD', 'EUR', 'KWD') order by c.code $$,
  $$ values ('EUR', 2::smallint), ('JPY', 0::smallint), ('KRW', 0::smallint), ('KWD', 3::smallint), ('USD', 2::smallint) $$,
  'currencies have the decimals that ISO 4217 gives them'
);
select throws_ok(
  $$ insert into platform.currencies (code, exponent, name) values ('krw', 0, 'won') $$, '23514',
  'new row for relation "currencies" violates check constraint "currencies_code_check"', 'a code has three capital letters'
);
select throws_ok(
  $$ insert into platform.currencies (code, exponent, name) values ('XXX', -1, 'none') $$, '23514',
  'new row for relation "currencies" violates check constraint "currencies_exponent_check"', 'decimals are none to four'
);

select * from finish();
rollback;
