/** What must stand in no file: controls but line feed and tab, invisible and reordering characters, lone surrogates. */
export const active = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

/** Where a text stops being well-formed XML, or null; the parser that reads it elsewhere forgives too much. */
export function firstFlaw(xml: string): string | null {
  const token = /<\?xml [^?]*\?>|<\/([\w-]+)>|<([\w-]+)((?:\s[\w-]+="[^"<]*")*)(\/?)>|(?:(?!\]\]>)[^<])+/y;
  const open: string[] = [];
  let roots = 0;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    const [text, closed, opened, attributes = '', empty] = match ?? [];
    const texts = opened === undefined && closed === undefined ? (text ?? '') : attributes;
    const isBalanced = closed === undefined || open.pop() === closed;
    if (opened !== undefined && open.length === 0) roots += 1;
    if (opened !== undefined && empty === '') open.push(opened);
    if (!match || !isBalanced || roots > 1 || /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.test(texts)) {
      return xml.slice(at, at + 80);
    }
  }
  return open.length === 0 && roots === 1 ? null : `not closed: ${open.join()}`;
}
