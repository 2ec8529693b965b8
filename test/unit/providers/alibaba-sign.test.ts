import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { canonicalQuery, queryOf, signedHeaders } from '../../../shared/providers/alibaba/sign.ts';

/** The vendor's own signer. Its package is one of CommonJS. */
const require = createRequire(import.meta.url);
const vendors = require('@alicloud/openapi-core/dist/utils').default as {
  getAuthorization(
    request: object,
    algorithm: string,
    payload: string,
    accessKeyId: string,
    accessKeySecret: string,
  ): string;
  query(input: object): Record<string, string>;
};

const parameters = queryOf({
  RegionId: 'cn-hangzhou',
  ScalingGroupIds: ['asg-1', 'asg-2', ...Array.from({ length: 9 }, (_, index) => `asg-1${index}`)],
  ScalingGroupName: "it's (a) *名字*! ~ +%&=/",
  PageSize: 50,
});
const call = {
  host: 'ess.aliyuncs.com',
  action: 'DescribeScalingGroups',
  version: '2022-02-22',
  query: canonicalQuery(parameters),
  date: '2026-11-28T12:00:00Z',
  nonce: 'nonce-1',
};
const key = { accessKeyId: 'id', accessKeySecret: 'secret' };

function vendorsAuthorization(headers: Readonly<Record<string, string>>): string {
  const { authorization: _, ...plain } = headers;
  const request = { method: 'POST', pathname: '/', query: parameters, headers: plain };
  const payload = headers['x-acs-content-sha256']!;
  return vendors.getAuthorization(request, 'ACS3-HMAC-SHA256', payload, key.accessKeyId, key.accessKeySecret);
}

describe('ACS3-HMAC-SHA256', () => {
  it.each([
    ['a key', key],
    ['a temporary key', { ...key, token: 'token+/=' }],
  ])("signs with %s as the vendor's library does", (_, one) => {
    const headers = signedHeaders(call, one);
    expect(headers['authorization']).toBe(vendorsAuthorization(headers));
  });

  it("numbers the items of lists as the vendor's library does", () => {
    const input = { InstanceIds: ['i-1', 'i-2'], ProtectedFromScaleIn: true, AdjustmentValue: -3 };
    expect(queryOf({ ...input, NextToken: undefined })).toEqual(vendors.query(input));
  });

  it('sends what it signs', () => {
    const sent = new URL(`https://ess.aliyuncs.com/?${call.query}`);
    expect(Object.fromEntries(sent.searchParams)).toEqual(parameters);
    expect(sent.search.slice(1)).toBe(call.query);
  });

  it('signs nothing without a key', () => {
    expect(signedHeaders(call, undefined)).not.toHaveProperty('authorization');
  });

  it.each([
    ['action', { ...call, action: 'DescribeScalingInstances' }],
    ['parameter', { ...call, query: canonicalQuery({ ...parameters, PageSize: '10' }) }],
    ['time', { ...call, date: '2026-11-28T12:00:01Z' }],
    ['nonce', { ...call, nonce: 'nonce-2' }],
    ['host', { ...call, host: 'ess.eu-central-1.aliyuncs.com' }],
  ])('signs another %s otherwise', (_, other) => {
    const signatureOf = (one: typeof call) =>
      signedHeaders(one, key)['authorization']?.split('Signature=')[1];
    expect(signatureOf(other)).not.toBe(signatureOf(call));
  });
});
