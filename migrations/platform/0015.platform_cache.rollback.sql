drop table platform.cache;
