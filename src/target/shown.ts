import { tooCommon } from '../engine/evidence/common.js';
import { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Target } from './target.js';

/** What reports say of a target: no secret can be told apart from it. */
export const shownOf = ({ name, baseUrl, requests, configuration }: Target): readonly string[] => [
  name,
  baseUrl ?? '',
  ...(requests.provider === 'control' ? [requests.url] : []),
  ...Object.values(configuration),
];

/** A registry for the secrets of a run against a target. */
export const registryFor = (target: Target): SecretRegistry =>
  new SecretRegistry((text) => tooCommon(text, shownOf(target)) !== null);
