begin;
select plan(8);

select has_function('coffee', 'list_flavors', array['text']);
select function_returns('coffee', 'list_flavors', array['text'], 'setof record');
select volatility_is('coffee', 'list_flavors', array['text'], 'stable');
select is_definer('coffee', 'list_flavors', array['text']);
select ok(has_function_privilege('coffee_app', 'coffee.list_flavors(text)', 'execute'), 'applications may call it');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900001, 'test_fruit', 'Fruit', '과일', null, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900002, 'test_berry', 'Berry', '베리', 900001, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values
  (900003, 'test_blueberry', 'Blueberry', '블루베리', 900002, '{}'), (900004, 'test_nut', 'Nut', '견과', null, '{}');

select results_eq(
  'select f.code, f.parent, f.depth from coffee.list_flavors(''test_fruit'') as f',
  $$values ('test_fruit', null, 1), ('test_berry', 'test_fruit', 2), ('test_blueberry', 'test_berry', 3)$$, 'a part of the wheel'
);
select is((select count(*) from coffee.list_flavors() as f where f.code like 'test%'), 4::bigint, 'all of it');
select throws_ok('select coffee.list_flavors(''test_none'')', 'MF102', null, 'no such flavour');

select * from finish();
rollback;
