/**
 * Data commands by family, as typed in redis-cli. They are sent to a bare Redis and through the ambassador.
 * Each list starts with an empty database. Replies must not depend on time or chance.
 */
export const dataCommands: Readonly<Record<string, string>> = {
  strings: `
SET a 1
SET a 2 NX
SET a 3 XX GET
GET a
GET missing
GETSET a 4
GETDEL a
SETNX a 1
SETEX b 100 x
PSETEX c 100000 y
APPEND a bcd
STRLEN a
GETRANGE a 0 -2
SUBSTR a 0 1
SETRANGE a 1 xx
MSET k1 v1 k2 v2
MSETNX k1 a k3 b
MGET k1 k2 k3 a
INCR n
INCRBY n 10
DECR n
DECRBY n 3
INCRBYFLOAT n 1.5
INCR n
GETEX b PERSIST
LCS k1 k2
LCS k1 k2 IDX
GET
SET a
NOSUCHCOMMAND a b
`,
  bitmaps: `
SETBIT bits 7 1
GETBIT bits 7
SET key foobar
BITCOUNT key
BITCOUNT key 1 1 BYTE
BITPOS bits 1
BITFIELD bits INCRBY u2 100 1 OVERFLOW SAT GET u4 0
BITFIELD_RO key GET u8 0
BITOP AND dest key bits
GET dest
SETBIT bits -1 1
`,
  hyperloglog: `
PFADD h a b c d
PFADD h a
PFCOUNT h
PFADD h2 x y
PFMERGE h3 h h2
PFCOUNT h3
PFCOUNT h h2
`,
  keys: `
SET a 1
SET b 2
EXISTS a b missing
TYPE a
TYPE missing
EXPIRE a 1000
TTL a
PERSIST a
TTL a
TTL missing
EXPIREAT a 33177117420
EXPIRETIME a
PEXPIRETIME a
PEXPIREAT a 33177117420000 GT
RENAME a c
RENAMENX c b
RENAME missing x
COPY b d
MOVE d 5
TOUCH b c
UNLINK b c nothing
DEL d
DBSIZE
RANDOMKEY
KEYS *
SCAN 0
SET s 1
SCAN 0 MATCH s* COUNT 10
OBJECT ENCODING s
OBJECT REFCOUNT missing
DUMP s
RESTORE t 0 bad
SORT missing
RPUSH l 3 1 2
SORT l
SORT l DESC LIMIT 0 2
SORT l ALPHA STORE sorted
SORT_RO l
WAIT 0 10
`,
  lists: `
RPUSH l a b c
LPUSH l z
LPUSHX missing x
RPUSHX l d
LLEN l
LRANGE l 0 -1
LINDEX l 0
LINDEX l 99
LSET l 0 y
LSET l 99 y
LINSERT l BEFORE a before
LPOS l a
LPOS l a COUNT 0
LREM l 1 b
LTRIM l 0 2
LPOP l
RPOP l 2
LPOP missing
LPOP missing 2
RPUSH m 1 2 3
LMOVE m n LEFT RIGHT
RPOPLPUSH m n
LMPOP 2 none m LEFT COUNT 5
LMPOP 1 none LEFT
BLPOP n 0.05
BRPOP n m 0.05
BLPOP empty 0.01
BLMOVE n o LEFT LEFT 0.01
BRPOPLPUSH n o 0.05
BLMPOP 0.01 1 n LEFT
BLPOP n x
SET str 1
LPUSH str 1
`,
  hashes: `
HSET h a 1 b 2
HSETNX h a 9
HGET h a
HGET h none
HMSET h c 3
HMGET h a none c
HGETALL h
HGETALL none
HKEYS h
HVALS h
HLEN h
HEXISTS h a
HSTRLEN h a
HINCRBY h a 5
HINCRBYFLOAT h a 0.5
HDEL h b c
HRANDFIELD none
HRANDFIELD h 1 WITHVALUES
HSCAN h 0
`,
  sets: `
SADD s a b c
SADD t b c d
SREM s a
SCARD s
SISMEMBER s b
SMISMEMBER s a b
SMOVE s t b
SADD one x
SMEMBERS one
SMEMBERS none
SINTER s t
SINTERCARD 2 s t
SUNION one none
SDIFF one t
SINTERSTORE d s t
SUNIONSTORE e one none
SDIFFSTORE f one none
SPOP one
SPOP one 2
SRANDMEMBER none
SRANDMEMBER e 1
SSCAN e 0
`,
  sortedSets: `
ZADD z 1 a 2 b 3.5 c
ZADD z XX CH 5 a
ZADD z INCR 1 a
ZADD z NX INCR 1 a
ZCARD z
ZCOUNT z -inf +inf
ZSCORE z a
ZSCORE z none
ZMSCORE z a none
ZRANK z a
ZREVRANK z a
ZRANK z none
ZRANGE z 0 -1
ZRANGE z 0 -1 WITHSCORES
ZRANGE z 0 -1 REV WITHSCORES
ZREVRANGE z 0 1 WITHSCORES
ZRANGEBYSCORE z (1 +inf WITHSCORES LIMIT 0 1
ZREVRANGEBYSCORE z +inf 0
ZADD lex 0 a 0 b 0 c
ZRANGEBYLEX lex - [b
ZREVRANGEBYLEX lex + -
ZLEXCOUNT lex - +
ZRANGESTORE dst z 0 0
ZINCRBY z 2 b
ZUNION 2 z lex WITHSCORES
ZINTER 2 z lex
ZINTERCARD 2 z lex
ZDIFF 2 z lex WITHSCORES
ZUNIONSTORE u 2 z lex
ZINTERSTORE i 2 z lex
ZDIFFSTORE d 2 z lex
ZPOPMIN z
ZPOPMAX z 2
ZPOPMIN none
ZADD p 1 a 2 b
ZMPOP 1 p MIN
ZMPOP 1 none MIN
BZPOPMIN p 0.05
BZPOPMAX p 0.01
BZMPOP 0.01 1 p MAX
ZRANDMEMBER none
ZADD single 1 a
ZRANDMEMBER single -1 WITHSCORES
ZREM lex a
ZREMRANGEBYRANK lex 0 0
ZREMRANGEBYSCORE lex 0 0
ZREMRANGEBYLEX lex - +
ZSCAN u 0
`,
  geo: `
GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
GEODIST g Palermo Catania km
GEOHASH g Palermo none
GEOPOS g Palermo none
GEORADIUS g 15 37 200 km WITHDIST ASC
GEORADIUSBYMEMBER g Palermo 200 km
GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHCOORD WITHDIST
GEOSEARCHSTORE gs g FROMMEMBER Palermo BYBOX 400 400 km
`,
  streams: `
XADD x 1-1 f v
XADD x 1-2 f v g w
XADD x 1-1 f v
XLEN x
XRANGE x - +
XREVRANGE x + - COUNT 1
XREAD COUNT 1 STREAMS x 0
XREAD STREAMS x 9-9
XREAD BLOCK 10 STREAMS x 9-9
XGROUP CREATE x grp 0
XGROUP CREATE x grp 0
XREADGROUP GROUP grp me COUNT 1 STREAMS x >
XREADGROUP GROUP grp me BLOCK 10 STREAMS x >
XREADGROUP GROUP grp me BLOCK 10 STREAMS x >
XPENDING x grp
XACK x grp 1-1
XAUTOCLAIM x grp other 0 0 JUSTID
XCLAIM x grp third 0 1-2 JUSTID
XGROUP DELCONSUMER x grp me
XINFO STREAM none
XINFO GROUPS x
XDEL x 1-1
XTRIM x MAXLEN 0
XSETID x 5-5
XINFO FOO
XREAD BLOCK x STREAMS y 0
`,
  scripting: `
EVAL "return {KEYS[1],ARGV[1],1,{2,'x'}}" 1 k a
EVAL "return redis.call('SET',KEYS[1],ARGV[1])" 1 k v
EVAL "return redis.error_reply('MY error')" 0
EVAL "redis.setresp(3); return {map={a=1}}" 0
EVAL "redis.setresp(3); return true" 0
EVAL "return redis.call('NOPE')" 0
EVAL_RO "return redis.call('GET',KEYS[1])" 1 k
EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
SCRIPT LOAD "return 42"
EVALSHA 1fa00e76656cc152ad327c13fe365858fd7be306 0
EVALSHA_RO 1fa00e76656cc152ad327c13fe365858fd7be306 0
SCRIPT EXISTS 1fa00e76656cc152ad327c13fe365858fd7be306 aaaa
SCRIPT FLUSH
FUNCTION LOAD "#!lua name=lib\\nredis.register_function('f', function(keys, args) return args[1] end)"
FCALL f 0 hello
FCALL_RO f 0 hello
FUNCTION LIST
FUNCTION DELETE lib
FUNCTION STATS
SCRIPT NOPE
`,
};
