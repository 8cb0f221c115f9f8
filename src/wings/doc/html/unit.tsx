import type { VNode } from 'preact';
import { linkTo } from '../../../report/html/anchors.js';
import { VerdictMark } from '../../../report/html/marks.js';
import type { Part, Unit } from '../page/units.js';
import { placeKey, type Judged } from './judged.js';

interface UnitProps {
  readonly unit: Unit;
  readonly judged: ReadonlyMap<string, Judged>;
  readonly languages: { readonly source: string; readonly translation: string };
  readonly isCode?: boolean;
}

/** A sentence, cell or line in its languages, with what was found about it beside it. */
export function UnitView({ unit, judged, languages, isCode = false }: UnitProps): VNode {
  const known = judged.get(placeKey(unit));
  const tone = known?.tone ?? 'unowned';
  const sides = unit.translation.length > 0 ? 'both' : 'one';
  return (
    <div class={`owned ${sides}`} id={known?.anchor}>
      <div class={`unit ${tone}`}>
        {sides === 'both' ? (
          <Words parts={unit.translation} language={languages.translation} side="translation" />
        ) : null}
        {isCode ? (
          <pre class="line">{unit.parts.map(({ text }) => text).join('')}</pre>
        ) : (
          <Words parts={unit.parts} language={languages.source} side="source" />
        )}
      </div>
      <Margin known={known} unit={unit} />
    </div>
  );
}

interface WordsProps {
  readonly parts: readonly Part[];
  readonly language: string;
  readonly side: 'source' | 'translation';
}

/** Text, inert: of a link only its words are shown. */
function Words({ parts, language, side }: WordsProps): VNode {
  return (
    <p class={`side-${side}`} lang={language} dir="auto">
      {parts.map(({ text, code, strong, href }) => {
        if (code) return <code>{text}</code>;
        if (strong) return <strong>{text}</strong>;
        return href === null ? text : <span class="link">{text}</span>;
      })}
    </p>
  );
}

/** Up to this many owners are shown without a click. */
const fewOwners = 2;

function Margin({ known, unit }: { readonly known: Judged | undefined; readonly unit: Unit }): VNode {
  const where = (
    <span class="id">
      {unit.segment === null ? '' : `${unit.segment}, `}line {unit.line}
    </span>
  );
  const owner = known?.owner ?? null;
  if (!known || !owner) {
    return (
      <div class="margin">
        <b>No owner</b> {where}
      </div>
    );
  }
  if ('exclusion' in owner) return <Reason word="Not judged" reason={owner.exclusion} where={where} />;
  if ('informative' in owner) return <Reason word="Not normative" reason={owner.informative} where={where} />;
  return <Owners known={known} ids={owner.requirements} where={where} />;
}

const Reason = ({
  word,
  reason,
  where,
}: {
  readonly word: string;
  readonly reason: string;
  readonly where: VNode;
}): VNode => (
  <div class="margin">
    {word}: {reason} {where}
  </div>
);

interface OwnersProps {
  readonly known: Judged;
  readonly ids: readonly string[];
  readonly where: VNode;
}

function Owners({ known, ids, where }: OwnersProps): VNode {
  const { rows, clauses } = known;
  const absent = ids.filter((id) => !rows.some((row) => row.id === id));
  const list = (
    <ul>
      {rows.map((row) => (
        <li>
          <VerdictMark verdict={row.verdict} level={row.level} isWaived={row.waived === true} />{' '}
          <a href={`index.html${linkTo('requirement', row.id)}`}>{row.id}</a> {row.title}
        </li>
      ))}
      {absent.map((id) => (
        <li class="muted">{id} is no row of this edition</li>
      ))}
    </ul>
  );
  return (
    <div class="margin">
      {rows.length <= fewOwners ? (
        list
      ) : (
        <details open={rows.some(({ verdict }) => verdict === 'failed')}>
          <summary>{summaryOf(known)}</summary>
          {list}
        </details>
      )}
      {clauses.map(({ id, reading, observed }) => (
        <p class="clause">
          <span class="id">{id}</span> read as {reading}; seen: {observed}
        </p>
      ))}
      {where}
    </div>
  );
}

function summaryOf({ rows }: Judged): string {
  const counts = new Map<string, number>();
  for (const { verdict } of rows) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return `${rows.length} requirements: ${Array.from(counts, ([verdict, count]) => `${count} ${verdict}`).join(', ')}`;
}
