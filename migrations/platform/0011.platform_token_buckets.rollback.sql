drop table platform.token_buckets;
