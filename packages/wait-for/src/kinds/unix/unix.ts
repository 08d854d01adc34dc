import { kind } from '../kind.ts';
import { probeUnix } from './probe.ts';

/** A socket in the file system that must accept. */
export const unix = kind({
  schemes: ['unix'],
  form: '/PATH',
  ready: 'it connects',
  keys: {},
  read: ({ rest }) => {
    const path = rest.replace(/^\/\/(?=\/)/, '');
    if (!path.startsWith('/') || path.includes('\0')) return 'expected an absolute path';
    // sun_path of Linux holds 108 bytes with the closing zero
    if (Buffer.byteLength(path) > 107) return 'a socket path has at most 107 bytes';
    return { spec: { path } };
  },
  probe: probeUnix,
});
