import type { Report } from './model.js';

/**
 * Characters that a reader cannot see or that act on what stands around them: controls (ANSI sequences start with
 * one), bidirectional overrides, zero-width and other ignorable characters, line separators, lone surrogates, and the
 * noncharacters that XML forbids.
 */
const invisibleCharacters =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Most strings are plain ASCII with our own pseudonyms in it; this settles them without the costly class above. */
const plainText = /^[ -~‹›]*$/;
const plainLines = /^[\t\n -~‹›]*$/;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text with every invisible or active character replaced by a visible escape such as `\u001b`. All on one line:
 * line breaks and tabs become `\n`, `\r` and `\t`. The escapes are those of JSON, per UTF-16 unit, so that a JSON text
 * treated by this function still means the same.
 */
export function visible(text: string): string {
  return plainText.test(text) ? text : text.replace(invisibleCharacters, escaped);
}

/** As `visible`, but line feeds and tabs stay: for bodies and other text of several lines. */
export function visibleLines(text: string): string {
  if (plainLines.test(text)) return text;
  return text.replace(invisibleCharacters, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** What this program itself sends to a terminal: colours, and the beginning of a line that is emptied. */
const ownSequences = new RegExp(String.raw`^(?:\u001b\[(?:[01237]|2[2-9]|3[0-79]|9[0-7])m|\r\u001b\[2K)$`);
const ownOrInvisible = new RegExp(
  String.raw`\u001b\[\d{1,2}m|\r\u001b\[2K|${invisibleCharacters.source}`,
  invisibleCharacters.flags,
);

/** Agents of pipelines take this for the beginning of a command wherever it stands in a line. */
const agentCommand = /(?<!#)#{2,}(?=(?:vso)?\[)/gi;

/**
 * As `visibleLines`, for what is printed: colours stay, and whatever else acts on a terminal becomes visible. Text of others is made
 * visible where it is told; here it ends what somebody forgot.
 */
export function forTerminal(text: string): string {
  const quiet = text.replace(agentCommand, '#');
  if (plainLines.test(quiet)) return quiet;
  return quiet.replace(ownOrInvisible, (found) => (ownSequences.test(found) ? found : visibleLines(found)));
}

/**
 * The report with every string made visible, keys included. Projections for people start from this, so that no
 * component can forget it. Only the text of captured bodies keeps its line feeds and tabs.
 */
export function visibleReport(report: Report): Report {
  return visibleModel(report);
}

/** As `visibleReport`, for any model that holds text from outside. */
export function visibleModel<Model extends object>(model: Model): Model {
  // The mapping keeps the shape: it replaces strings by strings and nothing else.
  const made = (madeVisible.get(model) ?? visibleValue(model, 'model')) as Model;
  madeVisible.set(model, made);
  return made;
}

/** Every projection of a model asks for the same. */
const madeVisible = new WeakMap<object, unknown>();

/** Returns the very value when nothing in it had to change, which is nearly always: reports are large. */
function visibleValue(value: unknown, key: string): unknown {
  if (typeof value === 'string') return key === 'text' ? visibleLines(value) : visible(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? visibleItems(value, key) : visibleMembers(value as Readonly<Record<string, unknown>>);
}

function visibleItems(items: readonly unknown[], key: string): readonly unknown[] {
  let changed: unknown[] | null = null;
  for (const [at, item] of items.entries()) {
    const shown = visibleValue(item, key);
    if (shown !== item) changed ??= items.slice(0, at);
    changed?.push(shown);
  }
  return changed ?? items;
}

function visibleMembers(value: Readonly<Record<string, unknown>>): object {
  const names = Object.keys(value);
  let changed: [string, unknown][] | null = null;
  for (const [at, name] of names.entries()) {
    const item = value[name];
    const shown = [visible(name), visibleValue(item, name)] as [string, unknown];
    if (shown[0] !== name || shown[1] !== item) changed ??= names.slice(0, at).map((before) => [before, value[before]]);
    changed?.push(shown);
  }
  // Not by assignment: a member of a foreign resource may be called `__proto__`.
  return changed ? Object.fromEntries(changed) : value;
}

function escaped(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  return Array.from({ length: character.length }, (_, index) => unitEscape(character.charCodeAt(index))).join('');
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
