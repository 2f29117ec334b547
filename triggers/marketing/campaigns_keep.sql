-- Facts have no foreign key to campaigns: it would check every row of a load. So campaigns stay, and stay what they are; one
-- that was known by its name gets its id, once.

create or replace trigger campaigns_keep
  before delete or truncate on marketing.campaigns
  for each statement
  execute function marketing._keep_rows();

create or replace trigger campaigns_keep_identity
  before update of id, marketing_account_id, platform on marketing.campaigns
  for each row
  execute function marketing._keep_identity('id', 'marketing_account_id', 'platform');

create or replace trigger campaigns_keep_name
  before update of campaign_id, is_named on marketing.campaigns
  for each row
  when (not old.is_named)
  execute function marketing._keep_identity('campaign_id', 'is_named');

create or replace trigger campaigns_updated_at
  before update on marketing.campaigns
  for each row
  execute function platform.update_updated_at();
