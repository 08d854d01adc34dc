import { expect, it } from 'vitest';
import { describeFault } from './fault.ts';

it('describes an internal fault and its place in one line', () => {
  const line = describeFault(new TypeError('x is not\na function'));
  expect(line).toMatch(
    /^wait-for: internal fault: TypeError: x is not a function \(at .*fault\.test\.ts:\d+:\d+\)$/,
  );
});

it.each([
  ['nonsense', 'wait-for: internal fault: nonsense'],
  ['\u001b[2J', 'wait-for: internal fault: \\u001b[2J'],
  [undefined, 'wait-for: internal fault: undefined'],
  [Object.assign(new Error('x'), { stack: undefined }), 'wait-for: internal fault: Error: x'],
])('describes anything that can be thrown: %j', (fault, line) => {
  expect(describeFault(fault)).toBe(line);
});
