import type { VNode } from 'preact';
import { worstShown } from '../cards.js';
import { consequenceWords } from '../consequences.js';
import type { Digest } from '../digest.js';
import { folded, foldedWords, sideBySide, type PairedLine, type SideBySide } from '../side-by-side.js';
import type { CheckReport } from '../model.js';
import { linkTo } from './anchors.js';

/** A call beside the one that vouches for it: the declared difference marked, what is alike folded, the outcome of both last. */
export function SideBySideView({ check, all }: { readonly check: CheckReport; readonly all: Digest }): VNode | null {
  const pair = sideBySide(check, all);
  if (pair === null) return null;
  const { control, probe } = pair;
  return (
    <div class={control === null ? 'pair single' : 'pair'}>
      {control === null ? null : (
        <p class="of-control">
          <b>Control, as {control.persona}</b> <Succeeded breaks={control.breaks} />{' '}
          <a href={linkTo('exchange', control.exchangeId)}>exchange</a>
        </p>
      )}
      <p class="of-probe">
        <b>
          {control === null ? 'Call' : 'Probe'}, as {probe.persona}
        </b>{' '}
        <span class="did bad">✗ {consequenceWords[worstShown(check, all)].call}</span>{' '}
        <a href={linkTo('exchange', probe.exchangeId)}>exchange</a>
      </p>
      {pair.alone === null ? null : <Instead alone={pair.alone} />}
      {pair.before === null ? null : <p class="of-probe source">{pair.before}</p>}
      {folded(pair.lines).map((lines) =>
        lines[0]?.kind === 'same' ? <Alike lines={lines} pair={pair} /> : lines.map((line) => <Lines line={line} />),
      )}
      <Outcomes pair={pair} />
    </div>
  );
}

/** A control vouches by its success; what else is wrong with it has a card of its own. */
function Succeeded({ breaks }: { readonly breaks: string | null }): VNode {
  if (breaks === null) return <span class="did good">✓ succeeded</span>;
  return (
    <span class="did warning">
      ✓ succeeded, and breaks <a href={linkTo('requirement', breaks)}>{breaks}</a> itself
    </span>
  );
}

function Instead({ alone: { words, caseId } }: { readonly alone: NonNullable<SideBySide['alone']> }): VNode {
  return (
    <p class="of-probe source">
      {words}
      {caseId === null ? null : (
        <>
          {' '}
          <a href={linkTo('case', caseId)}>{caseId}</a>
        </>
      )}
    </p>
  );
}

function Lines({ line: { control, probe, kind } }: { readonly line: PairedLine }): VNode {
  const isPaired = control !== null || kind !== 'other';
  return (
    <>
      {isPaired ? <code class={`of-control ${kind}`}>{control ?? ''}</code> : null}
      <code class={`of-probe ${kind}`}>{probe ?? ''}</code>
    </>
  );
}

function Alike({ lines, pair }: { readonly lines: readonly PairedLine[]; readonly pair: SideBySide }): VNode {
  return (
    <details class="checks alike">
      <summary>{foldedWords(lines, pair)}</summary>
      <pre>{lines.map(({ probe }) => probe ?? '').join('\n')}</pre>
    </details>
  );
}

/** What was answered, and what became of the request: the last lines of both. */
function Outcomes({ pair }: { readonly pair: SideBySide }): VNode {
  const { control, probe, expectedAnswer, expectedChange, further } = pair;
  const ofControl = control?.breaks == null ? 'of-control good' : 'of-control plain';
  return (
    <>
      {control === null ? null : <code class={ofControl}>{control.answer}</code>}
      <Seen text={probe.answer} expected={expectedAnswer} />
      {control?.change == null ? null : <code class={ofControl}>the request: {control.change}</code>}
      {probe.change === null ? null : <Seen text={`the request: ${probe.change}`} expected={expectedChange} />}
      {further.map(({ seen, expected }) => (
        <Seen text={seen} expected={expected} />
      ))}
    </>
  );
}

function Seen({ text, expected }: { readonly text: string; readonly expected: string | null }): VNode {
  return (
    <code class={`of-probe ${expected === null ? 'plain' : 'bad'}`}>
      {text} {expected === null ? null : <small>expected: {expected}</small>}
    </code>
  );
}
