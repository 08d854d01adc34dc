import { mostWork, type Pattern } from '../../pattern/pattern.ts';
import type { FieldReader } from './fields.ts';

/**
 * Reads the named groups of an expression as fields. A search for groups cannot be interrupted, so a line that could take
 * seconds is left as it is. Without a group `message`, the whole line is kept under that name.
 */
export function byGroups(pattern: Pattern): FieldReader {
  return (text) => {
    // testing for a match is much faster than locating it
    if (!pattern.test(text)) return 'no_match';
    if (text.length * pattern.size > mostWork) return 'too_slow';
    const groups = pattern.groups(text);
    if (!groups.has('message')) groups.set('message', text);
    return groups;
  };
}
