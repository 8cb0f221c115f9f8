import { render } from 'preact-render-to-string';
import { h } from 'preact';
import type { Outcome, Report } from './model.js';
import { visible } from './visible.js';
import { outcomeAdditions } from './words.js';

/** Grounds on which white text reaches a contrast of 4.5 : 1. */
const grounds: Readonly<Record<Outcome, string>> = {
  conformant: '#17693c',
  nonconformant: '#b3261e',
  incomplete: '#5c4a9c',
  'suite-fault': '#855000',
  interrupted: '#5c4a9c',
};

/** What passes because somebody answers for a failure is no green. */
const waivedGround = '#855000';

const label = 'cancel conformance';
const characterWidth = 6.6;
const padding = 7;

/** `badge.svg`: outcome and share of the MUST requirements that passed, as a picture for a page about the target. */
export function renderBadge(report: Report): string {
  const { run, proven, target } = report;
  const words = [run.outcome, ...outcomeAdditions(report)].join(', ');
  const value = `${words} ${proven.count}/${proven.of}`;
  const isWaived = run.outcome === 'conformant' && report.requirements.some(({ waived }) => waived === true);
  const [left, right] = [widthOf(label), widthOf(value)];
  const text = (content: string, begin: number, width: number): object =>
    h('text', { x: begin + width / 2, y: 14, textLength: width - 2 * padding }, content);
  const about = `${label}: ${value} MUST requirements, edition ${visible(target.edition)}`;
  const svg = h(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: left + right, height: 20, role: 'img', 'aria-label': about },
    h('title', null, about),
    h('rect', { width: left, height: 20, fill: '#3b4249' }),
    h('rect', { x: left, width: right, height: 20, fill: isWaived ? waivedGround : grounds[run.outcome] }),
    h(
      'g',
      { fill: '#ffffff', 'text-anchor': 'middle', 'font-family': 'Verdana, DejaVu Sans, sans-serif', 'font-size': 11 },
      text(label, 0, left),
      text(value, left, right),
    ),
  );
  return `${render(svg)}\n`;
}

const widthOf = (text: string): number => Math.round(text.length * characterWidth + 2 * padding);
