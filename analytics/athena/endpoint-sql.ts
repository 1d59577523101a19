/** The endpoint of a request in Trino's SQL, by the rule of `endpointOf`. */

/** Columns, or expressions for their values. */
export interface EndpointColumns {
  readonly resourcePath: string;
  readonly routeKey: string;
  readonly path: string;
  readonly stage: string;
}

const HEX = '[0-9a-fA-F-]';
const ANY = '[^/]';

/** Parts of a path that are ids; no alternative needs to look ahead, which not every engine can. */
const ids = [
  `${ANY}*(?:@|%40)${ANY}*?`,
  '[0-9._:,+-]*[0-9][0-9._:,+-]*',
  `(?:${ANY}*?[0-9]){4}${ANY}*?`,
  withDigit(HEX, 8),
  withDigit(ANY, 20),
].join('|');

/** A text of at least so many characters, one of which is a digit. */
function withDigit(character: string, length: number): string {
  return Array.from({ length }, (_, before) => {
    const after = length - 1 - before;
    const isLast = after === 0;
    return `${character}{${before}${isLast ? ',' : ''}}[0-9]${character}${isLast ? '*?' : `{${after},}?`}`;
  }).join('|');
}

export function endpointSql({ resourcePath, routeKey, path, stage }: EndpointColumns): string {
  const declared = `coalesce(${resourcePath}, regexp_replace(${routeKey}, '^[A-Z]+ /', '/'))`;
  const isEnough = `${declared} is not null and ${declared} <> '$default' and ${declared} not like '%+}'`;
  return `case when ${path} is null or (${isEnough}) then ${declared} else ${withoutIds(withoutStage(path, stage))} end`;
}

function withoutStage(path: string, stage: string): string {
  return `case
  when ${path} = '/' || ${stage} then '/'
  when starts_with(${path}, '/' || ${stage} || '/') then substr(${path}, length(${stage}) + 2)
  else ${path}
end`;
}

/** Replaces ids. Each part gets slashes of its own, so that one after the other can be replaced. */
function withoutIds(path: string): string {
  const apart = `replace(${path}, '/', '//') || '/'`;
  // A version such as v2 or v2026_01 is none: it is hidden behind a character that no path has.
  const hidden = `regexp_replace(${apart}, '/([vV][0-9]+(?:[._][0-9]+)*)/', '/ $1 /')`;
  const replaced = `regexp_replace(${hidden}, '/(?:${ids.replaceAll('[^/]', '[^/ ]')})([.][a-zA-Z]{2,5})?/', '/{id}$1/')`;
  const joined = `replace(replace(${replaced}, ' ', ''), '//', '/')`;
  return `case when ${path} like '%/' then ${joined} else substr(${joined}, 1, length(${joined}) - 1) end`;
}
