/** The README's picture: the first screen of the page that `npm run report` writes. `npm run docs:picture`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main';
import { processTerminal } from '../../cli/terminal/terminal';
import { openPage, startBrowser } from '../support/browser';

const picture = join(__dirname, '..', '..', 'docs', 'images', 'report.png');

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'readme-picture-'));
  const file = join(folder, 'report.html');
  try {
    const exitCode = await main(['report', '--sample', '-o', file], processTerminal());
    if (exitCode !== 0) throw new Error(`the report ended with ${exitCode}`);
    const browser = await startBrowser();
    const { page } = await openPage(browser, file);
    await page.waitForFunction(() => !document.querySelector('main .panel .body:empty'));
    await page.screenshot({ path: picture });
    await browser.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

run();
