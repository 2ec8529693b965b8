import { PortError, type PortErrorCode } from '../../ports/port-error.ts';

/** What an error of the API means to us, and what to do about it. */
interface Meaning {
  readonly code: PortErrorCode;
  readonly advice: string;
}

const wrongKey = 'look at the AccessKey in the RAM console, and put it into the secret anew';
const lacksRight =
  'give the RAM user or the role the policy of docs/alibaba.md: it may not do this, or not with this group';
const later = 'nothing to do: it is tried again at the next look';
const isThere = 'does the group exist, in this region and this account?';
const balancer =
  'look at the load balancer in the console: it must run, with a health check and in the same VPC';

/**
 * By the code of the error, or its beginning up to a dot: the longest that fits.
 * @see https://api.alibabacloud.com/document/Ess/2022-02-22/errorCode
 * @see AlibabaCloudDocs/ess on GitHub: API Reference, Error codes of each operation
 */
const meanings: Readonly<Record<string, Meaning>> = {
  InvalidAccessKeyId: { code: 'Denied', advice: `the AccessKey does not exist or is disabled: ${wrongKey}` },
  SignatureDoesNotMatch: {
    code: 'Denied',
    advice: `the accessKeySecret does not belong to the accessKeyId: ${wrongKey}`,
  },
  InvalidTimeStamp: { code: 'Denied', advice: "this machine's clock is wrong" },
  SignatureNonceUsed: { code: 'Unavailable', advice: later },
  InvalidSecurityToken: { code: 'Denied', advice: 'the temporary key is over: it is fetched anew' },
  AuthenticationFail: {
    code: 'Denied',
    advice:
      'look at the OIDC provider in the RAM console: its issuer, fingerprint and client id must be those of docs/alibaba.md',
  },
  NoPermission: { code: 'Denied', advice: lacksRight },
  Forbidden: { code: 'Denied', advice: lacksRight },
  'Forbidden.Unsubscribed': {
    code: 'Denied',
    advice: 'open the console of Auto Scaling once, which activates it',
  },
  'Forbidden.UserVerification': { code: 'Denied', advice: 'the account has to be verified in its console' },
  'Forbidden.RiskControl': {
    code: 'Denied',
    advice: "ask Alibaba Cloud's support: its risk control refuses",
  },
  EntityNotExist: { code: 'NotFound', advice: 'does the role or the OIDC provider of the fleet file exist?' },
  Throttling: { code: 'Throttled', advice: later },
  InternalError: { code: 'Unavailable', advice: later },
  ServiceUnavailable: { code: 'Unavailable', advice: later },
  ScalingActivityInProgress: { code: 'Busy', advice: later },
  InvalidScalingGroupId: { code: 'NotFound', advice: isThere },
  IncorrectScalingGroupStatus: {
    code: 'Invalid',
    advice: 'enable the group (启用): it is disabled and does nothing',
  },
  'IncorrectCapacity.MaxSize': { code: 'OutOfBounds', advice: 'raise the maximum of the group' },
  'IncorrectCapacity.MinSize': { code: 'OutOfBounds', advice: 'lower the minimum of the group' },
  'IncorrectCapacity.NoChange': { code: 'Invalid', advice: 'nothing to do: the group has that many already' },
  'InvalidParameter.Conflict': {
    code: 'OutOfBounds',
    advice:
      'minimum and maximum of the group must hold those of the fleet file: rushhour doctor compares them',
  },
  InvalidInstanceId: {
    code: 'Invalid',
    advice: 'is the server in the group, or does it run in this region?',
  },
  'InvalidInstanceId.InUse': {
    code: 'Invalid',
    advice: 'the server is in a scaling group: take it out there first',
  },
  'InvalidInstanceId.RegionMismatch': {
    code: 'Invalid',
    advice: 'the server is in another region than the group',
  },
  'InvalidInstanceId.NetworkTypeMismatch': {
    code: 'Invalid',
    advice: 'the server is in the classic network and the group in a VPC, or the other way round',
  },
  'InvalidInstanceId.VPCMismatch': { code: 'Invalid', advice: "the server is not in the group's VPC" },
  'InvalidInstanceId.InstanceTypeMismatch': {
    code: 'Invalid',
    advice: "the server is of another type than the group's scaling configuration (伸缩配置)",
  },
  IncorrectInstanceStatus: { code: 'Invalid', advice: 'start the server before it joins' },
  IncorrectLoadBalancerStatus: { code: 'Invalid', advice: balancer },
  IncorrectLoadBalancerHealthCheck: { code: 'Invalid', advice: balancer },
  InvalidLoadBalancerId: { code: 'Invalid', advice: balancer },
  IncorrectDBInstanceStatus: {
    code: 'Invalid',
    advice: 'look at the database (RDS) that the group is bound to: it must run',
  },
  QuotaExceeded: { code: 'Invalid', advice: 'raise the quota in Quota Center (配额中心)' },
  QuotaExceed: { code: 'Invalid', advice: 'raise the quota in Quota Center (配额中心)' },
  InsufficientBalance: { code: 'Invalid', advice: 'top the account up (账户余额不足)' },
  ResourceNotAvailable: {
    code: 'Invalid',
    advice: 'the region or zone does not offer it: choose another zone or type in the scaling configuration',
  },
};

const unknown: Meaning = {
  code: 'Invalid',
  advice: 'look the code up at https://api.alibabacloud.com/troubleshoot',
};

/** @param what was tried: `describe 2 groups in cn-hangzhou` */
export function alibabaError(what: string, code: string, message: string): PortError {
  // Some codes have been written with a blank after the dot.
  const plain = code.replaceAll(' ', '');
  const { code: portCode, advice } = meanings[plain] ?? meanings[plain.split('.')[0]!] ?? unknown;
  return new PortError(portCode, `${what}: ${plain}: ${message} (${advice})`);
}
