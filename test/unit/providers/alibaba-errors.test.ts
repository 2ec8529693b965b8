import { expect, it } from 'vitest';
import { alibabaError } from '../../../shared/providers/alibaba/alibaba-error.ts';
import { undocumented } from '../../kit/undocumented.ts';
import vendorCodes from './alibaba-vendor-codes.json' with { type: 'json' };

/**
 * Codes by operation as the vendor's pages list them (AlibabaCloudDocs/ess, its client and server errors, and the error codes of the
 * other services), blanks included. CloudMonitor answers with numbers.
 */
const theirs: Readonly<Record<string, readonly string[]>> = vendorCodes;

/** What an error is to a person, with the port's code and a word of the advice. */
const kinds = {
  throttled: ['Throttled', 'tried again at the next look'],
  'theirs to mend': ['Unavailable', 'tried again at the next look'],
  busy: ['Busy', 'tried again at the next look'],
  key: ['Denied', 'put it into the secret anew'],
  clock: ['Denied', 'clock is wrong'],
  token: ['Denied', 'it is fetched anew'],
  provider: ['Denied', 'look at the OIDC provider'],
  trust: ['Denied', 'it must trust the OIDC provider'],
  right: ['Denied', 'the policy of docs/alibaba.md'],
  account: ['Denied', /open the console of Auto Scaling|has to be verified|its risk control/],
  gone: [
    'NotFound',
    /in this region and this account\?|one of theirs\?|does the role|is gone|does the metric exist/,
  ],
  bounds: ['OutOfBounds', /maximum of the group|minimum of the group/],
  disabled: ['Invalid', '启用'],
  server: ['Invalid', /the server|伸缩配置/],
  balancer: ['Invalid', 'look at the load balancer'],
  database: ['Invalid', 'look at the database (RDS)'],
  template: ['Invalid', '启动模板'],
  stock: ['Invalid', 'another zone or type'],
  quota: ['Invalid', '配额中心'],
  balance: ['Invalid', '账户余额不足'],
  nothing: ['Invalid', 'the group has that many already'],
  metric: ['Invalid', 'does the metric exist'],
  ours: ['Invalid', 'please report it'],
  unknown: ['Invalid', 'look the code up'],
} as const;

const table: readonly (readonly [keyof typeof kinds, ...(readonly string[])])[] = [
  ['throttled', 'Throttling', 'Throttling.User', 'Throttling.Api', '429'],
  ['theirs to mend', 'InternalError', 'ServiceUnavailable', 'SignatureNonceUsed', 'SystemBusy', '500', '503'],
  ['busy', 'ScalingActivityInProgress'],
  ['key', 'InvalidAccessKeyId.NotFound', 'InvalidAccessKeyId.Inactive', 'SignatureDoesNotMatch'],
  ['clock', 'InvalidTimeStamp.Expired', 'InvalidTimeStamp.Format', 'AuthenticationFail.OIDCToken.Expired'],
  ['token', 'InvalidSecurityToken.Expired', 'InvalidSecurityToken.Malformed'],
  [
    'provider',
    'AuthenticationFail.OIDCToken.AudienceNotMatch',
    'AuthenticationFail.OIDCToken.HttpsUrlInvalid',
    'AuthenticationFail.OIDCToken.Invalid',
    'AuthenticationFail.OIDCToken.InvalidSignature',
  ],
  ['trust', 'AuthenticationFail.NoPermission'],
  ['right', 'Forbidden', 'Forbidden.RAM', 'Forbidden.Unauthorized', 'NoPermission', '403'],
  ['account', 'Forbidden.Unsubscribed', 'Forbidden.UserVerification', 'Forbidden.RiskControl'],
  ['gone', 'InvalidScalingGroupId.NotFound', 'InvalidRegionId.NotFound', 'EntityNotExist.Role'],
  ['gone', 'ResourceNotFound.Listener', 'ResourceNotFound.ServerGroup', '404'],
  ['bounds', 'IncorrectCapacity.MaxSize', 'IncorrectCapacity.MinSize', 'InvalidParameter.Conflict'],
  ['disabled', 'IncorrectScalingGroupStatus'],
  [
    'server',
    'InvalidInstanceId.NotFound',
    'InvalidInstanceId.InUse',
    'InvalidInstanceId. RegionMismatch',
    'InvalidInstanceId.InstanceTypeMismatch',
    'InvalidInstanceId. NetworkTypeMismatch',
    'InvalidInstanceId.VPCMismatch',
    'IncorrectInstanceStatus',
  ],
  [
    'balancer',
    'IncorrectLoadBalancerStatus',
    'IncorrectLoadBalancerHealthCheck',
    'InvalidLoadBalancerId.NotFound',
    'InvalidLoadBalancerId.VPCMismatch',
    'InvalidLoadBalancerId.IncorrectInstanceNetworkType',
  ],
  ['database', 'IncorrectDBInstanceStatus'],
  [
    'template',
    'InvalidScalingConfigurationId.NotFound',
    'InvalidScalingConfigurationId.InstanceTypeMismatch',
    'LaunchTemplateSet.NotFound',
    'LaunchTemplateVersionSet.NotFound',
    'TemplateMissingParameter.ImageId',
    'TemplateMissingParameter.InstanceTypes',
    'TemplateMissingParameter.SecurityGroup',
    'TemplateVersion.NotNumber',
  ],
  ['stock', 'ResourceNotAvailable.ECS', 'OperationDenied.NoStock'],
  [
    'quota',
    'QuotaExceed.Instance',
    'QuotaExceeded.DBInstanceSecurityIP',
    'QuotaExceeded.SecurityGroupInstance',
    'QuotaExceeded.ScalingInstance',
    'QuotaExceeded.AfterpayInstance',
  ],
  ['balance', 'InsufficientBalance', 'InvalidAccountStatus.NotEnoughBalance'],
  ['nothing', 'IncorrectCapacity.NoChange'],
  ['metric', '400'],
  [
    'ours',
    'MissingParameter',
    'InvalidParameter',
    'UnsupportedOperation',
    'NoSuchVersion',
    'IncompleteSignature',
    'InvalidScalingGroupName.Duplicate',
  ],
  ['unknown', 'NobodyHasHeardOfThis', 'OperationDenied.SomethingElse', '418'],
];

const told = table.flatMap(([kind, ...codes]) => (kind === 'unknown' ? [] : codes));

it.each(table.flatMap(([kind, ...codes]) => codes.map((code) => [code, kind] as const)))(
  '%s is told as one of %s',
  (code, kind) => {
    const [portCode, advice] = kinds[kind];
    const error = alibabaError('try it', code, 'refused');
    expect(error.code).toBe(portCode);
    expect(error.message).toContain(`try it: ${code.replace(' ', '')}: refused (`);
    expect(error.message).toMatch(advice);
  },
);

it.each(Object.entries(theirs))('every code that their pages have of %s is told apart', (_, codes) => {
  expect(codes.filter((code) => !told.includes(code))).toEqual([]);
});

it('a month whose free calls are used up is told for what it is, under whatever code', () => {
  expect(alibabaError('read', 'Throttling.User', 'user api quota limit')).toMatchObject({
    code: 'Throttled',
    message: expect.stringContaining('free calls of this month are used up'),
  });
});

it.each(['alibaba.md', 'alibaba.zh-CN.md'])(
  'docs/%s has every code that is told apart, by itself or by its beginning',
  (page) => {
    const codes = told.map((code) => code.replace(' ', ''));
    expect(undocumented(page, codes)).toEqual([]);
  },
);
