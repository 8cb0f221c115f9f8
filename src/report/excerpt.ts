/** The beginning of a text, and how many of its characters were left off. */
export interface Excerpt {
  readonly text: string;
  readonly left: number;
}

/** Bytes that a character takes in HTML or XML: some are written as entities, others in UTF-8. */
const entityBytes: Readonly<Record<string, number>> = { '"': 6, '&': 5, '<': 4 };
const mostBytesPerCharacter = 6;

/** The beginning of `text` that takes at most `bytes` bytes once it is written as markup. Never splits a character. */
export function excerptOfBytes(text: string, bytes: number): Excerpt {
  if (text.length * mostBytesPerCharacter <= bytes) return { text, left: 0 };
  let spent = 0;
  let end = 0;
  for (const character of text) {
    spent += entityBytes[character] ?? (character <= '~' ? 1 : mostBytesPerCharacter);
    if (spent > bytes) break;
    end += character.length;
  }
  return { text: text.slice(0, end), left: text.length - end };
}

/** The text on at most `width` columns; what was cut off shows as `…`. A column is one character. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** The text on at most `head + 1 + tail` columns, with its beginning and its end; what was cut out between them shows as `…`. */
export function cutWithin(text: string, { head, tail }: { readonly head: number; readonly tail: number }): string {
  const characters = Array.from(text);
  if (characters.length <= head + 1 + tail) return text;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}
