import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';

/**
 * A script from npm packages alone: parses each file and lets kubernetes-models check the types. It finds no unknown
 * field, no wrong word, and nothing about the pod as a whole.
 */
const [folder = '.'] = process.argv.slice(2);
const kinds = { Deployment, Service } as const;
let faults = 0;
for (const name of readdirSync(folder)) {
  for (const document of parseAllDocuments(readFileSync(join(folder, name), 'utf8'))) {
    const object: { kind?: keyof typeof kinds } = document.toJS();
    if (object.kind === undefined) continue;
    try {
      // the constructor takes the type that it is about to check
      new kinds[object.kind](object as never).validate();
    } catch {
      faults++;
    }
  }
}
console.log(faults);
