import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** What an error of the API means to us, and what to do about it. */
interface Meaning {
  readonly code: PortErrorCode;
  readonly advice: string;
}

const wrongKey =
  'look at the key in the console of Tencent Cloud under API keys, and put it into the secret anew';
const lacksRight =
  'give the key or the role the policy of docs/tencent.md: it may not do this, or not with this group';
const notTrusted =
  'the trust policy of the role does not name this function: compare oidc:sub, oidc:aud and oidc:iss with docs/tencent.md';
const later = 'nothing to do: it is tried again at the next look';
const ours = 'Rushhour asks for it wrongly: please report it, with this line';
const isThere = 'does the group exist, in this region and this account?';
const serverIsThere = 'does the server exist, in this region?';
const raiseMaximum = 'raise the maximum of the group';
const lowerMinimum = 'lower the minimum of the group';
const theirState =
  'look at the state of the group in the console: its image, network, load balancer or balance is wrong';
const ofMetric = 'does the metric exist, with these dimensions and by the minute?';
const region = 'is the region of the fleet file one of Tencent Cloud?';

/**
 * By the code of the error, or its beginning up to a dot: the longest that fits; one that a service has alone bears its name.
 * @see https://www.tencentcloud.com/document/api/377/31034 and the codes that the vendor's libraries list of each operation
 */
const meanings: Readonly<Record<string, Meaning>> = {
  AuthFailure: { code: 'Denied', advice: wrongKey },
  'AuthFailure.InvalidAuthorization': { code: 'Invalid', advice: ours },
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
  IpInBlacklist: { code: 'Denied', advice: 'take the restriction of addresses off the key' },
  IpNotInWhitelist: { code: 'Denied', advice: 'take the restriction of addresses off the key' },
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
  'sts:InvalidParameter.OverLimit': { code: 'Throttled', advice: later },
  RequestLimitExceeded: { code: 'Throttled', advice: later },
  InternalError: { code: 'Unavailable', advice: later },
  CallCvmError: { code: 'Unavailable', advice: later },
  ServiceUnavailable: { code: 'Unavailable', advice: later },
  FailedOperation: { code: 'Unavailable', advice: later },
  'FailedOperation.NoActivityToGenerate': { code: 'Busy', advice: later },
  ResourceNotFound: { code: 'NotFound', advice: 'it is gone: nothing to do' },
  'ResourceNotFound.AutoScalingGroupNotFound': { code: 'NotFound', advice: isThere },
  'InvalidParameterValue.InvalidAutoScalingGroupId': { code: 'NotFound', advice: isThere },
  'ResourceNotFound.InstancesNotFound': { code: 'NotFound', advice: serverIsThere },
  'InvalidParameterValue.InvalidInstanceId': { code: 'NotFound', advice: serverIsThere },
  'ResourceNotFound.InstancesNotInAutoScalingGroup': {
    code: 'Invalid',
    advice: 'the server is not in the group',
  },
  'clb:InvalidParameter.LBIdNotFound': {
    code: 'NotFound',
    advice: 'does the load balancer exist, in this region?',
  },
  ResourceInUse: { code: 'Busy', advice: later },
  'ResourceUnavailable.AutoScalingGroupInActivity': { code: 'Busy', advice: later },
  'ResourceUnavailable.InstanceInOperation': { code: 'Busy', advice: later },
  'ResourceUnavailable.LoadBalancerInOperation': { code: 'Busy', advice: later },
  'InvalidParameterValue.Size': {
    code: 'OutOfBounds',
    advice:
      'minimum and maximum of the group must hold those of the fleet file: rushhour doctor compares them',
  },
  'InvalidParameterValue.BaseCapacityTooLarge': {
    code: 'Invalid',
    advice:
      'lower the base capacity of the group (基础容量), or raise the capacity that the fleet file asks for',
  },
  LimitExceeded: { code: 'Invalid', advice: 'raise the quota of the account' },
  'LimitExceeded.DesiredCapacityLimitExceeded': {
    code: 'OutOfBounds',
    advice: `${raiseMaximum}, or the quota of the account`,
  },
  'LimitExceeded.MaxSizeLimitExceeded': { code: 'OutOfBounds', advice: raiseMaximum },
  'LimitExceeded.MinSizeLimitExceeded': { code: 'OutOfBounds', advice: lowerMinimum },
  'LimitExceeded.FilterValuesTooLong': { code: 'Invalid', advice: ours },
  'ResourceInsufficient.AutoScalingGroupAboveMaxSize': { code: 'OutOfBounds', advice: raiseMaximum },
  'ResourceInsufficient.AutoScalingGroupBelowMinSize': { code: 'OutOfBounds', advice: lowerMinimum },
  'ResourceInsufficient.InServiceInstanceAboveMaxSize': { code: 'OutOfBounds', advice: raiseMaximum },
  'ResourceInsufficient.InServiceInstanceBelowMinSize': { code: 'OutOfBounds', advice: lowerMinimum },
  ResourceInsufficient: { code: 'Invalid', advice: theirState },
  ResourceUnavailable: { code: 'Invalid', advice: theirState },
  'ResourceUnavailable.AutoScalingGroupDisabled': {
    code: 'Invalid',
    advice: 'enable the group (启用): it is disabled and does nothing',
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
  UnsupportedRegion: { code: 'Invalid', advice: region },
  'clb:InvalidParameter.RegionNotFound': { code: 'Invalid', advice: region },
  'monitor:InvalidParameterValue': { code: 'Invalid', advice: ofMetric },
  ActionOffline: { code: 'Invalid', advice: ours },
  DryRunOperation: { code: 'Invalid', advice: ours },
  InvalidAction: { code: 'Invalid', advice: ours },
  InvalidParameter: { code: 'Invalid', advice: ours },
  InvalidParameterConflict: { code: 'Invalid', advice: ours },
  InvalidParameterValue: { code: 'Invalid', advice: ours },
  InvalidRequest: { code: 'Invalid', advice: ours },
  MissingParameter: { code: 'Invalid', advice: ours },
  NoSuchProduct: { code: 'Invalid', advice: ours },
  NoSuchVersion: { code: 'Invalid', advice: ours },
  RequestSizeLimitExceeded: { code: 'Invalid', advice: ours },
  ResponseSizeLimitExceeded: { code: 'Invalid', advice: ours },
  UnknownParameter: { code: 'Invalid', advice: ours },
  UnsupportedOperation: { code: 'Invalid', advice: ours },
  UnsupportedProtocol: { code: 'Invalid', advice: ours },
};

const unknown: Meaning = { code: 'Invalid', advice: 'look the code up in their documentation' };

/**
 * @param what was tried: `describe 2 groups in ap-guangzhou`
 * @param service that was asked: some errors mean something of their own there
 */
export function tencentError(what: string, service: string, code: string, message: string): PortError {
  const [family] = code.split('.');
  const keys = [`${service}:${code}`, code, `${service}:${family}`, family!];
  const { code: ours, advice } = keys.map((key) => meanings[key]).find((one) => one) ?? unknown;
  return new PortError(ours, `${what}: ${code}: ${message} (${advice})`);
}
