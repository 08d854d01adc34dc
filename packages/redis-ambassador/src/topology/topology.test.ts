import { describe, expect, it } from 'vitest';
import { Endpoint } from './endpoint.ts';
import { standalone, withRole } from './topology.ts';

const endpoint = new Endpoint({
  address: { host: 'redis', port: 6379 },
  tls: undefined,
  user: undefined,
  password: undefined,
  db: 3,
});

describe('topology', () => {
  it('has one node with an unknown role for a single Redis', () => {
    const topology = standalone({ endpoint });
    expect(topology).toMatchObject({ kind: 'standalone', epoch: 0, db: 3 });
    expect(topology.nodes).toEqual([{ id: 'primary', endpoint, role: 'unknown' }]);
    expect(topology.primary).toBe(topology.nodes[0]);
  });

  it('is replaced only when the server reports another role', () => {
    const before = standalone({ endpoint });
    const after = withRole(before, 'primary', 'master');
    expect([before.primary.role, after.primary.role, after.epoch]).toEqual(['unknown', 'master', 1]);
    expect(withRole(after, 'primary', 'master')).toBe(after);
  });
});
