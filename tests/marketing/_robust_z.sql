begin;
select plan(11);

select has_function('marketing', '_robust_z', array['numeric', 'numeric[]']);
select volatility_is('marketing', '_robust_z', array['numeric', 'numeric[]'], 'immutable');
select isnt_definer('marketing', '_robust_z', array['numeric', 'numeric[]']);
select function_privs_are('marketing', '_robust_z', array['numeric', 'numeric[]'], 'marketing_app', '{}');

-- sorted 97 98 99 100 100 101 102 103: median 100; deviations 0 0 1 1 2 2 3 3: median 1.5; 0.6745 × 50 / 1.5
select results_eq(
  $$ select trim_scale(median), trim_scale(deviation), z from marketing._robust_z(150, '{100,102,98,101,99,103,97,100}') $$,
  $$ values (100::numeric, 1.5, 22.48) $$, 'above'
);
select is((select z from marketing._robust_z(97, '{100,102,98,101,99,103,97,100}')), -1.35, 'below: 0.6745 × -3 / 1.5');
select is((select z from marketing._robust_z(110, '{100,102,98,101,99,103,1000}')), 3.04, 'an outlier: median 101, deviations 0 1 1 2 2 3 899');
-- 7 × 100, 1 × 200: the median deviation is 0, the mean deviation 12.5; 100 / (1.2533 × 12.5)
select results_eq(
  $$ select trim_scale(median), trim_scale(deviation), z from marketing._robust_z(200, '{100,100,100,200,100,100,100,100}') $$,
  $$ values (100::numeric, 0::numeric, 6.38) $$, 'most are alike'
);
select results_eq(
  $$ select trim_scale(median), trim_scale(deviation), z from marketing._robust_z(5, '{3,3,3}') $$, $$ values (3::numeric, 0::numeric, null::numeric) $$, 'all are alike'
);
select results_eq($$ select median, z from marketing._robust_z(5, '{}') $$, $$ values (null::numeric, null::numeric) $$, 'there are none');
select is((select z from marketing._robust_z(null, '{1,2,3}')), null, 'no figure');

select * from finish();
rollback;
