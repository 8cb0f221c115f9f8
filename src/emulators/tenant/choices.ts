/** What a service of this kind does to its callers without being broken. Each can be switched on by itself. */
export const nuisances = {
  'create-200': 'answers some creates with 200 in place of 201',
  'late-visibility': 'answers 404 to reads of what was created a moment ago',
  throttling: 'answers 429 to some calls, with Retry-After in seconds, as a date, or without',
  unavailable: 'answers 503 to some calls other than cancels, with and without Retry-After',
  'duplicate-key': 'answers 409 to a create that repeats an earlier one',
  'stuck-delivering': 'lets some requests that resemble an earlier one stay Delivering, and fail in the end',
  'late-admission': 'answers 400 or 403 to requests on a policy that was created a moment ago',
  'slow-cancel': 'lets a cancel take effect a while after its answer',
  'late-release': 'answers 400 to deletes of policies and packages whose assignments were removed a moment ago',
  'approval-bypassed': 'lets AdminAdd past an approval, whether it asks for that or not',
  'error-spelling': 'spells errors in the ways seen: innererror, a date with its zone, an empty code',
} as const;

export type Nuisance = keyof typeof nuisances;
export const nuisanceNames = Object.keys(nuisances) as readonly Nuisance[];

/** How long what takes, in milliseconds of the tenant's clock. */
export interface Delays {
  /** From Accepted to what follows. */
  readonly accepting: number;
  /** From Delivering to Fulfilled. */
  readonly delivering: number;
  /** From Fulfilled to FulfilledNotificationTriggered. */
  readonly notifying: number;
  /** How long a request that hangs stays Delivering (`stuck-delivering`). */
  readonly hanging: number;
  /** Until a cancel takes effect (`slow-cancel`). */
  readonly cancelling: number;
  /** Until a new object can be read (`late-visibility`). */
  readonly appearing: number;
  /** Until a policy whose assignment was removed can be deleted (`late-release`). */
  readonly releasing: number;
  /** Until a new policy admits its users (`late-admission`). */
  readonly admitting: number;
}

/** Short enough for a test, long enough to be met: on a live tenant most of these take seconds to minutes. */
export const defaultDelays: Delays = {
  accepting: 1000,
  delivering: 1000,
  notifying: 1000,
  hanging: 10_000,
  cancelling: 300,
  appearing: 300,
  releasing: 1000,
  admitting: 1500,
};
