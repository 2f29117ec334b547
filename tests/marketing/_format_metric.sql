begin;
select plan(6);

select has_function('marketing', '_format_metric', array['text', 'numeric', 'text']);
select volatility_is('marketing', '_format_metric', array['text', 'numeric', 'text'], 'stable');
select isnt_definer('marketing', '_format_metric', array['text', 'numeric', 'text']);
select function_privs_are('marketing', '_format_metric', array['text', 'numeric', 'text'], 'marketing_app', '{}');
select results_eq(
  $$
    select marketing._format_metric(v.metric, v.value, v.currency)
    from (
      values
        (1, 'cost', 1234567.5, 'KRW'), (2, 'cpc', 1234567.5, 'USD'), (3, 'cpa', 0.5, 'KWD'), (4, 'ctr', 0.4567, 'KRW'),
        (5, 'roas', 3.14159, 'KRW'), (6, 'clicks', 1234567, 'KRW'), (7, null, 2, 'KRW'), (8, null, 8.5, 'KRW')
    ) as v (n, metric, value, currency)
    order by v.n
  $$,
  $$
    values ('1,234,568 KRW'), ('1,234,567.50 USD'), ('0.500 KWD'), ('0.46%'), ('3.14'), ('1,234,567'), ('2'), ('8.5')
  $$,
  'money has the decimals of its currency'
);
select is(marketing._format_metric('cost', null, 'KRW'), null, 'no figure');

select * from finish();
rollback;
