import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Evidence, Role, Spoken } from './role.ts';
import { weigh } from './weigh.ts';

const say = (role: Spoken, weight: number, says = `${role} ${weight}`): Evidence => ({
  role,
  weight,
  says,
  source: 'name',
});

it.each<[title: string, evidence: Evidence[], role: Role]>([
  ['nothing', [], 'unknown'],
  ['too little', [say('app', 1)], 'unknown'],
  ['enough', [say('app', 2)], 'app'],
  ['enough in all', [say('app', 1, 'a'), say('app', 1, 'b')], 'app'],
  ['the strongest sum, not the strongest piece', [say('ambassador', 6), say('app', 4), say('app', 3)], 'app'],
  ['the strongest sum, not the first', [say('sidecar', 2), say('datastore', 6)], 'datastore'],
  ['as much for another', [say('app', 3), say('sidecar', 3)], 'unknown'],
])('%s', (_, evidence, role) => {
  expect(weigh(evidence).role).toBe(role);
});

it('lists the evidence for the role, strongest first, then the evidence against it', () => {
  const evidence = [say('app', 2, 'a port'), say('ambassador', 6, 'an image'), say('app', 5, 'a name')];
  expect(weigh(evidence).why).toEqual(['a name', 'a port', 'but for ambassador: an image']);
  expect(weigh([say('app', 3, 'a name'), say('sidecar', 3, 'a word')]).why).toEqual([
    'for app: a name',
    'for sidecar: a word',
  ]);
});

it('ignores the order of the evidence', () => {
  const piece = fc
    .tuple(
      fc.constantFrom<Spoken>('app', 'sidecar', 'adaptor', 'ambassador', 'datastore'),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([role, weight]) => say(role, weight));
  const shuffled = fc
    .array(piece, { maxLength: 8 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(weigh(other).role).toBe(weigh(all).role);
    }),
  );
});
