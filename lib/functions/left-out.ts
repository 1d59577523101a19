/**
 * What the enrichment function's bundle does without: parts of its packages that are reached by no call
 * that it makes, and that esbuild keeps all the same, since they are methods of a class or stand in a
 * table. The packages stay as they are; this is an edit of their text in a bundle.
 *
 * test/lib/left-out.test.ts holds every reason against the SDK's own description of the calls. Whatever
 * is called in spite of it throws.
 */

/** A module of a package, and what goes of it: these functions and methods, or all where none is named. */
type LeftOut = readonly [module: string, ...names: string[]];

const protocols = '@smithy/core/dist-es/submodules/protocols';
const powertools = '@aws-lambda-powertools';

export const leftOut: readonly LeftOut[] = [
  // Every call to API Gateway is a GET that says all in its path and query, in plain scalars.
  [`${protocols}/json/codec-v2/JsonShapeSerializer2.js`],
  [`${protocols}/serde/ToStringShapeSerializer.js`],
  ['@smithy/core/dist-es/submodules/serde/util-body-length/calculateBodyLength.js'],

  // Of an answer's headers only texts are read, and dates in bodies are seconds since 1970.
  ['@smithy/core/dist-es/submodules/serde/schema-serde-lib/schema-date-utils.js'],
  ['@smithy/core/dist-es/submodules/serde/date-utils.js', 'parseRfc3339DateTimeWithOffset'],

  // No call and no answer is a stream, neither of bytes nor of events, or a union; no URL is signed.
  ['@smithy/core/dist-es/submodules/serde/util-stream/sdk-stream-mixin.browser.js'],
  [
    `${protocols}/HttpProtocol.js`,
    'serializeEventStream',
    'deserializeEventStream',
    'loadEventStreamCapability',
    'getEventStreamMarshaller',
  ],
  [`${protocols}/UnionSerde.js`],
  ['@smithy/signature-v4/dist-es/HeaderFormatter.js'],
  ['@smithy/signature-v4/dist-es/SignatureV4.js', 'presign', 'signEvent', 'signMessage'],

  // What no protocol calls, or only those of other services.
  [`${protocols}/HttpProtocol.js`, 'resolveError', 'resolveEventStreamMarshaller'],
  ['@smithy/core/dist-es/submodules/schema/schemas/NormalizedSchema.js', 'getMemberSchema'],
  [
    '@aws-sdk/core/dist-es/submodules/protocols/ProtocolLib.js',
    'setQueryCompatError',
    'queryCompatOutput',
    'findQueryCompatibleError',
  ],

  // What only rules of other services ask for; the rules of API Gateway ask for the partition.
  ['@smithy/core/dist-es/submodules/endpoints/util-endpoints/lib/parseURL.js'],
  ['@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/isVirtualHostableS3Bucket.js'],
  ['@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/parseArn.js'],
  ['@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/s3.js'],

  // What Lambda spares its functions: Node's own SHA-256 is there.
  ['@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js'],

  // Powertools' decorators, buffer of logs and ways of setting what the function never sets.
  [`${powertools}/logger/lib/esm/logBuffer.js`],
  [
    `${powertools}/logger/lib/esm/Logger.js`,
    'addContext',
    'appendKeys',
    'clearBuffer',
    'createChild',
    'flushBuffer',
    'getCorrelationId',
    'getLevelName',
    'getPersistentLogAttributes',
    'injectLambdaContext',
    'injectLambdaContextAfterOrOnError',
    'injectLambdaContextBefore',
    'logEventIfEnabled',
    'refreshSampleRateCalculation',
    'setCorrelationId',
    'setPersistentLogAttributes',
  ],
  [
    `${powertools}/logger/lib/esm/LogAttributesStore.js`,
    'appendTemporaryKeys',
    'clearTemporaryAttributes',
    'removePersistentKeys',
    'removeTemporaryKeys',
  ],
  [
    `${powertools}/metrics/lib/esm/Metrics.js`,
    'addDimension',
    'addDimensions',
    'captureColdStartMetric',
    'logMetrics',
    'setTimestamp',
    '#validateEmfTimestamp',
  ],
  [`${powertools}/metrics/lib/esm/DimensionsStore.js`, 'addDimensionSet'],
  [`${powertools}/commons/lib/esm/Utility.js`, 'getColdStart'],
];

/** A module of a package, a function or method of it, and what it does instead. */
const instead: readonly (readonly [module: string, name: string, body: string])[] = [
  // A function has no configuration files: what it is told is in its environment.
  [
    '@smithy/core/dist-es/submodules/config/shared-ini-file-loader/loadSharedConfigFiles.js',
    'loadSharedConfigFiles',
    'return { configFile: {}, credentialsFile: {} };',
  ],
  // Nor has it an instance that could tell a Region.
  [
    '@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js',
    'getInstanceMetadataRegion',
    '',
  ],
  // The dates that HTTP servers and the endpoint for credentials write are read by Date as well.
  [
    '@smithy/core/dist-es/submodules/serde/date-utils.js',
    'parseRfc7231DateTime',
    'return new Date(value);',
  ],
  [
    '@smithy/core/dist-es/submodules/serde/date-utils.js',
    'parseRfc3339DateTime',
    'return new Date(value);',
  ],
  // What only reports: on the version of Node, on sockets of which there are a few at most, to a logger
  // that the client is not given, and in the user agent on features that are in use.
  [
    '@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js',
    'emitWarningIfUnsupportedVersion',
    '',
  ],
  ['@smithy/node-http-handler/dist-es/node-http-handler.js', 'checkSocketUsage', ''],
  [
    '@smithy/core/dist-es/submodules/client/smithy-client/schemaLogFilter.js',
    'schemaLogFilter',
    '',
  ],
  [
    '@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/check-features.js',
    'checkFeatures',
    '',
  ],
];

/** A module of a package, and a stretch of its text that goes because nobody reads it. */
const unread: readonly (readonly [module: string, stretch: RegExp])[] = [
  // All but the version, which the user agent tells.
  [
    '@aws-sdk/client-api-gateway/package.json',
    /^ {2}(?!version:).*\n(?: {3,}.*\n| {2}[\]}],?\n)*/gm,
  ],
  // Its Regions by name: the partition's pattern has them all.
  [
    '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
    /\n *"[\w-]+": \{\n *"description": ".*"\n *\},?/g,
  ],
];

/** Edits a bundle that is not minified yet; rejects where a package has changed its shape. */
export function leaveOut(bundle: string): string {
  // A module's text may stand in several places, each under the module's path.
  const stretches = bundle.split(/^(?=\/\/ .+\.(?:[cm]?[jt]s|json)$)/m);
  const edit = (module: string, what: string, change: (text: string) => string) => {
    let isChanged = false;
    for (const [index, text] of stretches.entries()) {
      if (!text.slice(0, text.indexOf('\n')).endsWith(`node_modules/${module}`)) continue;
      stretches[index] = change(text);
      isChanged ||= stretches[index] !== text;
    }
    if (!isChanged) throw new Error(`nothing to leave out: ${what} of ${module}`);
  };
  for (const [module, ...names] of leftOut) {
    if (names.length === 0) edit(module, 'all', hollow);
    for (const name of names) {
      edit(module, name, (text) => withBody(text, name, `notInBundle("${name}");`));
    }
  }
  for (const [module, name, body] of instead) {
    edit(module, name, (text) => withBody(text, name, body));
  }
  for (const [module, stretch] of unread) {
    edit(module, String(stretch), (text) => text.replace(stretch, ''));
  }
  return `${stretches.join('')}\n${thrower}`;
}

const thrower =
  'function notInBundle(name) { throw new Error(name + " is not part of the bundle"); }\n';

/** Classes without members, which can be made and not used, and functions that throw. */
function hollow(module: string): string {
  const definitions = module.matchAll(
    /^var ([\w$]+) = (class)(?: [\w$]+)?( extends [\w$]+)? \{$|^(?:async )?function ([\w$]+)\(|^var ([\w$]+) = (?:async )?(?:\(.*?\)|[\w$]+) => /gm,
  );
  return [...definitions]
    .map(([, name, isClass, base = '', ...functionNames]) =>
      isClass
        ? `var ${name} = class${base} {};\n`
        : throwing(functionNames.find((functionName) => functionName)),
    )
    .join('');
}

function throwing(name = ''): string {
  return `function ${name}() { notInBundle("${name}"); }\n`;
}

/** The module with a function's or a method's body replaced. */
function withBody(module: string, name: string, body: string): string {
  const head = `(?:static )?(?:async )?(?:function )?${name}\\(.*\\)|var ${name} = (?:async )?\\(.*\\) =>`;
  const definition = new RegExp(`^( *)(${head}) \\{\\n[^]*?^\\1\\}`, 'm');
  return module.replace(definition, `$1$2 { ${body} }`);
}
