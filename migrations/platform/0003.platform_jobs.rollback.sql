drop table platform.installation;
drop table platform.job_runs;
drop table platform.jobs;
