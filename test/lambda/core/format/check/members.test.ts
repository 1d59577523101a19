import { membersOf } from '../../../../../lambda/core/format/check/members';
import { partsOf, templateOf } from '../../../../../lambda/core/format/template';

const cases = [
  {
    title: 'a name that the field table knows',
    format: '{"key_id":"$context.identity.apiKeyId"}',
    members: [{ variable: 'identity.apiKeyId', name: 'key_id', tells: 'identity.apiKeyId' }],
  },
  {
    title: 'a name that it does not know',
    format: '{"rid":"$context.requestId"}',
    members: [{ variable: 'requestId', name: 'rid', tells: undefined }],
  },
  {
    title: 'a name of another field',
    format: '{"status":$context.integration.status}',
    members: [{ variable: 'integration.status', name: 'status', tells: 'status' }],
  },
  {
    title: 'two names for one variable',
    format: '{"a":"$context.stage","stage":"$context.stage"}',
    members: [
      { variable: 'stage', name: 'a', tells: undefined },
      { variable: 'stage', name: 'stage', tells: 'stage' },
    ],
  },
  {
    title: 'no name for what is nested or a part of a value',
    format: '{"stage":{"stage":"$context.stage"},"request":"$context.httpMethod $context.path"}',
    members: ['stage', 'httpMethod', 'path'].map((variable) => ({
      variable,
      name: undefined,
      tells: undefined,
    })),
  },
  {
    title: "the table's names where the format has none",
    format: '$context.stage,$context.apiId',
    members: [
      { variable: 'stage', name: 'stage', tells: 'stage' },
      { variable: 'apiId', name: 'api_id', tells: 'apiId' },
    ],
  },
];

for (const { title, format, members } of cases) {
  test(`finds ${title}`, () => {
    const expected = members.map((member) => ({ ...member, isExposed: false }));

    expect(membersOf(templateOf(partsOf(format)))).toEqual(expected);
  });
}
