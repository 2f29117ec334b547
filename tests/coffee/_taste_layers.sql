begin;
select plan(7);

select has_function('coffee', '_taste_layers', array[]::text[]);
select function_returns('coffee', '_taste_layers', array[]::text[], 'text[]');
select volatility_is('coffee', '_taste_layers', array[]::text[], 'immutable');
select isnt_definer('coffee', '_taste_layers', array[]::text[]);
select ok(not has_function_privilege('coffee_app', 'coffee._taste_layers()', 'execute'), 'nobody may call it');

select is((coffee._taste_layers())[1 : 3], '{acidity,sweetness,body}'::text[], 'those of the specification come first');
select is(
  (select count(distinct l.layer) from unnest(coffee._taste_layers()) as l (layer)), cardinality(coffee._taste_layers())::bigint, 'none twice'
);

select * from finish();
rollback;
