/**
 * The endpoint that a request was for: without ids, so that requests for different things of one kind
 * count together.
 */

export interface Target {
  readonly resourcePath?: string | undefined;
  readonly routeKey?: string | undefined;
  readonly path?: string | undefined;
  readonly stage?: string | undefined;
}

/**
 * `resource_path`, else the path of `route_key`, else `path` with the parts that are ids replaced. A
 * greedy resource (`/{proxy+}`) and the route `$default` stand for every path, so the path is more precise.
 */
export function endpointOf({ resourcePath, routeKey, path, stage }: Target): string | undefined {
  const declared = resourcePath ?? routeKey?.replace(/^[A-Z]+ (?=\/)/, '');
  const isGreedy = declared === undefined || declared === '$default' || declared.endsWith('+}');
  if (!isGreedy || path === undefined) return declared;
  return withoutIds(withoutStage(path, stage));
}

function withoutStage(path: string, stage: string | undefined): string {
  if (stage === undefined || !path.startsWith(`/${stage}`)) return path;
  const rest = path.slice(stage.length + 1);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : path;
}

/**
 * A path with each part as `{id}` that looks like an id or a mail address; an ending such as `.pdf` stays.
 */
export function withoutIds(path: string): string {
  return path
    .split('/')
    .map((part) => {
      if (/@|%40/.test(part)) return '{id}';
      const [, name = part, ending = ''] = /^(.+?)(\.[a-z]{2,5})?$/i.exec(part) ?? [];
      return isId(name) ? `{id}${ending}` : part;
    })
    .join('/');
}

const version = /^v\d+([._]\d+)*$/i;
const numeric = /^[\d._:,+-]*\d[\d._:,+-]*$/;
const hexadecimal = /^(?=.*\d)[\da-f-]{8,}$/i;
const LONG = 20;

/** Numbers and dates, UUIDs and hashes, codes with four digits or more, and long words with a digit. */
function isId(part: string): boolean {
  if (version.test(part)) return false;
  const digits = part.replace(/\D/g, '').length;
  if (digits === 0) return false;
  return numeric.test(part) || hexadecimal.test(part) || digits >= 4 || part.length >= LONG;
}
