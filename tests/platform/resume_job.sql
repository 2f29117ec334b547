begin;
select plan(11);

create role tap_nobody;

select has_function('platform', 'resume_job', array['text'], 'it exists');
select function_returns('platform', 'resume_job', array['text'], 'boolean', 'it returns whether it changed anything');
select volatility_is('platform', 'resume_job', array['text'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'resume_job', array['text'], 'it runs as its caller');
select function_privs_are('platform', 'resume_job', array['text'], 'tap_nobody', '{}', 'only operators may call it');

update platform.jobs set active_since = '2000-01-01' where name = 'platform.prune_job_runs';
select is(platform.resume_job('platform.prune_job_runs'), false, 'resuming a job that is not paused changes nothing');
select is((select j.active_since from platform.jobs as j where j.name = 'platform.prune_job_runs'), '2000-01-01', 'not even since when it runs');

select platform.pause_job('platform.prune_job_runs');
select is(platform.resume_job('platform.prune_job_runs'), true, 'a paused job is resumed');
select ok(
  (select not j.is_paused and j.active_since >= now() from platform.jobs as j where j.name = 'platform.prune_job_runs'),
  'from now on: what came due meanwhile is not expected of it'
);

select throws_ok($$ select platform.resume_job('no.such_job') $$, 'MP010', 'there is no job no.such_job', 'an unknown job is an error');
select throws_ok('select platform.resume_job(null)', 'MP010', 'there is no job null', 'so is none');

select * from finish();
rollback;
