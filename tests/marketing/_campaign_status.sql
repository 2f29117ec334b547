begin;
select plan(8);

select has_function('marketing', '_campaign_status', array['text']);
select function_returns('marketing', '_campaign_status', array['text'], 'text');
select volatility_is('marketing', '_campaign_status', array['text'], 'immutable');
select isnt_definer('marketing', '_campaign_status', array['text']);
select ok(not has_function_privilege('marketing_app', 'marketing._campaign_status(text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._campaign_status(text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._campaign_status(text)', 'execute'), 'readers may not');

select results_eq(
  $$ select marketing._campaign_status(t.word) from unnest('{active,ENABLED,Paused,REMOVED,archived,x,null}'::text[]) as t (word) $$,
  $$ values ('active'), ('active'), ('paused'), ('ended'), ('ended'), (null), (null) $$, 'words of the platforms'
);

select * from finish();
rollback;
