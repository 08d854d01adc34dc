import { describe, expect, it } from 'vitest';
import { readTargetLine } from './read-target.ts';

/** Refused targets, and their messages after `target 1, `. */
const bad: ReadonlyArray<readonly [line: string, ...faults: string[]]> = [
  ['db:5432', 'column 1: db:5432: expected a URL, such as tcp://db:5432'],
  ['tcp://db', 'column 1: tcp://db: has no port (the form is tcp://HOST:PORT)'],
  ['tcp://db:', 'column 1: tcp://db:: the port is not a number (the form is tcp://HOST:PORT)'],
  [
    'tcp://db:0',
    'column 1: tcp://db:0: port out of range: expected 1 to 65535 (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://db:65536',
    'column 1: tcp://db:65536: port out of range: expected 1 to 65535 (the form is tcp://HOST:PORT)',
  ],
  ['tcp:db:1', 'column 1: tcp:db:1: expected // and HOST:PORT (the form is tcp://HOST:PORT)'],
  ['tcp://:1', 'column 1: tcp://:1: has no host (the form is tcp://HOST:PORT)'],
  [
    'tcp://::1:5432',
    'column 1: tcp://::1:5432: an IPv6 address must be in brackets (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://[1.2.3.4]:1',
    'column 1: tcp://[1.2.3.4]:1: only an IPv6 address may be in brackets (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://1.2.3:1',
    'column 1: tcp://1.2.3:1: the host is neither a name nor an address (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://a_b!:1',
    'column 1: tcp://a_b!:1: the host is neither a name nor an address (the form is tcp://HOST:PORT)',
  ],
  [
    'tcp://a:1,b:2',
    'column 1: tcp://a:1,b:2: has several hosts; write one target for each (the form is tcp://HOST:PORT)',
  ],
  ['tcp4://[::1]:1', 'column 1: tcp4://[::1]:1: the address is not IPv4 (the form is tcp4://HOST:PORT)'],
  [
    'tcp6://127.0.0.1:1',
    'column 1: tcp6://127.0.0.1:1: the address is not IPv6 (the form is tcp6://HOST:PORT)',
  ],
  ['tcp://a:1/x', 'column 1: tcp://a:1/x: must not contain a path (the form is tcp://HOST:PORT)'],
  [
    'tcp://u:p@a:1',
    'column 1: tcp://u:***@a:1: must not contain a user or password (the form is tcp://HOST:PORT)',
  ],
  [
    'tpc://db:1',
    'column 1: tpc://db:1: expected a URL that begins with one of tcp tcp4 tcp6 unix tls http https dns dns+a dns+aaaa dns+srv file redis rediss postgres postgresql mysql amqp amqps mongodb mongodb+srv kafka grpc grpcs k8s (did you mean tcp:?)',
  ],
  ['tcp://db:1 timeot=1s', 'column 12: unknown key "timeot" (did you mean timeout?)'],
  ['tcp://db:1 timeout=1', 'column 12: timeout "1": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 timeout=0', 'column 12: timeout "0": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 timeout', 'column 12: timeout "": expected a duration above 0 such as 250ms, 2s or 5m'],
  ['tcp://db:1 stable=0', 'column 12: stable "0": expected a whole number from 1 to 1000000'],
  ['tcp://db:1 optional=maybe', 'column 12: optional "maybe": expected true or false, or the key alone'],
  ['tcp://db:1 name=a name=b', 'column 19: name is given twice'],
  ['tcp://db:1 status=200', 'column 12: unknown key "status"'],
  [
    'tcp://db x=1 stable=-1',
    'column 1: tcp://db: has no port (the form is tcp://HOST:PORT)',
    'column 10: unknown key "x"',
    'column 14: stable "-1": expected a whole number from 1 to 1000000',
  ],
  ['tcp://db:1 name="x', 'column 17: unclosed quote'],
  ['tcp://db:1 interval=2s max-interval=1s', 'column 1: max-interval is shorter than interval'],
  ['unix:run/x', 'column 1: unix:run/x: expected an absolute path (the form is unix:/PATH)'],
  [
    `unix:/${'x'.repeat(107)}`,
    `column 1: unix:/${'x'.repeat(107)}: a socket path has at most 107 bytes (the form is unix:/PATH)`,
  ],
  ['tls://db:1 cert=/c', 'column 1: tls://db:1: cert and key go together (the form is tls://HOST:PORT)'],
  ['tls://db:1 min-days=3', 'column 12: unknown key "min-days" (did you mean minDays?)'],
  ['tls://db:1 ca=ca.pem', 'column 12: ca "ca.pem": expected an absolute path'],
  ['http:///x', 'column 1: http:///x: expected // and a host (the form is http://HOST[:PORT]/PATH)'],
  ['http://a b:80', 'column 10: unknown key "b:***"'],
  [
    'http://a:99999/',
    'column 1: http://a:99999/: port out of range: expected 1 to 65535 (the form is http://HOST[:PORT]/PATH)',
  ],
  ['http://a:x/', 'column 1: http://a:***: is not a URL (the form is http://HOST[:PORT]/PATH)'],
  [
    'http://a#bearer=/run/token',
    'column 1: http://a#bearer=/run/token: must not contain # (write %23 in a password); keys follow the URL after a space (the form is http://HOST[:PORT]/PATH)',
  ],
  [
    'tcp://a:1#timeout=1s',
    'column 1: tcp://a:1#timeout=1s: must not contain # (write %23 in a password); keys follow the URL after a space (the form is tcp://HOST:PORT)',
  ],
  [
    'dns:a server=10.0.0.1:70000',
    'column 7: server "10.0.0.1:70000": port out of range: expected 1 to 65535',
  ],
  ['http://a status=200-', 'column 10: status "200-": expected statuses such as 200-299,401'],
  ['http://a status=299-200', 'column 10: status "299-200": expected statuses such as 200-299,401'],
  ['http://a status=99', 'column 10: status "99": expected statuses such as 200-299,401'],
  ['http://a method=get', 'column 10: method "get": expected a method such as GET or HEAD'],
  ['http://a body~=(', 'column 10: body~ "(": not a regular expression: Unterminated group'],
  ['http://a body~=x:\\', 'column 10: body~ "x:\\": not a regular expression: \\ at end of pattern'],
  [
    'http://a "body~=x: [z-a]"',
    'column 10: body~ "x: [z-a]": not a regular expression: Range out of order in character class',
  ],
  [
    'http://a header=Accept',
    'column 10: header "***": expected NAME:VALUE, or NAME:@/FILE to read the value from a file',
  ],
  [
    'http://a header=Authorization: Bearer secret',
    'column 32: unknown key "***" (did you mean header?); quote a value that contains a space',
    'column 39: unknown key "***"; quote a value that contains a space',
  ],
  [
    'http://a json:status=ok',
    'column 10: json: "status=ok": expected json:/POINTER=VALUE with a pointer of RFC 6901',
  ],
  [
    'http://a json:/~2=ok',
    'column 10: json: "/~2=ok": expected json:/POINTER=VALUE with a pointer of RFC 6901',
  ],
  [
    'http://a insecure',
    'column 1: http://a: insecure is for https:// only (the form is http://HOST[:PORT]/PATH)',
  ],
  [
    'http://a ca=/ca redirect=no',
    'column 1: http://a: ca needs https://, or redirect=follow to get there (the form is http://HOST[:PORT]/PATH)',
  ],
  ['http://a redirect=yes', 'column 10: redirect "yes": expected one of follow, no'],
  ['http://a max-body=big', 'column 10: max-body "big": expected a size such as 65536, 64KiB or 1MiB'],
  ['dns:', 'column 1: dns:: expected a name (the form is dns:NAME)'],
  ['dns:10.0.0.1', 'column 1: dns:10.0.0.1: expected a name (the form is dns:NAME)'],
  [
    'dns:a server=dns.google',
    'column 7: server "dns.google": expected the address of a DNS server, IP or IP:PORT',
  ],
  ['dns:a in=10.0.0.0/33', 'column 7: in "10.0.0.0/33": expected a range of addresses such as 10.0.0.0/8'],
  [
    'dns+srv:a in=10.0.0.0/8',
    'column 1: dns+srv:a: in applies to addresses, but SRV records hold names (the form is dns+srv:NAME)',
  ],
  [
    'dns+mx:a',
    'column 1: dns+mx:a: expected a URL that begins with one of tcp tcp4 tcp6 unix tls http https dns dns+a dns+aaaa dns+srv file redis rediss postgres postgresql mysql amqp amqps mongodb mongodb+srv kafka grpc grpcs k8s (did you mean dns+a:?)',
  ],
  ['file:x', 'column 1: file:x: expected an absolute path (the form is file:/PATH)'],
  [
    'file:/x newer-than=yesterday',
    'column 9: newer-than "yesterday": expected a duration, a time such as 2026-01-31T12:00:00Z, or the absolute path of another file',
  ],
  [
    'redis://user@h',
    'column 1: redis://***@h: expected USER:PASSWORD or :PASSWORD before @ (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://h/x',
    'column 1: redis://h/x: the path is not a database number (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://h ca=/x',
    'column 1: redis://h: ca is for rediss:// only (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  ['redis://h role=slave', 'column 11: role "slave": expected one of master, replica'],
  [
    'redis://:pa%ss@h',
    'column 1: redis://:***@h: has a % that is not followed by two hexadecimal digits (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:p@ss/w@h',
    'column 1: redis://:***@h: has a second @; write %40 for @ in a password or path, and %2F for / in a password (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:pa/ss@h',
    'column 1: redis://:***@h: has no host (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
  ],
  [
    'redis://:my secret@h',
    'column 1: redis:***: has no host (the form is redis://[USER:PASSWORD@]HOST:PORT[/DB])',
    'column 13: unknown key "***"; quote a value that contains a space',
  ],
  [
    'mongodb://a,/',
    'column 1: mongodb://a,/: has no host (the form is mongodb://[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME])',
  ],
  [
    'mongodb://a,b:x/',
    'column 1: mongodb://***: the port is not a number (the form is mongodb://[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME])',
  ],
  [
    'mongodb+srv://a:27017/',
    'column 1: mongodb+srv://a:27017/: expected one host without a port: DNS names the servers (the form is mongodb+srv://[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME])',
  ],
  [
    'mongodb+srv://a,b/',
    'column 1: mongodb+srv://a,b/: expected one host without a port: DNS names the servers (the form is mongodb+srv://[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME])',
  ],
  [
    'mongodb://a ca=/x',
    'column 1: mongodb://a: ca is for mongodb+srv:// and for tls=true only (the form is mongodb://[USER:PASSWORD@]HOST[:PORT][,HOST…][/NAME])',
  ],
  [
    'amqp://a,b/',
    'column 1: amqp://a,b/: has several hosts; write one target for each (the form is amqp://[USER:PASSWORD@]HOST:PORT[/NAME])',
  ],
  ['grpc://api', 'column 1: grpc://api: has no port (the form is grpc://HOST:PORT[/SERVICE])'],
  [
    'k8s:deploy/x',
    'column 1: k8s:deploy/x: unknown kind "deploy"; write other kinds as GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:jobs/x',
    'column 1: k8s:jobs/x: unknown kind "jobs" (did you mean job?); write other kinds as GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:job/X',
    'column 1: k8s:job/X: the name is not a valid Kubernetes name (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:job/x min=2',
    'column 1: k8s:job/x: min is for endpoints, pod, deployment, statefulset (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:pod?app=web',
    'column 1: k8s:pod?app=web: expected ?l= and labels, such as ?l=app=web,tier!=test (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:endpoints/x cond=Ready',
    'column 1: k8s:endpoints/x: endpoints have no conditions (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  [
    'k8s:a/v1/b',
    'column 1: k8s:a/v1/b: unknown kind "a"; write other kinds as GROUP/VERSION/PLURAL/NAME (the form is k8s:KIND/NAME, k8s:pod?l=LABELS or k8s:GROUP/VERSION/PLURAL/NAME)',
  ],
  ['header=hunter2', 'column 1: header=***: a key follows its target in the same argument: "URL header=…"'],
  [
    'header=Authorization Bearer hunter2',
    'column 1: header=***: a key follows its target in the same argument: "URL header=…"',
  ],
  ['timeout=1s', 'column 1: timeout=***: a key follows its target in the same argument: "URL timeout=…"'],
  ['json:/a=hunter2', 'column 1: json:***: a key follows its target in the same argument: "URL json:…"'],
  [
    'http://a "header=X-Token hunter2"',
    'column 10: header "***": expected NAME:VALUE, or NAME:@/FILE to read the value from a file',
  ],
  [
    'http://a "expect-header=X-Token hunter2"',
    'column 10: expect-header "***": expected NAME:VALUE, or NAME alone',
  ],
  ['', 'expected a target'],
];

describe('a target', () => {
  it.each(bad)('%s is refused', (line, ...faults) => {
    const read = readTargetLine(line, 'target 1');
    const separator = line === '' ? ': ' : ', ';
    expect(read).toEqual({ ok: false, faults: faults.map((fault) => `target 1${separator}${fault}`) });
  });
});
