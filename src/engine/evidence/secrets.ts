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

/** Harmless texts that are remembered: so long at most, and so many. */
const rememberedLength = 64;
const mostRemembered = 4096;

/** Characters that the beginnings of forms are looked up by: no form is shorter. */
const windowLength = 4;

/** Long enough to be rare, and short enough to be shared. */
const openingLength = 16;

/**
 * Forms by how they begin. Tokens of one issuer begin alike, so do the forms of one kind made of them. A text is gone through
 * once, whatever the number of forms: only where a window of it is that of a beginning, beginnings are compared.
 */
class FormIndex {
  readonly #forms = new Map<string, SecretForm[]>();
  readonly #texts = new Set<string>();
  readonly #openings: (string[] | undefined)[] = [];
  readonly #windows = new Uint8Array(1 << 16);

  add(form: SecretForm): void {
    if (form.text.length < shortestSecret || this.#texts.has(form.text)) return;
    this.#texts.add(form.text);
    const opening = form.text.slice(0, openingLength);
    const alike = this.#forms.get(opening);
    if (alike) {
      alike.push(form);
      return;
    }
    this.#forms.set(opening, [form]);
    let window = 0;
    for (let at = 0; at < windowLength; at += 1) window = moved(window, opening.charCodeAt(at));
    this.#windows[window] = 1;
    (this.#openings[window] ??= []).push(opening);
  }

  /** The forms that a text holds. */
  in(text: string): readonly SecretForm[] {
    const begun = new Set<string>();
    let window = 0;
    for (let at = 0; at < text.length; at += 1) {
      window = moved(window, text.charCodeAt(at));
      if (this.#windows[window] === 0) continue;
      for (const opening of this.#openings[window] ?? []) {
        if (text.startsWith(opening, at - windowLength + 1)) begun.add(opening);
      }
    }
    return [...begun].flatMap((opening) => (this.#forms.get(opening) ?? []).filter((form) => text.includes(form.text)));
  }

  entries(): Iterable<[opening: string, forms: readonly SecretForm[]]> {
    return this.#forms;
  }
}

/** The window one character further on: after four shifts nothing is left of a character. */
const moved = (window: number, character: number): number => ((window << 4) ^ character) & 0xffff;

/** A text to hide and what stands in its place; its escaped forms by mark, worked out when a text with that mark comes. */
interface Hidden {
  readonly pseudonym: string;
  readonly plain: readonly string[];
  readonly escaped: (mark: number) => readonly string[];
}

/**
 * The one place through which secrets enter. Everything that is captured or written passes its `redact` first;
 * `find` proves afterwards that nothing slipped through.
 */
export class SecretRegistry {
  readonly #known = new Map<string, { readonly name: string; readonly hidden: readonly Hidden[] }>();
  /** Forms that a text may hold, by the marks in it. */
  readonly #formsByMarks = new Map<number, FormIndex>();
  /** Short texts that hold no secret: names and values of headers come with every message. */
  readonly #harmless = new Set<string>();

  /**
   * Makes a secret known in every form in which it may surface: as it is, escaped as in JSON, in a URL or in HTML, in
   * hexadecimal digits, base64 at each of the three alignments, and the payload and signature segments of a JWT.
   * @param secret the text to hide; white space around it is no part of it, because it is not sent
   * @param name what the reader sees: `token:requestor` becomes `‹token:requestor›`. The last name counts: a cache of tokens
   * is made known as a whole, before anybody knows whose token is whose.
   */
  register(secret: string, name: string): void {
    const text = secret.trim();
    if (text.length < shortestSecret || this.#known.get(text)?.name === name) return;
    const [, payload = '', signature = ''] = jwtSegments(text);
    const hidden = [
      { pseudonym: `‹${name}›`, plain: [...plainFormsOf(text), ...encodedFormsOf(text)], escaped: escaping(text) },
      { pseudonym: `‹${name}:payload›`, plain: plainFormsOf(payload), escaped: escaping(payload) },
      { pseudonym: `‹${name}:signature›`, plain: plainFormsOf(signature), escaped: escaping(signature) },
    ];
    const isRenamed = this.#known.has(text);
    this.#known.set(text, { name, hidden });
    this.#harmless.clear();
    if (isRenamed) this.#formsByMarks.clear();
    for (const [found, forms] of this.#formsByMarks) addForms(forms, hidden, found);
  }

  /** The text with every known secret replaced by its pseudonym. */
  redact(text: string): string {
    if (this.#harmless.has(text)) return text;
    const forms = this.#formsIn(text);
    if (forms.length === 0 && text.length <= rememberedLength && this.#harmless.size < mostRemembered) {
      this.#harmless.add(text);
    }
    return forms.reduce((redacted, form) => redacted.replaceAll(form.text, form.pseudonym), text);
  }

  /** As `redact`, for every text in a value of plain data, names of members included. */
  redactAll<Value>(value: Value): Value {
    // The mapping keeps the shape: it replaces texts by texts and nothing else.
    return this.#redactAll(value) as Value;
  }

  #redactAll(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#redactAll(item));
    // Not by assignment: a member of a foreign resource may be called `__proto__`.
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [this.redact(name), this.#redactAll(item)]));
  }

  /** As `redact`, for a text that was cut off: what could be the beginning of a secret at its end is left out. */
  redactCut(text: string): string {
    const redacted = this.redact(text);
    // The rest of a mark may stand in the part that was cut off; before its mark an escaped form is as the plain one.
    const begunMarks = marksIn((mark) => redacted.includes(mark.charAt(0)));
    const begun = [...this.#formsWith(begunMarks).entries()].map(([opening, forms]) => {
      const isWhole = redacted.includes(opening);
      return Math.max(
        ...(isWhole ? forms.map((form) => form.text) : [opening]).map((form) => lengthBegun(redacted, form)),
      );
    });
    return redacted.slice(0, redacted.length - Math.max(0, ...begun));
  }

  /** Every place in which a known secret still stands in a text that should be free of them. */
  find(text: string): readonly SecretHit[] {
    return this.#formsIn(text).map((form) => ({ name: form.pseudonym, at: text.indexOf(form.text) }));
  }

  /** The forms that a text holds, longest first: a token must be replaced before one of its segments is. */
  #formsIn(text: string): readonly SecretForm[] {
    const held = this.#formsWith(marksIn((mark) => text.includes(mark))).in(text);
    return held.length < 2 ? held : [...held].sort((a, b) => b.text.length - a.text.length);
  }

  #formsWith(found: number): FormIndex {
    const known = this.#formsByMarks.get(found);
    if (known) return known;
    const forms = new FormIndex();
    for (const { hidden } of this.#known.values()) addForms(forms, hidden, found);
    this.#formsByMarks.set(found, forms);
    return forms;
  }
}

/** @param found the marks with which a text may hold escaped forms */
function addForms(forms: FormIndex, hidden: readonly Hidden[], found: number): void {
  for (const { pseudonym, plain, escaped } of hidden) {
    for (const text of plain) forms.add({ text, pseudonym });
    for (const index of marks.keys()) {
      if (found & (1 << index)) for (const text of escaped(index)) forms.add({ text, pseudonym });
    }
  }
}

/** How many characters at the end of a text are the beginning of a form. */
function lengthBegun(text: string, form: string): number {
  let length = form.length - 1;
  while (length > 0 && !text.endsWith(form.slice(0, length))) length -= 1;
  return length;
}

/** The secret in base64 and in hexadecimal digits. */
function encodedFormsOf(secret: string): readonly string[] {
  const aligned = [0, 1, 2].map((shift) => base64Core(secret, shift));
  const urlSafe = aligned.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = Buffer.from(secret).toString('hex');
  return [...aligned, ...urlSafe, hex, hex.toUpperCase()];
}

/** The same for every unit of a text, and worked out once for each. */
function remembered(escape: (unit: string) => string): (unit: string) => string {
  const known = new Map<string, string>();
  return (unit) => {
    const escaped = known.get(unit) ?? escape(unit);
    known.set(unit, escaped);
    return escaped;
  };
}

const upperDigits = (escaped: string): string => escaped.replaceAll(/[\da-f]{2,}/g, (digits) => digits.toUpperCase());

/**
 * How a character may be written instead of itself, by the mark without which no text holds it: most texts have none, and
 * whoever searches them need not know what these forms are.
 */
const escapes: readonly (readonly [mark: string, escape: (unit: string) => string])[] = [
  ['%', (unit) => Buffer.from(unit).toString('hex').replaceAll(/../g, '%$&')],
  [String.raw`\u`, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`],
  ['&#x', (unit) => `&#x${unit.charCodeAt(0).toString(16)};`],
  ['&#', (unit) => `&#${unit.charCodeAt(0)};`],
];

/** The same with digits in either case. */
const ways = escapes.map(([, escape]) => [remembered(escape), remembered((unit) => upperDigits(escape(unit)))]);

const marks = escapes.map(([mark]) => mark);

/** Marks as a number, a bit for each. */
const marksIn = (isThere: (mark: string) => boolean): number =>
  marks.reduce((sum, mark, index) => (isThere(mark) ? sum | (1 << index) : sum), 0);

const alphanumeric = /^[A-Za-z0-9]$/;

/** A text with its characters escaped in one way, digits in either case: what is no letter or digit, and everything. */
function escaping(text: string): (mark: number) => readonly string[] {
  const known: (readonly string[] | undefined)[] = [];
  return (index) => {
    const units = Array.from(text);
    return (known[index] ??= (ways[index] ?? []).flatMap((written) => {
      return [
        units.map((unit) => (alphanumeric.test(unit) ? unit : written(unit))).join(''),
        units.map(written).join(''),
      ];
    }));
  };
}

const inHtml: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The secret as it is, as the bytes of a header read it, and as libraries escape it in JSON, URLs and HTML. */
function plainFormsOf(secret: string): readonly string[] {
  const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
  const json = [inJson(secret), inJson(secret).replaceAll('/', String.raw`\/`)];
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    Buffer.from(secret).toString('latin1'),
    ...json,
    // An error in JSON may quote a message in JSON.
    ...json.map(inJson),
    encoded,
    encoded.replaceAll(/%../g, (octet) => octet.toLowerCase()),
    secret.replaceAll(/[&<>"]/g, (character) => inHtml[character] ?? character),
  ];
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
