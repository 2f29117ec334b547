-- Roles live in the cluster, not in the database: a second database of the same cluster finds them there already, so each is made
-- only where it is missing. The engine has made moadb_owner before this file runs, because it runs as moadb_owner.
--
-- A function is executable by everybody unless that is taken away; taking it away by default leaves nothing to forget.

alter default privileges revoke execute on routines from public;

create schema platform;

comment on schema platform is
  'What every system shares, once: clock, error codes, jobs, partition sets, audit, invariants.';
