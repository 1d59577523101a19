import fc from 'fast-check';
import { cut } from '../../../../lambda/core/format/cut';
import { compileFormat } from '../../../../lambda/core/format/format';
import { knownFormats } from '../../../../lambda/core/format/known/known-formats';
import { syntaxOf } from '../../../../lambda/core/format/value-syntax';
import { anyValue } from '../../../support/any-value';
import { CountedText } from '../../../support/counted-text';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { renderLine, variablesOf } from '../../../support/render-line';
import { ordinaryValue } from '../../../support/requests';

/** A JSON object's text, `ambiguous`, or undefined. */
function read(format: string, line: string): string | undefined {
  const reading = compileFormat(format).read(line);
  return typeof reading === 'object' ? reading.json : reading;
}

describe('compileFormat', () => {
  const variable = '$context.requestId';
  const refused = [
    { title: 'nothing', format: '', message: 'got "", expected a $context variable in it' },
    { title: 'no variable', format: 'GET $path', message: 'got "GET $path", expected a $context' },
    {
      title: 'a format over several lines',
      format: `{\n"id":"${variable}"\n}`,
      message: 'got 3 lines, expected one',
    },
    {
      title: 'one that is longer than API Gateway takes',
      format: `${variable} ${'ü'.repeat(2_000)}`,
      message: 'got 4019 bytes, expected 3072 at most',
    },
    {
      title: 'two variables with nothing between them',
      format: `${variable} $context.path$context.status`,
      message:
        'got "$context.path$context.status", expected something between the two that tells their values apart',
    },
  ];
  for (const { title, format, message } of refused) {
    test(`rejects ${title}`, () => {
      expect(() => compileFormat(format)).toThrow(`log format: ${message}`);
    });
  }

  test('tells whose values the literals alone delimit', () => {
    const format = '$context.identity.sourceIp "$context.identity.userAgent" $context.status';

    expect(compileFormat(format).freeVariables).toEqual(['identity.userAgent']);
  });
});

describe('a JSON format', () => {
  const format =
    '{"id": "$context.requestId", "who": {"agent": "$context.identity.userAgent"}, ' +
    '"request": "$context.httpMethod $context.path", "status": $context.status, "v": 1}';
  const cases = [
    {
      title: 'keeps its own names, nesting and constants',
      line: '{"id": "r1", "who": {"agent": "a"b"}, "request": "GET /x", "status": 200, "v": 1}',
      json: '{"id":"r1","who":{"agent":"a\\"b"},"request":"GET /x","status":200,"v":1}',
    },
    {
      title: 'is found however it is spaced',
      line: '{ "id":"r1","who" : {"agent":"a"b" },"request":"GET /x" ,"status":200,"v":1}',
      json: '{"id":"r1","who":{"agent":"a\\"b"},"request":"GET /x","status":200,"v":1}',
    },
    {
      title: 'has a dash in quotes where a number was to be',
      line: '{"id": "r1", "who": {"agent": "a"}, "request": "GET /x", "status": -, "v": 1}',
      json: '{"id":"r1","who":{"agent":"a"},"request":"GET /x","status":"-","v":1}',
    },
    {
      title: 'keeps what is escaped already beside what is not',
      line: '{"id": "r1", "who": {"agent": "\\"a\\""}, "request": "GET /"x", "status": 200, "v": 1}',
      json: '{"id":"r1","who":{"agent":"\\"a\\""},"request":"GET /\\"x","status":200,"v":1}',
    },
    {
      title: 'is not found where a constant differs',
      line: '{"id": "r1", "who": {"agent": "a"b"}, "request": "GET /x", "status": 200, "v": 2}',
      json: undefined,
    },
    {
      title: 'is not found where a value is none that the variable can have',
      line: '{"id": "r1", "who": {"agent": "a"b"}, "request": "GET /x", "status": OK, "v": 1}',
      json: undefined,
    },
  ];
  for (const { title, line, json } of cases) {
    test(title, () => {
      expect(read(format, line)).toBe(json);
    });
  }

  test('takes the quotes that an error message brings along for no part of it', () => {
    const bare = '{"error":$context.error.messageString,"agent":"$context.identity.userAgent"}';
    const quoted = '{"error":"$context.error.messageString","status":"$context.status"}';

    expect(read(bare, '{"error":"Forbidden","agent":"a"b"}')).toBe(
      '{"error":"Forbidden","agent":"a\\"b"}',
    );
    expect(read(bare, '{"error":-,"agent":"a"}')).toBe('{"error":"-","agent":"a"}');
    expect(read(bare, '{"error":"No "x" here","agent":"a"}')).toBe(
      '{"error":"No \\"x\\" here","agent":"a"}',
    );
    expect(read(quoted, '{"error":""Forbidden"","status":"403"}')).toBe(
      '{"error":"Forbidden","status":"403"}',
    );
  });

  test('may have typographic quotes', () => {
    const printed = '{“id”: “$context.requestId”,“path”:“$context.path”}';

    expect(read(printed, '{“id”: “r1”,“path”:“/a"b”}')).toBe('{"id":"r1","path":"/a\\"b"}');
    expect(read(printed, '{“id”: “r1”,“path”:“/say “hi””}')).toBe('{"id":"r1","path":"/say “hi”"}');
  });
});

describe('a client that writes what looks like the next field', () => {
  const format =
    '{"key_id":"$context.identity.apiKeyId","agent":"$context.identity.userAgent",' +
    '"path":"$context.path","stage":"$context.stage"}';

  test('is refused where it could be either', () => {
    const line = '{"key_id":"k1","agent":"a","path":"/x","path":"/y","stage":"prod"}';

    expect(read(format, line)).toBe('ambiguous');
  });

  test('is seen through where the characters of a value tell', () => {
    const line = '{"key_id":"k1","agent":"a","path":"/x","stage":"test","stage":"prod"}';

    expect(read(format, line)).toBe(
      '{"key_id":"k1","agent":"a","path":"/x\\",\\"stage\\":\\"test","stage":"prod"}',
    );
  });

  test('cannot become somebody else', () => {
    const other = 'k1","agent":"a","path":"/x","stage":"prod"}';
    const line = `{"key_id":"k2","agent":"b","path":"/y"},{"key_id":"${other}","stage":"prod"}`;

    expect(read(format, line)).toBe('ambiguous');
  });
});

describe('a format of text', () => {
  const cases = [
    {
      title: 'calls a field as it does itself, where the field table knows the name',
      format: 'ip=$context.identity.sourceIp rid=$context.requestId',
      line: 'ip=1.2.3.4 rid=r1',
      json: '{"ip":"1.2.3.4","request_id":"r1"}',
    },
    {
      title: 'does not call a field by a name that stands for another',
      format: 'status: $context.integration.status, user: $context.authorizer.customer',
      line: 'status: 200, user: c1',
      json: '{"integration_status":"200","authorizer_customer":"c1"}',
    },
    {
      title: 'calls a variable that the table does not know as it does itself',
      format: 'customer: $context.authorizer.customerId, status: $context.status',
      line: 'customer: c1, status: 200',
      json: '{"customer":"c1","status":"200"}',
    },
    {
      title: 'has one name for each of two variables that share a column',
      format: '$context.integrationLatency $context.integration.latency',
      line: '7 8',
      json: '{"integration_latency":"7","integrationLatency":"8"}',
    },
    {
      title: 'has a repeated variable once',
      format: '$context.requestId $context.status $context.requestId',
      line: 'r1 200 r1',
      json: '{"request_id":"r1","status":"200"}',
    },
    {
      title: 'is not found where a repeated variable has two values',
      format: '$context.requestId $context.status $context.requestId',
      line: 'r1 200 r2',
      json: undefined,
    },
    {
      title: 'may have an element around a value',
      format: '<r id="$context.requestId"><m>$context.error.message</m></r>',
      line: '<r id="r1"> <m>R&amp;D</m> </r>',
      json: '{"request_id":"r1","error_message":"R&D"}',
    },
    {
      title: 'may end in what can be anything',
      format: '$context.status $context.error.message',
      line: '200 it "failed"  ',
      json: '{"status":"200","error_message":"it \\"failed\\"  "}',
    },
    {
      title: 'refuses a typed break that may belong to the last value',
      format: '$context.status $context.error.message',
      line: '200 failed\\n',
      json: 'ambiguous',
    },
    {
      title: 'drops a typed break that it has itself',
      format: '$context.status $context.error.message\\n',
      line: '200 failed\\n',
      json: '{"status":"200","error_message":"failed"}',
    },
  ];
  for (const { title, format, line, json } of cases) {
    test(title, () => {
      expect(read(format, line)).toBe(json);
    });
  }
});

describe('any format', () => {
  const variables = [
    ...['requestId', 'path', 'status', 'identity.userAgent', 'identity.caller', 'requestTime'],
    ...['authorizer.customer', 'error.message', 'resourcePath', 'httpMethod'],
  ];
  const literal = fc
    .array(fc.constantFrom('"', ',', ' ', ':', '{', '}', '<a>', '</a>', '-', 'x', '[', ']', '“'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join(''))
    // It must not continue the name of the variable before.
    .filter((text) => !text.startsWith('x'));
  const field = fc.tuple(fc.constantFrom(...variables), literal);
  const format = fc
    .tuple(fc.option(literal, { nil: '' }), fc.array(field, { minLength: 1, maxLength: 6 }))
    .map(([first, fields]) => {
      const rest = fields.map(([variable, text]) => `$context.${variable}${text}`);
      return first + rest.join('');
    });

  test('gives the values that were put in, or none', () => {
    const numRuns = fuzzRuns(2_000);
    const outcomes = { read: 0, refused: 0 };
    const withValues = format.chain((text) => {
      const its = variablesOf(text);
      const values = its.map((variable) => [
        variable,
        anyValue(syntaxOf(variable, its), text.split(/\$context[\w.]+/)),
      ]);
      return fc.tuple(
        fc.constant(text),
        fc.record(Object.fromEntries(values) as Record<string, fc.Arbitrary<string>>),
      );
    });

    fc.assert(
      fc.property(withValues, ([text, written]) => {
        const line = renderLine(text, (variable) => written[variable] ?? '');
        const compiled = compileFormat(text);
        const reading = compiled.read(line);
        outcomes[typeof reading === 'object' ? 'read' : 'refused']++;
        if (typeof reading !== 'object') return;
        JSON.parse(reading.json);
        if (compiled.template.notation === 'text') {
          expect(Object.fromEntries(reading.values)).toEqual(written);
        }
      }),
      { numRuns },
    );
    expect(outcomes.read).toBeGreaterThan(numRuns / 10);
  });
});

describe('a line that is made to be slow', () => {
  /** Lines of about this length for each way to fill them: all of it, behind a start, in a value. */
  function hostileLines(format: string, length: number): string[] {
    const { plan, freeVariables, variables } = compileFormat(format);
    const line = renderLine(format, (variable) => ordinaryValue(variable, 'REST'));
    const long = freeVariables.at(-1) ?? variables.at(-1);
    const anchors = plan.chains.map(({ anchor }) => plan.literals[anchor] ?? '');
    const floods = new Set([...anchors.slice(0, 4), '"', '","', ' ', ',', '\\n', '1,', line]);
    floods.delete('');
    return [...floods, line.slice(0, line.length / 2), line.slice(1)].flatMap((flood) => {
      const filling = flood.repeat(Math.ceil(length / flood.length));
      const asValue = (name: string) => (name === long ? filling : ordinaryValue(name, 'REST'));
      return [filling, line.slice(0, 20) + filling, renderLine(format, asValue)];
    });
  }

  for (const { name, format } of knownFormats) {
    test(`costs the format ${name} a few looks at each character`, () => {
      const { plan } = compileFormat(format);
      const looks = hostileLines(format, 1 << 15).map((line) => {
        const text = new CountedText(line);
        cut(plan, text as unknown as string);
        return text.charsRead / line.length;
      });

      expect(Math.max(...looks)).toBeLessThan(10);
    });
  }

  test('costs no more looks at each character of a longer line', () => {
    for (const { format } of knownFormats) {
      const { plan } = compileFormat(format);
      const looks = (length: number) =>
        hostileLines(format, length).map((line) => {
          const text = new CountedText(line);
          cut(plan, text as unknown as string);
          return text.charsRead / line.length;
        });

      const longer = looks(1 << 15);
      for (const [index, before] of looks(1 << 12).entries()) {
        expect(longer[index]).toBeLessThan(before + 1);
      }
    }
  });
});
