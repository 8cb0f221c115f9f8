import type { ComponentChildren, VNode } from 'preact';
import { installedCommand } from '../../engine/typed.js';

/** The pages of the suite: one truth in several orders. */
type PageKind = 'report' | 'document' | 'comparison' | 'history' | 'matrix';

interface Order {
  readonly name: string;
  readonly file: string;
  /** What the page shows. */
  readonly shows: string;
  /** What writes it. */
  readonly command: string;
}

const orders: Readonly<Record<PageKind, Order>> = {
  report: {
    name: 'By consequence',
    file: 'index.html',
    shows: 'a run, what is worst first',
    command: 'report .',
  },
  document: {
    name: 'By document',
    file: 'doc.html',
    shows: 'the page of the documentation, each sentence in the colour of what was found of it',
    command: 'report . --doc PAGE.md',
  },
  comparison: {
    name: 'By implementation',
    file: 'comparison.html',
    shows: 'several targets or runs, requirement by requirement',
    command: 'compare . OTHER',
  },
  history: {
    name: 'By night',
    file: 'history.html',
    shows: 'what ever changed, run by run, where runs are kept by --history FILE',
    command: 'history FILE',
  },
  matrix: {
    name: 'What is caught',
    file: 'kill-matrix.html',
    shows: 'how many known mistakes each requirement has caught',
    command: 'prove',
  },
};

interface PagesProps {
  /** The page that it stands on. */
  readonly here: PageKind;
  /** Addresses of those of the others that are known to be there: no link leads to what may not. */
  readonly links?: Readonly<Partial<Record<PageKind, string>>>;
}

/** The one navigation of all pages: this one, and those of the others that can be reached from here. */
export function Pages({ here, links = {} }: PagesProps): VNode {
  const shown = Object.entries(orders).flatMap(([kind, { name }]) => {
    const href = links[kind as PageKind];
    if (kind === here) return [{ name, view: <b aria-current="page">{shortly(name)}</b> }];
    return href === undefined ? [] : [{ name, view: <a href={href}>{shortly(name)}</a> }];
  });
  return (
    <nav class="pages" aria-label="Pages">
      {shown[0]?.name.startsWith('By ') ? <span aria-hidden="true">By</span> : null}
      {shown.map(({ view }) => view)}
    </nav>
  );
}

/** What begins most of the names is heard and not seen: on a phone they take one line less. */
function shortly(name: string): ComponentChildren {
  const word = /^By (.*)/.exec(name)?.[1];
  if (word === undefined) return name;
  return (
    <>
      <span class="hidden">By </span>
      {word}
    </>
  );
}

/** What writes the other pages, since this one cannot know whether they are there. */
export function Orders(): VNode {
  const others = Object.entries(orders).filter(([kind]) => kind !== 'report');
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">The same in other orders</h2>
      <dl class="pairs">
        {others.map(([, { name, file, shows, command }]) => (
          <div>
            <dt>{name}</dt>
            <dd>
              {shows}. <a href={file}>{file}</a> is there only where this made it, in the folder of this page:
              <p class="command">
                <code>{`${installedCommand} ${command}`}</code>
              </p>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Addresses of the other pages on the report's own: what writes them. */
export const toOrders = {
  document: '#orders',
  comparison: '#orders',
  history: '#orders',
  matrix: '#orders',
} as const satisfies NonNullable<PagesProps['links']>;
