import { endOfString } from './bounds.js';

/**
 * Where a value stands in a JSON text, told without making anything of it: in a time linear in the text.
 * @param json well-formed
 * @param keys path of keys and indexes from the top
 * @returns its offset; of a key that is there twice, the last one, which counts; null when it is not there
 */
export function placeInJson(json: string, keys: readonly (string | number)[]): number | null {
  let at: number | null = behindSpace(json, 0);
  for (const key of keys) {
    if (at === null) return null;
    const opening = json.charAt(at);
    if (opening !== '{' && opening !== '[') return null;
    at = opening === '{' ? memberIn(json, at, String(key)) : elementIn(json, at, key);
  }
  return at;
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function memberIn(json: string, opening: number, key: string): number | null {
  let found: number | null = null;
  for (let at = behindSpace(json, opening + 1); json.charAt(at) === '"';) {
    const end = endOfString(json, at) + 1;
    const name = json.slice(at, end);
    const value = behindSpace(json, behindSpace(json, end) + 1);
    if (isKey(name, key)) found = value;
    at = behindComma(json, endOfValue(json, value));
  }
  return found;
}

/** A key is written as it is nearly always; only where something is escaped has it to be read. */
const isKey = (written: string, key: string): boolean =>
  written.includes('\\') ? JSON.parse(written) === key : written.slice(1, -1) === key;

function elementIn(json: string, opening: number, key: string | number): number | null {
  let at = behindSpace(json, opening + 1);
  for (let index = 0; at < json.length && json.charAt(at) !== ']'; index += 1) {
    if (index === Number(key)) return at;
    at = behindComma(json, endOfValue(json, at));
  }
  return null;
}

function endOfValue(json: string, start: number): number {
  let level = 0;
  for (let at = start; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === 0x22) at = endOfString(json, at);
    else if (character === 0x5b || character === 0x7b) level += 1;
    else if (character === 0x5d || character === 0x7d) level -= 1;
    // A comma, or the bracket of whatever holds the value.
    if (level < 0 || (level === 0 && character === 0x2c)) return at;
  }
  return json.length;
}

function behindComma(json: string, at: number): number {
  return json.charAt(at) === ',' ? behindSpace(json, at + 1) : at;
}

function behindSpace(json: string, start: number): number {
  let at = start;
  while (' \n\r\t'.includes(json.charAt(at)) && at < json.length) at += 1;
  return at;
}
