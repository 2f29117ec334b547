-- What marketing needs to begin with comes with its tables: platforms, channels, rules. Operators change it by marketing.define_platform,
-- marketing.define_channel, marketing.set_channel_rule and marketing.set_insight_rule, and a deploy does not take that back.

select;
