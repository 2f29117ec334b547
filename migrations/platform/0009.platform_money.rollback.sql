drop table platform.currencies;
