import type { HeaderPair } from '../../engine/evidence/records.js';
import type { Chance } from './chance.js';
import type { TenantClock } from './clock.js';
import type { Nuisance } from './choices.js';
import type { TenantSettings } from './settings.js';

/** Shares of the calls concerned; high enough that a run of a hundred calls meets every one of them. */
const shares = { created200: 0.5, hangs: 0.5, misspelt: 0.5 } as const;

/** Like cancels that come within this time come together, in milliseconds; whoever sends one again waits longer. */
const togetherMs = 50;

/** A call that is turned away this often in a row goes through the next time: nobody is refused for ever. */
const mostRefusals = 2;

/** An answer given before a call is looked at. */
export interface TurnedAway {
  readonly nuisance: Nuisance;
  readonly status: 429 | 503;
  readonly headers: readonly HeaderPair[];
}

/** What stands in the way of callers, as far as it is switched on. */
export class Nuisances {
  readonly #settings: TenantSettings;
  readonly #clock: TenantClock;
  readonly #chance: Chance;
  readonly #refusals = new Map<string, number>();
  readonly #decided = new Map<string, { readonly atMs: number; readonly decision: TurnedAway | null }>();
  readonly #created = new Map<string, string>();

  constructor(settings: TenantSettings, clock: TenantClock, chance: Chance) {
    this.#settings = settings;
    this.#clock = clock;
    this.#chance = chance;
  }

  isOn(nuisance: Nuisance): boolean {
    return this.#settings.nuisances.has(nuisance);
  }

  /**
   * Whether a call is turned away before it is looked at, so that nothing of it is processed.
   * @param key what makes it the same call when it is sent again
   * @param isCancel a cancel is throttled but never unavailable: what came of it could not be told
   */
  turnAway(key: string, isCancel: boolean): TurnedAway | null {
    if (!isCancel) return this.#decide(key, isCancel);
    const last = this.#decided.get(key);
    const atMs = Date.now();
    // Who is throttled is throttled for a moment: cancels of one request that come together fare alike.
    if (last !== undefined && atMs - last.atMs < togetherMs) return last.decision;
    const decision = this.#decide(key, isCancel);
    this.#decided.set(key, { atMs, decision });
    return decision;
  }

  #decide(key: string, isCancel: boolean): TurnedAway | null {
    const nuisance = this.#refusalOf(isCancel);
    const before = this.#refusals.get(key) ?? 0;
    if (nuisance === null || before >= mostRefusals) {
      this.#refusals.delete(key);
      return null;
    }
    this.#refusals.set(key, before + 1);
    return { nuisance, status: nuisance === 'throttling' ? 429 : 503, headers: this.#retryAfter(nuisance) };
  }

  #refusalOf(isCancel: boolean): 'throttling' | 'unavailable' | null {
    const share = this.#settings.turnedAwayPercent / 100;
    if (this.isOn('throttling') && this.#chance.happens('throttling', share)) return 'throttling';
    const unavailable = this.isOn('unavailable') && !isCancel;
    return unavailable && this.#chance.happens('unavailable', share) ? 'unavailable' : null;
  }

  #retryAfter(nuisance: Nuisance): readonly HeaderPair[] {
    const seconds = this.#settings.retryAfterS;
    const form = this.#chance.pick(`${nuisance} form`, ['seconds', 'date', 'none']);
    if (form === 'none') return [];
    // Callers go by their own clock, which is not the tenant's; a date has whole seconds, so one more is safe.
    const date = new Date(Date.now() + (seconds + 1) * 1000).toUTCString();
    return [['Retry-After', form === 'seconds' ? String(seconds) : date]];
  }

  /** Status code of the answer to a create. */
  createStatus(): 200 | 201 {
    return this.isOn('create-200') && this.#chance.happens('create-200', shares.created200) ? 200 : 201;
  }

  /** Whether reads already see an object. */
  isVisible(createdMs: number): boolean {
    return !this.isOn('late-visibility') || this.#clock.now() >= createdMs + this.#settings.delays.appearing;
  }

  /** Whether a policy already admits its users. */
  admits(policyCreatedMs: number): boolean {
    return !this.isOn('late-admission') || this.#clock.now() >= policyCreatedMs + this.#settings.delays.admitting;
  }

  /** How a policy refuses users whom it does not see yet. */
  admissionRefusal(): 400 | 403 {
    return this.#chance.pick('late-admission', [400, 403]);
  }

  /** How long a cancel takes to have its effect, in milliseconds. */
  cancelMs(): number {
    return this.isOn('slow-cancel') ? this.#settings.delays.cancelling : 0;
  }

  /** Whether a request that resembles an earlier one hangs. */
  hangs(resemblesAnother: boolean): boolean {
    return this.isOn('stuck-delivering') && resemblesAnother && this.#chance.happens('stuck-delivering', shares.hangs);
  }

  /** Whether a part of an error is spelt in another way than usual. */
  misspells(part: string): boolean {
    return this.isOn('error-spelling') && this.#chance.happens(`error-spelling ${part}`, shares.misspelt);
  }

  /** Whether what a policy or package gave still counts as given, a while after it was taken away. */
  isHeld(takenMs: number): boolean {
    return this.isOn('late-release') && this.#clock.now() < takenMs + this.#settings.delays.releasing;
  }

  /** The id of an earlier object made by an identical create. */
  earlier(create: string): string | null {
    return this.isOn('duplicate-key') ? (this.#created.get(create) ?? null) : null;
  }

  /** Notes what a create made. */
  remember(create: string, id: string): void {
    this.#created.set(create, id);
  }
}
