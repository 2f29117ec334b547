begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'pause_job', array['text'], 'it exists');
select function_returns('platform', 'pause_job', array['text'], 'boolean', 'it returns whether it changed anything');
select volatility_is('platform', 'pause_job', array['text'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'pause_job', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'pause_job', array['text'], 'tap_nobody', '{}', 'only operators may call it');

select is(platform.pause_job('platform.prune_job_runs'), true, 'a job is paused');
select is((select j.is_paused from platform.jobs as j where j.name = 'platform.prune_job_runs'), true, 'so it is');
select is((select count(*) from platform.jobs as j where j.is_paused), 1::bigint, 'and no other');
select is(platform.pause_job('platform.prune_job_runs'), false, 'pausing it again changes nothing');

select throws_ok($$ select platform.pause_job('no.such_job') $$, 'MP010', 'there is no job no.such_job', 'an unknown job is an error');
select throws_ok('select platform.pause_job(null)', 'MP010', 'there is no job null', 'so is none');

select * from finish();
rollback;
