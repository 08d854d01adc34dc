import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

/** A real server as a process on loopback, with a temporary data folder. */
export interface RealServer extends AsyncDisposable {
  readonly port: number;
}

// Debian keeps PostgreSQL off PATH, and has a script on PATH that starts RabbitMQ as another user
const postgresFiles = globSync('/usr/lib/postgresql/*/bin/postgres').reverse();
const rabbitmqFile = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** The servers of this machine. */
export const postgres = installed('postgres', [...postgresFiles, 'postgres']);
export const mariadb = installed('mariadbd', ['mariadbd', 'mysqld']);
export const rabbitmq = installed('rabbitmq-server', [rabbitmqFile, 'rabbitmq-server']);
export const nginx = installed('nginx');

/** As root, servers that refuse root run as this Debian user. */
function unprivileged(user: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined ? {} : { uid: Number(uid), gid: Number(gid) };
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: { uid?: number; gid?: number };
  readonly env?: Readonly<Record<string, string>>;
  /** Further resources to end or remove. */
  readonly cleanUp: () => void;
  readonly signal?: NodeJS.Signals;
}

function launch(
  port: number,
  { command, args, user = {}, env = {}, cleanUp, signal = 'SIGTERM' }: Launch,
): RealServer {
  const server = spawn(command, args, {
    stdio: 'ignore',
    env: { ...process.env, ...env },
    cwd: '/',
    ...user,
  });
  const ended = once(server, 'exit');
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.kill(signal);
      await ended;
      cleanUp();
    },
  };
}

/** A folder that another user can write to. */
function folderOf(user: { uid?: number; gid?: number }) {
  const dir = tempDir();
  chmodSync(dir.path, 0o755);
  if (user.uid !== undefined) chownSync(dir.path, user.uid, user.gid ?? user.uid);
  return dir;
}

/** PostgreSQL that demands a password; with TLS if a certificate is given. Resolves when it is started, before it is ready. */
export async function startPostgres(tls?: {
  readonly cert: string;
  readonly key: string;
}): Promise<RealServer> {
  const user = unprivileged('postgres');
  const dir = folderOf(user);
  const data = dir.file('data');
  const initdb = postgres.path.replace(/postgres$/, 'initdb');
  writeFileSync(dir.file('password'), 'secret\n');
  const login = ['-A', 'scram-sha-256', '-U', 'postgres', `--pwfile=${dir.file('password')}`];
  execFileSync(initdb, ['-D', data, '--no-sync', ...login], { ...user, stdio: 'ignore', cwd: '/' });
  const settings = ['-c', 'fsync=off', '-c', 'max_connections=5', '-c', 'superuser_reserved_connections=0'];
  if (tls !== undefined) {
    for (const [name, source] of Object.entries(tls)) {
      writeFileSync(`${data}/${name}.pem`, readFileSync(source), { mode: 0o600 });
      if (user.uid !== undefined) chownSync(`${data}/${name}.pem`, user.uid, user.gid ?? user.uid);
    }
    settings.push('-c', 'ssl=on', '-c', 'ssl_cert_file=cert.pem', '-c', 'ssl_key_file=key.pem');
  }
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', dir.path, ...settings];
  return launch(port, {
    command: postgres.path,
    args,
    user,
    cleanUp: () => dir[Symbol.dispose](),
    signal: 'SIGQUIT',
  });
}

/** MariaDB (or MySQL) without any user but root. */
export async function startMariadb(): Promise<RealServer> {
  const user = unprivileged('mysql');
  const dir = folderOf(user);
  const data = dir.file('data');
  execFileSync(
    findBinary('mariadb-install-db', 'mysql_install_db') ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { ...user, stdio: 'ignore', cwd: '/' },
  );
  const port = await freePort();
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${dir.file('socket')}`,
    '--innodb-flush-log-at-trx-commit=0',
  ];
  return launch(port, {
    command: mariadb.path,
    args,
    user,
    cleanUp: () => dir[Symbol.dispose](),
    signal: 'SIGKILL',
  });
}

/** RabbitMQ with its own port mapper (epmd), which is ended with it. */
export async function startRabbitmq(): Promise<RealServer> {
  const dir = tempDir();
  mkdirSync(dir.file('home'));
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  const env = {
    HOME: dir.file('home'),
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: dir.file('none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: dir.file('plugins'),
    RABBITMQ_NODENAME: 'wait-for@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: dir.file('mnesia'),
    RABBITMQ_LOG_BASE: dir.file('log'),
  };
  const cleanUp = () => {
    const epmd = findBinary('epmd') ?? globSync('/usr/lib/erlang/erts-*/bin/epmd')[0] ?? 'epmd';
    execFileSync(epmd, ['-kill'], { env: { ...process.env, ...env }, stdio: 'ignore' });
    dir[Symbol.dispose]();
  };
  return launch(port, { command: rabbitmq.path, args: [], env, cleanUp });
}

/** nginx with TLS that demands a client certificate of the same CA on `/private`. */
export async function startNginx(tls: {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}): Promise<RealServer> {
  const dir = tempDir();
  const port = await freePort();
  writeFileSync(
    dir.file('nginx.conf'),
    `
daemon off;
error_log /dev/null;
pid ${dir.file('pid')};
events {}
http {
  access_log off;
  client_body_temp_path ${dir.file('body')}; proxy_temp_path ${dir.file('proxy')}; fastcgi_temp_path ${dir.file('fastcgi')};
  uwsgi_temp_path ${dir.file('uwsgi')}; scgi_temp_path ${dir.file('scgi')};
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};
    ssl_client_certificate ${tls.ca}; ssl_verify_client optional;
    location / { return 200 "hello\\n"; }
    location /private { if ($ssl_client_verify != SUCCESS) { return 403; } return 200; }
    location /moved { return 301 /; }
  }
}
`,
  );
  return launch(port, {
    command: nginx.path,
    args: ['-c', dir.file('nginx.conf')],
    cleanUp: () => dir[Symbol.dispose](),
    signal: 'SIGQUIT',
  });
}
