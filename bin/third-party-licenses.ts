/** The licences of the packages whose code is in the bundles, as a text to ship beside them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json has it, such as `Apache-2.0`. */
  readonly license: string;
  /** The whole text, where the package brings one. */
  readonly text: string | undefined;
}

/** The packages that esbuild took inputs from, by name. `inputs` are paths relative to `root`. */
export function packagesOf(inputs: Iterable<string>, root: string): BundledPackage[] {
  const folders = new Set<string>();
  for (const input of inputs) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (folder) folders.add(join(root, folder));
  }
  const packages = new Map<string, BundledPackage>();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    packages.set(`${name}@${version}`, { name, version, license, text: licenseText(folder) });
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function licenseText(folder: string): string | undefined {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  const path = file && join(folder, file);
  return path && existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** One text, each licence once, with the packages that are under it. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const byText = new Map<string, BundledPackage[]>();
  for (const bundled of packages) {
    const key = bundled.text ?? `Licence: ${bundled.license}`;
    byText.set(key, [...(byText.get(key) ?? []), bundled]);
  }
  const parts = Array.from(byText, ([text, under]) => {
    const names = under.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join('\n')}\n\n${text}`;
  });
  return `The files in this folder contain code of these packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
