// The page is whole without this script. It adds what needs one: the filter, the search, links that open what they lead to
// although it is filtered out, and buttons that copy a command, keys that lead from failure to failure, and the filter in the address. It asks for nothing and stores nothing.
/** Does what takes a while when nobody is at work in the page, or a little later all the same; not every browser knows when that is. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work);
}

(() => {
  /** What keys and links lead to in the main part of the page that is shown. */
  interface Shown {
    readonly reveal: () => void;
    readonly takeFromAddress: () => void;
    readonly nextFailure: (step: 1 | -1) => void;
    readonly toSearch: () => void;
  }

  const all = (selector: string, from: ParentNode = document): readonly HTMLElement[] =>
    Array.from(from.querySelectorAll<HTMLElement>(selector));

  function show(): Shown | null {
    const form = document.querySelector<HTMLFormElement>('#filter');
    const told = document.querySelector<HTMLElement>('#filter output');
    const search = document.querySelector<HTMLInputElement>('#filter-text');
    const persona = document.querySelector<HTMLSelectElement>('#filter-persona');
    if (!form || !told || !search || !persona) return null;

    const rows = all('details.requirement');
    const cases = all('details.case');
    // Thousands of lines: who called is read of the case that each one links to, and not before somebody asks.
    let callers: ReadonlyMap<string, string | undefined> | undefined;
    const callerOf = (check: HTMLElement): string | undefined => {
      callers ??= new Map(
        cases.map((item) => [`#${item.querySelector('.inside')?.id ?? ''}`, item.dataset['persona']]),
      );
      const link = all('a[href^="#case-"]', check).find(({ parentElement }) => parentElement === check);
      return callers.get(link?.getAttribute('href') ?? '');
    };
    let checks: readonly HTMLElement[] = [];
    const sections = all('section.of-area');

    const known = new Map<HTMLElement, string>();
    const textOf = (element: HTMLElement): string => {
      const text = known.get(element) ?? element.textContent.toLowerCase();
      known.set(element, text);
      return text;
    };

    /** What is ticked in a group; nothing ticked leaves nothing out. */
    const passes = (name: string): ((value: string | undefined) => boolean) => {
      const ticked = all(`input[name=${name}]:checked`, form).map((box) => (box as HTMLInputElement).value);
      return (value) => ticked.length === 0 || (value !== undefined && ticked.includes(value));
    };

    /** A failure that decides nothing is not looked for among those that decide. */
    const verdictOf = ({ dataset }: HTMLElement): string | undefined =>
      dataset['verdict'] === 'failed' && dataset['level'] !== 'MUST' ? 'mild' : dataset['verdict'];

    const counted = (shown: number, of: number, what: string): string => `${shown} of ${of} ${what}`;

    function filter(): void {
      const [verdict, level, area] = [passes('verdict'), passes('level'), passes('area')];
      const words = search?.value.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
      const who = persona?.value ?? '';
      const isOf = (element: HTMLElement): boolean =>
        area(element.dataset['area']) && words.every((word) => textOf(element).includes(word));
      if (who !== '' && checks.length === 0) checks = all('details.requirement ul[data-verdict] > li');
      for (const check of checks) check.hidden = who !== '' && callerOf(check) !== who;
      for (const row of rows) {
        const hasPersona = who === '' || row.querySelector('ul[data-verdict] > li:not([hidden])') !== null;
        row.hidden = !(verdict(verdictOf(row)) && level(row.dataset['level']) && hasPersona && isOf(row));
      }
      for (const item of cases) {
        const hasPersona = who === '' || item.dataset['persona'] === who;
        item.hidden = !(verdict(verdictOf(item)) && level(item.dataset['level']) && hasPersona && isOf(item));
      }
      for (const section of sections) section.hidden = section.querySelector('details:not([hidden])') === null;
      const shown = (elements: readonly HTMLElement[]): number => elements.filter((element) => !element.hidden).length;
      const isWhole = shown(rows) === rows.length && shown(cases) === cases.length;
      const counts = [
        counted(shown(rows), rows.length, 'requirements'),
        counted(shown(cases), cases.length, 'cases'),
      ].join(' and ');
      if (told) told.textContent = isWhole ? 'Everything is shown.' : `The filter shows ${counts}.`;
    }

    /** Opens and shows what a link leads to, filtered out or not. */
    function reveal(): void {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target) return;
      let wasHidden = false;
      for (let element: HTMLElement | null = target; element; element = element.parentElement) {
        if (element instanceof HTMLDetailsElement) element.open = true;
        if (element.hidden) wasHidden = true;
        if (element !== form) element.hidden = false;
      }
      if (wasHidden && told) told.textContent += ' What a link led to is shown beside it.';
      // What a clause is about is folded in its row.
      if (target instanceof HTMLTableRowElement)
        for (const fold of target.querySelectorAll('details')) fold.open = true;
      if (target === form) search?.focus();
      scrollTo(target);
    }

    /** Rows get their true height only when they are near: the place moves until those around it have been laid out. */
    function scrollTo(target: HTMLElement, framesLeft = 4): void {
      target.scrollIntoView();
      if (framesLeft > 0)
        requestAnimationFrame(() => {
          scrollTo(target, framesLeft - 1);
        });
    }

    function setOpen(open: boolean): void {
      for (const element of [...rows, ...cases]) if (!element.hidden) (element as HTMLDetailsElement).open = open;
    }

    for (const command of all('.repeat pre, .command code')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Copy';
      button.addEventListener('click', () => {
        navigator.clipboard.writeText(command.textContent).then(
          () => {
            button.textContent = 'Copied';
          },
          () => {
            // A browser that keeps the clipboard to itself still copies a selection.
            getSelection()?.selectAllChildren(command);
            button.textContent = 'Selected: copy it by keyboard';
          },
        );
      });
      command.before(button);
    }

    /** The filter as a place of the page, so that what was looked for can be sent to somebody. */
    const place = 'find:';

    function keepInAddress(): void {
      const wanted = new URLSearchParams();
      if (search?.value) wanted.set('text', search.value);
      if (persona?.value) wanted.set('persona', persona.value);
      for (const box of all('input:checked', form ?? document)) {
        const { name, value } = box as HTMLInputElement;
        wanted.append(name, value);
      }
      const asked = wanted.toString();
      // Where somebody is who looks for nothing any more, no filter is left in the address; a link of the page stays.
      if (asked !== '' || location.hash.startsWith(`#${place}`))
        history.replaceState(null, '', `#${asked && place + asked}`);
    }

    function takeFromAddress(): void {
      if (!location.hash.startsWith(`#${place}`)) return;
      const wanted = new URLSearchParams(location.hash.slice(1 + place.length));
      if (search) search.value = wanted.get('text') ?? '';
      if (persona) persona.value = wanted.get('persona') ?? '';
      for (const box of all('input[type=checkbox]', form ?? document)) {
        const { name, value } = box as HTMLInputElement;
        (box as HTMLInputElement).checked = wanted.getAll(name).includes(value);
      }
      filter();
      form?.scrollIntoView();
    }

    /** The next card or failed requirement that is shown, from where the reader is: behind it, or before it. */
    function nextFailure(step: 1 | -1): void {
      const failures = all('.card, .requirement[data-verdict=failed]').filter((element) => !element.hidden);
      const at = failures.findIndex((element) => element.contains(document.activeElement));
      const next = failures[at === -1 ? (step === 1 ? 0 : failures.length - 1) : at + step];
      if (!next) return;
      (next as HTMLDetailsElement).open = true;
      scrollTo(next);
      next.querySelector('summary')?.focus({ preventScroll: true });
    }

    form.addEventListener('input', () => {
      filter();
      keepInAddress();
    });
    form.addEventListener('reset', () => {
      setTimeout(() => {
        filter();
        keepInAddress();
      });
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        // The same key would close again what takes the focus.
        event.preventDefault();
        const found = all('.requirement, .case').find((element) => !element.hidden);
        if (!found) return;
        (found as HTMLDetailsElement).open = true;
        scrollTo(found);
        found.querySelector('summary')?.focus({ preventScroll: true });
      }
      if (event.key !== 'Escape') return;
      // Letters are keys again.
      search.value = '';
      search.blur();
      filter();
      keepInAddress();
    });
    for (const button of all('button[data-open]', form)) {
      button.addEventListener('click', () => {
        setOpen(button.dataset['open'] === 'true');
      });
    }
    form.hidden = false;
    filter();
    takeFromAddress();
    reveal();
    return {
      reveal,
      takeFromAddress,
      nextFailure,
      toSearch: () => {
        search.focus();
        form.scrollIntoView();
      },
    };
  }

  let shown = show();

  document.addEventListener('keydown', (event) => {
    const isWriting =
      event.target instanceof Element && event.target.closest('input:not([type=checkbox]), select, textarea') !== null;
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j' || event.key === 'k') shown?.nextFailure(event.key === 'j' ? 1 : -1);
    if (event.key !== '/') return;
    event.preventDefault();
    shown?.toSearch();
  });
  addEventListener('hashchange', () => {
    shown?.takeFromAddress();
    shown?.reveal();
  });
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    // To the place where the reader is already, there is no change of the address.
    if (link && link.hash !== '' && link.hash === location.hash)
      setTimeout(() => {
        shown?.reveal();
      });
  });
  // The judge shows the run as it would be under other readings.
  document.addEventListener('replaced', () => {
    shown = show();
  });

  // First the page can be read; then it is judged: what does that is long, and nobody reads it before.
  const late = document.querySelector('#late');
  const told = document.querySelector<HTMLElement>('.judged-here');
  if (!late || !told) return;
  // Who asks whether somebody edited the page is told where that is asked, too.
  const tellAgain = (): void => {
    const again = document.querySelector('.judged-again');
    if (again) again.textContent = `This page, of itself: ${told.textContent}`;
  };
  new MutationObserver(tellAgain).observe(told, { childList: true, characterData: true, subtree: true });
  const unjudged = [...told.childNodes];
  told.textContent = 'Being computed again in this page …';
  addEventListener('load', () => {
    whenIdle(() => {
      const script = document.createElement('script');
      script.textContent = late.textContent;
      late.replaceWith(script);
      // One that somebody changed is not admitted by the policy of the page.
      if (told.dataset['judge'] === 'at work') return;
      told.replaceChildren('✗ ', ...unjudged);
      told.classList.add('wrong');
    });
  });
})();
