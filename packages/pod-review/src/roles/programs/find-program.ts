import { adaptors } from './adaptors.ts';
import { apps } from './apps.ts';
import { bases } from './bases.ts';
import { datastores } from './datastores.ts';
import type { Program } from './program.ts';
import { proxies } from './proxies.ts';
import { sidecars } from './sidecars.ts';

/** All programs by the names of their images: `nginx`, or `mssql/server` where the last part alone says little. */
const programs: ReadonlyMap<string, Program> = new Map(
  [...datastores, ...proxies, ...adaptors, ...sidecars, ...apps, ...bases].flatMap(([program, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, program] as const),
  ),
);

/** Additions of builds and editions to a program's name. */
const editions =
  /^(?:alpine|debian|ubuntu|ubi\d*|rhel\d*|el\d+|c\d+s|centos\d*|photon|slim|distroless|rootless|unprivileged|fips|nonroot|community|enterprise|oss|ce|ee|pro|edge|server|single|node|cluster|ha|primary|master|replica|secondary|slave|standalone|cache|image|docker|container|linux|amd64|arm64|v?\d+)$/;

/** How sure a find is: the whole name, its last words, or its first ones. */
export type Match = 'whole' | 'head' | 'start';

export interface Found {
  readonly program: Program;
  readonly match: Match;
}

/** `registry.io:5000/team/app:1.2@sha256:…` → `team/app`. */
export function imagePath(image: string): string {
  const untagged = (image.split('@')[0] ?? '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = untagged.split('/');
  return (/[.:]|^localhost$/.test(first) && rest.length > 0 ? rest : [first, ...rest])
    .join('/')
    .toLowerCase();
}

/** `app:1.2@sha256:…` → `1.2`. */
function imageTag(image: string): string {
  return /:([^/:]+)$/.exec(image.split('@')[0] ?? '')?.[1]?.toLowerCase() ?? '';
}

/** The program in an image, by its name; undefined if unknown. */
export function programOfImage(image: string): Found | undefined {
  const path = imagePath(image);
  const base = path.slice(path.lastIndexOf('/') + 1);
  const [project = ''] = path.split('/').slice(-2, -1);
  if (base === 'docker' && imageTag(image).includes('dind')) return whole(programs.get('dind'));
  return whole(programs.get(`${project}/${base}`)) ?? programOfName(base);
}

/** The program that a name stands for: `redis`, `my-redis`, `redis-7-alpine`, `redis-for-sessions`. */
export function programOfName(name: string): Found | undefined {
  const words = name.toLowerCase().split(/[-_.]/).slice(0, 12);
  const plain = withoutEditions(words);
  const exact = programs.get(name.toLowerCase()) ?? lookUp(plain.join('-'));
  if (exact !== undefined) return whole(exact);
  for (let start = 1; start < plain.length; start++) {
    const program = lookUp(plain.slice(start).join('-'));
    if (program !== undefined) return { program, match: 'head' };
  }
  for (let end = plain.length - 1; end > 0; end--) {
    const program = lookUp(plain.slice(0, end).join('-'));
    if (program !== undefined) return { program, match: 'start' };
  }
  return undefined;
}

/** `pgpool2` is pgpool. */
function lookUp(name: string): Program | undefined {
  return programs.get(name) ?? programs.get(name.replace(/\d{1,4}$/, ''));
}

function whole(program: Program | undefined): Found | undefined {
  return program && { program, match: 'whole' };
}

/** The words of a name without the editions at its end; a name of nothing else stays. */
function withoutEditions(words: readonly string[]): readonly string[] {
  const last = words.findLastIndex((word) => !editions.test(word));
  return last < 0 ? words : words.slice(0, last + 1);
}
