import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** What an error of the API means to us, and what to do about it where we can say. */
interface Meaning {
  readonly code: PortErrorCode;
  readonly advice?: string;
}

const wrongKey =
  'look at the key in the console of Tencent Cloud under API keys, and put it into the secret anew';
const lacksRight =
  'give the key or the role the policy of docs/tencent.md: it may not do this, or not with this group';
const notTrusted =
  'the trust policy of the role does not name this function: compare oidc:sub, oidc:aud and oidc:iss with docs/tencent.md';
const slowDown = 'nothing to do: it is tried again at the next look';

/**
 * By the code of the error, or its beginning up to a dot: the longest that fits; one that a service has alone bears its name.
 * @see https://www.tencentcloud.com/document/api/377/31034
 */
const meanings: Readonly<Record<string, Meaning>> = {
  AuthFailure: { code: 'Denied', advice: wrongKey },
  'AuthFailure.SecretIdNotFound': { code: 'Denied', advice: `the key does not exist any more: ${wrongKey}` },
  'AuthFailure.SignatureFailure': {
    code: 'Denied',
    advice: `the secretKey does not belong to the secretId: ${wrongKey}`,
  },
  'AuthFailure.SignatureExpire': { code: 'Denied', advice: "this machine's clock is wrong" },
  'AuthFailure.TokenFailure': { code: 'Denied', advice: 'the temporary key is over: it is fetched anew' },
  'AuthFailure.UnauthorizedOperation': { code: 'Denied', advice: lacksRight },
  UnauthorizedOperation: { code: 'Denied', advice: lacksRight },
  InvalidPermission: { code: 'Denied', advice: lacksRight },
  AccountQualificationRestrictions: {
    code: 'Denied',
    advice: 'the account has to be verified in the console of Tencent Cloud',
  },
  'sts:UnauthorizedOperation': { code: 'Denied', advice: notTrusted },
  'sts:InvalidParameter.WebIdentityTokenError': {
    code: 'Denied',
    advice:
      'the identity provider (身份提供商) does not take the token of AWS: compare its URL with the issuer of the account, its client id with tencentcloud, and its public keys with those that the issuer has now',
  },
  'sts:InvalidParameter.ParamError': {
    code: 'Denied',
    advice: 'is there an identity provider (身份提供商) of the name that the fleet file has (providerId)?',
  },
  'sts:InternalError.GetRoleError': {
    code: 'Denied',
    advice: 'is there a role of the name that the fleet file has (roleArn)?',
  },
  RequestLimitExceeded: { code: 'Throttled', advice: slowDown },
  InternalError: { code: 'Unavailable', advice: slowDown },
  CallCvmError: { code: 'Unavailable', advice: slowDown },
  ServiceUnavailable: { code: 'Unavailable', advice: slowDown },
  ResourceNotFound: { code: 'NotFound' },
  'ResourceNotFound.AutoScalingGroupNotFound': {
    code: 'NotFound',
    advice: 'does the group exist, in this region and this account?',
  },
  'InvalidParameterValue.InvalidAutoScalingGroupId': {
    code: 'NotFound',
    advice: 'does the group exist, in this region and this account?',
  },
  'ResourceNotFound.InstancesNotFound': {
    code: 'NotFound',
    advice: 'does the server exist, in this region?',
  },
  'ResourceNotFound.InstancesNotInAutoScalingGroup': {
    code: 'Invalid',
    advice: 'the server is not in the group',
  },
  'ResourceUnavailable.AutoScalingGroupInActivity': { code: 'Busy', advice: slowDown },
  'ResourceInUse.ActivityInProgress': { code: 'Busy', advice: slowDown },
  'ResourceUnavailable.InstanceInOperation': { code: 'Busy', advice: slowDown },
  'ResourceUnavailable.LoadBalancerInOperation': { code: 'Busy', advice: slowDown },
  'InvalidParameterValue.Size': {
    code: 'OutOfBounds',
    advice:
      'minimum and maximum of the group must hold those of the fleet file: rushhour doctor compares them',
  },
  'LimitExceeded.DesiredCapacityLimitExceeded': {
    code: 'OutOfBounds',
    advice: 'raise the maximum of the group, or the quota of the account',
  },
  'LimitExceeded.MaxSizeLimitExceeded': { code: 'OutOfBounds', advice: 'raise the maximum of the group' },
  'LimitExceeded.MinSizeLimitExceeded': { code: 'OutOfBounds', advice: 'lower the minimum of the group' },
  'LimitExceeded.QuotaNotEnough': { code: 'Invalid', advice: 'raise the quota of the account' },
  'ResourceInsufficient.AutoScalingGroupAboveMaxSize': {
    code: 'OutOfBounds',
    advice: 'raise the maximum of the group',
  },
  'ResourceInsufficient.AutoScalingGroupBelowMinSize': {
    code: 'OutOfBounds',
    advice: 'lower the minimum of the group',
  },
  'ResourceInsufficient.InServiceInstanceAboveMaxSize': {
    code: 'OutOfBounds',
    advice: 'raise the maximum of the group',
  },
  'ResourceInsufficient.InServiceInstanceBelowMinSize': {
    code: 'OutOfBounds',
    advice: 'lower the minimum of the group',
  },
  'ResourceUnavailable.AutoScalingGroupDisabled': {
    code: 'Invalid',
    advice: 'enable the group (启用): it is disabled and does nothing',
  },
  'ResourceUnavailable.AutoScalingGroupAbnormalStatus': {
    code: 'Invalid',
    advice:
      'look at the state of the group in the console: its image, network, load balancer or balance is wrong',
  },
  'ResourceUnavailable.InstancesAlreadyInAutoScalingGroup': {
    code: 'Invalid',
    advice: 'the server is in a scaling group: take it out there first',
  },
  'ResourceUnavailable.InstanceCannotAttach': {
    code: 'Invalid',
    advice: 'the server cannot join: does it run, and is it charged as the group allows?',
  },
  'ResourceUnavailable.CvmVpcInconsistent': {
    code: 'Invalid',
    advice: "the server is not in the group's network",
  },
  'ResourceUnavailable.StoppedInstanceNotAllowAttach': {
    code: 'Invalid',
    advice: 'start the server before it joins',
  },
  UnsupportedRegion: { code: 'Invalid', advice: 'is the region of the fleet file one of Tencent Cloud?' },
};

/**
 * @param what was tried: `describe 2 groups in ap-guangzhou`
 * @param service that was asked: some errors mean something of their own there
 */
export function tencentError(what: string, service: string, code: string, message: string): PortError {
  const [family] = code.split('.');
  const meaning = [`${service}:${code}`, code, family!].map((key) => meanings[key]).find((one) => one);
  const advice = meaning?.advice === undefined ? '' : ` (${meaning.advice})`;
  return new PortError(meaning?.code ?? 'Invalid', `${what}: ${code}: ${message}${advice}`);
}
