import { describe, expect, it } from 'vitest';
import { memoryFilesOf, workingSetBytes } from './working-set.ts';

const script = '/app/web.cjs';
const firstCommand = `/nodejs/bin/node\0--max-old-space-size-percentage=50\0${script}\0`;
const v1 = {
  cgroup: '9:name=systemd:/docker/1f\n4:memory:/docker/1f\n3:cpuset:/docker/1f\n0::/docker/1f\n',
  mountinfo: `77 70 0:40 / / ro,relatime - overlay overlay rw
81 78 0:31 /docker/1f /sys/fs/cgroup/cpuset ro,nosuid - cgroup cgroup rw,cpuset
82 78 0:32 /docker/1f /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory
`,
};
const v2 = {
  cgroup: '0::/\n',
  mountinfo: `77 70 0:40 / / ro,relatime - overlay overlay rw
91 77 0:27 / /sys/fs/cgroup ro,nosuid shared:4 - cgroup2 cgroup rw,nsdelegate
`,
};
const v1Files = {
  usage: '/sys/fs/cgroup/memory/memory.usage_in_bytes',
  stat: '/sys/fs/cgroup/memory/memory.stat',
  inactive: 'total_inactive_file',
};
const v2Files = {
  usage: '/sys/fs/cgroup/memory.current',
  stat: '/sys/fs/cgroup/memory.stat',
  inactive: 'inactive_file',
};
const inNamespace = (texts: typeof v1) => ({
  cgroup: texts.cgroup.replaceAll('/docker/1f', '/'),
  mountinfo: texts.mountinfo.replaceAll('/docker/1f', '/'),
});

describe('the memory files of a container', () => {
  it.each([
    ['v2 with a cgroup namespace', { ...v2, firstCommand }, v2Files],
    ['v1 with the path of the host', { ...v1, firstCommand }, v1Files],
    ['v1 in a cgroup namespace', { ...inNamespace(v1), firstCommand }, v1Files],
    [
      'v1 and v2 side by side, from the hierarchy with the memory controller',
      {
        cgroup: inNamespace(v1).cgroup,
        mountinfo: `${v2.mountinfo.replace('/sys/fs/cgroup ', '/sys/fs/cgroup/unified ')}${inNamespace(v1).mountinfo}`,
        firstCommand,
      },
      v1Files,
    ],
    [
      'v1 with controllers that share a hierarchy',
      {
        cgroup: '4:hugetlb,memory:/a:b\n',
        mountinfo: '82 78 0:32 /a:b /sys/fs/cgroup/memory ro - cgroup cgroup rw,hugetlb,memory\n',
        firstCommand,
      },
      v1Files,
    ],
    ['an init as process 1', { ...v2, firstCommand: `/sbin/docker-init\0--\0${firstCommand}` }, v2Files],
  ])('are found for %s', (_, texts, files) => {
    expect(memoryFilesOf(texts, script)).toEqual(files);
  });

  it.each([
    ['a laptop', { ...v2, cgroup: '0::/user.slice/user-1000.slice/session-2.scope\n' }],
    ['a container that sees the whole hierarchy', { ...v2, cgroup: '0::/system.slice/docker-1f.scope\n' }],
    ['a v1 hierarchy of another container', { ...v1, cgroup: '4:memory:/docker/1f/inner\n' }],
    ['a v1 controller without a mount', { ...v1, mountinfo: v2.mountinfo }],
    ['no memory controller at all', { ...v1, cgroup: '3:cpuset:/docker/1f\n' }],
    ['no /proc', { cgroup: '', mountinfo: '' }],
    ['garbage', { cgroup: ':\n::\n\0', mountinfo: ' - \n- - -\n' }],
  ])('are unknown for %s', (_, texts) => {
    expect(memoryFilesOf({ ...texts, firstCommand }, script)).toBeUndefined();
  });

  it.each(['/sbin/init\0splash\0', `sh\0-c\0node ${script}\0`, `/usr/bin/node\0${script}.bak\0`, ''])(
    'are unknown in a shared container whose process 1 is %j',
    (other) => {
      expect(memoryFilesOf({ ...v2, firstCommand: other }, script)).toBeUndefined();
    },
  );
});

describe('the working set', () => {
  const v1Stat = 'inactive_file 1\nactive_file 30236672\nunevictable 0\ntotal_inactive_file 14217216\n';
  const v2Stat = 'anon 9363456\nfile 44453888\ninactive_file 14217216\nactive_file 30236672\n';

  it.each([
    ['v1', '55209984\n', v1Stat, 'total_inactive_file', 40992768],
    ['v2', '55209984\n', v2Stat, 'inactive_file', 40992768],
    ['a statistic older than the usage', '1000\n', v2Stat, 'inactive_file', 0],
    ['no memory in use', '0\n', 'inactive_file 0\n', 'inactive_file', 0],
    ['no line feed at the end', '7', 'inactive_file 3', 'inactive_file', 4],
    ['no usage', '', v2Stat, 'inactive_file', undefined],
    ['no statistic', '55209984\n', '', 'inactive_file', undefined],
    ['a statistic without the line', '55209984\n', 'anon 1\n', 'inactive_file', undefined],
    ['a truncated statistic', '55209984\n', 'anon 1\ninactive_file ', 'inactive_file', undefined],
    ['"max" for a number', 'max\n', v2Stat, 'inactive_file', undefined],
    ['a negative number', '-1\n', v2Stat, 'inactive_file', undefined],
  ])('is computed from %s', (_, usage, stat, inactive, expected) => {
    expect(workingSetBytes(usage, stat, inactive)).toBe(expected);
  });
});
