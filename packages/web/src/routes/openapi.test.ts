import { describe, expect, it } from 'vitest';
import { type AppParts, resourcesOf } from '../app.ts';
import { infoOf } from './info.ts';
import { openApi } from './openapi.ts';

describe('the description of the API', () => {
  const info = infoOf({ name: 'web', version: '1.2.3' }, {}, new Date(0));
  // the test reads only paths and methods, so no other part is used
  const resources = resourcesOf({ info } as AppParts);
  const document = openApi(info.version);

  it('lists exactly the paths and methods that are served', () => {
    const served = Object.entries(resources).map(([path, methods]) => [
      path.replace(/:(\w+)/g, '{$1}'),
      Object.keys(methods).sort(),
    ]);
    const described = Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.keys(methods).sort(),
    ]);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(served));
  });

  it('gives each operation a unique name and its path parameters', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const given = (operation.parameters ?? []).filter(
        (parameter) => Reflect.get(Object(parameter), 'in') === 'path',
      );
      expect(given.map((parameter) => Reflect.get(Object(parameter), 'name'))).toEqual(wanted);
    }
  });

  it('contains the version', () => {
    expect(document.info.version).toBe('1.2.3');
  });
});
