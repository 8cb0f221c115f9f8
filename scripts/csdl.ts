import type { OpenAPIV3_1 } from 'openapi-types';

/** What `specs/csdl.yaml` holds. */
export interface CsdlFacts {
  readonly action: {
    readonly isBound: boolean;
    readonly bindingType: string;
    readonly parameters: readonly string[];
    readonly returnType: string | null;
  };
  readonly schemas: readonly { readonly name: string; readonly actionName: string }[];
  readonly differences: readonly { readonly fact: string; readonly clause: string }[];
}

/** The action as an interface description has it. */
interface DescribedAction {
  /** The path, without a slash at its end. */
  readonly path: string;
  readonly item: OpenAPIV3_1.PathItemObject;
}

/** A fact that the interface description has otherwise than the metadata. */
interface Difference {
  readonly fact: string;
  /** What either says. */
  readonly message: string;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** By OData (Version 4.01, Part 1, section 11.5.5.1) the success of an action that returns nothing is a 204, else a 200. */
const statusDemanded = (returnType: string | null): string => (returnType === null ? '204' : '200');

/**
 * Holds the metadata against the interface description. Pure.
 * @returns the problems: differences that no contested clause names, clauses that there are not, and what is named as a
 *   difference and is none; empty when the two agree but for what is contested
 */
export function problemsWithCsdl(
  facts: CsdlFacts,
  openapi: OpenAPIV3_1.Document,
  clauses: readonly string[],
): readonly string[] {
  const actions = Object.entries(openapi.paths ?? {}).filter(([path]) => /\/cancel$/i.test(path));
  if (actions.length === 0) return ['the interface description has no path that ends in the name of the action'];
  const found = actions.flatMap(([path, item]) => differencesOf(facts, { path, item: item ?? {} }, openapi));
  const named = new Set(facts.differences.map(({ fact }) => fact));
  return [
    ...found
      .filter(({ fact }) => !named.has(fact))
      .map(({ fact, message }) => `${fact}: ${message}; no contested clause names it`),
    ...facts.differences
      .filter(({ clause }) => !clauses.includes(clause))
      .map(({ fact, clause }) => `${fact}: there is no contested clause ${clause}`),
    ...facts.differences
      .filter((one) => !found.some(({ fact }) => fact === one.fact))
      .map(({ fact }) => `${fact}: named as a difference, but the two agree`),
  ];
}

function differencesOf(
  facts: CsdlFacts,
  action: DescribedAction,
  openapi: OpenAPIV3_1.Document,
): readonly Difference[] {
  const { path, item } = action;
  const { bindingType, parameters, returnType, isBound } = facts.action;
  const served = methods.filter((method) => item[method] !== undefined);
  const entity = path.slice(0, path.lastIndexOf('/'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const onEntity = entity.endsWith('}') && openapi.paths?.[entity] !== undefined;
  const key = /\{([^}]*)\}$/.exec(entity)?.[1] ?? '';
  const type = bindingType.slice(bindingType.lastIndexOf('.') + 1);
  const successes = Object.entries(item.post?.responses ?? {}).filter(([status]) => status.startsWith('2'));
  const statuses = successes.map(([status]) => status).join(', ');
  const body = item.post?.requestBody === undefined ? 'no body' : 'a body';
  const hasContent = successes.some(([, response]) => 'content' in response);
  const demanded = statusDemanded(returnType);
  const demandedBody = parameters.length === 0 ? 'no body' : 'a body';
  return [
    differing('bound', [isBound, onEntity], `${path} ${onEntity ? 'is' : 'is not'} an entity with the action after it`),
    differing('binding-type', [`${type}-id`, key], `the key in ${path} is ${key}, the entity a ${type}`),
    differing('method', ['post', served.join()], `an action is called by POST, ${path} serves ${served.join(', ')}`),
    differing(
      'parameters',
      [demandedBody, body],
      `${parameters.length} parameters are declared, ${path} takes ${body}`,
    ),
    differing('success-status', [demanded, statuses], `OData demands ${demanded}, ${path} answers ${statuses}`),
    differing(
      'success-content',
      [returnType !== null, hasContent],
      `the action returns ${returnType ?? 'nothing'}, a success of ${path} has ${hasContent ? 'content' : 'none'}`,
    ),
    ...facts.schemas.map(({ name: schema, actionName }) =>
      differing(`name-in ${schema}`, [actionName, name], `the action is ${actionName} there, ${name} in ${path}`),
    ),
  ].flat();
}

/** Nothing when both sides are the same: what the metadata say, and what the interface description says. */
const differing = <T>(
  fact: string,
  [ofMetadata, ofDescription]: readonly [T, T],
  message: string,
): readonly Difference[] => (ofMetadata === ofDescription ? [] : [{ fact, message }]);
