import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type Entry,
  type LineReader,
  openRecord,
  type RecordContent,
  splitRecord,
  visitEntries,
} from '../../../../lambda/core/record/record';
import { base64, envelopeOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const MIB = 1024 * 1024;
const readNone: LineReader = () => undefined;

function opened(content: string | Uint8Array): RecordContent {
  return openRecord(base64(content), MIB) as RecordContent;
}

function readRecord(content: string | Uint8Array, readOther = readNone): Entry[] {
  const entries: Entry[] = [];
  visitEntries(opened(content), readOther, (entry) => entries.push(entry) > 0);
  return entries;
}

/** What a record's entries are: the text of a readable line, or `unread: …`. */
function entriesOf(content: string | Uint8Array, readOther = readNone): string[] {
  return readRecord(content, readOther).map(({ text, line }) => line?.text ?? `unread: ${text}`);
}

describe('a record', () => {
  const cases = [
    { title: 'one line without a line break', content: '{"a":1}', entries: ['{"a":1}'] },
    { title: 'a line break at the end', content: '{"a":1}\n', entries: ['{"a":1}'] },
    { title: 'CRLF', content: '{"a":1}\r\n{"b":2}\r\n', entries: ['{"a":1}', '{"b":2}'] },
    { title: 'many lines', content: '{"a":1}\n\n{"b":2}', entries: ['{"a":1}', '{"b":2}'] },
    {
      title: 'objects in a row',
      content: '{"a":"}{"}{"b":2} {"c":3}',
      entries: ['{"a":"}{"}', '{"b":2}', '{"c":3}'],
    },
    {
      title: 'the two characters \\n that a console user typed',
      content: '{"a":1}\\n{"b":2}\\n',
      entries: ['{"a":1}', '{"b":2}'],
    },
    {
      title: 'an object over several lines',
      content: '{\n "a": 1\n}\n{"b":2}',
      entries: ['{  "a": 1 }', '{"b":2}'],
    },
    { title: 'nothing', content: '', entries: [] },
    { title: 'blank lines only', content: ' \r\n\t\n', entries: [] },
    { title: 'plain text', content: 'no json', entries: ['unread: no json'] },
    {
      title: 'a broken line between good ones',
      content: '{"a":1}\n{"b":"x"y"}\n{"c":3}',
      entries: ['{"a":1}', 'unread: {"b":"x"y"}', '{"c":3}'],
    },
    {
      title: 'a row that breaks off',
      content: '{"a":1}{"b":2}{"c":',
      entries: ['{"a":1}', '{"b":2}', 'unread: {"c":'],
    },
    {
      title: 'a broken line whose beginning would parse',
      content: '{"key_id":"k","agent":"he said "}hello","stage":"prod"}',
      entries: ['unread: {"key_id":"k","agent":"he said "}hello","stage":"prod"}'],
    },
    {
      title: 'a line between what looks like an object around it, and others behind that',
      content: '{\n{"a":1}\n"b":2}{"c":3}\n{"d":4}\n',
      entries: ['unread: {', '{"a":1}', 'unread: "b":2}{"c":3}', '{"d":4}'],
    },
    {
      title: 'a line that never closes, before good ones',
      content: '{"a":\n{"b":2}\n{"c":3}',
      entries: ['unread: {"a":', '{"b":2}', '{"c":3}'],
    },
    { title: 'a scalar', content: '42', entries: ['unread: 42'] },
    { title: 'a byte order mark', content: '\ufeff{}', entries: ['unread: \ufeff{}'] },
  ];
  for (const { title, content, entries } of cases) {
    test(`reads ${title}`, () => {
      expect(entriesOf(content)).toEqual(entries);
    });
  }

  const pretty = JSON.stringify(
    { requestId: 'r', identity: { a: [1, { b: 2 }] }, c: '}' },
    null,
    2,
  );
  const whole = JSON.stringify(pretty.replaceAll('\n', ' '));
  const standing = [
    { title: 'behind another object', content: `{"a":1}${pretty}`, before: 1, after: 0 },
    { title: 'before others', content: `${pretty}{"a":1} {"b":2}`, before: 0, after: 2 },
    {
      title: 'behind a line that never closes',
      content: `{"a":{"b":1}\n${pretty}`,
      before: 1,
      after: 0,
    },
    {
      title: 'behind many of them',
      content: `${'{"a":{\n'.repeat(99)}${pretty}`,
      before: 99,
      after: 0,
    },
    {
      title: 'behind a string that breaks off',
      content: `{"a":"\n${pretty}\nx`,
      before: 1,
      after: 1,
    },
    { title: 'behind a text', content: `1.2.3.4 - - {"\n${pretty}\n{`, before: 1, after: 1 },
  ];
  for (const { title, content, before, after } of standing) {
    for (const notUtf8 of [false, true]) {
      test(`keeps an object over several lines whole ${title}${notUtf8 ? ', among bytes that are no UTF-8' : ''}`, () => {
        const bytes = notUtf8
          ? Buffer.concat([Buffer.from(content), Buffer.from([10, 255])])
          : content;

        const texts = entriesOf(bytes).slice(0, before + 1 + after);

        expect(JSON.stringify(texts[before])).toBe(whole);
        expect(texts).toHaveLength(before + 1 + after);
      });
    }
  }

  test('keeps together what remains of an object over several lines', () => {
    const broken = '{\n  "apiKey":\n    "AbCd",\n  broken\n}';

    expect(entriesOf(`${broken}\n{"a":1}\nclf`)).toEqual([
      `unread: ${broken}`,
      '{"a":1}',
      'unread: clf',
    ]);
    expect(entriesOf('{\n  "apiKey":\n "AbCd')).toEqual(['unread: {\n  "apiKey":\n "AbCd']);
  });

  const begun = ['{"apiKey":', '{"a":1,', '{"a":[', '{"a":{', '{"apiKey"\n:', '{"a":"x"\n,'];
  for (const beginning of begun) {
    test(`keeps together what begins with ${JSON.stringify(beginning)} and is no object`, () => {
      const broken = `${beginning}\n"AbCd"`;

      expect(entriesOf(`${broken}\n{"a":1}\nclf`)).toEqual([
        `unread: ${broken}`,
        '{"a":1}',
        'unread: clf',
      ]);
    });
  }

  test('tears apart lines that only begin like objects', () => {
    expect(entriesOf('{"a":"x\n1.2.3.4 - -\n{x}\ny,\nz')).toEqual(
      ['{"a":"x', '1.2.3.4 - -', '{x}', 'y,', 'z'].map((line) => `unread: ${line}`),
    );
  });

  test('reads a row of objects of any length before it has all of it', () => {
    const row = '{"a":1}'.repeat(50_000);
    let visited = 0;
    visitEntries(opened(row), readNone, () => ++visited < 5);

    expect(visited).toBe(5);
    expect(entriesOf(`${row}{"b":`)).toHaveLength(50_001);
  });

  test('does not try to read a line that fits no response', () => {
    const line = `{"a":"${'x'.repeat(5 * MIB)}"}`;
    const content = openRecord(base64(`{"a":1}\n${line}\n{"b":2}`), MIB) as RecordContent;
    const entries: Entry[] = [];
    visitEntries(content, readNone, (entry) => entries.push(entry) > 0);

    expect(entries.map(({ line, isTooLong }) => line?.text ?? isTooLong)).toEqual([
      '{"a":1}',
      true,
      '{"b":2}',
    ]);
  });

  test('reads the neighbours of a line that is no UTF-8, and keeps its bytes', () => {
    const broken = Buffer.from([0x7b, 0xff, 0x7d]);
    const content = Buffer.concat([Buffer.from('{"a":1}\n'), broken, Buffer.from('\n{"b":2}')]);

    const entries = readRecord(content);

    expect(entries.map((entry) => entry.line?.text)).toEqual(['{"a":1}', undefined, '{"b":2}']);
    expect(entries[1]?.bytes).toEqual(broken);
  });

  test('is read line by line until somebody has had enough', () => {
    const seen: string[] = [];
    visitEntries(opened('{"a":1}{"b":2}\n{"c":3}'), readNone, ({ text }) => {
      seen.push(text);
      return seen.length < 2;
    });

    expect(seen).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('hands a line that is no JSON to the reader of other formats, once and whole', () => {
    const handed: string[] = [];
    const readOther = (text: string) => {
      handed.push(text);
      return text.startsWith('clf ') ? '{"clf":1}' : undefined;
    };

    expect(entriesOf('clf 1\r\n{"a":1}\n{"a":1}{x\nclf 2', readOther)).toEqual([
      '{"clf":1}',
      '{"a":1}',
      '{"a":1}',
      'unread: {x',
      '{"clf":1}',
    ]);
    expect(handed).toEqual(['clf 1', '{"a":1}{x', '{x', 'clf 2']);
  });

  test('finds the lines that were written, whatever separates them', () => {
    const separators = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n', '\\n');
    const lines = fc.array(
      fc.tuple(
        fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object)),
        separators,
      ),
    );
    fc.assert(
      fc.property(lines, (written) => {
        const content = written.map(([line, separator]) => line + separator).join('');

        expect(entriesOf(content)).toEqual(written.map(([line]) => line));
      }),
    );
  });

  test('loses no character but blanks and line breaks of any text', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '"', '\\', '\n', '\r', ' ', '{"a":1}', '{"b":', 'x', 'é'),
    );
    fc.assert(
      fc.property(pieces, (characters) => {
        const content = characters.join('');

        const kept = readRecord(content)
          .map((entry) => entry.text)
          .join('');
        expect(withoutSeparators(kept)).toBe(withoutSeparators(content));
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });

  const hostile = [
    { title: 'braces that never close', content: '{\n'.repeat(200_000) },
    { title: 'nested objects over many lines', content: '{\n'.repeat(1e5) + '}\n'.repeat(1e5) },
    { title: 'deep nesting', content: `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}` },
    { title: 'blanks', content: `${' '.repeat(1e6)}{}` },
    { title: 'quotes', content: '{"'.repeat(3e5) },
  ];
  for (const { title, content } of hostile) {
    test(`gets through a megabyte of ${title}`, () => {
      expect(readRecord(content).length).toBeGreaterThan(0);
    });
  }
});

function withoutSeparators(text: string): string {
  return text.replaceAll(/\\[nr]|[ \r\n]/g, '');
}

describe('a compressed record', () => {
  test('holds the messages of a CloudWatch Logs envelope', () => {
    const content = envelopeOf('{"a":1}', '', '{"b":2}\n{"c":3}', 'broken');

    expect(entriesOf(content)).toEqual(['{"a":1}', '{"b":2}', '{"c":3}', 'unread: broken']);
  });

  test('may hold lines without an envelope', () => {
    expect(entriesOf(gzipSync('{"a":1}\n{"b":2}'))).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('may be several gzip members in a row', () => {
    const content = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}')]);

    expect(entriesOf(content)).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('holds nothing in a control message', () => {
    const control = gzipSync(
      '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[{"message":"ping"}]}',
    );

    expect(opened(control).sources).toEqual([]);
  });

  const severalEnvelopes = [envelopeOf('{"a":1}', '{"b":2}'), envelopeOf('{"c":3}')]
    .map((envelope) => gunzipSync(envelope).toString())
    .concat('{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[]}');
  for (const separator of ['', '\n', '\r\n', ' ']) {
    test(`holds the messages of several envelopes, ${JSON.stringify(separator)} between them`, () => {
      const text = severalEnvelopes.join(separator);

      expect(entriesOf(text)).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
      expect(entriesOf(gzipSync(text))).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
    });
  }

  for (const rest of ['{"messageType":"OTHER","logGroup":"g"}', '{"messageType":"DA', '{"x":1}']) {
    test(`is unreadable as a whole where ${rest} is among its envelopes`, () => {
      const text = [...severalEnvelopes, rest].join('\n');

      expect(openRecord(base64(gzipSync(text)), MIB)).toBe('brokenEnvelope');
    });
  }

  test('is an envelope as well where Firehose has inflated it', () => {
    expect(entriesOf(gunzipSync(envelopeOf('{"a":1}')))).toEqual(['{"a":1}']);
  });

  const line = '{"apiKeyId":"k1"}\n';
  const envelope = gunzipSync(envelopeOf('{"a":1}')).toString();
  const joined = [
    { title: 'a line before an envelope', texts: [line, envelope] },
    { title: 'a text before an envelope', texts: ['clf\n', envelope] },
    { title: 'an envelope before a line', texts: [envelope, line] },
    { title: 'an envelope between lines', texts: [line, envelope, line] },
    { title: 'a line before half an envelope', texts: [line, envelope.slice(0, -9)] },
    {
      title: 'a line before an envelope over several lines',
      texts: [line, JSON.stringify(JSON.parse(envelope), null, 1)],
    },
  ];
  for (const { title, texts } of joined) {
    test(`is unreadable as a whole where it has ${title}`, () => {
      expect(openRecord(base64(texts.join('')), MIB)).toBe('brokenEnvelope');
      expect(openRecord(base64(Buffer.concat(texts.map((text) => gzipSync(text)))), MIB)).toBe(
        'brokenEnvelope',
      );
    });
  }

  const behind = ['\0', '\0\0\0\0', '\0{"a":1}', '{"a":1}', '\x1f', '\x1f\x8b'];
  for (const rest of behind) {
    test(`is unreadable with ${JSON.stringify(rest)} behind it: no byte is left out`, () => {
      const content = Buffer.concat([gzipSync('{"b":2}'), Buffer.from(rest, 'latin1')]);

      expect(openRecord(base64(content), MIB)).toBe('brokenGzip');
    });
  }

  const validation =
    'Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription.';
  const validationStream = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';
  const validationEnvelope = envelope
    .replace('"logStream":"stream"', `"logStream":"${validationStream}"`)
    .replace('{\\"a\\":1}', validation);

  test('holds no line in what CloudWatch Logs writes to see whether it may', () => {
    expect(validationEnvelope).toContain(validation);
    expect(entriesOf(gzipSync(validationEnvelope))).toEqual([]);
    expect(entriesOf(gzipSync(`${validationEnvelope}\n${envelope}`))).toEqual(['{"a":1}']);
    expect(entriesOf(gzipSync(`${envelope}${validationEnvelope}`))).toEqual(['{"a":1}']);
    expect(entriesOf(`${validation}\n`)).toEqual([]);
    expect(entriesOf(`${validation}\r\n${line}`)).toEqual([line.trim()]);
    expect(entriesOf(envelopeOf('{"a":1}', validation))).toEqual(['{"a":1}']);
    expect(entriesOf(`"${validation}"`)).toEqual([`unread: "${validation}"`]);
  });

  test('has the lines of many large envelopes in a row, and comes apart between them', () => {
    const lines = Array.from({ length: 30 }, (_, id) => `{"id":${id},"x":"${'x'.repeat(99_999)}"}`);
    const each = lines.map((one) => envelopeOf(one));
    const content = openRecord(base64(Buffer.concat(each)), 64 * MIB) as RecordContent;

    expect([...content.sources]).toEqual(lines);
    const halves = splitRecord(content)?.map((half) => [
      ...(openRecord(half, 64 * MIB) as RecordContent).sources,
    ]);
    expect(halves?.flat()).toEqual(lines);
    expect(halves?.map(({ length }) => length > 10)).toEqual([true, true]);
  });

  test('is read whatever it says at its end of its length', () => {
    const lying = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync(`{"b":"${'x'.repeat(99_999)}"}`)]);

    expect(entriesOf(lying)).toEqual(['{"a":1}', `{"b":"${'x'.repeat(99_999)}"}`]);
    lying.writeUInt32LE(0xffffffff, lying.length - 4);
    expect(openRecord(base64(lying), MIB)).toBe('brokenGzip');
  });

  test('has its messages one by one where it is too large for one text', () => {
    const lines = Array.from({ length: 3_000 }, (_, id) => `{"id":${id},"x":"${'x'.repeat(990)}"}`);
    const content = openRecord(base64(envelopeOf(...lines)), 64 * MIB) as RecordContent;

    expect([...content.sources]).toEqual(lines);
    expect(Array.isArray(content.sources)).toBe(false);
    const halves = splitRecord(content) ?? [];
    expect(
      halves.flatMap((half) => [...(openRecord(half, 64 * MIB) as RecordContent).sources]),
    ).toEqual(lines);
  });

  const unreadable = [
    { title: 'gzip that breaks off', content: envelopeOf('x'.repeat(500)).subarray(0, 60) },
    { title: 'gzip that is damaged', content: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4]) },
    { title: 'gzip that grows past the cap', content: gzipSync(Buffer.alloc(MIB + 1)) },
  ];
  for (const { title, content } of unreadable) {
    test(`is unreadable: ${title}`, () => {
      expect(openRecord(base64(content), MIB)).toBe('brokenGzip');
    });
  }

  const broken = [
    { title: 'of an unknown type', envelope: { messageType: 'OTHER', logGroup: 'g' } },
    { title: 'without messages', envelope: { messageType: 'DATA_MESSAGE', owner: '1' } },
    {
      title: 'with messages that are no text',
      envelope: { messageType: 'DATA_MESSAGE', logEvents: [{ message: 1 }] },
    },
    {
      title: 'with messages that are no list',
      envelope: { messageType: 'DATA_MESSAGE', logEvents: { message: 'x' } },
    },
  ];
  for (const { title, envelope } of broken) {
    test(`is unreadable: an envelope ${title}`, () => {
      expect(openRecord(base64(gzipSync(JSON.stringify(envelope))), MIB)).toBe('brokenEnvelope');
    });
  }

  const forged = [
    { title: 'a control message', members: '"messageType":"CONTROL_MESSAGE","owner":""' },
    {
      title: 'an envelope of its own lines',
      members: '"messageType":"DATA_MESSAGE","logEvents":[{"message":"{\\"apiKeyId\\":\\"k2\\"}"}]',
    },
    { title: 'an unknown envelope', members: '"messageType":"chat","owner":"me"' },
  ];
  for (const { title, members } of forged) {
    test(`is a line where it has a log's fields, even if a value turns it into ${title}`, () => {
      const line = `{"apiKeyId":"k1","userAgent":"x",${members}}`;

      expect(entriesOf(line)).toEqual([line]);
      expect(entriesOf(gzipSync(line))).toEqual([line]);
    });
  }

  test('that holds no JSON at all has unread lines', () => {
    expect(entriesOf(gzipSync('no envelope'))).toEqual(['unread: no envelope']);
  });

  test('grows up to the cap, and no further', () => {
    const line = `{"a":"${'x'.repeat(MIB - 8)}"}`;

    expect(line.length).toBe(MIB);
    expect(entriesOf(gzipSync(line))).toEqual([line]);
  });
});

describe('data that is no base64', () => {
  for (const data of ['%%%', 'e30 ', 'e30=\n', 'é']) {
    test(`is unreadable: ${JSON.stringify(data)}`, () => {
      expect(openRecord(data, MIB)).toBe('noBase64');
    });
  }
});

/** Envelopes in a row, each of the messages of one list. */
function severalOf(...messages: readonly string[][]): Buffer {
  return Buffer.concat(messages.map((of) => envelopeOf(...of)));
}

describe('splitRecord', () => {
  function piecesOf(content: string | Uint8Array): string[][] | undefined {
    const pieces = splitRecord(opened(content));
    return pieces?.map((piece) => entriesOf(Buffer.from(piece, 'base64')));
  }

  const cases = [
    {
      title: 'lines',
      content: '{"a":1}\nbroken\n{"c":3}',
      pieces: [['{"a":1}'], ['unread: broken', '{"c":3}']],
    },
    {
      title: 'compressed lines',
      content: gzipSync('{"a":1}{"b":2}'),
      pieces: [['{"a":1}'], ['{"b":2}']],
    },
    {
      title: 'an envelope by its messages',
      content: envelopeOf('{"a":1}', '{"b":2}\n{"c":3}', '{"d":4}'),
      pieces: [['{"a":1}'], ['{"b":2}', '{"c":3}', '{"d":4}']],
    },
    {
      title: 'an envelope of one message by its lines',
      content: envelopeOf('{"a":1}\n{"b":2}'),
      pieces: [['{"a":1}'], ['{"b":2}']],
    },
    {
      title: 'several envelopes by all of their messages',
      content: severalOf(['{"a":1}', '{"b":2}', '{"c":3}'], [], ['{"d":4}']),
      pieces: [
        ['{"a":1}', '{"b":2}'],
        ['{"c":3}', '{"d":4}'],
      ],
    },
    {
      title: 'several envelopes of one message by its lines',
      content: severalOf([], ['{"a":1}\n{"b":2}']),
      pieces: [['{"a":1}'], ['{"b":2}']],
    },
    { title: 'one line', content: '{"a":1}\n', pieces: undefined },
    { title: 'an envelope of one line', content: envelopeOf('{"a":1}'), pieces: undefined },
  ];
  for (const { title, content, pieces } of cases) {
    test(`halves ${title}${pieces ? '' : ' not at all'}`, () => {
      expect(piecesOf(content)).toEqual(pieces);
    });
  }

  test('makes envelopes of an envelope, with everything around the messages', () => {
    const [first] = splitRecord(opened(envelopeOf('{"a":1}', '{"b":2}'))) ?? [];

    const envelope = JSON.parse(gunzipSync(Buffer.from(first ?? '', 'base64')).toString());
    expect(envelope).toMatchObject({ messageType: 'DATA_MESSAGE', logGroup: '/apis/chat' });
    expect(envelope.logEvents).toEqual([
      { id: '0', timestamp: 1_700_000_000_000, message: '{"a":1}' },
    ]);
  });

  test('keeps the bytes of a line that is no UTF-8', () => {
    const pieces = splitRecord(opened(Buffer.from([0x7b, 0x7d, 0x0a, 0xff])));

    expect(pieces?.map((piece) => [...Buffer.from(piece, 'base64')])).toEqual([
      [0x7b, 0x7d, 0x0a],
      [0xff],
    ]);
  });
});
