begin;
select plan(12);

select has_function('coffee', '_flavors_path', array[]::text[]);
select function_returns('coffee', '_flavors_path', array[]::text[], 'trigger');
select trigger_is('coffee', 'flavors', 'flavors_path', 'coffee', '_flavors_path', 'before');
select trigger_is('coffee', 'flavors', 'flavors_path_below', 'coffee', '_flavors_path', 'after');

insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900001, 'test_fruit', 'Fruit', '과일', null, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values (900002, 'test_berry', 'Berry', '베리', 900001, '{}');
insert into coffee.flavors (id, code, name, name_ko, parent_id, path) values
  (900003, 'test_blueberry', 'Blueberry', '블루베리', 900002, '{}'), (900004, 'test_nut', 'Nut', '견과', null, '{}');

select is((select f.path from coffee.flavors as f where f.id = 900003), '{900001,900002,900003}'::bigint[], 'from the middle outwards');
update coffee.flavors set parent_id = 900004 where id = 900002;
select is((select f.path from coffee.flavors as f where f.id = 900002), '{900004,900002}'::bigint[], 'moved');
select is((select f.path from coffee.flavors as f where f.id = 900003), '{900004,900002,900003}'::bigint[], 'with all below it');
update coffee.flavors set parent_id = null where id = 900002;
select is((select f.path from coffee.flavors as f where f.id = 900003), '{900002,900003}'::bigint[], 'to the middle');
select throws_ok('update coffee.flavors set parent_id = 900003 where id = 900002', 'MF002', null, 'below itself');
select throws_ok('update coffee.flavors set parent_id = 900002 where id = 900002', 'MF002', null, 'itself');
select throws_ok('update coffee.flavors set path = ''{1}'' where id = 900003', '23514', null, 'a path of one''s own');
select is_empty(
  'select * from platform.check_invariants(''coffee'') as c where c.invariant = ''coffee.flavor_paths_are_paths'' and c.violations > 0',
  'paths are paths'
);

select * from finish();
rollback;
