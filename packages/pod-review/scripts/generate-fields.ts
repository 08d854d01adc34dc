import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Writes `src/strict/api/fields.json`, the fields and types of every Kubernetes kind, from the type declarations of
 * kubernetes-models. `node_modules/.bin/node packages/pod-review/scripts/generate-fields.ts`; a test fails when it has drifted.
 *
 * A type is one string of `name type` pairs, `name!` where the API has no value without it:
 * `containerPort! int32, hostIP string, …`. Types: string bool int32 int64 double quantity intOrString time
 * any, another type's name, `[]T` a list, `{}T` a map, `=a|b` one of these words.
 */
export interface Fields {
  readonly kubernetesModels: string;
  /** `apps/v1 Deployment` → the name of its type. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
}

const packageFolder = dirname(fileURLToPath(import.meta.resolve('kubernetes-models')));
const machineryFolder = join(dirname(packageFolder), '@kubernetes-models/apimachinery');

/** Versions of an API that no Kubernetes from 1.33 on serves (kubernetes.io/docs/reference/using-api/deprecation-guide). */
const gone =
  /^(extensions|apps\/v1beta|autoscaling\/v2beta|batch\/v1beta|policy\/v1beta|(discovery|events|networking|node|rbac\.authorization|storage|scheduling|coordination|certificates|authorization|authentication|apiregistration|apiextensions|admissionregistration|flowcontrol\.apiserver)(\.k8s\.io)?\/v\d+beta)/;

export async function generateFields(): Promise<Fields> {
  const kinds: Record<string, string> = {};
  const types: Record<string, string> = {};
  for (const folder of [packageFolder, machineryFolder]) {
    for (const file of globSync('**/*.d.ts', { cwd: folder }).sort()) {
      if (file.startsWith('_schemas/') || file.endsWith('index.d.ts') || gone.test(file)) continue;
      const declaration = readFileSync(join(folder, file), 'utf8');
      const longName = /as IoK8s(\w+) };?\s*$/.exec(declaration)?.[1];
      if (longName === undefined) continue;
      const name = shortName(longName);
      const body = /^export interface \w+(?: extends TypeMeta)? \{\n([\s\S]*?)^\}/m.exec(declaration)?.[1];
      if (body === undefined) continue;
      const isInteger = await integerCheck(join(folder, '_schemas', `IoK8s${longName}.js`));
      types[name] = readInterface(body, name, isInteger);
      const [apiVersion, kind] = ['apiVersion', 'kind'].map((field) => constantOf(body, field));
      if (apiVersion !== undefined && kind !== undefined) kinds[`${apiVersion} ${kind}`] = name;
    }
  }
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return { kubernetesModels: version, kinds: sorted(kinds), types: sorted(types) };
}

/** `ApiCoreV1Container` → `CoreV1Container`. */
function shortName(longName: string): string {
  return longName.replace(
    /^(Api|ApimachineryPkgApis|ApimachineryPkg|ApiextensionsApiserverPkgApis|KubeAggregatorPkgApis)(?=[A-Z])/,
    '',
  );
}

/** The text that a field always has, or undefined. */
function constantOf(body: string, field: string): string | undefined {
  return new RegExp(`^ {4}"${field}": "([^"]+)";$`, 'm').exec(body)?.[1];
}

function readInterface(body: string, owner: string, numberType: (field: string) => string): string {
  const withoutComments = body.replace(/\/\*\*[\s\S]*?\*\//g, '');
  const fields = withoutComments.matchAll(
    /^ {4}"([^"]+)"(\??): ((?:Array<)?\{[\s\S]*?\n {4}\}>?|[^;{]+);$/gm,
  );
  return [...fields]
    .map(([, field = '', optional, type = '']) => {
      const plain = readType(type.replace(/\s+/g, ' '), owner).replace('number', () => numberType(field));
      return `${field}${optional === '' ? '!' : ''} ${plain}`;
    })
    .join(', ');
}

function readType(type: string, owner: string): string {
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map !== null) return `{}${readType(map[1] ?? '', owner)}`;
  // the only type that is declared in place: the claims of a StatefulSet, whose kind may be left out
  if (/^Array<\{ "apiVersion"\?/.test(type)) return '[]CoreV1PersistentVolumeClaim';
  const list = /^Array<(.*)>$/.exec(type);
  if (list !== null) return `[]${readType(list[1] ?? '', owner)}`;
  if (type.startsWith('"')) return `=${[...type.matchAll(/"([^"]*)"/g)].map(([, word]) => word).join('|')}`;
  if (type === 'boolean') return 'bool';
  if (type === 'string' || type === 'number') return type;
  const longName = /^IIoK8s(\w+)$/.exec(type)?.[1];
  if (longName === undefined) return /^I[A-Z]\w+$/.test(type) ? owner : 'any';
  const name = shortName(longName);
  return wellKnown[name] ?? name;
}

const wellKnown: Readonly<Record<string, string>> = {
  ResourceQuantity: 'quantity',
  ApiResourceQuantity: 'quantity',
  UtilIntstrIntOrString: 'intOrString',
  MetaV1Time: 'time',
  MetaV1MicroTime: 'time',
  MetaV1FieldsV1: 'any',
  MetaV1Patch: 'any',
  RuntimeRawExtension: 'any',
};

/** The declarations say `number` for all; the package's own validators know which are whole, and how wide. */
async function integerCheck(schema: string): Promise<(field: string) => string> {
  const { validate } = await import(pathToFileURL(schema).href);
  const accepts = (field: string, value: unknown) => {
    validate({ [field]: value });
    const errors: readonly { instancePath: string; keyword: string }[] = validate.errors ?? [];
    return !errors.some((error) => error.instancePath.startsWith(`/${field}`));
  };
  return (field) => {
    const isList = !accepts(field, 1);
    const wrap = (value: number) => (isList ? [value] : value);
    if (accepts(field, wrap(0.5))) return 'double';
    return accepts(field, wrap(2 ** 40)) ? 'int64' : 'int32';
  };
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main) {
  const target = join(import.meta.dirname, '../src/strict/api/fields.json');
  writeFileSync(target, `${JSON.stringify(await generateFields(), undefined, 2)}\n`);
}
