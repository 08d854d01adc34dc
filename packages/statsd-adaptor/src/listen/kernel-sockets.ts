import { readdir, readFile, readlink } from 'node:fs/promises';

/** A row of `/proc/net/udp`. */
export interface KernelSocket {
  readonly port: number;
  readonly inode: string;
  readonly queuedBytes: number;
  /** Datagrams dropped since the socket was opened. */
  readonly drops: number;
}

/** Parses Linux's table of UDP sockets (`/proc/net/udp`, `/proc/net/udp6`). */
export function parseKernelSockets(table: string): KernelSocket[] {
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields.length >= 13)
    .map((fields) => ({
      port: Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16),
      queuedBytes: Number.parseInt(fields[4]?.split(':')[1] ?? '', 16),
      inode: fields[9] ?? '',
      drops: Number(fields[12]),
    }));
}

/** Finds the UDP sockets of this process; none without /proc. */
export async function ownKernelSockets(): Promise<KernelSocket[]> {
  const [own, ...tables] = await Promise.all([ownInodes(), readTable('udp'), readTable('udp6')]);
  return tables.flat().filter(({ inode }) => own.has(inode));
}

async function readTable(name: string): Promise<KernelSocket[]> {
  return readFile(`/proc/net/${name}`, 'latin1').then(parseKernelSockets, () => []);
}

/** Lists the inodes of this process's open sockets. */
async function ownInodes(): Promise<Set<string>> {
  const folder = '/proc/self/fd';
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
