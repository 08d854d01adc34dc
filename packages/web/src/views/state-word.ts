/** How a state is called on the page. Served to the browser as well, so it uses nothing from outside itself. */
export function stateWord(role: string, state: string): string {
  if (state === 'unknown') return 'being asked';
  return role === 'init' && state === 'up' ? 'done' : state;
}
