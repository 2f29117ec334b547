drop schema platform;

alter default privileges grant execute on routines to public;
