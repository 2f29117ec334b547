begin;
select plan(6);

select has_function('marketing', '_metric_columns', array[]::text[]);
select function_returns('marketing', '_metric_columns', array[]::text[], 'text[]');
select volatility_is('marketing', '_metric_columns', array[]::text[], 'immutable');
select isnt_definer('marketing', '_metric_columns', array[]::text[]);

select ok('{campaign_id,date,hour,cost_micros,roi}'::text[] <@ marketing._metric_columns(), 'names of figures and ratios');
select ok(not 'impresions' = any (marketing._metric_columns()), 'no others');

select * from finish();
rollback;
