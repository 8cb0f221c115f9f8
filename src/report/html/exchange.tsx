import type { VNode } from 'preact';
import type { CapturedBody, Exchange, HeaderPair, ReceivedResponse } from '../../engine/evidence/records.js';
import type { Digest } from '../digest.js';
import { excerptOfBytes } from '../excerpt.js';
import { durationWords, grouped, noAnswerWords, sizeWords } from '../words.js';
import { anchor, linkTo } from './anchors.js';
import { type Marked, Marks, marksOf } from './answer-marks.js';

/**
 * Bytes of the page that all bodies, and all heads, may take together. The whole page is to stay below 1.6 MiB, of
 * which checks and requirements need about a half; evidence.jsonl has what does not fit.
 */
const bodiesBytes = 300_000;
const headsBytes = 205_000;
const mostBodyBytes = 4096;
const mostHeadBytes = 2048;

/** Bytes that all commands may take together. A command is shown whole or not at all: half of one does something else. */
const reproducersBytes = 250_000;
const mostReproducerBytes = 8192;

/** Bytes that each head and each body of an exchange may take. */
interface Room {
  readonly head: number;
  readonly body: number;
}

/** What a finding rests on is what people come for: half of the page's size is for that, as far as it is needed, and the rest for all. */
function roomOf({ id }: Exchange, { checksByFinding, report }: Digest): Room {
  const [proofs, count] = [checksByFinding.size, report.exchanges.length];
  const share = (total: number, most: number): number => {
    // A request and an answer each.
    const ofProofs = Math.min(total / 2, 2 * proofs * most);
    const mine = checksByFinding.has(id) ? ofProofs / proofs : (total - ofProofs) / count;
    return Math.min(most, mine / 2);
  };
  return { head: share(headsBytes, mostHeadBytes), body: share(bodiesBytes, mostBodyBytes) };
}

interface ExchangeProps {
  readonly exchange: Exchange;
  readonly room: Room;
}

/** One exchange as it went over the wire: request and answer side by side. */
export function ExchangeView({ exchange, all }: Pick<ExchangeProps, 'exchange'> & { readonly all: Digest }): VNode {
  const room = roomOf(exchange, all);
  const { id, role, request } = exchange;
  const serial = id.slice(id.lastIndexOf('.') + 1);
  const sent = headText(`${request.method} ${request.requestTarget}`, request.headers);
  return (
    <section class="exchange" id={anchor('exchange', id)}>
      <h5>
        <a class="self" href={linkTo('exchange', id)}>
          Exchange {serial}
        </a>
        {role === 'opening' ? ', sent first over the connection of the next one' : ''}
        {role === 'liveness' ? ', asking whether the target still answers' : ''}
        {role === 'sign-of-life' ? ', asking whether the target takes the token at all' : ''}{' '}
        <small>
          as {exchange.persona}, {durationWords(exchange.durationMs)}, <time>{exchange.startedAt}</time>
        </small>
      </h5>
      {/* Above what was sent: an answer may be long, and who follows a finding wants this next. */}
      <Repeat exchange={exchange} all={all} />
      <div class="wire">
        <div>
          <p class="side">Request</p>
          <Head text={sent} room={room} />
          {request.body === null ? <p class="note">No body</p> : <Body body={request.body} room={room} />}
        </div>
        <Answer exchange={exchange} room={room} marks={marksOf(exchange, all)} />
      </div>
    </section>
  );
}

function Repeat({ exchange, all }: { readonly exchange: Exchange; readonly all: Digest }): VNode | null {
  const reproducer = all.reproducers.get(exchange.id);
  if (reproducer === undefined) return null;
  const { text, left } = excerptOfBytes(
    reproducer.text,
    Math.min(mostReproducerBytes, reproducersBytes / all.reproducers.size),
  );
  return (
    <details class="checks repeat">
      <summary>Send it again</summary>
      {left === 0 ? (
        <pre>{text}</pre>
      ) : (
        <p class="note">The command is too long for this page; report.json has it under reproducers</p>
      )}
    </details>
  );
}

function Answer({ exchange, room, marks }: ExchangeProps & { readonly marks: readonly Marked[] }): VNode {
  const { response, noAnswer } = exchange;
  if (response === null) {
    return (
      <div>
        <p class="side">No answer</p>
        <p class="note">{noAnswer === null ? 'No reason was recorded' : noAnswerWords[noAnswer.reason]}</p>
        {noAnswer === null ? null : <Head text={noAnswer.message} room={room} />}
        <Marks marks={marks} place="status" />
      </div>
    );
  }
  return (
    <div>
      <p class="side">Answer</p>
      <Marks marks={marks} place="status" />
      <Head text={headText(`${response.status}`, response.headers)} room={room} />
      <Marks marks={marks} place="headers" />
      <Body body={response.body} room={room} />
      <Marks marks={marks} place="body" />
      <StrayBytes response={response} />
    </div>
  );
}

function StrayBytes({ response }: { readonly response: ReceivedResponse }): VNode | null {
  if (response.strayBytes === null || response.strayBytes === 0) return null;
  return <p class="note">{sizeWords(response.strayBytes)} followed on the wire that the framing does not announce</p>;
}

function Head({ text, room }: { readonly text: string; readonly room: Room }): VNode {
  const { text: fitting, left } = excerptOfBytes(text, room.head);
  // Half of a header tells nothing.
  const whole = fitting.lastIndexOf('\n');
  const shown = left === 0 || whole <= 0 ? fitting : fitting.slice(0, whole);
  return (
    <>
      <pre class="head">{shown}</pre>
      {left === 0 ? null : (
        <p class="note">Cut here: {grouped(left + fitting.length - shown.length)} more characters</p>
      )}
    </>
  );
}

/** Characters that are read at a glance without lines of their own. */
const oneLine = 72;

function Body({ body, room }: { readonly body: CapturedBody; readonly room: Room }): VNode {
  if (body.bytes === 0 && body.text === '') return <p class="note">Body: 0 bytes</p>;
  const { text, left } = excerptOfBytes(body.text, room.body);
  const pretty = left === 0 && body.encoding === 'utf8' && text.length > oneLine ? prettyJson(text) : null;
  const notes = [
    `Body: ${sizeWords(body.bytes)}`,
    ...(body.encoding === 'base64' ? ['not valid UTF-8, shown in base64'] : []),
    ...(pretty === null ? [] : ['sent in one line']),
    ...(body.truncated ? ['captured in part'] : []),
    ...(left === 0 ? [] : [`cut here: ${grouped(left)} more characters`]),
  ];
  return (
    <>
      <pre>{pretty ?? text}</pre>
      <p class="note">{notes.join('; ')}</p>
    </>
  );
}

/** JSON with a line for each member; null where that is no different, or would show other text than was sent. */
function prettyJson(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const pretty = JSON.stringify(value, null, 2);
    // Doubled members, numbers beyond precision and some escapes are lost in between: then the text itself is shown alone.
    return pretty !== text && JSON.stringify(value) === text ? pretty : null;
  } catch {
    return null;
  }
}

function headText(firstLine: string, headers: readonly HeaderPair[]): string {
  return [firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
}
