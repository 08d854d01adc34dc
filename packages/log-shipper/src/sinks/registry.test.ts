import { describe, expect, it } from 'vitest';
import { readSinkUrl } from './registry.ts';

describe('readSinkUrl', () => {
  it.each([
    ['stdout:', { name: 'stdout:' }],
    ['file:///var/out/a%20b.ndjson', { name: 'file:///var/out/a b.ndjson', writes: '/var/out/a b.ndjson' }],
    [
      'https://user:secret@logs.example:8443/in/v1?key=secret#bearer=/run/token',
      { name: 'https://logs.example:8443/in/v1' },
    ],
    ['loki+http://h:3100', { name: 'loki+http://h:3100/loki/api/v1/push' }],
    ['loki+https://h/', { name: 'loki+https://h/loki/api/v1/push' }],
    ['LOKI+HTTP://h/logs/push', { name: 'loki+http://h/logs/push' }],
    ['loki+http://h#tenant=team-a', { name: 'loki+http://h/loki/api/v1/push#tenant=team-a' }],
    [
      'loki+https://42:token@logs.example/loki/api/v1/push#compression=gzip&bearer=/t&tenant=a',
      { name: 'loki+https://logs.example/loki/api/v1/push#tenant=a' },
    ],
    [
      'elasticsearch+http://h:9200/logs-app-default',
      { name: 'elasticsearch+http://h:9200/logs-app-default' },
    ],
    [
      'elasticsearch+https://u:p@h/es/logs/?refresh=true#pipeline=p',
      { name: 'elasticsearch+https://h/es/logs' },
    ],
    ['otlp+http://h:4318', { name: 'otlp+http://h:4318/v1/logs' }],
    ['otlp+https://u:p@h/otlp/v1/logs?k=v#encoding=json', { name: 'otlp+https://h/otlp/v1/logs' }],
    ['fluent://fluentd', { name: 'fluent://fluentd:24224' }],
    ['FLUENT+TLS://[::1]:1234#shared-key=/k&login=/l&tag=app.x', { name: 'fluent+tls://[::1]:1234' }],
    ['syslog+tcp://logs.example', { name: 'syslog+tcp://logs.example:514' }],
    ['SYSLOG+UDP://Logs.Example:5514/', { name: 'syslog+udp://logs.example:5514' }],
    ['syslog+tls://[::1]#facility=local0&ca=/ca.pem', { name: 'syslog+tls://[::1]:6514' }],
    ['syslog+tcp://h#max=64KiB', { limits: { lineBytes: 65_024, batchRecords: 20_000 } }],
    ['syslog+udp://h', { limits: { lineBytes: 1536 } }],
  ])('names the sink %s without its secrets', (text, expected) => {
    expect(readSinkUrl(text)).toMatchObject(expected);
  });

  it.each([
    ...['', 'stdout', 'stderr:', 'logs.example', '/var/out', 'http:', 'http://', 'http:///path', 'http:logs'],
    ...['htps://h/', 'loki+http:', 'loki+http:h', 'loki+h', 'loki+file:///a', 'loki://h', 'redis://h/stream'],
    ...[
      'otlp://h',
      'otlp+grpc://h',
      'syslog://h',
      'syslog+http://h',
      'syslog+tcp:h',
      'syslog+tcp://',
      'syslog+tcp:///a',
    ],
  ])('rejects %j as a sink URL', (text) => {
    expect(readSinkUrl(text)).toBeUndefined();
  });

  const settings = 'compression, timeout, headers, bearer, basic, ca, cert, key';

  it.each([
    ['file:', 'expected file:// and an absolute path'],
    ['file:///', 'expected file:// and an absolute path'],
    ['file://host/var/out', 'expected file:// and an absolute path'],
    ['file:relative', 'expected file:// and an absolute path'],
    ['file:///var/out/', 'expected a file, not a folder'],
    ['file:///a#compression=gzip', 'a file URL must not contain ? or #'],
    ['file:///a%2Fb', 'the path has an invalid % escape'],
    ['http://h:70000/', 'port out of range: expected 1 to 65535'],
    ['loki+http://u:p@h:0', 'port out of range: expected 1 to 65535'],
    ['loki+http://h#compression=zstd', 'compression: expected none or gzip: Loki does not support zstd'],
    ['loki+http://h#tenant=', 'tenant has no value'],
    ['loki+http://h#tenant=a|b', "tenant: expected at most 150 letters, digits and !-_.*'()"],
    ['http://h/#tenant=a', `unknown key "tenant": expected one of ${settings}`],
    ['loki+http://h/#retries=1', `unknown key "retries": expected one of ${settings}, tenant`],
    ['http://h/#compression=zip', 'compression: expected one of none, gzip, zstd'],
    ['http://h/#compression=', 'compression has no value'],
    ['http://h/#timeout=soon', 'timeout: expected a duration above 0 such as 250ms, 2s or 5m'],
    ['http://h/#timeout=0', 'timeout: expected a duration above 0 such as 250ms, 2s or 5m'],
    ['http://h/#timeout=30d', 'timeout: too long: expected at most 24d'],
    ['http://h/#timeout=1s&timeout=2s', 'timeout is given twice'],
    ['http://h/#bearr=/run/token', 'unknown key "bearr" (did you mean bearer?)'],
    ['http://h/#retries=1', `unknown key "retries": expected one of ${settings}`],
    ['http://h/#Zx7!=1', `unknown key: expected one of ${settings}`],
    ['http://h/#bearer=', 'bearer has no value'],
    ['http://h/#bearer=/a&basic=/b', 'bearer and basic are mutually exclusive'],
    ['http://h/#cert=/a', 'cert and key go together'],
    ['elasticsearch+http://h', 'expected an index or data stream after the host, such as /logs-app-default'],
    ['elasticsearch+http://h/', 'expected an index or data stream after the host, such as /logs-app-default'],
    [
      'elasticsearch+http://h/Logs',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    [
      'elasticsearch+http://h/_all',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    [
      'elasticsearch+http://h/a,b',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    [
      'elasticsearch+http://h/logs-*',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    [
      'elasticsearch+http://h/%E0',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    [
      'elasticsearch+http://h/a%20b',
      'expected an index or data stream after the host, such as /logs-app-default',
    ],
    ['elasticsearch+http://h/a#index=b', `unknown key "index": expected one of ${settings}, pipeline`],
    ['otlp+http://h#encoding=grpc', 'encoding: expected one of protobuf, json'],
    ['otlp+http://h#tenant=a', `unknown key "tenant": expected one of ${settings}, encoding`],
    ['fluent://u:p@h', 'expected the login in a file, as #login=FILE'],
    ['fluent://h/a', 'expected only #settings after the port'],
    ['fluent://h#tag=a%20b', 'tag: expected at most 255 printable ASCII characters without spaces'],
    ['fluent://h#login=/a', 'login needs shared-key'],
    ['fluent://h#timeout=0', 'timeout: expected a duration above 0 such as 250ms, 2s or 5m'],
    ['fluent://h#ca=/a', 'unknown key "ca": expected one of tag, shared-key, login, timeout'],
    ['fluent+tls://h#cert=/a', 'cert and key go together'],
    ['syslog+tcp://u:p@h', 'syslog does not support a login'],
    ['syslog+tcp://h/a', 'expected only #settings after the port'],
    ['syslog+tcp://h?a=b', 'expected only #settings after the port'],
    ['syslog+tcp://h:70000', 'port out of range: expected 1 to 65535'],
    ['syslog+tcp://h#facility=local8', expect.stringMatching(/^facility: expected one of kern, user, /)],
    ['syslog+tcp://h#app=a%20b', 'app: expected at most 48 printable ASCII characters without spaces'],
    ['syslog+tcp://h#id=pod', 'id: expected NAME@NUMBER such as log@32473'],
    ['syslog+tcp://h#max=512', 'max: expected a size from 1024 to 33554432 bytes'],
    ['syslog+udp://h#max=64KiB', 'max: expected a size from 1024 to 65507 bytes'],
    ['syslog+tcp://h#interval=0', 'interval: expected a duration above 0 such as 250ms, 2s or 5m'],
    ['syslog+tls://h#key=/a', 'cert and key go together'],
    ['syslog+udp://h#interval=1s', 'unknown key "interval": expected one of facility, app, id, max, timeout'],
    ['syslog+tcp://h#ca=/a', 'unknown key "ca": expected one of facility, app, id, max, timeout, interval'],
  ])('rejects %j with a reason', (text, reason) => {
    expect(readSinkUrl(text)).toEqual({ reason });
  });
});
