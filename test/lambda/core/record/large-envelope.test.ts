import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readEnvelopes } from '../../../../lambda/core/record/envelopes';
import { readLargeEnvelope } from '../../../../lambda/core/record/large-envelope';
import { codePoint } from '../../../support/code-point';
import { envelopeOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

/** So short that a handful of messages make several chunks. */
const CHUNK_BYTES = 64;

function messagesOf(text: string): string[] | undefined {
  const envelopes = readLargeEnvelope(Buffer.from(text), CHUNK_BYTES);
  return envelopes && [...envelopes.messages];
}

/** What a reader of the whole finds. */
function messagesOfWhole(text: string): string[] | 'broken' | undefined {
  const envelopes = readEnvelopes(Buffer.from(text));
  return envelopes && envelopes !== 'broken' ? [...envelopes.messages] : envelopes;
}

const message = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 80 }),
  fc.constantFrom('{"a":1}', '{"a":"}]"}', '\\', '"', '],"tail":[', '犬'),
);

const event = fc
  .record(
    {
      id: fc.string(),
      timestamp: fc.integer(),
      message,
      extractedFields: fc.dictionary(fc.string(), fc.json({ maxDepth: 1 })),
    },
    { requiredKeys: ['message'] },
  )
  .map((value) => JSON.stringify(value));

const member = fc.oneof(
  { weight: 6, arbitrary: fc.constant('"messageType":"DATA_MESSAGE"') },
  { weight: 3, arbitrary: fc.constantFrom('"owner":"1"', '"subscriptionFilters":["a]",{}]') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"messageType":"CONTROL_MESSAGE"',
      '"messageType":"OTHER"',
      '"logEvents":[]',
      '"logEv\\u0065nts":[]',
      '"logEvents":{"a":1}',
      '"apiKeyId":"k"',
      '"n":-1.5e3',
      '"n":tru',
      '"__proto__":null',
      '{}',
      '',
    ),
  },
);

const blank = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\n', '\t\r\n ', '\u00a0', 'x') },
);

const strange = fc.constantFrom('1', 'null', '[]', '{"message":1}', '{}', '{"message":"x"', '');

const list = fc
  .array(
    fc.tuple(
      blank,
      fc.oneof({ weight: 30, arbitrary: event }, { weight: 1, arbitrary: strange }),
      blank,
    ),
    { maxLength: 12 },
  )
  .map((events) => `"logEvents":[${events.map((parts) => parts.join('')).join(',')}]`);

/** Envelopes, most of them whole, in all the ways in which JSON can be written. */
const envelope = fc
  .tuple(
    fc.array(member, { maxLength: 3 }),
    list,
    fc.array(member, { maxLength: 3 }),
    fc.array(blank, { minLength: 4, maxLength: 4 }),
    fc.constantFrom('', '', '', '', '\n{"messageType":"CONTROL_MESSAGE"}', '}', '{'),
  )
  .map(
    ([before, events, after, [a, b, c, d], rest]) =>
      `${a}{${b}${[...before, events, ...after].join(',')}${c}}${d}${rest}`,
  );

describe('a large envelope', () => {
  test('has the messages that a reader of the whole finds', () => {
    fc.assert(
      fc.property(envelope, (text) => {
        const messages = messagesOf(text);
        if (messages) expect(messages).toEqual(messagesOfWhole(text));
      }),
      { numRuns: fuzzRuns(3_000) },
    );
  });

  test('is read where it is whole and says once what its messages are', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
        const text = gunzipSync(envelopeOf(...messages)).toString();

        expect(messagesOf(text)).toEqual(messages);
      }),
    );
  });

  test('wherever it is cut or changed, gives what the whole has or leaves it to others', () => {
    const change = fc.record({
      at: fc.nat(),
      removed: fc.nat(3),
      inserted: fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', 'x', '0'),
    });
    fc.assert(
      fc.property(envelope, change, (text, { at, removed, inserted }) => {
        const offset = at % (text.length + 1);
        const changed = text.slice(0, offset) + inserted + text.slice(offset + removed);
        // Half of a surrogate pair is no UTF-8.
        fc.pre(Buffer.from(changed).toString() === changed);
        const messages = messagesOf(changed);
        if (messages) expect(messages).toEqual(messagesOfWhole(changed));
      }),
      { numRuns: fuzzRuns(5_000) },
    );
  });

  test('gives its messages as often as they are wanted', () => {
    const envelopes = readLargeEnvelope(gunzipSync(envelopeOf('a', 'b')), CHUNK_BYTES);

    expect([...(envelopes?.messages ?? [])]).toEqual(['a', 'b']);
    expect([...(envelopes?.messages ?? [])]).toEqual(['a', 'b']);
  });

  test('comes apart into two, each with some of its messages, in their order', () => {
    const long = fc.array(fc.string({ unit: codePoint, minLength: 20 }), { minLength: 2 });
    fc.assert(
      fc.property(long, (messages) => {
        const bytes = gunzipSync(envelopeOf(...messages));

        const halves = readLargeEnvelope(bytes, CHUNK_BYTES)?.split() ?? [];
        const apart = halves.map((half) => messagesOfWhole(gunzipSync(half).toString()) ?? []);

        expect(apart.map((half) => half.length > 0)).toEqual([true, true]);
        expect(apart.flat()).toEqual(messages);
      }),
    );
  });

  test('does not come apart where it has one message', () => {
    const bytes = gunzipSync(envelopeOf('x'.repeat(200)));

    expect(readLargeEnvelope(bytes, CHUNK_BYTES)?.split()).toBeUndefined();
  });
});
