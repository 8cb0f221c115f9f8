import type { Variant } from '../../../src/emulators/endpoint/alterations.js';
import { variants } from '../../../src/emulators/endpoint/variants/index.js';
import type { SubjectResult } from '../../../src/wings/prove/subject.js';

/** The result of a target that was judged. @throws Error when it could not be */
export function started(result: SubjectResult): Exclude<SubjectResult, { readonly cannotStart: string }> {
  if ('cannotStart' in result) throw new Error(result.cannotStart);
  return result;
}

/** @throws Error when there is no such variant */
export function variantOf(id: string): Variant {
  const variant = variants.find((candidate) => candidate.id === id);
  if (!variant) throw new Error(`there is no variant ${id}`);
  return variant;
}
