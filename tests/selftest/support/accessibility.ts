import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What kinds of components a page has, and how many elements. */
interface Inventory {
  readonly kinds: readonly string[];
  readonly elements: number;
}

/** Every kind of component by element, classes, role and verdict. */
const takeInventory = (page: Page): Promise<Inventory> =>
  page.evaluate(() => {
    const all = [...document.body.querySelectorAll('*')];
    const kinds = all.map((element) => {
      const names = [...element.classList].sort().map((name) => `.${name}`);
      return `${element.localName}${names.join('')} ${element.getAttribute('role') ?? ''} ${element.getAttribute('data-verdict') ?? ''}`;
    });
    return { kinds: [...new Set(kinds)].sort(), elements: all.length };
  });

declare global {
  interface Window {
    /** Puts back what was taken away. */
    giveBack?: () => void;
  }
}

/**
 * Takes away rows of tables and lists that repeat rows before them, and opens what is folded. A row repeats others when
 * everything in it stood already in the same place, by the elements around it: their names, classes and verdicts, and which
 * attributes they have. These are all that the stylesheets look at.
 */
const leaveOneOfEachKind = (page: Page): Promise<void> =>
  page.evaluate(() => {
    // A cell stays whole: what is left of it would be another component.
    const repeatable = 'details, li, tr, dl > div, rect, option, .exchange, .owned:not(th *, td *)';
    const paths = new Map<Element, string>();
    for (const element of document.body.querySelectorAll('*')) {
      const attributes = element.getAttributeNames().filter((name) => name !== 'open');
      const words = ['class', 'role', 'data-verdict'].map((name) => element.getAttribute(name) ?? '');
      const around = element.parentElement === null ? '' : (paths.get(element.parentElement) ?? '');
      paths.set(element, `${around}>${[element.localName, ...words, ...attributes.sort()].join(' ')}`);
    }
    const seen = new Set<string>();
    const taken: { readonly element: Element; readonly parent: Element | null; readonly next: Node | null }[] = [];
    window.giveBack = () => {
      for (const { element, parent, next } of taken.reverse()) parent?.insertBefore(element, next);
    };
    const visit = (element: Element): void => {
      const inside = [element, ...element.querySelectorAll('*')];
      if (element.matches(repeatable) && inside.every((one) => seen.has(paths.get(one) ?? ''))) {
        taken.push({ element, parent: element.parentElement, next: element.nextSibling });
        element.remove();
        return;
      }
      seen.add(paths.get(element) ?? '');
      for (const child of [...element.children]) visit(child);
    };
    visit(document.body);
    for (const details of document.querySelectorAll('details')) details.open = true;
  });

/**
 * What axe finds on the page that is open, at each of the widths. It looks at one of each kind of component: its time grows with
 * the page, and hundreds of rows of a run are the same few components. Colours are all that another scheme changes, and no width
 * changes them, so the dark one is looked at for contrast alone, and at the first width. All that folds is open afterwards.
 */
export async function violationsOn(page: Page, widths: readonly number[] = [1280]): Promise<readonly unknown[]> {
  const whole = await takeInventory(page);
  await leaveOneOfEachKind(page);
  const left = await takeInventory(page);
  expect(left.kinds).toEqual(whole.kinds);
  expect(left.elements).toBeLessThan(whole.elements / 2);
  await page.evaluate(axe);
  // What is laid out only when it comes near lies over its neighbours until then.
  const layOut = (value: string): Promise<void> =>
    page.evaluate((visibility) => {
      for (const row of document.querySelectorAll<HTMLElement>('details')) row.style.contentVisibility = visibility;
    }, value);
  await layOut('visible');
  const found: unknown[] = [];
  // Axe leaves the size of what is to be hit out unless it is asked for.
  const light = ['light', { rules: { 'target-size': { enabled: true } } }] as const;
  const dark = ['dark', { runOnly: ['color-contrast'] }] as const;
  for (const [at, width] of widths.entries()) {
    await page.setViewportSize({ width, height: 800 });
    for (const [colorScheme, options] of at === 0 ? [light, dark] : [light]) {
      await page.emulateMedia({ colorScheme });
      const violations = await page.evaluate<Violation[]>(
        `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
      );
      const examples = violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]);
      found.push(...examples.map((example) => [width, colorScheme, ...example]));
    }
  }
  await layOut('');
  await page.evaluate(() => {
    window.giveBack?.();
  });
  expect(await takeInventory(page)).toEqual(whole);
  return found;
}
