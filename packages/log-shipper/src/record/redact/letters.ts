/** Which of the first 128 characters match; all others do not. */
export type Letters = Uint8Array;

/** Reads the ASCII members of a class such as `[\w-]`. */
export function lettersOf(one: RegExp): Letters {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(one.test(String.fromCharCode(code))));
}

/** The first index from `at` on whose character is not one of the letters. */
export function endOf(letters: Letters, text: string, at: number): number {
  let index = at;
  while (letters[text.charCodeAt(index)] === 1) index++;
  return index;
}

/** The first index of the run of letters that ends before `at`, not below `floor`. */
export function startOf(letters: Letters, text: string, at: number, floor: number): number {
  let index = at;
  while (index > floor && letters[text.charCodeAt(index - 1)] === 1) index--;
  return index;
}
