import { parsePrincipalArn } from '../../../../lambda/core/values/principal-arn';

const accountId = '111122223333';

describe('parsePrincipalArn', () => {
  const arns = [
    { arn: `arn:aws:iam::${accountId}:root`, principal: { accountId, name: 'root' } },
    { arn: `arn:aws:iam::${accountId}:user/jo`, principal: { accountId, name: 'jo' } },
    {
      arn: `arn:aws:iam::${accountId}:user/division/team/jo`,
      principal: { accountId, name: 'jo' },
    },
    {
      arn: `arn:aws:iam::${accountId}:role/service-role/Reader`,
      principal: { accountId, name: 'Reader', role: 'Reader' },
    },
    {
      arn: `arn:aws:sts::${accountId}:assumed-role/Reader/jo@example.com`,
      principal: { accountId, name: 'jo@example.com', role: 'Reader' },
    },
    {
      arn: `arn:aws-us-gov:sts::${accountId}:federated-user/jo`,
      principal: { accountId, name: 'jo' },
    },
    { arn: `arn:aws-cn:iam::${accountId}:user/jo`, principal: { accountId, name: 'jo' } },
    { arn: `arn:aws:iam::${accountId}:group/readers`, principal: { accountId } },
    { arn: `arn:aws:sts::${accountId}:assumed-role`, principal: { accountId } },
  ];
  for (const { arn, principal } of arns) {
    test(`reads ${arn}`, () => {
      expect(parsePrincipalArn(arn)).toEqual(principal);
    });
  }

  for (const text of ['', '-', 'root', 'arn:aws:s3:::bucket', 'arn:aws:iam:::user/jo']) {
    test(`takes "${text}" for no principal`, () => {
      expect(parsePrincipalArn(text)).toBeUndefined();
    });
  }
});
