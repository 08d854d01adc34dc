/** Control characters, line separators, and marks that turn the direction of the text around them. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Shows characters that steer a terminal as `\u001b`. Text from outside goes through it before it is printed for
 * people: it could otherwise clear their screen, hide a line, or forge one.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
