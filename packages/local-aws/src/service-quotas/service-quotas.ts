import * as schemas from '@aws-sdk/client-service-quotas';
import type { CloudContext } from '../cloud-context.ts';
import { type Operation, type Service, ServiceError } from '../service.ts';

interface Quota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly value: () => number;
}

/** Service Quotas: the few limits that a fleet runs into. */
export class ServiceQuotas implements Service {
  readonly signingName = 'servicequotas';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;

  constructor(cloud: CloudContext, vcpuLimit: () => number) {
    const quotas: Quota[] = [
      {
        service: 'ec2',
        code: 'L-1216C47A',
        name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
        value: vcpuLimit,
      },
      {
        service: 'lambda',
        code: 'L-B99A9384',
        name: 'Concurrent executions',
        value: () => cloud.concurrentExecutions,
      },
      {
        service: 'autoscaling',
        code: 'L-CDE20ADC',
        name: 'Auto Scaling groups per region',
        value: () => 500,
      },
      {
        service: 'elasticloadbalancing',
        code: 'L-53DA6B97',
        name: 'Application Load Balancers per Region',
        value: () => 50,
      },
      {
        service: 'elasticloadbalancing',
        code: 'L-69A177A2',
        name: 'Network Load Balancers per Region',
        value: () => 50,
      },
    ];
    const describe = (quota: Quota): schemas.ServiceQuota => ({
      ServiceCode: quota.service,
      QuotaCode: quota.code,
      QuotaName: quota.name,
      QuotaArn: `arn:aws:servicequotas:${cloud.region}:${cloud.account}:${quota.service}/${quota.code}`,
      Value: quota.value(),
      Unit: 'None',
      Adjustable: true,
    });
    this.operations = {
      GetServiceQuota({
        ServiceCode,
        QuotaCode,
      }: schemas.GetServiceQuotaRequest): schemas.GetServiceQuotaResponse {
        const found = quotas.find((quota) => quota.service === ServiceCode && quota.code === QuotaCode);
        if (!found)
          throw new ServiceError(
            'NoSuchResourceException',
            'The request failed because the specified service does not exist.',
          );
        return { Quota: describe(found) };
      },
      ListServiceQuotas: ({
        ServiceCode,
      }: schemas.ListServiceQuotasRequest): schemas.ListServiceQuotasResponse => ({
        Quotas: quotas.filter((quota) => quota.service === ServiceCode).map(describe),
      }),
    };
  }
}
