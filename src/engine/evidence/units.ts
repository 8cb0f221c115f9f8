import { withoutGaps } from './gaps.js';

/** What a secret is called; the last name counts. */
export interface Named {
  name: string;
}

/** A text that is looked for, and how much of it is enough. */
export interface Unit {
  /** Without gaps. */
  readonly text: string;
  /** As it was given: what is short is not looked for across gaps. */
  readonly exact: string;
  /** Characters at its beginning that are enough. */
  readonly least: number;
  /** Characters at its end that are enough; null: they are not. */
  readonly leastEnd: number | null;
  /** Characters at its beginning that are no part of the secret. */
  readonly shared: number;
  readonly owner: Named;
  /** What part of the secret it is, as it stands behind its name. */
  readonly part: '' | ':payload' | ':signature';
}

/** Shorter texts are too common to be searched for; nothing real is that short. */
export const shortestSecret = 6;

/** A secret so long is recognised by a piece of it. */
const longSecret = 64;

/** Characters of a long secret, from its beginning or to its end, by which it is recognised. */
const pieceLength = 32;

/** Characters behind the header of a JSON Web Token by which it is recognised: others of the same issuer have the same header. */
const behindHeader = 16;

/** A header that is longer is none of a token. */
const longestHeader = 1024;

/** Segments of a token that are shorter are no secrets by themselves. */
const shortestSegment = 16;

/** Characters at the beginning of a private key in PEM that say what kind of key it is, and those of its public half. */
const keyPieceLength = 96;

const keyInPem = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----([\w+/=\s]{64,})/;

/**
 * What a secret is recognised by: itself; where it is long, its first and its last characters; of a JSON Web Token the payload and
 * the signature; of a private key in PEM what stands between its marks.
 * @param isCommon whether a text stands where nobody put a secret
 */
export function unitsOf(secret: string, owner: Named, isCommon: (text: string) => boolean): readonly Unit[] {
  const key = keyInPem.exec(secret)?.[1];
  if (key !== undefined) return [unitOf(key, owner, { least: keyPieceLength })];
  const [header, payload, signature, ...others] = /^eyJ[^.]*\./.test(secret) ? secret.split('.') : [];
  const isToken = header !== undefined && payload !== undefined && signature !== undefined && others.length === 0;
  // What is encrypted has five segments, the first of which others have as well.
  const before = header === undefined || isToken || others.length === 0 ? 0 : header.length + 1;
  const wholes = [...new Set([secret, Buffer.from(secret).toString('latin1'), secret.replaceAll(' ', '+')])].map(
    (text) => unitOf(text, owner, header === undefined || before > 0 ? { least: before + pieceLength, isCommon } : {}),
  );
  if (!isToken) return wholes;
  const segments = (
    [
      [payload, ':payload'],
      [signature, ':signature'],
    ] as const
  ).filter(([text]) => text.length >= shortestSegment && !isCommon(text));
  const begun = unitOf(`${header}.${payload}`, owner, {
    part: ':payload',
    least: header.length + 1 + behindHeader,
    shared: header.length + 1,
  });
  return [
    ...wholes,
    ...segments.map(([text, part]) => unitOf(text, owner, { part, least: pieceLength, isCommon })),
    ...(segments.some(([, part]) => part === ':payload') && header.length <= longestHeader ? [begun] : []),
  ];
}

interface UnitOptions {
  readonly part?: Unit['part'];
  readonly least?: number;
  readonly shared?: number;
  readonly isCommon?: (text: string) => boolean;
}

function unitOf(exact: string, owner: Named, options: UnitOptions): Unit {
  const { part = '', least = Infinity, shared = 0, isCommon = () => false } = options;
  const text = withoutGaps(exact);
  const isLong = shared > 0 || (text.length >= longSecret && text.length > least);
  const begin = isLong && (shared > 0 || !isCommon(text.slice(0, least))) ? least : text.length;
  const hasEnd = isLong && shared === 0 && least < Infinity && !isCommon(text.slice(-pieceLength));
  return { text, exact, least: begin, leastEnd: hasEnd ? pieceLength : null, shared, owner, part };
}
