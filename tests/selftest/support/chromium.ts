import { existsSync } from 'node:fs';

/** One without windows, which takes half of the processor's time, before one with them. */
const browsers = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** As Playwright's own download is not used: whichever Chromium there is. */
const executablePath =
  process.env['CHROMIUM_PATH'] ??
  browsers.map((name) => `/usr/bin/${name}`).find((file) => existsSync(file)) ??
  '/usr/bin/chromium';

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** How the browser of the tests is started: without a word to anybody. */
export const launchOptions = { executablePath, args: ['--no-sandbox', ...quiet] };
