import { expect, it } from 'vitest';
import { tencentError } from '../../../shared/providers/tencent/tencent-error.ts';
import { undocumented } from '../../kit/undocumented.ts';
import vendorCodes from './tencent-vendor-codes.json' with { type: 'json' };

/** Codes by service and operation as the vendor's libraries and pages list them. */
const theirs: Readonly<Record<string, readonly string[]>> = vendorCodes;

/** What an error is to a person: the port's code, and a word of the advice. */
const kinds = {
  throttled: ['Throttled', 'tried again at the next look'],
  'theirs to mend': ['Unavailable', 'tried again at the next look'],
  busy: ['Busy', 'tried again at the next look'],
  key: ['Denied', 'put it into the secret anew'],
  address: ['Denied', 'restriction of addresses'],
  clock: ['Denied', 'clock is wrong'],
  token: ['Denied', 'it is fetched anew'],
  right: ['Denied', 'the policy of docs/tencent.md'],
  trust: ['Denied', 'the trust policy of the role'],
  provider: ['Denied', 'identity provider'],
  role: ['Denied', 'is there a role'],
  account: ['Denied', 'has to be verified'],
  gone: ['NotFound', /in this region|it is gone/],
  stranger: ['Invalid', 'is not in the group'],
  bounds: ['OutOfBounds', /maximum of the group|minimum of the group|minimum and maximum of the group/],
  base: ['Invalid', '基础容量'],
  quota: ['Invalid', 'raise the quota'],
  disabled: ['Invalid', '启用'],
  server: ['Invalid', 'the server'],
  state: ['Invalid', 'look at the state of the group'],
  region: ['Invalid', 'is the region'],
  metric: ['Invalid', 'does the metric exist'],
  ours: ['Invalid', 'please report it'],
  unknown: ['Invalid', 'look the code up'],
} as const;

const value = (...names: string[]) => names.map((name) => `InvalidParameterValue.${name}`);

/** By kind; a code that a service means in a way of its own bears the service's name. */
const table: Readonly<Record<keyof typeof kinds, readonly string[]>> = {
  throttled: [
    'RequestLimitExceeded',
    'RequestLimitExceeded.GlobalRegionUinLimitExceeded',
    'RequestLimitExceeded.IPLimitExceeded',
    'RequestLimitExceeded.UinLimitExceeded',
    'sts:InvalidParameter.OverLimit',
  ],
  'theirs to mend': [
    'InternalError',
    'InternalError.CallMonitorError',
    'InternalError.CalleeError',
    'InternalError.RequestError',
    'InternalError.SystemError',
    'InternalError.UnknownError',
    'CallCvmError',
    'ServiceUnavailable',
    'FailedOperation',
  ],
  busy: [
    'FailedOperation.NoActivityToGenerate',
    'ResourceInUse',
    'ResourceInUse.ActivityInProgress',
    'ResourceUnavailable.AutoScalingGroupInActivity',
    'ResourceUnavailable.InstanceInOperation',
    'ResourceUnavailable.LoadBalancerInOperation',
  ],
  key: [
    'AuthFailure.InvalidSecretId',
    'AuthFailure.MFAFailure',
    'AuthFailure.SecretIdNotFound',
    'AuthFailure.SignatureFailure',
  ],
  address: ['IpInBlacklist', 'IpNotInWhitelist'],
  clock: ['AuthFailure.SignatureExpire'],
  token: ['AuthFailure.TokenFailure'],
  right: ['UnauthorizedOperation', 'AuthFailure.UnauthorizedOperation', 'InvalidPermission'],
  trust: ['sts:UnauthorizedOperation'],
  provider: ['sts:InvalidParameter.WebIdentityTokenError', 'sts:InvalidParameter.ParamError'],
  role: ['sts:InternalError.GetRoleError'],
  account: ['AccountQualificationRestrictions'],
  gone: [
    'ResourceNotFound',
    'ResourceNotFound.AutoScalingGroupNotFound',
    'ResourceNotFound.InstancesNotFound',
    'ResourceNotFound.ScheduledActionNotFound',
    ...value('InvalidAutoScalingGroupId', 'InvalidInstanceId'),
    'clb:InvalidParameter.LBIdNotFound',
  ],
  stranger: ['ResourceNotFound.InstancesNotInAutoScalingGroup'],
  bounds: [
    ...value('Size'),
    'LimitExceeded.DesiredCapacityLimitExceeded',
    'LimitExceeded.MaxSizeLimitExceeded',
    'LimitExceeded.MinSizeLimitExceeded',
    'ResourceInsufficient.AutoScalingGroupAboveMaxSize',
    'ResourceInsufficient.AutoScalingGroupBelowMinSize',
    'ResourceInsufficient.InServiceInstanceAboveMaxSize',
    'ResourceInsufficient.InServiceInstanceBelowMinSize',
  ],
  base: value('BaseCapacityTooLarge'),
  quota: ['LimitExceeded', 'LimitExceeded.QuotaNotEnough'],
  disabled: ['ResourceUnavailable.AutoScalingGroupDisabled'],
  server: [
    'ResourceUnavailable.InstancesAlreadyInAutoScalingGroup',
    'ResourceUnavailable.InstanceCannotAttach',
    'ResourceUnavailable.CvmVpcInconsistent',
    'ResourceUnavailable.StoppedInstanceNotAllowAttach',
  ],
  state: [
    'ResourceUnavailable',
    'ResourceInsufficient',
    'ResourceUnavailable.AutoScalingGroupAbnormalStatus',
  ],
  region: ['UnsupportedRegion', 'clb:InvalidParameter.RegionNotFound'],
  metric: ['monitor:InvalidParameterValue'],
  ours: [
    'AuthFailure.InvalidAuthorization',
    'ActionOffline',
    'DryRunOperation',
    'InvalidAction',
    'InvalidParameter',
    'InvalidParameter.ActionNotFound',
    'InvalidParameter.Conflict',
    'InvalidParameter.FormatError',
    'InvalidParameterConflict',
    'InvalidParameterValue',
    ...value('Filter', 'InvalidActivityId', 'InvalidAutoScalingPolicyId', 'InvalidFilter'),
    ...value('InvalidLaunchConfigurationId', 'InvalidLifecycleHookId', 'InvalidScheduledActionId'),
    ...value('Length', 'LimitExceeded', 'Range', 'TooLong'),
    'InvalidRequest',
    'LimitExceeded.FilterValuesTooLong',
    'MissingParameter',
    'NoSuchProduct',
    'NoSuchVersion',
    'RequestSizeLimitExceeded',
    'ResponseSizeLimitExceeded',
    'UnknownParameter',
    'UnsupportedOperation',
    'UnsupportedProtocol',
  ],
  unknown: ['NobodyHasHeardOfThis', 'Nobody.HasHeard'],
};

const rows = Object.entries(table).flatMap(([kind, codes]) =>
  codes.map((code) => [code, kind as keyof typeof kinds] as const),
);

it.each(rows)('%s is told as one of %s', (name, kind) => {
  const [service, code] = name.includes(':') ? (name.split(':') as [string, string]) : ['as', name];
  const [portCode, advice] = kinds[kind];
  const error = tencentError('try it', service, code, 'refused');
  expect(error.code).toBe(portCode);
  expect(error.message).toContain(`try it: ${code}: refused (`);
  expect(error.message).toMatch(advice);
});

it.each(Object.entries(theirs))('every code that the vendor has of %s is told apart', (operation, codes) => {
  const service = operation.split(' ')[0]!;
  const known = new Set(rows.flatMap(([name, kind]) => (kind === 'unknown' ? [] : [name])));
  expect(codes.filter((code) => !known.has(code) && !known.has(`${service}:${code}`))).toEqual([]);
});

it.each(['tencent.md', 'tencent.zh-CN.md'])(
  'docs/%s has every code, by itself or by its beginning',
  (page) => {
    const codes = rows.flatMap(([name, kind]) => (kind === 'unknown' ? [] : [name.replace(/^\w+:/, '')]));
    expect(undocumented(page, codes)).toEqual([]);
  },
);
