import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { METHODS, STATUS_CODES } from 'node:http';
import path from 'node:path';
import { packageRoot, packageVersion } from '../package.js';
import { shortestSecret } from './units.js';

/** Letters alone, so few that ordinary prose may hold them by chance. */
const plainWord = /^[a-z]{1,15}$/i;

/** Numbers, addresses, dates and times, of which a report is full. */
const figures = /^[\d\s.,:;/_+-]{1,20}$|^\d{4}-\d\d-\d\d(?:[T ][\d:.]{0,16}(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** Rules, tables and fences: no letter and no digit. */
const ornament = /^[^\p{L}\p{N}]*$/u;

/** Words that servers write of themselves. */
const wordsOfServers = `
  accept-ranges: bytes  age  allow  alt-svc  cache-control: no-cache, no-store, must-revalidate, private, max-age=0
  connection: keep-alive, close, upgrade  content-encoding: gzip, deflate, br, zstd, identity  content-language: en-US
  content-length  content-location  content-security-policy: default-src 'none'  content-type: application/json; charset=utf-8
  application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8
  application/problem+json  application/octet-stream  application/xml  application/x-www-form-urlencoded
  multipart/form-data  text/html; charset=utf-8  text/plain;charset=UTF-8  text/css  text/javascript  image/png
  image/svg+xml  cross-origin-opener-policy: same-origin  date: GMT  etag: W/"  expires  keep-alive: timeout=5, max=100
  last-modified  location  odata-version: 4.0  ocp-apim-trace-location  pragma  referrer-policy: no-referrer  request-id
  client-request-id  retry-after  server: Microsoft-IIS/10.0, Microsoft-HTTPAPI/2.0, nginx/1.18.0, Apache/2.4.41 (Ubuntu)
  Kestrel  set-cookie  strict-transport-security: max-age=31536000; includeSubDomains; preload  transfer-encoding: chunked
  vary: Accept-Encoding, Origin  via: 1.1 varnish  www-authenticate: Bearer realm="", error="invalid_token"  Basic
  x-aspnet-version: 4.0.30319  x-cache  x-content-type-options: nosniff  x-frame-options: SAMEORIGIN  x-forwarded-for
  x-ms-ags-diagnostics: {"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":""}}
  x-ms-request-id  x-powered-by: Express, ASP.NET, PHP/8.1  x-ratelimit-remaining  x-xss-protection: 1; mode=block
  https://graph.microsoft.com/v1.0  https://graph.microsoft.com/beta  https://login.microsoftonline.com/common/oauth2/v2.0/token
  @odata.context  $metadata#  localhost  [::1]  00000003-0000-0000-c000-000000000000  00000000-0000-0000-0000-000000000000
  UnauthorizedAccess  InvalidAuthenticationToken  Authorization_RequestDenied  Request_ResourceNotFound  innerError
`;

/** Files whose words end up in reports: whatever the suite writes of itself stands in one of them. */
const ownFiles: readonly (readonly [folder: string, ending: RegExp])[] = [
  ['dist/src', /\.js$/],
  ['specs', /\.yaml$/],
  ['schemas', /\.json$/],
  ['proof', /\.json$/],
];

let ownWords: string | undefined;

function readOwnWords(): string {
  const texts = ownFiles.flatMap(([folder, ending]) => {
    const root = path.join(packageRoot, folder);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => ending.test(name))
      .map((name) => readFileSync(path.join(root, name), 'utf8'));
  });
  return [
    wordsOfServers,
    ...METHODS,
    ...Object.values(STATUS_CODES),
    `cancel-conformance/${packageVersion()}`,
    ...texts,
  ]
    .join('\n')
    .toLowerCase();
}

/** How a secret is called in reports, and a place on their page. */
const calledSo =
  /^[#(‹|]?(?:case-|check-|evidence-|area-|exchange-|look-|(?:token|header|control-key|tls-key|refresh-token|id-token|client-secret)[:›|])/;

/** The number of an exchange within its case. */
const serial = /\.\d{1,3}$/;

/** So short that somebody may have chosen it. */
const chosenLength = 24;

/** Share of places at which text that nobody chose changes between capitals, small letters and digits. */
const changesOfRandom = 1 / 3;

const kindOf = (unit: number): number => {
  if (unit >= 0x30 && unit <= 0x39) return 0;
  if (unit >= 0x41 && unit <= 0x5a) return 1;
  return unit >= 0x61 && unit <= 0x7a ? 2 : 3;
};

/** Tenants, applications and roles go by these, some by the same everywhere. */
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether nobody would write a text by chance: words change far less often between kinds of letters. */
function isRandom(text: string): boolean {
  if (text.length < chosenLength || guid.test(text)) return false;
  let changes = 0;
  for (let at = 1; at < text.length; at += 1) {
    const [one, other] = [kindOf(text.charCodeAt(at - 1)), kindOf(text.charCodeAt(at))];
    if (one !== other && one !== 3 && other !== 3) changes += 1;
  }
  return changes > text.length * changesOfRandom;
}

/** Parts of a text that are shorter say nothing. */
const shortestPiece = 3;

/** Without what stands around words. */
const bare = (piece: string): string => /^[^\w@$-]{0,3}(.*?)[^\w-]{0,3}$/s.exec(piece)?.[1] ?? piece;

const advice = 'so reports could not be kept free of it: use one with digits, or of 16 characters and more';

/**
 * Why a text cannot be kept secret: what stands in reports anyway can neither be hidden in them nor be looked for.
 * @param near what this run's reports say of its target, such as its address
 * @returns what it holds, and what to do; never the text. Null when it can be kept
 */
export function tooCommon(text: string, near: readonly string[] = []): string | null {
  if (text.length < shortestSecret) return `holds fewer than ${shortestSecret} characters, ${advice}`;
  if (plainWord.test(text)) return `holds a plain word, ${advice}`;
  if (figures.test(text)) return `holds a number, a date or an address, ${advice}`;
  if (ornament.test(text)) return `holds no letter and no digit, ${advice}`;
  if (isRandom(text)) return null;
  const known = [(ownWords ??= readOwnWords()), ...near.map((words) => words.toLowerCase())];
  const isWritten = (piece: string): boolean =>
    piece.length < shortestPiece || figures.test(piece) || known.some((words) => words.includes(piece));
  const whole = text.replace(calledSo, '').replace(serial, '').toLowerCase();
  if (
    !isWritten(whole) &&
    !whole
      .split(/[/:=]+/)
      .map(bare)
      .every(isWritten)
  )
    return null;
  return 'holds words that reports hold of themselves, such as a persona, a media type or the address of the target, so they could not be kept free of it: use one that nobody writes by chance';
}
