/** One form in which a secret may surface, and what stands in its place. */
interface SecretForm {
  readonly text: string;
  readonly pseudonym: string;
}

/** A secret as it may leave the process: only its name, never its text. */
export interface SecretHit {
  readonly name: string;
  /** Offset in characters. */
  readonly at: number;
}

/** Shorter texts are too common to be searched for; nothing real is that short. */
const shortestSecret = 6;

/**
 * The one place through which secrets enter. Everything that is captured or written passes its `redact` first;
 * `find` proves afterwards that nothing slipped through.
 */
export class SecretRegistry {
  #forms: SecretForm[] = [];
  readonly #known = new Set<string>();

  /**
   * Makes a secret known in every form in which it may surface: as it is, JSON-escaped, URL-encoded, base64 at each of the
   * three alignments, and the payload and signature segments of a JWT.
   * @param secret the text to hide
   * @param name what the reader sees: `token:requestor` becomes `‹token:requestor›`
   */
  register(secret: string, name: string): void {
    if (secret.length < shortestSecret || this.#known.has(secret)) return;
    this.#known.add(secret);
    const forms = formsOf(secret).map((text) => ({ text, pseudonym: `‹${name}›` }));
    const [, payload, signature] = jwtSegments(secret);
    if (payload !== undefined) forms.push({ text: payload, pseudonym: `‹${name}:payload›` });
    if (signature !== undefined) forms.push({ text: signature, pseudonym: `‹${name}:signature›` });
    const taken = new Set(this.#forms.map((form) => form.text));
    this.#forms = [
      ...this.#forms,
      ...forms.filter((form) => form.text.length >= shortestSecret && !taken.has(form.text)),
    ];
    // Longest first: a token must be replaced before one of its segments is.
    this.#forms.sort((a, b) => b.text.length - a.text.length);
  }

  /** The text with every known secret replaced by its pseudonym. */
  redact(text: string): string {
    let redacted = text;
    for (const form of this.#forms) {
      if (redacted.includes(form.text)) redacted = redacted.replaceAll(form.text, form.pseudonym);
    }
    return redacted;
  }

  /** As `redact`, for a text that was cut off: what could be the beginning of a secret at its end is left out. */
  redactCut(text: string): string {
    const redacted = this.redact(text);
    const begun = this.#forms.map((form) => lengthBegun(redacted, form.text));
    return redacted.slice(0, redacted.length - Math.max(0, ...begun));
  }

  /** Every place in which a known secret still stands in a text that should be free of them. */
  find(text: string): readonly SecretHit[] {
    return this.#forms.flatMap((form) => {
      const at = text.indexOf(form.text);
      return at === -1 ? [] : [{ name: form.pseudonym, at }];
    });
  }
}

/** How many characters at the end of a text are the beginning of a form. */
function lengthBegun(text: string, form: string): number {
  let length = form.length - 1;
  while (length > 0 && !text.endsWith(form.slice(0, length))) length -= 1;
  return length;
}

function formsOf(secret: string): readonly string[] {
  const jsonEscaped = JSON.stringify(secret).slice(1, -1);
  const aligned = [0, 1, 2].map((shift) => base64Core(secret, shift));
  const urlSafe = aligned.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, jsonEscaped, encodeURIComponent(secret), ...aligned, ...urlSafe])];
}

/** The base64 characters that depend on the secret alone when it stands `shift` bytes behind a multiple of three. */
function base64Core(secret: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret, 'utf8')]);
  const encoded = bytes.toString('base64').replace(/=+$/, '');
  const head = Math.ceil((shift * 4) / 3);
  const tail = bytes.length % 3 === 0 ? 0 : 1;
  return encoded.slice(head, encoded.length - tail);
}

/** The three segments of a JWT, or nothing. The header segment is the same for many tokens and no secret. */
function jwtSegments(secret: string): readonly string[] {
  const segments = secret.split('.');
  return segments.length === 3 && segments[0]?.startsWith('eyJ') === true ? segments : [];
}
