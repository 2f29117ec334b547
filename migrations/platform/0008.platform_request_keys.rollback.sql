drop table platform.request_keys;
