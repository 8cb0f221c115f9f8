/** The only door of the wing that shows the runs of a target side by side. */
export { renderTimelineTerminal } from './terminal.js';
export { readTimeline } from './timeline.js';
export { writeTimeline } from './write.js';
