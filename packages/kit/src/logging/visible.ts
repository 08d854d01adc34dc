/** Control characters, line separators, and marks that turn the direction of the text around them. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Escapes control characters, as in `\u001b`. Foreign text must pass through it before it is printed: it could otherwise
 * clear the screen, or hide or forge a line.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
