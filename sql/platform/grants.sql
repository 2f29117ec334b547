-- Operators are members of moadb_owner, which owns everything. A monitoring login is a member of pg_monitor and sees the operational
-- views, no more. Applications get nothing here: each system's grants.sql gives its own role what it needs of platform
-- (usage on the schema, execute on platform.set_actor).

grant usage on schema platform to pg_monitor;
grant select on platform.running_jobs, platform.job_status, platform.job_health to pg_monitor;
grant select on platform.partition_sets, platform.partition_health to pg_monitor;
grant select on platform.task_topics to pg_monitor;
grant execute on function platform.now() to pg_monitor;
grant execute on function platform.find_partition_problems() to pg_monitor;
grant execute on function platform.list_partitions(regclass) to pg_monitor;
