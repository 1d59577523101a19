import type { Attribution } from '../../../../lambda/core/attribution/attribute';
import {
  columnConfig,
  columnIndex,
  columnReader,
  customerNameIndex,
  type LineColumns,
  usagePlanIndex,
} from '../../../../lambda/core/output/columns';
import type { SecretTreatment } from '../../../../lambda/core/values/secrets';
import { formatToMillisecond } from '../../../../lambda/core/values/times';
import { lineOf } from '../../../support/log-lines';

const gold: Attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'ACME',
  outcome: 'enriched',
};
const nobody: Attribution = {
  usagePlan: '-',
  usagePlanId: '-',
  customerName: '-',
  outcome: 'withoutKey',
};

function columnsOf(
  json: string,
  apiKeyValues: SecretTreatment = 'mask',
  attribution = gold,
): LineColumns {
  const options = { usagePlanField: 'plan', customerNameField: 'customer', apiKeyValues };
  return columnReader(columnConfig(options, formatToMillisecond))(lineOf(json), attribution);
}

function tokenOf(json: string, column: string): string | undefined {
  return columnsOf(json).tokens[columnIndex(column)];
}

function extraOf(json: string, apiKeyValues?: SecretTreatment): string | undefined {
  const { extra } = columnsOf(json, apiKeyValues);
  return extra && JSON.parse(extra);
}

describe('a column', () => {
  for (const name of ['ip', 'identitySourceIp', 'sourceIp', 'source_ip']) {
    test(`takes the value of ${name}`, () => {
      expect(tokenOf(`{"${name}":"203.0.113.7"}`, 'source_ip')).toBe('"203.0.113.7"');
    });
  }

  for (const token of ['"-"', '""', 'null', '"\\u002d"']) {
    test(`is null for ${token}`, () => {
      expect(tokenOf(`{"status":${token},"path":${token}}`, 'status')).toBe('null');
      expect(tokenOf(`{"status":${token},"path":${token}}`, 'path')).toBe('null');
    });
  }

  test('is absent where the line does not have its field', () => {
    expect(tokenOf('{}', 'status')).toBeUndefined();
  });

  test('is null where it cannot hold the value, which is kept in extra', () => {
    expect(tokenOf('{"status": "2 00" ,"requestTime":[1]}', 'status')).toBe('null');
    expect(tokenOf('{"status": "2 00" ,"requestTime":[1]}', 'request_time')).toBe('null');
    expect(extraOf('{"status": "2 00" ,"requestTime":[1]}')).toBe(
      '{"status":"2 00","requestTime":[1]}',
    );
  });
});

describe('of several names for one column', () => {
  test('none gives a value where they contradict each other, and all are kept in extra', () => {
    const json = '{"key_id":"k3","identityApiKeyId":"k2","apiKeyId":"k1"}';
    expect(tokenOf(json, 'api_key_id')).toBe('null');
    expect(extraOf(json)).toBe(json);
    expect(tokenOf('{"apiKeyId":"-","key_id":"k3"}', 'api_key_id')).toBe('null');
  });

  test('those of two variables are ranked: any value before none, then the one trusted more', () => {
    const both = '{"integrationErrorMessage":"late","integration_error":"early"}';
    expect(tokenOf(both, 'integration_error')).toBe('"early"');
    expect(extraOf(both)).toBe('{"integrationErrorMessage":"late"}');
    const one = '{"integrationErrorMessage":"late","integration_error":"-"}';
    expect(tokenOf(one, 'integration_error')).toBe('"late"');
    expect(extraOf(one)).toBeUndefined();
  });

  test('two notations of a moment are no contradiction', () => {
    const json = '{"requestTime":1686305472,"request_time":"09/Jun/2023:10:11:12 +0000"}';
    expect(tokenOf(json, 'request_time')).toBe('2023-06-09T10:11:12.000Z');
  });

  test('the others are dropped where they say the same in another spelling', () => {
    expect(extraOf('{"status":"200","response_status":200}')).toBeUndefined();
    expect(extraOf('{"integrationLatency":"12","contextIntegrationLatency":12}')).toBeUndefined();
  });

  test('a name given twice is no other case, and both values are kept', () => {
    expect(tokenOf('{"stage":"a","stage":"b"}', 'stage')).toBe('null');
    expect(extraOf('{"stage":"a","stage":"b"}')).toBe('{"stage":["a","b"]}');
    expect(tokenOf('{"stage":"a","stage":"a"}', 'stage')).toBe('"a"');
  });
});

describe('extra', () => {
  test('keeps what the table does not know, as it is written', () => {
    expect(extraOf('{"n": 12345678901234567890,"m":1.10,"o":{"a": [1,2]},"s":"\\/","e":"-"}')).toBe(
      '{"n":12345678901234567890,"m":1.10,"o":{"a": [1,2]},"s":"\\/","e":"-"}',
    );
  });

  test('has under their paths what is beside the values of fields in an object', () => {
    expect(extraOf('{"context":{"stage":"a","n":1.0,"o":{"stage":"b"}},"o":{"a":2}}')).toBe(
      '{"context.n":1.0,"context.o":{"stage":"b"},"o":{"a":2}}',
    );
  });

  test('gives no name twice', () => {
    expect(extraOf('{"a":1,"b":2,"a":3}')).toBe('{"a":3,"b":2}');
  });

  test('keeps names that are no identifiers', () => {
    expect(extraOf('{"":1,"__proto__":2,"a\\"b":3}')).toBe('{"":1,"__proto__":2,"a\\"b":3}');
  });

  test('is absent where everything has a column', () => {
    expect(extraOf('{"apiId":"a1","plan":"Own"}')).toBeUndefined();
  });
});

describe('the request time', () => {
  const clf = '"09/Jun/2023:10:11:12 +0000"';
  const cases = [
    { title: 'in CLF', json: `{"requestTime":${clf}}`, time: '2023-06-09T10:11:12.000Z' },
    {
      title: 'in seconds',
      json: '{"requestTimeEpoch":1686305472}',
      time: '2023-06-09T10:11:12.000Z',
    },
    {
      title: 'in milliseconds',
      json: '{"requestTimeEpoch":"1686305472345"}',
      time: '2023-06-09T10:11:12.345Z',
    },
    {
      title: 'as a number under requestTime',
      json: '{"requestTime":1686305472345}',
      time: '2023-06-09T10:11:12.345Z',
    },
    {
      title: 'in CLF under requestTimeEpoch',
      json: `{"requestTimeEpoch":${clf}}`,
      time: '2023-06-09T10:11:12.000Z',
    },
    {
      title: 'in both, from the more precise',
      json: `{"requestTime":${clf},"requestTimeEpoch":1686305472345}`,
      time: '2023-06-09T10:11:12.345Z',
    },
    {
      title: 'in both, from the one that is readable',
      json: `{"requestTimeEpoch":"x","requestTime":${clf}}`,
      time: '2023-06-09T10:11:12.000Z',
    },
  ];
  for (const { title, json, time } of cases) {
    test(`fills both columns ${title}`, () => {
      expect(tokenOf(json, 'request_time')).toBe(time);
      expect(tokenOf(json, 'request_time_epoch')).toBe(time);
    });
  }

  test('keeps the less precise reading in extra only where the two contradict each other', () => {
    expect(extraOf(`{"requestTime":${clf},"requestTimeEpoch":1686305472999}`)).toBeUndefined();
    expect(extraOf(`{"requestTime":${clf},"requestTimeEpoch":1686305473000}`)).toBe(
      `{"requestTime":${clf}}`,
    );
  });

  test('is null in each column that the line has where it cannot be read', () => {
    expect(tokenOf('{"requestTime":"soon"}', 'request_time')).toBe('null');
    expect(tokenOf('{"requestTime":"soon"}', 'request_time_epoch')).toBeUndefined();
    expect(extraOf('{"requestTime":"soon"}')).toBe('{"requestTime":"soon"}');
  });
});

describe('the attribution', () => {
  const cases = [
    { title: 'is filled in', json: '{}', tokens: ['"Gold"', '"ACME"'] },
    {
      title: 'fills what is free',
      json: '{"plan":"-","customer":null}',
      tokens: ['"Gold"', '"ACME"'],
    },
    {
      title: 'leaves what the log carries',
      json: '{"plan":"Own","customer":"Self"}',
      tokens: ['"Own"', '"Self"'],
    },
    {
      title: 'leaves what is no string',
      json: '{"plan":0,"customer":{"a":1}}',
      tokens: ['"0"', '"{\\"a\\":1}"'],
    },
  ];
  for (const { title, json, tokens } of cases) {
    test(title, () => {
      const found = columnsOf(json).tokens;

      expect([found[usagePlanIndex], found[customerNameIndex]]).toEqual(tokens);
    });
  }

  test('is null where there is none', () => {
    const { tokens } = columnsOf('{"plan":""}', 'mask', nobody);

    expect([tokens[usagePlanIndex], tokens[customerNameIndex]]).toEqual(['null', 'null']);
  });
});

describe('an API key value', () => {
  const apiKey = columnIndex('api_key');
  const json = '{"api_key":"abcdefgh1234","apiKey":{"v":"secret99"}}';

  test('is masked, also where a second one goes into extra', () => {
    expect(columnsOf(json).tokens[apiKey]).toBe('null');
    expect(extraOf(json)).toBe('{"api_key":"****1234","apiKey":"****"}');
    expect(columnsOf('{"identity":{"apiKey":"abcdefgh1234"}}').tokens[apiKey]).toBe('"****1234"');
  });

  test('leaves no trace where it is to be removed', () => {
    const { tokens, extra } = columnsOf(json, 'remove');

    expect(tokens[apiKey]).toBeUndefined();
    expect(extra).toBeUndefined();
  });

  test('is kept where that is wanted', () => {
    expect(columnsOf('{"api-key":"abcdefgh1234"}', 'keep').tokens[apiKey]).toBe('"abcdefgh1234"');
  });

  test('is null, not masked, where the request had none', () => {
    expect(columnsOf('{"identityApiKey":"-"}').tokens[apiKey]).toBe('null');
  });
});
