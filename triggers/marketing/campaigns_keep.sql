-- Facts have no foreign key to campaigns: it would check every row of a load. So campaigns stay, and stay what they are.

create or replace trigger campaigns_keep
  before delete or truncate on marketing.campaigns
  for each statement
  execute function marketing._keep_rows();

create or replace trigger campaigns_keep_identity
  before update of id, marketing_account_id, campaign_id, platform on marketing.campaigns
  for each row
  execute function marketing._keep_identity('id', 'marketing_account_id', 'campaign_id', 'platform');

create or replace trigger campaigns_updated_at
  before update on marketing.campaigns
  for each row
  execute function platform.update_updated_at();
