import type { ExampleRequest, Fact, PageContract } from '../contract/model.js';
import { pathOf, shapeOf } from '../contract/messages.js';
import type { Page } from '../page/page.js';
import { brokenCommentsIn } from '../page/sections.js';
import { missingParts } from './missing.js';
import type { DocFinding, Location } from './model.js';

type Rule = (contract: PageContract) => readonly DocFinding[];

/** Where a page says one thing in one place and another in another, in the order of the page. */
export function findingsInside(page: Page, contract: PageContract): readonly DocFinding[] {
  const { problem } = page.frontMatter;
  const readable: readonly DocFinding[] = [
    ...(problem ? [finding('front-matter', problem, `The front matter is no YAML: ${problem.message}`)] : []),
    ...brokenCommentsIn(page.root.children).map((comment) =>
      finding('block-comment', comment, `This blockType comment is no JSON: ${comment.problem}`),
    ),
  ];
  return [...readable, ...missingParts(page, contract), ...insideRules.flatMap((rule) => rule(contract))];
}

/** A finding at a place; a place that it disagrees with, where there is one. */
export function finding(
  rule: DocFinding['rule'],
  place: Location,
  message: string | { readonly message: string; readonly also: Location & { readonly message: string } },
): DocFinding {
  const { line, column, segment } = place;
  const words = typeof message === 'string' ? { message } : { message: message.message, also: pointed(message.also) };
  return { rule, line, column, ...(segment === undefined ? {} : { segment }), ...words };
}

const pointed = ({ line, column, segment, message }: Location & { readonly message: string }) => ({
  line,
  column,
  ...(segment === undefined ? {} : { segment }),
  message,
});

const insideRules: readonly Rule[] = [
  successStatus,
  severalStatuses,
  authorization,
  contentType,
  bodyShown,
  bodyMembers,
  exampleRequestListed,
  apiVersion,
  contentShown,
];

function successStatus({ success, exampleResponse }: PageContract): readonly DocFinding[] {
  const [prose] = success;
  if (!prose || !exampleResponse) return [];
  const { status, reason } = exampleResponse.value;
  const also = { ...prose, message: `the prose: ${prose.value.status} ${prose.value.reason}`.trimEnd() };
  const same = success.find(({ value }) => value.status === status);
  if (!same) {
    const message = `The example response has status ${status}, and the prose says ${prose.value.status}`;
    return [finding('success-status', exampleResponse, { message, also })];
  }
  if (same.value.reason === '' || reason === '' || same.value.reason.toLowerCase() === reason.toLowerCase()) return [];
  const message = `The example response calls ${status} "${reason}", and the prose "${same.value.reason}"`;
  return [finding('reason-phrase', exampleResponse, { message, also })];
}

function severalStatuses({ success }: PageContract): readonly DocFinding[] {
  const [first] = success;
  const other = success.find(({ value }) => value.status !== first?.value.status);
  if (!first || !other) return [];
  const message = `The prose names ${other.value.status} as success here, and ${first.value.status} before`;
  return [finding('several-success-statuses', other, { message, also: { ...first, message: 'named first' } })];
}

function authorization({ headers, exampleRequest }: PageContract): readonly DocFinding[] {
  const header = headers.find(({ value }) => value.name.toLowerCase() === 'authorization');
  if (!header || !exampleRequest || 'authorization' in exampleRequest.value.headers) return [];
  const demanded = header.value.required === true ? 'is required' : 'is listed';
  const message = `The Authorization header ${demanded}, and the example request does not show it`;
  return [finding('authorization-not-shown', exampleRequest, { message, also: { ...header, message: 'listed here' } })];
}

function contentType({ headers, body, exampleRequest }: PageContract): readonly DocFinding[] {
  const shown = exampleRequest?.value.body ?? null;
  const isNamed =
    headers.some(({ value }) => value.name.toLowerCase() === 'content-type') ||
    (exampleRequest !== null && 'content-type' in exampleRequest.value.headers);
  if (isNamed || (shown === null && body.rule !== 'representation')) return [];
  const place = shown ?? body.members[0] ?? body.values[0] ?? exampleRequest;
  const message = 'A body is to be sent, and neither the request headers nor the example name its Content-Type';
  return place ? [finding('content-type-not-named', place, message)] : [];
}

function bodyShown({ body, exampleRequest }: PageContract): readonly DocFinding[] {
  if (!exampleRequest) return [];
  const shown = exampleRequest.value.body;
  if (body.rule === 'none' && shown) {
    return [finding('body-forbidden-and-shown', shown, 'No request body is to be sent, and the example shows one')];
  }
  if (body.rule !== 'representation' || shown) return [];
  const [member] = body.members;
  const message = 'A request body is to be sent, and the example request has none';
  const also = member && { ...member, message: `demands ${member.value}` };
  return [finding('body-demanded-and-not-shown', exampleRequest, also ? { message, also } : message)];
}

function bodyMembers({ body, exampleRequest }: PageContract): readonly DocFinding[] {
  const shown = exampleRequest?.value.body;
  if (!exampleRequest || !shown) return [];
  const { json } = exampleRequest.value;
  if (json === undefined) {
    return [finding('body-not-json', shown, 'The body of the example request is no JSON')];
  }
  const held = typeof json === 'object' && json !== null ? json : {};
  const texts = Object.values(held).map(String);
  const names = Object.keys(held);
  return [
    ...body.members.filter(({ value }) => !names.includes(value)).map((fact) => lacking(fact, shown, 'member')),
    ...body.values.filter(({ value }) => !texts.includes(value)).map((fact) => lacking(fact, shown, 'value')),
  ];
}

function lacking(fact: Fact<string>, shown: Location, what: 'member' | 'value'): DocFinding {
  const message = `The example body has no ${what} ${fact.value}, which the request body must hold`;
  return finding('body-member-not-shown', shown, { message, also: { ...fact, message: 'demanded here' } });
}

function exampleRequestListed({ requests, retiring, exampleRequest }: PageContract): readonly DocFinding[] {
  const [first] = requests;
  if (!exampleRequest || !first) return [];
  const listed = requests.find(({ value }) => isSame(value, exampleRequest.value));
  if (!listed) {
    const { method, url } = exampleRequest.value;
    const message = `The example sends ${method} ${pathOf(url)}, which the HTTP request does not list`;
    return [finding('request-not-listed', exampleRequest, { message, also: { ...first, message: 'listed first' } })];
  }
  if (!retiring) return [];
  if (retiring.value !== listed.value.collection) return [];
  const message = `The example uses ${retiring.value}, which a note sets behind ${first.value.collection ?? 'another'}`;
  return [finding('example-path-retiring', exampleRequest, { message, also: { ...retiring, message: 'the note' } })];
}

const isSame = (listed: { readonly method: string; readonly path: string }, { method, url }: ExampleRequest): boolean =>
  listed.method === method && shapeOf(listed.path) === shapeOf(pathOf(url));

/** The disclaimer of beta pages stands on these only. */
function apiVersion({ api, includes, exampleRequest }: PageContract): readonly DocFinding[] {
  const disclaimer = includes.find(({ value }) => value.path.includes('beta-disclaimer'));
  if (!disclaimer || api?.value !== 'v1.0' || !exampleRequest) return [];
  const message = 'The page carries the disclaimer of beta, and its example calls v1.0';
  return [finding('api-version', exampleRequest, { message, also: { ...disclaimer, message: 'the disclaimer' } })];
}

function contentShown({ content, exampleResponse, success }: PageContract): readonly DocFinding[] {
  if (!exampleResponse) return [];
  const { body, status } = exampleResponse.value;
  const [prose] = success;
  const also = prose && { ...prose, message: 'the prose' };
  if (body && (content === 'none' || status === 204)) {
    const message = `The response ${status === 204 ? 'has status 204' : 'carries nothing'}, and the example shows content`;
    return [finding('content-shown', body, also ? { message, also } : message)];
  }
  if (body || content !== 'resource') return [];
  const message = 'The prose names a resource in the response, and the example response shows none';
  return [finding('content-not-shown', exampleResponse, also ? { message, also } : message)];
}
