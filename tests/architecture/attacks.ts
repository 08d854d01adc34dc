import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

/** Text that makes a backtracking engine try again and again: `head`, then `repeated` for ever. */
export interface Attack {
  readonly head: string;
  readonly repeated: string;
}

/** Letters that classes are tried with, each kind first in turn: what several classes share is worst. */
const letters = [...'a1 .:-/[("\'@=_;\t{\\A\n'];
const firsts = [...'a1 .:-/[("@='];

/**
 * Attacks on an expression: for each loop the text before it, with and without the loop's own letters, so that a search
 * begins again everywhere and reads to the end each time.
 */
export function attacksOn(regex: RegExp): Attack[] {
  const { source, flags } = regex;
  const pattern = new RegExpParser().parsePattern(source, undefined, undefined, {
    unicode: flags.includes('u'),
  });
  const loops: AST.Quantifier[] = [];
  visitRegExpAST(pattern, {
    onQuantifierEnter: (node) => {
      if (node.max === Number.POSITIVE_INFINITY) loops.push(node);
    },
  });
  const attacks = new Map<string, Attack>();
  const add = (head: string, repeated: string) => {
    if (repeated !== '') attacks.set(`${head}\0${repeated}`, { head, repeated });
  };
  for (const first of firsts) {
    const spell = new Speller(flags.replace(/[gy]/g, ''), first);
    for (const loop of loops) {
      const head = spell.before(loop);
      const body = spell.word(loop.element);
      const rest = spell.after(loop);
      add(head, body);
      add('', head + body);
      add('', head + body + rest.slice(0, -1));
      add(head + body, body + head);
    }
  }
  return [...attacks.values()];
}

/** Spells words that parts of an expression match, with a letter of choice wherever there is one. */
class Speller {
  readonly #flags: string;
  readonly #letters: readonly string[];

  constructor(flags: string, first: string) {
    this.#flags = flags;
    this.#letters = [first, ...letters];
  }

  word(node: AST.Element | AST.Pattern | AST.Alternative): string {
    switch (node.type) {
      case 'Pattern':
      case 'Group':
      case 'CapturingGroup':
        return node.alternatives[0] === undefined ? '' : this.word(node.alternatives[0]);
      case 'Alternative':
        return node.elements.map((element) => this.word(element)).join('');
      case 'Quantifier':
        return this.word(node.element).repeat(Math.max(1, node.min));
      case 'Character':
        return String.fromCodePoint(node.value);
      case 'CharacterClass':
      case 'CharacterSet': {
        const one = new RegExp(`^(?:${node.raw})$`, this.#flags);
        return this.#letters.find((letter) => one.test(letter)) ?? '';
      }
      default:
        return '';
    }
  }

  /** Text before a part of the expression, and text after it. */
  before(node: AST.Node): string {
    return this.#beside(node, (elements, index) => elements.slice(0, index), 'before');
  }

  after(node: AST.Node): string {
    return this.#beside(node, (elements, index) => elements.slice(index + 1), 'after');
  }

  #beside(
    node: AST.Node,
    pick: (elements: readonly AST.Element[], index: number) => readonly AST.Element[],
    side: 'before' | 'after',
  ): string {
    const { parent } = node;
    if (parent === null || parent === undefined) return '';
    const outer = this.#beside(parent, pick, side);
    if (parent.type !== 'Alternative') return outer;
    // the content of an alternative is one of its elements
    const index = parent.elements.indexOf(node as AST.Element);
    const own = pick(parent.elements, index)
      .map((element) => this.word(element))
      .join('');
    return side === 'before' ? outer + own : own + outer;
  }
}
