import { datastoreBesideApp } from './datastore-beside-app.ts';
import { duplicateKey } from './duplicate-key.ts';
import { duplicateName } from './duplicate-name.ts';
import { forbiddenField } from './forbidden-field.ts';
import { invalidValue } from './invalid-value.ts';
import { missingField } from './missing-field.ts';
import { missingVolume } from './missing-volume.ts';
import type { Rule } from './rule.ts';
import { unknownField } from './unknown-field.ts';
import { unreadable } from './unreadable.ts';
import { wrongType } from './wrong-type.ts';

/** All rules, in the order in which `explain` lists them. */
export const rules: readonly Rule[] = [
  unreadable,
  unknownField,
  wrongType,
  invalidValue,
  missingField,
  forbiddenField,
  duplicateName,
  duplicateKey,
  missingVolume,
  datastoreBesideApp,
];
