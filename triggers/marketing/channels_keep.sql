-- A channel that is not used any more is taken out of use; what it delivered is still looked at.

create or replace trigger channels_keep
  before delete or truncate on marketing.channels
  for each statement
  execute function marketing._keep_rows();

create or replace trigger channels_keep_identity
  before update of id, name, platform on marketing.channels
  for each row
  execute function marketing._keep_identity('id', 'name', 'platform');
