begin;
select plan(5);

select trigger_is('marketing', 'sync_batches', 'sync_batches_keep', 'marketing', '_keep_rows');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-10') as s;
select marketing.sync_batch(r.token, 'b', '[]') from run as r;
select throws_ok('delete from marketing.sync_batches', 'MM006', 'delete on marketing.sync_batches is refused', 'deleted');
select throws_ok('update marketing.sync_batches set answer = ''{}''', 'MM006', 'update on marketing.sync_batches is refused', 'changed');
select throws_ok('truncate marketing.sync_batches', 'MM006', null, 'truncated');
select throws_ok(
  $$ insert into marketing.sync_batches (sync_id, batch_id, digest, answer, loaded_at) select r.sync_id, 'c', 'x', '{}', now() from run as r $$,
  '23514', null, 'an answer has four counts'
);

select * from finish();
rollback;
