/** The only door of the wing that says what differs between runs, and why. */
export { compareReports, mostRuns } from './compare-reports.js';
export { renderComparisonTerminal } from './terminal.js';
export { withPageOf, writeComparison } from './write.js';
