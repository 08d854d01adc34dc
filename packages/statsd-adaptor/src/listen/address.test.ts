import { describe, expect, it, vi } from 'vitest';
import { listenOn } from './address.ts';

const failing = (code: string) => Object.assign(new Error(code), { code });

describe('listening without a host', () => {
  it('uses all IPv6 and IPv4 addresses', async () => {
    expect(await listenOn(undefined, async (address) => address)).toBe('::');
  });

  it.each([['EAFNOSUPPORT'], ['EADDRNOTAVAIL']])('uses IPv4 alone if IPv6 fails with %s', async (code) => {
    const listen = vi.fn(async (address: string) => {
      if (address === '::') throw failing(code);
      return address;
    });
    expect(await listenOn(undefined, listen)).toBe('0.0.0.0');
  });

  it('fails if the port is taken', async () => {
    const listen = vi.fn(async () => {
      throw failing('EADDRINUSE');
    });
    await expect(listenOn(undefined, listen)).rejects.toThrow('EADDRINUSE');
    expect(listen).toHaveBeenCalledOnce();
  });
});

it('listens on the address of a host name', async () => {
  expect(await listenOn('127.0.0.1', async (address) => address)).toBe('127.0.0.1');
});
