/** Folders of each package's `src`, from the shell to the core: each imports only those after it. */
export const folderOrder: Readonly<Record<string, readonly string[]>> = {
  kit: ['lifecycle', 'admin', 'options', 'memory', 'logging', 'mask'],
  'log-shipper': [
    ...['explain', 'settings', 'pump', 'status', 'sinks', 'record'],
    ...['batch', 'checkpoint', 'frame', 'tail', 'pattern'],
  ],
  'pod-page': ['serve', 'page', 'pod', 'ask'],
  'pod-review': ['picture', 'report', 'rules', 'roles', 'pod', 'strict'],
  'redis-ambassador': [
    ...['discovery', 'session', 'decide', 'upstream'],
    ...['command', 'policy', 'topology', 'resp'],
  ],
  'statsd-adaptor': ['expose', 'listen', 'map', 'series', 'parse'],
  'wait-for': ['explain', 'report', 'schedule', 'target', 'kinds', 'probe', 'keys', 'exec'],
  web: ['routes', 'faults', 'http', 'clients', 'logs'],
};
