begin;
select plan(6);

select has_function('marketing', '_compares', array['numeric', 'text', 'numeric']);
select volatility_is('marketing', '_compares', array['numeric', 'text', 'numeric'], 'immutable');
select isnt_definer('marketing', '_compares', array['numeric', 'text', 'numeric']);
select function_privs_are('marketing', '_compares', array['numeric', 'text', 'numeric'], 'marketing_app', '{}');
select results_eq(
  $$
    select o, array_agg(v order by v) filter (where marketing._compares(v, o, 2))
    from unnest('{>,>=,<,<=,<>}'::text[]) with ordinality as c (o, n), unnest('{-3,-2,2,3}'::numeric[]) as v
    group by o, n order by n
  $$,
  $$ values ('>', '{3}'::numeric[]), ('>=', '{2,3}'), ('<', '{-3,-2}'), ('<=', '{-3,-2,2}'), ('<>', '{-3,3}') $$,
  'each'
);
select is(marketing._compares(null, '>', 2), null, 'no figure, no answer');

select * from finish();
rollback;
