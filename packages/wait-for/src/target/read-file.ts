import { describeError, didYouMean } from '@pod-patterns/kit';
import type { Document, LineCounter, Node, YAMLMap, Pair as YamlPair } from 'yaml';
import { duration, type KeySet, optional, someText, toggle, type Values } from '../keys/key.ts';
import type { Files } from '../probe/files.ts';
import { type Pair, splitTarget } from './raw-target.ts';
import { readPairs } from './read-pairs.ts';
import { readRawTarget, readTargetLine } from './read-target.ts';
import type { Reading } from './reading.ts';
import type { Group, Target, Wanted } from './target.ts';

type Yaml = typeof import('yaml');

/** Reads a file of targets, or reports all its faults with file and line. */
export async function readTargetFile(file: string, files: Files): Promise<Reading<readonly Wanted[]>> {
  let text: string;
  try {
    text = await files.readGiven(file);
  } catch (error) {
    return { ok: false, faults: [`--file ${file}: ${describeError(error)}`] };
  }
  // most runs have no file, and should not pay for the parser
  const yaml = await import('yaml');
  return new TargetFile(yaml, file, text).read();
}

const groupKeys = {
  name: optional(someText),
  deadline: optional(duration),
  optional: toggle(),
} satisfies KeySet;

/** One file being read; collects its faults. */
class TargetFile {
  readonly #yaml: Yaml;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;
  readonly #faults: string[] = [];

  constructor(yaml: Yaml, file: string, text: string) {
    this.#yaml = yaml;
    this.#file = file;
    this.#lines = new yaml.LineCounter();
    this.#document = yaml.parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): Reading<readonly Wanted[]> {
    const { errors } = this.#document;
    for (const { message, pos } of errors) {
      const { line, col } = this.#lines.linePos(pos[0]);
      // the parser may quote a secret
      const words = message.replace(/[:"'][\s\S]*/, '').trim();
      this.#faults.push(`${this.#file}:${line}:${col}: not YAML: ${words}`);
    }
    // after other faults the parser's result may differ from the file
    if (errors.some(({ code }) => code !== 'DUPLICATE_KEY')) {
      return { ok: false, faults: [...new Set(this.#faults)] };
    }
    const items = this.#items();
    const wanted = items.map((item) => this.#wanted(item));
    if (this.#faults.length > 0) return { ok: false, faults: this.#faults };
    return { ok: true, value: wanted.filter((one) => one !== undefined) };
  }

  /** The entries of `targets`, which is all that a file may hold. */
  #items(): readonly unknown[] {
    const root = this.#document.contents;
    if (!this.#yaml.isMap(root)) {
      this.#fault(root, 'expected a map with the key targets');
      return [];
    }
    const known = ['targets'];
    for (const pair of root.items) {
      const key = this.#text(pair.key);
      if (key !== 'targets') this.#fault(pair.key, `unknown key "${key}"${didYouMean(key, known)}`);
    }
    const targets = root.get('targets', true);
    if (targets === undefined && this.#faults.length > 0) return [];
    if (this.#yaml.isSeq(targets) && targets.items.length > 0) return targets.items;
    this.#fault(targets ?? root, 'targets: expected a list with at least one target');
    return [];
  }

  #wanted(item: unknown): Wanted | undefined {
    const node = this.#resolve(item);
    if (this.#yaml.isMap(node) && node.has('any')) return this.#group(node);
    return this.#target(node);
  }

  #target(item: unknown): Target | undefined {
    const node = this.#resolve(item);
    if (this.#yaml.isScalar(node)) return this.#take(readTargetLine(this.#text(node), this.#where(node)));
    if (!this.#yaml.isMap(node))
      return this.#fault(node, 'expected a target, or a map with the key target or any');
    const target = node.items.find((pair) => this.#text(pair.key) === 'target');
    if (target === undefined) return this.#without(node);
    const split = splitTarget(this.#text(target.value), this.#where(target.value ?? target.key));
    if (!split.ok) return this.#take(split);
    const others = node.items.filter((pair) => pair !== target);
    const pairs = [...split.value.pairs, ...others.flatMap((pair) => this.#pairs(pair))];
    return this.#take(readRawTarget({ ...split.value, pairs }));
  }

  /** Suggests the intended key that names the target. */
  #without(node: YAMLMap): undefined {
    for (const { key: keyNode } of node.items) {
      const key = this.#text(keyNode);
      const near = didYouMean(key, ['target', 'any']);
      if (near !== '') return this.#fault(keyNode, `unknown key "${key}"${near}`);
    }
    return this.#fault(node, 'has neither target nor any');
  }

  #group(node: YAMLMap): Group | undefined {
    const faultsBefore = this.#faults.length;
    const list = this.#resolve(node.get('any', true));
    const others = node.items.filter((pair) => this.#text(pair.key) !== 'any');
    const read = readPairs(
      others.flatMap((pair) => this.#pairs(pair)),
      groupKeys,
    );
    this.#faults.push(...read.faults);
    if (!this.#yaml.isSeq(list) || list.items.length === 0) {
      return this.#fault(list ?? node, 'any: expected a list with at least one target');
    }
    const members = list.items.map((item) => this.#member(item)).filter((member) => member !== undefined);
    if (this.#faults.length > faultsBefore) return undefined;
    const given = read.values as Values<typeof groupKeys>; // `readPairs` read them by these keys
    return {
      name: given.name ?? `any of ${members.map((member) => member.name).join(', ')}`,
      kind: 'any',
      members,
      isOptional: given.optional,
      deadlineMs: given.deadline,
    };
  }

  #member(item: unknown): Target | undefined {
    const node = this.#resolve(item);
    if (this.#yaml.isMap(node) && node.has('any'))
      return this.#fault(node, 'a group must not contain another group');
    const member = this.#target(node);
    if (member?.isOptional) return this.#fault(item, 'set optional on the group, not on one of its targets');
    return member;
  }

  /** `key: value` or `key: [value, value]` as the key would be given on the command line. */
  #pairs({ key: keyNode, value }: YamlPair): Pair[] {
    const key = this.#text(keyNode);
    const node = this.#resolve(value);
    const nodes = this.#yaml.isSeq(node) ? node.items : [node];
    return nodes.flatMap((one): Pair[] => {
      const scalar = this.#resolve(one);
      if (this.#yaml.isCollection(scalar)) {
        this.#fault(scalar, `${key}: expected a string or a list of strings`);
        return [];
      }
      return [{ key, text: this.#text(scalar), where: this.#where(keyNode) }];
    });
  }

  #take(reading: Reading<Target>): Target | undefined {
    if (reading.ok) return reading.value;
    this.#faults.push(...reading.faults);
    return undefined;
  }

  #fault(node: unknown, message: string): undefined {
    this.#faults.push(`${this.#where(node)}: ${message}`);
    return undefined;
  }

  #resolve(node: unknown): unknown {
    return this.#yaml.isAlias(node) ? node.resolve(this.#document) : node;
  }

  /** A scalar as it was written, so that `1e3` or `0x10` stay what the user sees. */
  #text(node: unknown): string {
    if (!this.#yaml.isScalar(node) || node.value === null) return '';
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }

  #where(node: unknown): string {
    const start = this.#yaml.isNode(node) ? (node as Node).range?.[0] : undefined;
    const { line } = this.#lines.linePos(start ?? 0);
    return `${this.#file}:${Math.max(1, line)}`;
  }
}
