/** The only door of the wing that keeps the nights of a target, and says of each whether anything moved. */
export { acceptNight } from './accept.js';
export { fileNight, nightInWords } from './file-night.js';
