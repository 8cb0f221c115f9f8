import { existsSync } from 'node:fs';

/** As Playwright's own download is not used: whichever Chromium there is. */
const executablePath =
  process.env['CHROMIUM_PATH'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file)) ??
  '/usr/bin/chromium';

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** How the browser of the tests is started: without a word to anybody. */
export const launchOptions = { executablePath, args: ['--no-sandbox', ...quiet] };
