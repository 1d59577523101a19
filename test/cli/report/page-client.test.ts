import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageClient } from '../../../cli/report/page-client';
import { writePageClient } from '../../../lambda/page/client-files';

describe("the page's own code and style", () => {
  test('are bundled once from the sources', () => {
    const client = pageClient();

    expect(client.script).toMatch(/^"use strict";|^\(\(\)=>/);
    expect(client.style).toContain('.panel');
    expect(pageClient()).toBe(client);
  });

  test('stay small, with the map of the world', () => {
    const { script, style } = pageClient();

    expect(script.length + style.length).toBeLessThan(400_000);
  });

  test('evaluate no text and write no markup', () => {
    expect(pageClient().script).not.toMatch(
      /\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write/,
    );
  });

  test('are read where a build has put them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-client-'));
    const built = { script: 'built()', style: 'p{}' };
    writePageClient(folder, built);

    expect(pageClient(folder)).toEqual(built);
  });
});
