begin;
select plan(8);

select has_function('marketing', '_fill_text', array['text', 'jsonb']);
select volatility_is('marketing', '_fill_text', array['text', 'jsonb'], 'immutable');
select isnt_definer('marketing', '_fill_text', array['text', 'jsonb']);
select function_privs_are('marketing', '_fill_text', array['text', 'jsonb'], 'marketing_app', '{}');
select is(marketing._fill_text('{a}: {b}, {a}.', '{"a": "x", "b": 2}'), 'x: 2, x.', 'filled in');
select is(marketing._fill_text('plain', '{}'), 'plain', 'nothing to fill in');
select is(marketing._fill_text('{a} {b}', '{"a": "{b}", "b": null}'), '{b} –', 'once; what is not known is a dash');
select is(marketing._fill_text(null, '{}'), null, 'no text');

select * from finish();
rollback;
