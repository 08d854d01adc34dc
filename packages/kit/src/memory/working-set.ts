/** Files that locate the cgroup of a process: `/proc/self/cgroup`, `/proc/self/mountinfo`, `/proc/1/cmdline`. */
export interface ProcessTexts {
  readonly cgroup: string;
  readonly mountinfo: string;
  readonly firstCommand: string;
}

/** Files with the memory of a cgroup, and the name of its inactive file pages in the second one. */
export interface MemoryFiles {
  readonly usage: string;
  readonly stat: string;
  readonly inactive: string;
}

/**
 * Finds the memory files of the container that runs `script` and nothing else: process 1 is that program, or an init
 * that was given it, and the mounted hierarchy begins at this process' own cgroup. Undefined elsewhere: on a laptop,
 * in a service manager's unit, or in a container that is shared, where the figure would be that of others as well.
 */
export function memoryFilesOf(
  { cgroup, mountinfo, firstCommand }: ProcessTexts,
  script: string,
): MemoryFiles | undefined {
  if (!firstCommand.split('\0').includes(script)) return undefined;
  const entries = cgroup.split('\n').map(parseEntry);
  const entry =
    entries.find(({ controllers }) => controllers.includes('memory')) ?? entries.find(({ id }) => id === '0');
  if (entry === undefined) return undefined;
  const isV2 = entry.id === '0';
  const mount = mountinfo
    .split('\n')
    .map(parseMount)
    .find(({ type, options }) =>
      isV2 ? type === 'cgroup2' : type === 'cgroup' && options.includes('memory'),
    );
  if (mount === undefined || mount.root !== entry.path) return undefined;
  const [usage, inactive] = isV2
    ? ['memory.current', 'inactive_file']
    : ['memory.usage_in_bytes', 'total_inactive_file'];
  return { usage: `${mount.point}/${usage}`, stat: `${mount.point}/memory.stat`, inactive };
}

/** `4:memory:/docker/1f…`; of v2 `0::/`. */
function parseEntry(line: string) {
  const [id = '', controllers = '', ...path] = line.split(':');
  return { id, controllers: controllers.split(','), path: path.join(':') };
}

/** `82 78 0:32 /docker/1f… /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory`: proc_pid_mountinfo(5). */
function parseMount(line: string) {
  const [mounted = '', filesystem = ''] = line.split(' - ');
  const [, , , root = '', point = ''] = mounted.split(' ');
  const [type = '', , options = ''] = filesystem.split(' ');
  return { root, point, type, options: options.split(',') };
}

/** Memory in use without inactive file pages, as the kubelet and `docker stats` count it; undefined if unreadable. */
export function workingSetBytes(usage: string, stat: string, inactive: string): number | undefined {
  const line = stat.split('\n').find((candidate) => candidate.startsWith(`${inactive} `));
  const used = wholeNumber(usage);
  const inactiveBytes = wholeNumber(line?.slice(inactive.length + 1) ?? '');
  if (used === undefined || inactiveBytes === undefined) return undefined;
  return Math.max(0, used - inactiveBytes);
}

function wholeNumber(text: string): number | undefined {
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}
