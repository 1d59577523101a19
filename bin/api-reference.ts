/**
 * The reference of what the package offers, from the comments in its sources: `npm run docs:api` writes
 * docs/api/README.md.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const OUTPUT = join(root, 'docs', 'api', 'README.md');

interface Member {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly doc: Doc;
}

interface Doc {
  readonly text: string;
  readonly defaultValue?: string | undefined;
}

/** Names that `lib/public.ts` exports, with the file that each stands in. */
function exportsOf(file: string): [name: string, source: string][] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)';/g)].flatMap(
    ([, names = '', from = '']) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter(Boolean)
        .map((name): [string, string] => [name, join(dirname(file), `${from}.ts`)]),
  );
}

function docOf(comment = ''): Doc {
  const text = comment.replace(/^\s*\*? ?/gm, '').trim();
  const [before = '', after] = text.split(/^@default /m);
  const sentences = before.replace(/^@(see|internal).*$/gm, '').trim();
  return {
    text: sentences
      .replace(/\n(?!\n)/g, ' ')
      .replace(/ {2,}/g, '\n\n')
      .trim(),
    defaultValue: after?.split('\n')[0],
  };
}

const COMMENT = String.raw`(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?`;

function sectionOf(name: string, source: string): string {
  const text = readFileSync(source, 'utf8');
  const declared = new RegExp(
    `${COMMENT}export (interface|class|function|const|type) ${name}\\b([^\\n]*)`,
  ).exec(text);
  if (!declared) throw new Error(`${source} declares no ${name}`);
  const [whole, comment, kind = '', rest = ''] = declared;
  const body = text.slice(declared.index + whole.length);
  const { text: about } = docOf(comment);
  const head = text.slice(declared.index + whole.length - rest.length).split('{')[0] ?? '';
  const parent = /extends\s+([\s\S]+)/.exec(head)?.[1]?.replace(/\s+/g, ' ');
  const lines = [
    `## ${name}`,
    '',
    `*${kind}*${parent ? `, extends \`${parent.trim()}\`` : ''}`,
    '',
  ];
  if (about) lines.push(about, '');
  const end = body.search(/^\}/m);
  const members = kind === 'interface' || kind === 'class' ? membersIn(body.slice(0, end)) : [];
  if (members.length > 0) {
    lines.push('| name | type | default | what it is |', '|---|---|---|---|');
    for (const { name: member, type, isOptional, doc } of members) {
      const mark = isOptional ? (doc.defaultValue ?? '') : kind === 'interface' ? 'required' : '';
      lines.push(`| \`${member}\` | \`${cell(type)}\` | ${cell(mark)} | ${cell(doc.text)} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** Public ones with their comments; a class's constructor and private members are left out. */
function membersIn(body: string): Member[] {
  const member =
    /(?:^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^ {2}(?:readonly )?(\w+)(\??)(?:: ((?:[^;{]|\{[^}]*\})+);|\(([^)]*)\): ([^{;]+))/gm;
  return [...body.matchAll(member)]
    .filter(
      ([, , name]) => name !== 'constructor' && !/^(return|if|for|const|super)$/.test(name ?? ''),
    )
    .map(([, comment, name = '', mark, type, parameters, returned]) => ({
      name,
      type: (type ?? `(${parameters}) => ${returned}`).replace(/\s+/g, ' ').trim(),
      isOptional: mark === '?',
      doc: docOf(comment),
    }));
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

/** The whole page. */
export function apiReference(): string {
  const sections = exportsOf(join(root, 'lib', 'public.ts'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, source]) => sectionOf(name, source));
  return `# API reference

What \`import … from 'apigateway-access-logs'\` offers, made from the comments in the sources by \`npm run docs:api\`.

${sections.join('\n')}`;
}

if (require.main === module) {
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, apiReference());
}
