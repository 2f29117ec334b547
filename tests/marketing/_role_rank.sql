begin;
select plan(8);

select has_function('marketing', '_role_rank', array['text']);
select function_returns('marketing', '_role_rank', array['text'], 'integer');
select volatility_is('marketing', '_role_rank', array['text'], 'immutable');
select isnt_definer('marketing', '_role_rank', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._role_rank(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._role_rank(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._role_rank(text)', 'execute'), 'readers may not');

select results_eq(
  $$ select marketing._role_rank(r.role) from unnest('{viewer,user,admin,owner}'::text[]) as r (role) $$, $$ values (1), (2), (3), (null) $$,
  'a viewer may less than a user, who may less than an admin'
);

select * from finish();
rollback;
