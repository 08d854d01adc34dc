import { text } from 'node:stream/consumers';

/** Reads `docker buildx bake --print` and writes the names of the images, a line each. */
const bake: { target: Record<string, { tags: readonly string[] }> } = JSON.parse(await text(process.stdin));
for (const { tags } of Object.values(bake.target)) console.log(tags.join('\n'));
