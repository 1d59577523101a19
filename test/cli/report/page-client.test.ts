import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageClient, pageClientFiles } from '../../../cli/report/page-client';

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
    writeFileSync(join(folder, pageClientFiles.script), 'built()');
    writeFileSync(join(folder, pageClientFiles.style), 'p{}');

    expect(pageClient(folder)).toEqual({ script: 'built()', style: 'p{}' });
  });
});
