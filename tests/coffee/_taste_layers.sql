begin;
select plan(7);

select has_function('coffee', '_taste_layers', array[]::text[]);
select function_returns('coffee', '_taste_layers', array[]::text[], 'setof record');
select volatility_is('coffee', '_taste_layers', array[]::text[], 'immutable');
select isnt_definer('coffee', '_taste_layers', array[]::text[]);
select ok(not has_function_privilege('coffee_app', 'coffee._taste_layers()', 'execute'), 'nobody may call it');

select results_eq(
  'select l.place, l.layer from coffee._taste_layers() as l order by l.place limit 3',
  $$values (1, 'acidity'), (2, 'sweetness'), (3, 'body')$$, 'those of the specification come first'
);
select results_eq(
  'select l.place from coffee._taste_layers() as l order by l.place', 'select n from generate_series(1, 8) as n', 'no place is left out'
);

select * from finish();
rollback;
