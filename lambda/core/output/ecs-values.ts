/**
 * What an ECS document has beyond the columns as they are: values that ECS wants in another form,
 * and values that take several columns, or none.
 */

import { columns } from '../fields';
import { isIpAddress } from '../values/ip-address';
import { type Principal, parsePrincipalArn } from '../values/principal-arn';
import { apiTypeTokenOf, isWebSocket } from './api-type';
import { type Columns, columnIndex, factOf } from './columns';
import type { Derived } from './layout';

/** Where the lines come from, as far as they do not have it themselves. */
export interface Origin {
  /** The Region of APIs whose domain does not name it. */
  readonly region?: string | undefined;
}

/** By path: what every line gets, also one that could not be read. */
export const constants: Readonly<Record<string, string>> = {
  'cloud.provider': '"aws"',
  'cloud.service.name': '"apigateway"',
  // All that is used here is in every version of ECS 8 from this on.
  'ecs.version': '"8.4.0"',
};

/** By column: the token for a value's text; undefined where ECS has no place for the value. */
export const conversions: Readonly<Record<string, (text: string) => string | undefined>> = {
  // `HTTP/1.1`
  protocol: (text) => quoted(/^HTTP\/([\d.]+)$/.exec(text)?.[1]),
  // Milliseconds to nanoseconds: digits are appended, so that no double has to hold them.
  response_latency: (text) =>
    /^\d{1,12}$/.test(text) ? `${text}000000`.replace(/^0+$/, '0') : undefined,
  // Logged with colons or without; ECS wants none, and upper case.
  client_cert_serial_number: (text) =>
    quoted(/^[\da-z]+(:[\da-z]+)*$/i.test(text) ? text.replaceAll(':', '').toUpperCase() : text),
  // `TLSv1.2`: the version without its protocol.
  tls_version: (text) => quoted(/^TLSv(\d+(?:\.\d+)?)$/i.exec(text)?.[1]),
  xray_trace_id: (text) => quoted(text.replace(/^Root=(?=.)/, '')),
};

/** From a line, and the token of the Region that is meant where the line names none. */
type Derivation = (line: Columns, region: string | undefined) => Derived;

const domain = columnIndex('domain_name');
const path = columnIndex('path');
const tlsVersion = columnIndex('tls_version');
const sourceIp = columnIndex('source_ip');
const user = columnIndex('user');
const userArn = columnIndex('user_arn');
const caller = columnIndex('caller');
const authorizerPrincipal = columnIndex('authorizer_principal_id');
const userIds = [user, authorizerPrincipal, userArn];
const users = [user, authorizerPrincipal, caller, userArn];
const requestId = columnIndex('request_id');
const reasons = ['error_response_type', 'disconnect_reason'].map(columnIndex);
/** The columns that have the reason, beside the error's own message; the first that has a value counts. */
const errors = [
  'error_message_string',
  'integration_error',
  'authorizer_error',
  'authorize_error',
  'authenticate_error',
  'waf_error',
].map(columnIndex);

/** From 1 to 5; undefined for what is no status of HTTP: no outcome follows from it. */
const statusClassFact = factOf('status', (code) =>
  /^[1-5]\d\d$/.test(code) ? Number(code[0]) : undefined,
);
const action = factOf('event_type', (type) => quoted(type.toLowerCase()));
const regionalDomain =
  /\.execute-api\.([a-z\d-]+)\.(?:(?:vpce\.)?amazonaws\.com(?:\.cn)?|api\.aws)$/;
const domainRegion = factOf('domain_name', (host) => quoted(regionalDomain.exec(host)?.[1]));
/** The client may be no address: API Gateway's own test calls have a word there. */
const otherIp = factOf('source_ip', (address) =>
  isIpAddress(address) ? quoted(address) : undefined,
);
const principal = factOf('user_arn', (arn) => {
  const { name, role, accountId } = parsePrincipalArn(arn) ?? ({} as Partial<Principal>);
  return { name: quoted(name), roles: listOf(quoted(role)), accountId: quoted(accountId) };
});

/** By column: its token, and a list of nothing else. */
const copiesBetween = (before: string, after: string) =>
  columns.map((_, index): Derived => ({ before, indexes: [index], after }));
const copies = copiesBetween('', '');
const listed = copiesBetween('[', ']');

/** By a bit for each of the users. */
const usersIn = (chosen: number) => users.filter((_, bit) => (chosen >> bit) & 1);
const listsOfUsers: readonly Derived[] = Array.from({ length: 2 ** users.length }, (_, chosen) =>
  chosen === 0 ? undefined : { before: '[', indexes: usersIn(chosen), after: ']' },
);

/** By path: the token, undefined where the line lacks what it takes. A column with the same path comes first. */
export const derivations: Readonly<Record<string, Derivation>> = {
  'event.kind': () => '"event"',
  'event.category': () => '["web"]',
  'event.type': typesOf,
  'event.action': (line) => line.fact(action) ?? '"request"',
  'event.outcome': outcomeOf,
  'event.reason': (line) => copies[firstOf(line, reasons)],
  'error.message': (line) => copies[firstOf(line, errors)],
  // Only a stand-in: a client may choose the request id, but not the extended one.
  'http.request.id': (line) => (line.has(requestId) ? copies[requestId] : undefined),

  'url.scheme': (line) => (line.has(domain) ? `"${schemeOf(line)}"` : undefined),
  'url.full': fullUrlOf,
  'cloud.region': (line, region) => line.fact(domainRegion) ?? region,
  'source.ip': (line) => (line.isIpv4(sourceIp) ? copies[sourceIp] : line.fact(otherIp)),

  // The principal's id, as in CloudTrail; its ARN has a place of its own.
  'user.id': (line) => copies[firstOf(line, userIds)],
  'user.name': (line) => line.fact(principal)?.name,
  'user.roles': (line) => line.fact(principal)?.roles,
  'aws.api_gateway.user.account_id': (line) => line.fact(principal)?.accountId,

  'tls.version_protocol': (line) => (line.has(tlsVersion) ? '"tls"' : undefined),

  'related.hosts': (line) => (line.has(domain) ? listed[domain] : undefined),
  'related.ip': (line) => (line.isIpv4(sourceIp) ? listed[sourceIp] : listOf(line.fact(otherIp))),
  'related.user': relatedUsers,

  'aws.api_gateway.api_type': apiTypeTokenOf,
};

/** `access` always; `error` where the API failed. That it refused a request is no error of its own. */
function typesOf(line: Columns): string {
  return line.fact(statusClassFact) === 5 ? '["access","error"]' : '["access"]';
}

function outcomeOf(line: Columns): string | undefined {
  const statusClass = line.fact(statusClassFact);
  if (statusClass === undefined) return undefined;
  return statusClass < 4 ? '"success"' : '"failure"';
}

function schemeOf(line: Columns): string {
  return isWebSocket(line) ? 'wss' : 'https';
}

/** Only of a domain and a path that are both known: no URL is made up. */
function fullUrlOf(line: Columns): string | undefined {
  const host = line.text(domain);
  if (host === undefined) return undefined;
  const target = line.text(path);
  if (!target?.startsWith('/')) return undefined;
  return quoted(`${schemeOf(line)}://${host}${target}`);
}

function relatedUsers(line: Columns): Derived {
  let chosen = 0;
  for (let bit = 0; bit < users.length; bit++) {
    const index = users[bit] as number;
    if (line.has(index) && !isAmong(line, index, chosen)) chosen |= 1 << bit;
  }
  const name = line.fact(principal)?.name;
  if (name === undefined) return listsOfUsers[chosen];
  return listOf(name, ...usersIn(chosen).map((index) => line.token(index)));
}

/** Whether a user's token is that of one of the chosen, too. */
function isAmong(line: Columns, index: number, chosen: number): boolean {
  for (let bit = 0; chosen >> bit !== 0; bit++) {
    if ((chosen >> bit) & 1 && line.isSame(index, users[bit] as number)) return true;
  }
  return false;
}

/** The first that has a value; below 0 where none has. */
function firstOf(line: Columns, indexes: readonly number[]): number {
  for (const index of indexes) if (line.has(index)) return index;
  return -1;
}

function listOf(...tokens: readonly (string | undefined)[]): string | undefined {
  // Of so few, looking through a list takes less time than a set.
  const present: string[] = [];
  for (const token of tokens) {
    if (token !== undefined && !present.includes(token)) present.push(token);
  }
  return present.length === 0 ? undefined : `[${present.join(',')}]`;
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}
