import { describe, expect, it, vi } from 'vitest';
import { listenOn } from './address.ts';

const failing = (code: string) => Object.assign(new Error(code), { code });

describe('where to listen without a host', () => {
  it('is all addresses of both families', async () => {
    expect(await listenOn(undefined, async (address) => address)).toBe('::');
  });

  it.each([['EAFNOSUPPORT'], ['EADDRNOTAVAIL']])('is IPv4 alone if IPv6 fails with %s', async (code) => {
    const listen = vi.fn(async (address: string) => {
      if (address === '::') throw failing(code);
      return address;
    });
    expect(await listenOn(undefined, listen)).toBe('0.0.0.0');
  });

  it('is nowhere if the port is taken', async () => {
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
