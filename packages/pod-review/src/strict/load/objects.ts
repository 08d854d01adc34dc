import { isRecord } from '../../record.ts';
import { isKustomization, type SourceFile } from './find-files.ts';
import { formatPath, type Path, type Position } from './position.ts';
import { type ReadDocument, readDocuments } from './read-documents.ts';
import { findTemplate, templateLine } from './template.ts';

/** A Kubernetes object as it was written: nothing of it has been checked but that it has a kind. */
export interface SourceObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Readonly<Record<string, unknown>>;
  /** Place of a value, or of the nearest there is. */
  readonly position: (path: Path) => Position;
  /** Place of a map entry's key. */
  readonly keyPosition: (path: Path) => Position;
  readonly duplicateKeys: ReadDocument['duplicateKeys'];
}

export interface Unreadable {
  readonly file: string;
  readonly message: string;
  readonly position: Position;
}

/** The objects of a file, lists opened; or the one reason why the file cannot be reviewed. */
export function readObjects({ name, text, fault }: SourceFile): readonly SourceObject[] | Unreadable {
  const unreadable = (message: string, position: Position = { line: 1, column: 1 }) => ({
    file: name,
    message,
    position,
  });
  if (text === undefined) return unreadable(fault ?? 'cannot be read');
  if (isKustomization(name)) return [];
  const read = readDocuments(text);
  if (!read.ok) {
    const line = templateLine(text);
    return line === undefined
      ? unreadable(read.message, read.position)
      : unreadable(templateMessage, { line, column: 1 });
  }
  const objects: SourceObject[] = [];
  for (const document of read.documents) {
    const fault = open(name, document, objects);
    if (fault !== undefined) return unreadable(fault.message, fault.position);
  }
  return objects;
}

const templateMessage = 'a template, not a manifest: render it first, as in `helm template . | pod-review -`';

interface Fault {
  readonly message: string;
  readonly position: Position;
}

function open(file: string, document: ReadDocument, objects: SourceObject[]): Fault | undefined {
  const { value } = document;
  const isObject = isRecord(value) && ('kind' in value || 'apiVersion' in value);
  const template = isObject && !isCustom(value) ? findTemplate(value) : undefined;
  if (template !== undefined) {
    return { message: templateMessage, position: document.position(template) };
  }
  const before = objects.length;
  const fault = openObject({ file, value, prefix: [], document }, objects);
  const first = objects[before];
  // which object of a list they are in does not matter: their own line is told
  if (first !== undefined) objects[before] = { ...first, duplicateKeys: document.duplicateKeys };
  return fault;
}

interface Nested {
  readonly file: string;
  readonly value: unknown;
  /** Where the object is within its document: below `items` of a list. */
  readonly prefix: Path;
  readonly document: ReadDocument;
}

function openObject({ file, value, prefix, document }: Nested, objects: SourceObject[]): Fault | undefined {
  const fault = (message: string, path: Path = []): Fault => ({
    message,
    position: document.position([...prefix, ...path]),
  });
  if (!isRecord(value)) return fault('not a Kubernetes object: expected a map with apiVersion and kind');
  const { apiVersion, kind, items } = value;
  if (typeof kind !== 'string' || kind === '')
    return fault(`not a Kubernetes object: it has no kind`, ['kind']);
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    return fault(`not a Kubernetes object: it has no apiVersion`, ['apiVersion']);
  }
  // objects that kustomize reads for itself
  if (apiVersion.startsWith('kustomize.config.k8s.io/') || apiVersion === 'builtin') return undefined;
  if (kind.endsWith('List') && apiVersion.match(/^(v1|[\w.]+\/v\d\w*)$/) !== null && Array.isArray(items)) {
    for (const [index, item] of items.entries()) {
      const inner = openObject({ file, value: item, prefix: [...prefix, 'items', index], document }, objects);
      if (inner !== undefined)
        return { ...inner, message: `${formatPath([...prefix, 'items', index])}: ${inner.message}` };
    }
    return undefined;
  }
  objects.push({
    file,
    apiVersion,
    kind,
    raw: value,
    position: (path) => document.position([...prefix, ...path]),
    keyPosition: (path) => document.keyPosition([...prefix, ...path]),
    duplicateKeys: [],
  });
  return undefined;
}

/** A custom resource may carry the templates of its own controller. */
function isCustom(value: unknown): boolean {
  const group =
    isRecord(value) && typeof value['apiVersion'] === 'string' ? value['apiVersion'].split('/')[0] : '';
  return group?.includes('.') === true && !group.endsWith('.k8s.io');
}
