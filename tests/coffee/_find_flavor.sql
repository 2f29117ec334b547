begin;
select plan(8);

select has_function('coffee', '_find_flavor', array['text']);
select function_returns('coffee', '_find_flavor', array['text'], 'bigint');
select volatility_is('coffee', '_find_flavor', array['text'], 'stable');
select isnt_definer('coffee', '_find_flavor', array['text']);
select ok(not has_function_privilege('coffee_app', 'coffee._find_flavor(text)', 'execute'), 'nobody may call it');

insert into coffee.flavors (id, code, name, name_ko, path) values (900001, 'test_one', 'One', '하나', '{}');
select is(coffee._find_flavor('test_one'), 900001::bigint, 'by its code');
select throws_ok('select coffee._find_flavor(''test_two'')', 'MF102', 'there is no flavour test_two', 'another');
select throws_ok('select coffee._find_flavor(null)', 'MF102', null, 'none');

select * from finish();
rollback;
