/** A mistake of a user, or surroundings that are poor, and how a command ends there: a row of docs/mistakes.md. */
export interface Mistake {
  /** As its user would tell it. */
  readonly what: string;
  /** The line that says it, which is the first of standard error where nothing else is told; `…` stands for what differs. Empty: none. */
  readonly says: string;
  /** The exit code. */
  readonly code: number;
}

/** A line as a row has it. */
export const saying = (says: string): RegExp => new RegExp(`^\\s*${says.split('…').map(escaped).join('.*')}$`, 'm');

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The first line of what was printed. */
export const firstLine = (printed: string): string => printed.split('\n')[0] ?? '';
