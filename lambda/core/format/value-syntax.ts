/**
 * What the value of a variable can be made of, where API Gateway or AWS makes the value, or checks
 * it: a status is digits, a key id holds no quote. Such a value ends where its characters end, which
 * separates fields that the literals of a format alone would not.
 *
 * Whatever a client, an authorizer or an integration may choose (user agent, path, ARN, messages) has
 * no row and may hold anything: a client that writes `","apiKeyId":"…` must not become somebody else.
 */

import { fieldOfVariable } from '../fields';

/** By character code, 1 for a character that belongs; what is not ASCII never does. */
export type CharSet = Uint8Array;

export interface ValueSyntax {
  /** The characters a value may have; undefined where it may have any. */
  readonly chars: CharSet | undefined;
  /** What a value, without blanks around it, must be beyond that. Takes linear time. */
  readonly pattern: RegExp | undefined;
}

const anything: ValueSyntax = { chars: undefined, pattern: undefined };
const number: ValueSyntax = { chars: charSet(/[\d.-]/), pattern: /^(-|-?\d+(\.\d+)?)?$/ };
const id: ValueSyntax = { chars: charSet(/[\w$=+/.:~-]/), pattern: undefined };
/** A role session's name may hold a comma and an @. */
const principal: ValueSyntax = { chars: charSet(/[\w$=+/.:~@,-]/), pattern: undefined };
/** Every request has one, so no `-`. */
const requestId: ValueSyntax = { chars: id.chars, pattern: /^(?!-$)/ };
/** As API Gateway makes one: base64 of 15 characters or more, padded. Anything else is another value. */
const extendedRequestId: ValueSyntax = { chars: id.chars, pattern: /^([\w+/-]{15,}=|-)?$/ };
/** Digits and lower-case letters, at least one of them a letter: else a status would pass for one. */
const routingRuleId: ValueSyntax = { chars: id.chars, pattern: /^((?=\d*[a-z])[a-z\d-]{6,}|-)?$/ };
const basePath: ValueSyntax = {
  chars: charSet(/[\w.~+!*'()$/-]/),
  pattern: /^([A-Za-z$_./(].*|-)?$/,
};
/** A token, as HTTP's grammar calls it. */
const method: ValueSyntax = { chars: charSet(/[\w!#$%&'*+.^`|~-]/), pattern: undefined };
const address: ValueSyntax = {
  chars: charSet(/[\dA-Fa-f.:-]/),
  pattern: /^(\d+(\.\d+){3}|[\dA-Fa-f.]*:[\dA-Fa-f.:]*|-)?$/,
};
const date: ValueSyntax = { chars: charSet(/[\w:/+. -]/), pattern: undefined };
/** Every request has one, so no `-`. */
const requestTime: ValueSyntax = {
  chars: date.chars,
  pattern: /^(\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})?$/,
};
const resourcePath: ValueSyntax = {
  chars: charSet(/[\w.~:{}+/$@!*();&=%-]/),
  pattern: /^(\/|-?$)/,
};
/** Only requests of a WebSocket API have one. */
const webSocketEvent: ValueSyntax = {
  chars: charSet(/[A-Z]/),
  pattern: /^(CONNECT|MESSAGE|DISCONNECT)?$/,
};
const eventType: ValueSyntax = {
  chars: charSet(/[A-Z-]/),
  pattern: /^(CONNECT|MESSAGE|DISCONNECT|-)?$/,
};
/** `$default` or begins with a method, never a resource's path; a WebSocket API's may be any text. */
const httpRoute: ValueSyntax = { chars: undefined, pattern: /^(?!\/)/ };

const ids = [
  'accountId apiId stage resourceId deploymentId isCanaryRequest protocol',
  'connectionId messageId wafResponseCode webaclArn error.responseType',
  'identity.accountId identity.apiKeyId identity.principalOrgId identity.vpcId identity.vpceId',
  'identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId',
  'identity.clientCert.serialNumber integration.responseTransferMode tlsVersion cipherSuite',
];

const syntaxes: ReadonlyMap<string, ValueSyntax> = new Map([
  ...ids.flatMap((line) => line.split(' ')).map((variable) => [variable, id] as const),
  ['requestId', requestId],
  ['extendedRequestId', extendedRequestId],
  ['customDomain.routingRuleIdMatched', routingRuleId],
  ['customDomain.basePathMatched', basePath],
  ['identity.caller', principal],
  ['identity.user', principal],
  ['identity.sourceIp', address],
  ['identity.clientCert.validity.notBefore', date],
  ['identity.clientCert.validity.notAfter', date],
  ['requestTime', requestTime],
  ['httpMethod', method],
  ['resourcePath', resourcePath],
  ['eventType', eventType],
]);

/** The variables with a row of their own, beside the numbers, which the field table has. */
export const syntaxVariables: readonly string[] = [...syntaxes.keys()];

/** The syntax of a variable's values in the lines of a format that has these variables. */
export function syntaxOf(variable: string, formatVariables: readonly string[]): ValueSyntax {
  if (variable === 'eventType' && !formatVariables.includes('httpMethod')) return webSocketEvent;
  const own = syntaxes.get(variable);
  if (own) return own;
  if (variable === 'routeKey') return formatVariables.includes('eventType') ? anything : httpRoute;
  const type = fieldOfVariable(variable)?.type;
  return type === 'integer' || type === 'epoch' ? number : anything;
}

export function fits(text: string, { chars, pattern }: ValueSyntax): boolean {
  if (pattern?.test(text) === false) return false;
  if (chars) {
    for (let at = 0; at < text.length; at++) if (chars[text.charCodeAt(at)] !== 1) return false;
  }
  return true;
}

export const blanks: ValueSyntax = { chars: charSet(/[ \t]/), pattern: undefined };

/** The syntax of a value that blanks may stand around. */
export function withBlanks({ chars, pattern }: ValueSyntax): ValueSyntax {
  return { chars: chars?.map((flag, code) => flag | (blanks.chars?.[code] ?? 0)), pattern };
}

function charSet(pattern: RegExp): CharSet {
  return Uint8Array.from({ length: 128 }, (_, code) =>
    pattern.test(String.fromCharCode(code)) ? 1 : 0,
  );
}
