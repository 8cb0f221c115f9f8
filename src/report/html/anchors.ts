/** What a deep link can lead to. */
export type AnchorKind = 'requirement' | 'check' | 'case' | 'exchange' | 'clause';

/**
 * The `id` attribute of a thing, safe in a fragment as it stands: other characters than these become `~` and their
 * number, so that different ids stay different. Requirements and clauses keep their bare id, because people type it.
 */
export function anchor(kind: AnchorKind, id: string): string {
  const safe = id.replace(/[^\w./-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}.`);
  return kind === 'requirement' || kind === 'clause' ? safe : `${kind}-${safe}`;
}

/** A link to the thing inside the page. */
export function linkTo(kind: AnchorKind, id: string): string {
  return `#${anchor(kind, id)}`;
}
