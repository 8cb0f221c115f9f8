import { generateKeyPairSync, hash } from 'node:crypto';

// Secrets, the forms in which somebody may write them, and the places in which they may stand.

export const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const random = (length: number, seed: number): string =>
  Array.from({ length: Math.ceil(length / 43) }, (_, index) => hash('sha256', `${seed} ${index}`, 'base64url'))
    .join('')
    .slice(0, length);

export const header = json({ alg: 'RS256', typ: 'JWT' });
export const claims = {
  aud: 'https://graph.microsoft.com',
  iss: 'https://sts.example/',
  oid: '41b0c1f6-0001',
  scp: 'Entitlement.All',
};
export const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** What has to be hidden, and the part of it that is secret in any case. */
export const secrets = {
  'a token of a platform': `${header}.${json(claims)}.${random(342, 1)}`,
  'a token with a short signature': `${header}.${json({ ...claims, jti: 'x' })}.${random(86, 2)}`,
  'an opaque token': random(43, 3),
  'a long opaque token': random(400, 4),
  'base64 of the other alphabet': Buffer.from(random(60, 5))
    .toString('base64')
    .replaceAll(/[AEIOU]/g, '+')
    .replaceAll('a', '/'),
  'a key with characters that are escaped': `k3y/of+the=control'protocol&<with>?"odd"~~chars`,
  'hexadecimal digits': Buffer.from(random(24, 6)).toString('hex'),
  'a token that repeats itself': 'eyJ'.repeat(60),
  'one letter': 'a'.repeat(200),
  'a short key': 'k3y-9x',
} as const;

const units = (text: string, write: (unit: string, index: number) => string): string =>
  text
    .split('')
    .map((unit, index) => write(unit, index))
    .join('');
const hexOf = (unit: string, digits = 2): string => unit.charCodeAt(0).toString(16).padStart(digits, '0');
const isWord = (unit: string): boolean => /[A-Za-z0-9]/.test(unit);
export const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString('base64');
export const wrap = (text: string, width: number, end = '\n'): string =>
  text.replaceAll(new RegExp(`.{${width}}`, 'g'), `$&${end}`);
const htmlNames: Readonly<Record<string, string>> = {
  ...{ '+': '&plus;', '/': '&sol;', '=': '&equals;', '.': '&period;', _: '&lowbar;', '&': '&amp;', '<': '&lt;' },
  ...{ '>': '&gt;', '"': '&quot;', "'": '&apos;', '?': '&quest;' },
};

/** Forms that may be written into another one. */
export const forms: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON, slashes escaped': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
  'JSON escapes for what is no letter': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : String.raw`\u${hexOf(unit, 4)}`)),
  'JSON escapes in capitals': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : String.raw`\u${hexOf(unit, 4).toUpperCase()}`)),
  'a JSON escape here and there': (text) =>
    units(text, (unit, index) => (index % 5 === 2 || unit === '\\' ? String.raw`\u${hexOf(unit, 4)}` : unit)),
  'JSON escapes for everything': (text) => units(text, (unit) => String.raw`\u${hexOf(unit, 4)}`),
  'escapes with braces': (text) =>
    units(text, (unit, index) => (index % 2 && unit !== '\\' ? unit : String.raw`\u{${hexOf(unit)}}`)),
  'escapes of C': (text) => units(text, (unit) => String.raw`\x${hexOf(unit)}`),
  'octal escapes': (text) => units(text, (unit) => `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`),
  'escapes of Markdown': (text) => units(text, (unit) => (isWord(unit) ? unit : `\\${unit}`)),
  'percent for what is no letter': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : `%${hexOf(unit).toUpperCase()}`)),
  'percent for one of two': (text) =>
    units(text, (unit, index) => (index % 2 && unit !== '%' ? unit : `%${hexOf(unit)}`)),
  'percent for everything': (text) => units(text, (unit) => `%${hexOf(unit)}`),
  'percent and u': (text) => units(text, (unit, index) => (index % 3 && unit !== '%' ? unit : `%u${hexOf(unit, 4)}`)),
  encodeURIComponent: (text) => encodeURIComponent(text),
  'entities by number': (text) =>
    units(text, (unit, index) => (index % 4 && unit !== '&' ? unit : `&#${unit.charCodeAt(0)};`)),
  'entities by number with zeros': (text) => units(text, (unit) => `&#${String(unit.charCodeAt(0)).padStart(7, '0')};`),
  'entities in hexadecimal': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : `&#x${hexOf(unit).toUpperCase()};`)),
  'entities by name': (text) => units(text, (unit) => htmlNames[unit] ?? unit),
  base64: (text) => base64(text),
  'base64 without padding, url-safe': (text) => Buffer.from(text).toString('base64url'),
  'base64 at the second alignment': (text) => base64(`a${text}zz`),
  'base64 at the third alignment': (text) => base64(`Basic:ab${text}z`),
  'base64 of UTF-16, little end first': (text) => base64(Buffer.from(text, 'utf16le')),
  'base64 of UTF-16, big end first': (text) => base64(Buffer.from(text, 'utf16le').swap16()),
  'hexadecimal digits': (text) => Buffer.from(text).toString('hex'),
  'hexadecimal capitals': (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

/** Forms that are the last: white space and separators mean something to what is written around them. */
export const outer: typeof forms = {
  'base64, wrapped at 76': (text) => wrap(base64(text), 76, '\r\n'),
  'base64, wrapped at 4 and set in': (text) => wrap(base64(text), 4, '\n    '),
  'base64, a blank after each': (text) => wrap(base64(text), 1, ' '),
  'base64, lines escaped': (text) => wrap(base64(text), 64, String.raw`\r\n`),
  'base64 of base64': (text) => base64(base64(text)),
  'base64 of wrapped base64': (text) => base64(wrap(base64(text), 76)),
  'base64 three times': (text) => base64(base64(base64(text))),
  'base64 in a URL in JSON': (text) => JSON.stringify(encodeURIComponent(base64(`a${text}`))).slice(1, -1),
  'hexadecimal, colons': (text) => wrap(Buffer.from(text).toString('hex'), 2, ':'),
  'hexadecimal, blanks, capitals': (text) => wrap(Buffer.from(text).toString('hex').toUpperCase(), 2, ' '),
  'hexadecimal, hyphens': (text) => wrap(Buffer.from(text).toString('hex'), 4, '-'),
  'hexadecimal, 0x': (text) => units(text, (unit) => `0x${hexOf(unit)}, `),
  'hexadecimal, wrapped': (text) => wrap(Buffer.from(text).toString('hex'), 32),
  'hexadecimal of base64': (text) => Buffer.from(base64(text)).toString('hex'),
  'UTF-16 as it is': (text) => units(text, (unit) => `${unit}\0`),
  'joiners between': (text) => units(text, (unit) => `${unit}\u200b`),
  'JSON in JSON in JSON': (text) => JSON.stringify(JSON.stringify(JSON.stringify(text))).slice(1, -1),
  'JSON in JSON in a URL': (text) => encodeURIComponent(JSON.stringify(JSON.stringify(text))),
  'percent twice': (text) => encodeURIComponent(units(text, (unit) => `%${hexOf(unit)}`)),
  'percent three times': (text) => encodeURIComponent(encodeURIComponent(units(text, (unit) => `%${hexOf(unit)}`))),
  'entities in entities': (text) => units(text, (unit) => `&amp;#x${hexOf(unit)};`),
  'JSON escapes in HTML in a URL': (text) =>
    encodeURIComponent(units(text, (unit) => String.raw`\u${hexOf(unit, 4)}`).replaceAll('\\', '&bsol;')),
};

const dividedBy = (text: string, divider: string): string => (text.match(/.{1,8}/gs) ?? []).join(divider);

/** Characters that no secret of ASCII holds, in the middle of one: a reader sees one text. Short ones are not looked for so. */
export const divided: typeof forms = {
  'an Arabic letter mark': (text) => text.split('').join('\u061c'),
  'a Mongolian variation selector': (text) => dividedBy(text, '\u180b'),
  'fillers of Hangul': (text) => dividedBy(text, '\u3164\u115f\uffa0'),
  'tags beyond the first plane': (text) => text.split('').join('\u{e0041}'),
  'a selector beyond the first plane': (text) => dividedBy(text, '\u{e0100}'),
  'marks of music': (text) => dividedBy(text, '\u{1d173}'),
  'a picture': (text) => dividedBy(text, '\u{1f600}'),
  'octets of a joiner in a URL': (text) => dividedBy(text, '%E2%80%8B'),
  'octets of a hard space in a URL': (text) => dividedBy(text, '%C2%A0'),
  'octets of a joiner in C': (text) => dividedBy(text, String.raw`\xe2\x80\x8b`),
  'octets of a joiner in octal': (text) => dividedBy(text, String.raw`\342\200\213`),
  'a thin space of HTML': (text) => dividedBy(text, '&thinsp;'),
  'a joiner of HTML with a long name': (text) => dividedBy(text, '&NegativeVeryThinSpace;'),
  'a mark of direction of HTML': (text) => dividedBy(text, '&rlm;&lrm;'),
  'a mark in JSON': (text) => dividedBy(text, String.raw`\u061c`),
  'a tag in JSON': (text) => dividedBy(text, String.raw`\udb40\udc41`),
  'a mark as a number in HTML': (text) => dividedBy(text, '&#1564;'),
};

/** What stands around it: nothing of that may be lost. */
export const places: Readonly<Record<string, readonly [before: string, behind: string]>> = {
  alone: ['', ''],
  'a member of JSON': ['{"error":{"code":"Denied","message":"Refused: ', '"},"next":[1,true,"%41"]}'],
  'an attribute of HTML': ['<p title="', '">R&amp;D, 100 % of <b>it</b></p>\n'],
  'a header': ['Bearer error="invalid_token", token="', '", realm="x"'],
  'a query': ['https://elsewhere.example/?code=', '&state=12'],
  prose: ['The request was refused, because of ‹this›: ', ' (see above).\nTry again.'],
};
