-- All amounts of an account are in its currency, all its days in its zone: with another, figures of the past would change what they mean.

create or replace trigger marketing_accounts_keep
  before delete or truncate on marketing.marketing_accounts
  for each statement
  execute function marketing._keep_rows();

create or replace trigger marketing_accounts_keep_identity
  before update of id, platform, account_id, currency, time_zone on marketing.marketing_accounts
  for each row
  execute function marketing._keep_identity('id', 'platform', 'account_id', 'currency', 'time_zone');

create or replace trigger marketing_accounts_updated_at
  before update on marketing.marketing_accounts
  for each row
  execute function platform.update_updated_at();
