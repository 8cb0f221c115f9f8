// What has the judge that a page carries judge the run again: as the page opens, and whenever somebody reads a clause otherwise.
// `judgeCarried` stands in front of this in the same script, which the script of the page starts. It asks for nothing and stores nothing.
interface JudgedInPage {
  readonly checks: number;
  readonly requirements: number;
  /** The main part of the page as it has to be. */
  readonly main: () => string;
  readonly verdicts: ReadonlyMap<string, string>;
  readonly outcome: string;
  readonly exchanges: number;
  readonly under: (readings: Readonly<Record<string, string>>) => {
    readonly main: string;
    readonly outcome: string;
    readonly changes: readonly string[];
  };
}
declare const judgeCarried: (carried: unknown) => JudgedInPage;

(() => {
  const labels = (): readonly HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>('.what-if'));
  const selects = (): readonly HTMLSelectElement[] =>
    Array.from(document.querySelectorAll<HTMLSelectElement>('.what-if select'));
  const counted = (count: number): string => count.toLocaleString('en');

  /** Rows whose badge says something else than the evidence does, and failures that the page does not show. */
  function differing(verdicts: JudgedInPage['verdicts']): readonly string[] {
    return [...verdicts].flatMap(([id, verdict]) => {
      const shown = document.getElementById(id)?.closest<HTMLElement>('[data-verdict]')?.dataset['verdict'];
      return shown === verdict || (shown === undefined && verdict !== 'failed') ? [] : [id];
    });
  }

  /** What somebody reads of a page, whatever its scripts have added. */
  function wordsOf(main: HTMLElement): readonly string[] {
    const copy = main.cloneNode(true) as HTMLElement;
    for (const added of copy.querySelectorAll('button, output')) added.remove();
    // One of each is the page's own; what somebody else calls so counts as words.
    for (const own of ['.judged-here', '.judged-again']) copy.querySelector(own)?.remove();
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    const words: string[] = [];
    while (walker.nextNode()) words.push(walker.currentNode.textContent ?? '');
    return words.join(' ').split(/\s+/).filter(Boolean);
  }

  /** Says where the page has other words than the evidence gives, or that it has not. */
  function tellWords({ main }: JudgedInPage, shown: readonly string[]): void {
    const told = document.querySelector<HTMLElement>('.judged-here');
    const made = new DOMParser().parseFromString(main(), 'text/html').querySelector('main');
    if (!told || !made) return;
    const given = wordsOf(made);
    const at = given.findIndex((word, index) => word !== shown[index]);
    if (at === -1 && shown.length === given.length) {
      told.textContent = `${told.textContent.replace(/\.$/, '')}, and so is every word.`;
      return;
    }
    const place = at === -1 ? given.length : at;
    const around = (words: readonly string[]): string => words.slice(Math.max(0, place - 4), place + 5).join(' ');
    told.textContent = `✗ This page says “${around(shown)}”, and its evidence gives “${around(given)}”. Somebody changed it, or another version of the suite wrote it.`;
    told.classList.add('wrong');
  }

  /** Says whether the page shows what its evidence gives. */
  function tell({ verdicts, checks, requirements, exchanges, outcome }: JudgedInPage): void {
    const told = document.querySelector<HTMLElement>('.judged-here');
    if (!told) return;
    const wrong = differing(verdicts);
    const shown = document.querySelector('.outcome')?.classList.contains(outcome) ?? false;
    const isRight = wrong.length === 0 && shown;
    const judged = `The verdicts on ${counted(requirements)} requirements, by ${counted(checks)} checks, were computed again in this page from ${counted(exchanges)} exchanges`;
    told.textContent = isRight
      ? `✓ ${judged}: as shown.`
      : `✗ ${judged}: they say ${outcome}, and ${wrong.length === 0 ? 'the page does not' : `otherwise than shown of ${wrong.slice(0, 5).join(', ')}${wrong.length > 5 ? ` and ${counted(wrong.length - 5)} more` : ''}`}. Somebody changed this page, or another version of the suite wrote it.`;
    told.classList.toggle('wrong', !isRight);
  }

  /** What the page shows instead of the run itself, and the way back. */
  function tellOtherwise(chosen: Readonly<Record<string, string>>, outcome: string, changes: readonly string[]): void {
    const told = document.querySelector<HTMLElement>('.judged-here');
    if (!told) return;
    const names = Object.entries(chosen).map(([id, name]) => `${id} read as ${name}`);
    const what = changes.length === 0 ? 'no requirement has another verdict' : changes.join('; ');
    told.textContent = `What if, with ${names.join(', ')}: ${outcome}; ${what}. This is not what the run was judged by. `;
    told.classList.add('otherwise');
    const back = document.createElement('button');
    back.type = 'button';
    back.textContent = 'Back to the run';
    back.addEventListener('click', () => {
      show({}, null);
    });
    told.append(back);
  }

  let judged: JudgedInPage | null = null;
  const original = document.querySelector('main');

  function show(chosen: Readonly<Record<string, string>>, from: string | null): void {
    const shown = document.querySelector('main');
    if (!judged || !original || !shown) return;
    if (Object.keys(chosen).length === 0) {
      shown.replaceWith(original);
    } else {
      const { main, outcome, changes } = judged.under(chosen);
      const made = new DOMParser().parseFromString(main, 'text/html').querySelector('main');
      if (!made) return;
      shown.replaceWith(made);
      tellOtherwise(chosen, outcome, changes);
    }
    document.dispatchEvent(new Event('replaced'));
    offer(chosen);
    const next = document.querySelector<HTMLElement>(from === null ? '.judged-here' : `select[data-clause="${from}"]`);
    // A paragraph takes the focus only when it is told to.
    if (from === null && next) next.tabIndex = -1;
    next?.focus();
  }

  /** Lets readings be chosen, those of the run to begin with. */
  function offer(chosen: Readonly<Record<string, string>>): void {
    for (const label of labels()) label.hidden = false;
    for (const select of selects()) {
      const id = select.dataset['clause'] ?? '';
      const own = runsOwn.get(id) ?? '';
      for (const option of select.options) {
        option.value = option.value.trim();
        option.textContent = option.value === own ? `${option.value} (this run)` : option.value;
      }
      select.value = chosen[id] ?? own;
      select.onchange = () => {
        const wanted = Object.entries({ ...chosen, [id]: select.value }).filter(
          ([clause, name]) => name !== runsOwn.get(clause),
        );
        show(Object.fromEntries(wanted), id);
      };
    }
  }

  const runsOwn = new Map(selects().map((select) => [select.dataset['clause'] ?? '', select.value]));

  async function judge(packed: string): Promise<void> {
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    judged = judgeCarried(JSON.parse(await new Response(stream).text()));
    const known = judged;
    tell(known);
    // What may be chosen has words of its own.
    const shown = original ? wordsOf(original) : [];
    offer({});
    // Verdicts come first: to make the page once more takes longer.
    if (document.querySelector('.judged-here.wrong') === null)
      whenIdle(() => {
        tellWords(known, shown);
      });
  }

  const carried = document.querySelector('#carried');
  const waiting = document.querySelector<HTMLElement>('.judged-here');
  if (!carried || !waiting) return;
  waiting.dataset['judge'] = 'at work';
  judge(carried.textContent.trim()).catch((error: unknown) => {
    const told = document.querySelector<HTMLElement>('.judged-here');
    if (!told) return;
    told.textContent = `✗ This page could not be judged again here: ${String(error)}`;
    told.classList.add('wrong');
  });
})();
