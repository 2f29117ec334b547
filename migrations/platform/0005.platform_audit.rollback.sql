drop table platform.audit_log;
