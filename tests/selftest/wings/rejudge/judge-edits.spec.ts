import { rejudge } from '../../../../src/wings/rejudge/judge-again.js';
import { bundleOf, runJudge, writeEdited, type Edited } from '../../support/bundles.js';
import { expect, runOnDearEmbedded, test as base, type FinishedRun } from '../../support/cli.js';

/** Where requests are dear, a whole run has the fewest cases. */
const test = base.extend<{ embeddedRun: FinishedRun }>({
  embeddedRun: async ({}, use) => {
    await use(await runOnDearEmbedded());
  },
});

interface Edit {
  readonly what: string;
  readonly edit: (files: Edited) => void;
  /** The differences that have to be named among others, in their order. */
  readonly says: readonly RegExp[];
  /** True when nothing else may be named. */
  readonly alone?: true | undefined;
}

const refused = 'perm-refuses-otherUser.1';
const controlId = 'state-cancels-pendingApproval-requestor';

/** The exchange of that id; these tests know that there is one. */
function exchangeOf(exchanges: Edited['evidence'], id: string): Edited['evidence'][number] {
  const found = exchanges.find((exchange) => exchange.id === id);
  if (!found) throw new Error(`no exchange ${id}`);
  return found;
}

function responseOf(exchanges: Edited['evidence'], id: string): NonNullable<Edited['evidence'][number]['response']> {
  const { response } = exchangeOf(exchanges, id);
  if (!response) throw new Error(`no response in ${id}`);
  return response;
}

/** Both files, edited alike. */
const inBoth = ({ report, evidence }: Edited, edit: (exchanges: Edited['evidence']) => void): void => {
  edit(report.exchanges);
  edit(evidence);
};

function swapFirst(items: unknown[]): void {
  items.unshift(...items.splice(1, 1));
}

const without = (id: string) => (exchanges: Edited['evidence']) => {
  exchanges.splice(
    exchanges.findIndex((exchange) => exchange.id === id),
    1,
  );
};

/** The first item; these tests know that there is one. */
function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('an empty list');
  return item;
}

const edits: readonly Edit[] = [
  {
    what: 'the verdict of a check',
    edit: ({ report }) => {
      first(report.checks).verdict = 'failed';
    },
    says: [/^check \S+\/\S+: verdict: report\.json says "failed", recomputed: "passed"$/],
    alone: true,
  },
  {
    what: 'the verdict of a requirement',
    edit: ({ report }) => {
      first(report.requirements).verdict = 'not-applicable';
    },
    says: [/^requirement CANCEL-\S+: verdict: report\.json says "not-applicable", recomputed: "passed"$/],
    alone: true,
  },
  {
    what: 'outcome and exit code',
    edit: ({ report }) => {
      Object.assign(report.run, { outcome: 'incomplete', exitCode: 3 });
    },
    says: [
      /^run: outcome: report\.json says "incomplete", recomputed: "conformant"$/,
      /^run: exitCode: report\.json says 3, recomputed: 0$/,
    ],
    alone: true,
  },
  {
    what: 'totals, provable and proven',
    edit: ({ report: { totals, provable, proven } }) => {
      totals.must.failed = 7;
      provable.of = 1;
      proven.percent = 12.5;
    },
    says: [
      /^provable: of: report\.json says 1, recomputed: \d+$/,
      /^proven: percent: report\.json says 12\.5, recomputed: 100$/,
      /^totals: must\.failed: report\.json says 7, recomputed: 0$/,
    ],
    alone: true,
  },
  {
    what: 'a status in the evidence alone',
    edit: ({ evidence }) => {
      responseOf(evidence, refused).status = 204;
    },
    says: [
      /^exchange perm-refuses-otherUser\.1: response\.status: report\.json says 40\d, evidence\.jsonl says 204$/,
      /^run: outcome: report\.json says "conformant", recomputed: "nonconformant"$/,
      /^check perm-refuses-otherUser\/\S+: verdict: report\.json says "passed", recomputed: "failed"$/,
    ],
  },
  {
    what: 'a status in the report alone',
    edit: ({ report }) => {
      responseOf(report.exchanges, refused).status = 204;
    },
    says: [/^exchange perm-refuses-otherUser\.1: response\.status: report\.json says 204, evidence\.jsonl says 40\d$/],
    alone: true,
  },
  {
    what: 'a status in both files alike',
    edit: (files) => {
      inBoth(files, (exchanges) => (responseOf(exchanges, refused).status = 204));
    },
    says: [
      /^run: outcome: /,
      /^check perm-refuses-otherUser\/\S+: verdict: report\.json says "passed", recomputed: "failed"$/,
    ],
  },
  {
    what: 'a body',
    edit: ({ report }) => {
      responseOf(report.exchanges, refused).body.text += ' ';
    },
    says: [
      /^exchange perm-refuses-otherUser\.1: response\.body\.text: report\.json says …?.+ ", evidence\.jsonl says …?.+"$/,
    ],
    alone: true,
  },
  {
    what: 'a header that was sent',
    edit: ({ report }) => {
      const { headers } = exchangeOf(report.exchanges, refused).request;
      headers.splice(
        headers.findIndex(([name]) => name.toLowerCase() === 'authorization'),
        1,
      );
    },
    says: [
      /^exchange perm-refuses-otherUser\.1: request\.headers\.authorization: report\.json says nothing, evidence\.jsonl says "Bearer ‹token:otherUser›"$/i,
    ],
    alone: true,
  },
  {
    what: 'the order of headers',
    edit: ({ report }) => {
      swapFirst(responseOf(report.exchanges, refused).headers);
    },
    says: [/^exchange perm-refuses-otherUser\.1: response\.headers: report\.json says /],
    alone: true,
  },
  {
    what: 'the order of exchanges in the evidence',
    edit: ({ evidence }) => {
      swapFirst(evidence);
    },
    says: [/^exchange (\S+): the order differs: where report\.json has \S+, evidence\.jsonl has \1$/],
    alone: true,
  },
  {
    what: 'the order of exchanges in both files',
    edit: (files) => {
      inBoth(files, swapFirst);
    },
    says: [/^exchange (\S+): the order differs: where report\.json has \S+, judging gives \1$/],
    alone: true,
  },
  {
    what: 'an exchange that is missing in the evidence',
    edit: ({ evidence }) => {
      without(refused)(evidence);
    },
    says: [
      /^exchange perm-refuses-otherUser\.1: stands in report\.json, is missing in evidence\.jsonl$/,
      /^case perm-refuses-otherUser: 1 of its exchanges should be the calls of the case, 0 are$/,
    ],
  },
  {
    what: 'an exchange that is missing in both files',
    edit: (files) => {
      inBoth(files, without(`${controlId}.1`));
    },
    says: [
      new RegExp(`^case ${controlId}: 1 of its exchanges should be the calls of the case, 0 are$`),
      /^run: outcome: report\.json says "conformant", recomputed: "incomplete"$/,
    ],
  },
  {
    what: 'an exchange that stands in the evidence twice',
    edit: ({ evidence }) => {
      evidence.push(first(evidence));
    },
    says: [/^exchange \S+: stands more than once in evidence\.jsonl, lines 1 and \d+$/],
    alone: true,
  },
  {
    what: 'an exchange of no case',
    edit: (files) => {
      inBoth(files, (exchanges) => exchanges.push({ ...first(exchanges), id: 'made-up.1' }));
    },
    says: [/^exchange made-up\.1: belongs to no case that this run carried out$/],
    alone: true,
  },
  {
    what: 'an exchange between two that were numbered',
    edit: (files) => {
      inBoth(files, (exchanges) => (exchangeOf(exchanges, refused).id = 'perm-refuses-otherUser.2'));
    },
    says: [/^case perm-refuses-otherUser: its exchange number 1 is missing$/],
  },
  {
    what: 'a reading of a status',
    edit: ({ report }) => {
      const entry = report.cases.find(({ id }) => id === 'perm-refuses-otherUser');
      for (const look of entry?.looks ?? []) if (look.when === 'after') look.status = 'Canceled';
    },
    says: [
      /^run: outcome: /,
      /^check perm-refuses-otherUser\/\S+: verdict: report\.json says "passed", recomputed: "failed"$/,
    ],
  },
  {
    what: 'a case that is missing',
    edit: ({ report }) => {
      report.cases = report.cases.filter(({ id }) => id !== 'perm-refuses-otherUser');
    },
    says: [
      /^exchange perm-refuses-otherUser\.1: belongs to no case that this run carried out$/,
      /^case perm-refuses-otherUser: is missing in report\.json, but judging gives it$/,
    ],
  },
  {
    what: 'a check that is missing',
    edit: ({ report }) => {
      report.checks.pop();
    },
    says: [/^check run-all-successes\/one-success-status: is missing in report\.json, but judging gives it$/],
    alone: true,
  },
  {
    what: 'the reading in force',
    edit: ({ report }) => {
      report.target.readings['C-1'] = '200';
    },
    says: [/^run: outcome: /, /^requirement CANCEL-RESP-001: verdict: /, /^contested clause C-1: reading: /],
  },
  {
    what: 'the provider',
    edit: ({ report }) => {
      if (report.basis) report.basis.provider = 'graph';
    },
    says: [/^requirement CANCEL-AUTH-007: level: report\.json says "MUST", recomputed: "SHOULD"$/],
  },
  {
    what: 'an observation',
    edit: ({ report }) => {
      first(report.observations).value = 'nothing';
    },
    says: [/^observation answer:\S+: value: report\.json says "nothing", recomputed: /],
    alone: true,
  },
];

/** What was named besides, where nothing may be. */
const leftOver = (messages: readonly string[], { says, alone }: Pick<Edit, 'says' | 'alone'>): readonly string[] =>
  messages.filter((message) => alone === true && !says.some((pattern) => pattern.test(message)));

test.describe('names', () => {
  for (const { what, edit, says, alone } of edits) {
    test(what, ({ embeddedRun }) => {
      const messages = rejudge(bundleOf(embeddedRun.report, edit), null).differences.map(({ message }) => message);
      const places = says.map((pattern) => messages.findIndex((message) => pattern.test(message)));
      expect(places, `${messages.slice(0, 20).join('\n')}\nfor ${says.join('\n')}`).toEqual(
        [...places].sort((a, b) => a - b),
      );
      expect(places).not.toContain(-1);
      expect(leftOver(messages, { says, alone })).toEqual([]);
    });
  }

  test('every place in the text, the most important first and not all of many', async ({ embeddedRun, folder }) => {
    const place = writeEdited(embeddedRun.out, folder, (files) => {
      inBoth(files, without(`${controlId}.1`));
    });
    const { exitCode, stdout, stderr } = await runJudge(place);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(/^✗ DIFFERENT \(exit code 1\): [\d,]+ differences between /);
    expect(stdout).toMatch(/\n {4}and [\d,]+ more places; --json lists all\n/);
    expect(stdout).toContain('  Would be  incomplete');
    expect(stdout.trimEnd().split('\n').length).toBeLessThan(40);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test('what hostile text was put in without letting it act', async ({ embeddedRun, folder }) => {
    const place = writeEdited(embeddedRun.out, folder, ({ report }) => {
      responseOf(report.exchanges, refused).body.text = '\u001b[31m\u202e\r\n';
    });
    const { stdout } = await runJudge(place);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
    expect(stdout).not.toContain('\u202e');
  });
});
