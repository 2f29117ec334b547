-- A function is executable by everybody unless that is taken away; taking it away by default leaves nothing to forget.

alter default privileges revoke execute on routines from public;

create schema platform;

comment on schema platform is
  'What every system shares, once: clock, error codes, jobs, partition sets, audit, invariants.';
