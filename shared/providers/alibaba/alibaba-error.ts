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
const ours = 'Rushhour asks for it wrongly: please report it, with this line';
const zone = 'the region or zone does not offer it: choose another zone or type in the scaling configuration';
const template =
  "look at the group's scaling configuration or launch template (伸缩配置, 启动模板): it is incomplete or gone";
const quota = 'raise the quota in Quota Center (配额中心)';
const balance = 'top the account up (账户余额不足)';
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
  'AuthenticationFail.NoPermission': {
    code: 'Denied',
    advice:
      "look at the role in the RAM console: it must trust the OIDC provider of the fleet file, and the functions' roles by oidc:sub",
  },
  'AuthenticationFail.OIDCToken.Expired': { code: 'Denied', advice: "this machine's clock is wrong" },
  IncompleteSignature: { code: 'Invalid', advice: ours },
  MissingParameter: { code: 'Invalid', advice: ours },
  InvalidParameter: { code: 'Invalid', advice: ours },
  UnsupportedOperation: { code: 'Invalid', advice: ours },
  NoSuchVersion: { code: 'Invalid', advice: ours },
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
  SystemBusy: { code: 'Unavailable', advice: later },
  InvalidScalingGroupId: { code: 'NotFound', advice: isThere },
  InvalidRegionId: { code: 'NotFound', advice: 'is the region in the fleet file one of theirs?' },
  InvalidScalingConfigurationId: { code: 'Invalid', advice: template },
  InvalidScalingGroupName: { code: 'Invalid', advice: ours },
  LaunchTemplateSet: { code: 'Invalid', advice: template },
  LaunchTemplateVersionSet: { code: 'Invalid', advice: template },
  TemplateMissingParameter: { code: 'Invalid', advice: template },
  TemplateVersion: { code: 'Invalid', advice: template },
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
  ResourceNotFound: {
    code: 'NotFound',
    advice: 'look at what stands before the group in the console: a listener or group of servers is gone',
  },
  IncorrectDBInstanceStatus: {
    code: 'Invalid',
    advice: 'look at the database (RDS) that the group is bound to: it must run',
  },
  QuotaExceeded: { code: 'Invalid', advice: quota },
  QuotaExceed: { code: 'Invalid', advice: quota },
  InsufficientBalance: { code: 'Invalid', advice: balance },
  'InvalidAccountStatus.NotEnoughBalance': { code: 'Invalid', advice: balance },
  ResourceNotAvailable: { code: 'Invalid', advice: zone },
  'OperationDenied.NoStock': { code: 'Invalid', advice: zone },
};

/** CloudMonitor answers with HTTP's numbers. */
const byNumber: Readonly<Record<string, Meaning>> = {
  400: { code: 'Invalid', advice: 'does the metric exist, with this namespace and these dimensions?' },
  401: { code: 'Denied', advice: lacksRight },
  403: { code: 'Denied', advice: lacksRight },
  404: { code: 'NotFound', advice: 'does the metric exist, with this namespace and these dimensions?' },
  429: { code: 'Throttled', advice: later },
};

/** What CloudMonitor says when a month's million of calls is used up. */
const quotaOfMonth = /user api quota limit/i;
const usedUp: Meaning = {
  code: 'Throttled',
  advice:
    "the account's free calls of this month are used up: rushhour doctor counts ours; pay-as-you-go (后付费) of CloudMonitor lifts it",
};

const unknown: Meaning = {
  code: 'Invalid',
  advice: 'look the code up at https://api.alibabacloud.com/troubleshoot',
};

/** @param what was tried: `describe 2 groups in cn-hangzhou` */
export function alibabaError(what: string, code: string, message: string): PortError {
  // Some codes have been written with a blank after the dot.
  const plain = code.replaceAll(' ', '');
  const { code: portCode, advice } = quotaOfMonth.test(message) ? usedUp : meaningOf(plain);
  return new PortError(portCode, `${what}: ${plain}: ${message} (${advice})`);
}

function meaningOf(code: string): Meaning {
  const parts = code.split('.');
  for (let length = parts.length; length > 0; length--) {
    const known = meanings[parts.slice(0, length).join('.')];
    if (known) return known;
  }
  if (/^5\d\d$/.test(code)) return { code: 'Unavailable', advice: later };
  return byNumber[code] ?? unknown;
}
