import { describe, expect, it } from 'vitest';
import { authorizationOf } from '../../../shared/providers/tencent/sign.ts';

const stars = '*'.repeat(32);
const example = {
  host: 'cvm.tencentcloudapi.com',
  action: 'DescribeInstances',
  contentType: 'application/json; charset=utf-8',
  body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  timestamp: 1551113065,
};

/** @see https://cloud.tencent.com/document/api/213/30654 whose key is as many asterisks */
describe('TC3-HMAC-SHA256', () => {
  it('signs the example of the page as the page does', () => {
    expect(authorizationOf(example, { secretId: `AKID${stars}`, secretKey: stars })).toBe(
      `TC3-HMAC-SHA256 Credential=AKID${stars}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f`,
    );
  });

  it.each([
    ['body', { ...example, body: '{}' }],
    ['action', { ...example, action: 'RunInstances' }],
    ['time', { ...example, timestamp: example.timestamp + 1 }],
    ['service', { ...example, host: 'as.tencentcloudapi.com' }],
  ])('signs another %s otherwise', (_, other) => {
    const key = { secretId: 'id', secretKey: 'secret' };
    const signatureOf = (call: typeof example) => authorizationOf(call, key).split('Signature=')[1];
    expect(signatureOf(other)).not.toBe(signatureOf(example));
  });
});
