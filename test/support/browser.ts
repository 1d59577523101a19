/** Debian's Chromium, told to ask nothing of anybody, with what a page makes it say. */

import { type Browser, chromium, type Page } from 'playwright-core';

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors, warnings and messages of the console, uncaught errors, dialogs. */
  readonly said: string[];
  /** Addresses that were asked for, but for the file itself. */
  readonly asked: string[];
}

export async function openPage(
  browser: Browser,
  file: string,
  { hash = '', width = 1280, dark = false }: { hash?: string; width?: number; dark?: boolean } = {},
): Promise<OpenPage> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    timezoneId: 'America/New_York',
  });
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const address = `file://${file}`;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) asked.push(request.url());
  });
  await page.goto(`${address}${hash}`);
  await page.waitForSelector('main .panel .body > *');
  return { page, said, asked };
}
