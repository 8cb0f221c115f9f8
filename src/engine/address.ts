/** Longest address in a sentence, in characters. */
const longest = 300;

/**
 * An address as it may stand in a message: without what may be a secret in it, its credentials, its query and its fragment. The one
 * way in which an address that was refused, or that somebody else sent, is quoted.
 * @param text need not be an address: what was refused for being none may hold a secret all the same
 */
export function addressInWords(text: string): string {
  const start = /^[a-z][a-z0-9+.-]{0,20}:[\\/]*/i.exec(text)?.[0] ?? '';
  const rest = text.slice(start.length);
  const at = rest.lastIndexOf('@');
  const cut = rest.search(/[?#]/);
  // A password may hold any of these characters: what stands before an @ is not told, and what stands behind one in a query neither.
  if (at >= 0 && cut >= 0 && cut < at) return `${start}…`;
  const shown = `${start}${at < 0 ? '' : '…@'}${rest.slice(at + 1, cut < 0 ? undefined : cut + 1)}${cut < 0 ? '' : '…'}`;
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

/** Longer than any word that a setting may have, in characters. */
const longestWord = 40;

/**
 * A word of a setting that was refused, as it may stand in a message: what is longer than any that there is was pasted and not
 * misspelt, and may be a secret, and so may parts of an address.
 * @param longest of what belongs there, in characters; default: of any setting
 */
export const wordInWords = (text: string, longest = longestWord): string =>
  /@|:\/\//.test(text) ? addressInWords(text) : text.length > longest ? '…' : text;
