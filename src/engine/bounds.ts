/**
 * The most that what comes from elsewhere may become once it is read: the one place for such bounds. Bytes alone tell little, for
 * two of them may become an object, and a list may go on for ever. What goes beyond is refused, in words, before it is made: as
 * wrong input (2) where it is a user's file, as trouble of the other side (3) where it was answered.
 */
export const bounds = {
  /** What a program of ours wrote, such as `report.json`: the report of 10,000 checks has 23 MB and 700,000 values. */
  machineMade: { bytes: 24 * 1024 * 1024, values: 2_000_000, levels: 100, lines: 500_000 },
  /** What somebody writes by hand, in YAML, whose reader takes some twenty microseconds for each mark. */
  handWritten: { bytes: 1024 * 1024, marks: 20_000, levels: 100 },
  /** What a run wrote down of what it did in a tenant: 1,000 requests take 10,000 lines. Values and levels are those of a line. */
  journal: { bytes: 32 * 1024 * 1024, lines: 100_000, values: 100, levels: 8 },
  /** Runs of a target by the night: ten years of them take 15 MiB. Values and levels are those of a line, which names each requirement once or twice. */
  history: { bytes: 32 * 1024 * 1024, lines: 20_000, values: 10_000, levels: 8 },
  /** Who holds a lock. */
  lock: { bytes: 64 * 1024, values: 100, levels: 4 },
  /** Tokens between runs: what is kept of one sign-in has some 40 values and three tokens at most; a hundred of them fit. */
  tokenCache: { bytes: 4 * 1024 * 1024, values: 20_000, levels: 10 },
  /** One answer of the arranging side or of an identity platform: two of them are kept in the evidence of every case. */
  answer: { bytes: 32 * 1024, values: 10_000, levels: 64 },
  /** One page of a tenant's list: 999 requests with all that they can be shown with have some 100,000 values. */
  page: { bytes: 4 * 1024 * 1024, values: 400_000, levels: 64 },
  /** A page of the documentation; those that there are have some hundred cells, and each takes the parser some ten kilobytes. */
  documentation: { cells: 4000 },
  /** A whole list of a tenant. */
  list: { pages: 1000, elements: 100_000 },
  /** What a test of Playwright told, which may come out of a file: as many shards as any pipeline has, and what one case leaves. */
  told: { bytes: 32 * 1024 * 1024, values: 500_000, levels: 100, shards: 1000 },
  /** A name that the other side chose, in characters: it becomes part of addresses or sentences. */
  name: { characters: 1024 },
  /** A token, in characters: servers of the trade take heads of 8 to 16 KiB. */
  token: { characters: 8 * 1024 },
  /** An id that stands in a path, in characters: a GUID has 36. */
  segment: { characters: 128 },
} as const;

/** The most that a JSON text may become. */
export interface JsonBounds {
  /** Values of any kind, those that hold others counted in. */
  readonly values: number;
  /** Levels of values that hold others. */
  readonly levels: number;
}

/** A number as it is written in sentences. */
const inWords = (count: number): string => count.toLocaleString('en-US');

/**
 * What a JSON text would become too much of, told without making any of it. In a time linear in the text; of what is not JSON it
 * tells something, too, and never more than is there.
 * @returns as `has more than 100 values`; null when it is within its bounds
 */
export function excessOf(json: string, { values, levels }: JsonBounds): string | null {
  let [level, count] = [0, 1];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(json, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        level += 1;
        count += 1;
        if (level > levels) return `is nested deeper than ${levels} levels`;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        level -= 1;
        break;
      case 0x2c: // ,
        count += 1;
        break;
    }
    if (count > values) return `has more than ${inWords(values)} values`;
  }
  return null;
}

/** Where a string of a JSON text ends: at its quote, or with the text. */
export function endOfString(json: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = json.indexOf('"', from);
    if (quote < 0) return json.length;
    let escapes = 0;
    while (json.charCodeAt(quote - 1 - escapes) === 0x5c) escapes += 1;
    // An odd number of backslashes escapes the quote itself.
    if (escapes % 2 === 0) return quote;
    from = quote + 1;
  }
}

/** Begins a value or a line in YAML, or may: each of these costs its reader time, and all else costs little. */
const yamlMark = /[\n,[\]{}]/g;

/** What a line may begin with before its value: white space, and the marks of entries and keys. */
const yamlIndent = /^[ \t?:-]*/;

/** As `excessOf`, of a YAML text. Brackets in prose are taken for those of lists, of which nobody opens that many either. */
export function excessOfYaml(yaml: string, { marks, levels }: YamlBounds): string | null {
  const tooDeep = `is nested deeper than ${levels} levels`;
  let [count, level, lineStart] = [0, 0, 0];
  for (yamlMark.lastIndex = 0; yamlMark.test(yaml);) {
    const at = yamlMark.lastIndex - 1;
    const mark = yaml.charAt(at);
    count += 1;
    level += mark === '[' || mark === '{' ? 1 : (mark === ']' || mark === '}') && level > 0 ? -1 : 0;
    if (count > marks) return `has more than ${inWords(marks)} lines, commas and brackets`;
    if (level > levels) return tooDeep;
    if (mark !== '\n') continue;
    if (isIndented(yaml, lineStart, levels)) return tooDeep;
    lineStart = at + 1;
  }
  return isIndented(yaml, lineStart, levels) ? tooDeep : null;
}

/** Whether a line begins so far to the right, or with so many marks of entries, that it is nested deeper than so many levels. */
const isIndented = (yaml: string, lineStart: number, levels: number): boolean =>
  (yamlIndent.exec(yaml.slice(lineStart, lineStart + 2 * levels + 2))?.[0].length ?? 0) > 2 * levels;

/** The most that a YAML text may become. */
interface YamlBounds {
  /** Lines, commas and brackets. */
  readonly marks: number;
  readonly levels: number;
}
