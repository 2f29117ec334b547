drop table platform.error_codes;
