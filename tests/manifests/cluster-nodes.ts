/** Name of the primary of a slot, from a node's reply to `CLUSTER NODES`. */
export function ownerOf(nodes: string, slot: number): string | undefined {
  return nodes
    .split('\n')
    .map(readNode)
    .find(({ flags, has }) => flags.includes('master') && !flags.includes('fail') && has(slot))?.name;
}

function readNode(line: string) {
  const [, place = '', flags = '', , , , , , ...ranges] = line.trim().split(' ');
  const has = (slot: number) =>
    ranges.some((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return first <= slot && slot <= last;
    });
  return { name: place.split(',')[1], flags: flags.split(','), has };
}
