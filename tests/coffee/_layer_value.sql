begin;
select plan(10);

select has_function('coffee', '_layer_value', array['jsonb', 'text']);
select function_returns('coffee', '_layer_value', array['jsonb', 'text'], 'numeric');
select volatility_is('coffee', '_layer_value', array['jsonb', 'text'], 'immutable');
select isnt_definer('coffee', '_layer_value', array['jsonb', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._layer_value(jsonb, text)', 'execute'), 'nobody may call it');

select is(coffee._layer_value('{"acidity": 7.25}', 'acidity'), 7.25, 'a number');
select is(coffee._layer_value('{"acidity": 0}', 'acidity'), 0::numeric, 'nothing of it');
select is(coffee._layer_value('{"acidity": 100}', 'acidity'), 100::numeric, 'all of it');
select is(
  (
    select count(coffee._layer_value(v.layers::jsonb, 'acidity'))
    from (
      values ('{"acidity": "7"}'), ('{"acidity": null}'), ('{"acidity": -0.01}'), ('{"acidity": 100.01}'), ('{"acidity": [7]}'), ('{}'),
        ('{"body": 7}'), ('[]'), ('"acidity"'), ('7'), ('{"acidity": 1e400}')
    ) as v (layers)
  ),
  0::bigint, 'what is no number in range is none'
);

select is(
  coffee._layer_value(format('{"acidity": 7.00000051%s}', repeat('7', 9000))::jsonb, 'acidity')::text, '7.000001',
  'six decimals, so that the sums of a user are never as long as the longest number'
);

select * from finish();
rollback;
