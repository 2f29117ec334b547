-- The same rules in Redis: stock, one per user, a number, an audit entry.
local user = ARGV[1] .. ARGV[2] .. ARGV[3]
if redis.call('HEXISTS', 'issued', user) == 1 then
  return redis.error_reply('USER_LIMIT')
end
if redis.call('INCR', 'count') > 2000000000 then
  redis.call('DECR', 'count')
  return redis.error_reply('SOLD_OUT')
end
local number = 'CPN' .. redis.call('INCR', 'number')
redis.call('HSET', 'issued', user, number)
redis.call('RPUSH', 'audit', number .. ' ISSUED ' .. user)
return number
