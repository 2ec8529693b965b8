import { z } from 'zod';
import { type CloudContext, cloudFormationCall } from '../cloud-context.ts';
import type { Operation, ResourceType } from '../service.ts';
import { tagList } from '../template-tags.ts';

const cluster = z.strictObject({
  ClusterName: z.string().optional(),
  ClusterSettings: z.array(z.looseObject({ Name: z.string(), Value: z.string() })).optional(),
  CapacityProviders: z.array(z.string()).optional(),
  Tags: tagList.optional(),
});

const taskDefinition = z.strictObject({
  Family: z.string().optional(),
  ContainerDefinitions: z.array(
    z.looseObject({
      Name: z.string(),
      Image: z.string(),
      HealthCheck: z.looseObject({ Command: z.array(z.string()) }).optional(),
    }),
  ),
  Cpu: z.string().optional(),
  Memory: z.string().optional(),
  NetworkMode: z.string().optional(),
  RequiresCompatibilities: z.array(z.string()).optional(),
  RuntimePlatform: z.looseObject({}).optional(),
  ExecutionRoleArn: z.string().optional(),
  TaskRoleArn: z.string().optional(),
  Tags: tagList.optional(),
});

const service = z.strictObject({
  ServiceName: z.string().optional(),
  Cluster: z.string().optional(),
  TaskDefinition: z.string(),
  DesiredCount: z.coerce.number().optional(),
  LaunchType: z.enum(['FARGATE']).optional(),
  LoadBalancers: z
    .array(
      z.strictObject({
        ContainerName: z.string(),
        ContainerPort: z.coerce.number(),
        TargetGroupArn: z.string(),
      }),
    )
    .optional(),
  NetworkConfiguration: z.looseObject({}).optional(),
  DeploymentController: z.strictObject({ Type: z.enum(['ECS']) }).optional(),
  DeploymentConfiguration: z
    .looseObject({
      DeploymentCircuitBreaker: z.strictObject({ Enable: z.boolean(), Rollback: z.boolean() }).optional(),
    })
    .optional(),
  HealthCheckGracePeriodSeconds: z.coerce.number().optional(),
  EnableECSManagedTags: z.boolean().optional(),
  PropagateTags: z.string().optional(),
  Tags: tagList.optional(),
});

/** Clusters, task definitions and services of templates. A service without a desired count keeps the one it has. */
export function ecsResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): readonly ResourceType[] {
  // biome-ignore lint/suspicious/noExplicitAny: each operation has its own shapes.
  const run = (operation: string, input: object): any =>
    operations[operation]!(input, cloudFormationCall(cloud));
  return [clusterType(run), taskDefinitionType(run), serviceType(run)];
}

// biome-ignore lint/suspicious/noExplicitAny: each operation has its own shapes.
type Run = (operation: string, input: object) => any;

function clusterType(run: Run): ResourceType<z.output<typeof cluster>> {
  const create: ResourceType<z.output<typeof cluster>>['create'] = (next, context) => {
    const name = next.ClusterName ?? context.physicalName(255);
    const { clusterArn } = run('CreateCluster', { clusterName: name }).cluster;
    return { physicalId: name, attributes: { Arn: clusterArn } };
  };
  return {
    type: 'AWS::ECS::Cluster',
    properties: cluster,
    create,
    update: (name, next, previous, context) =>
      next.ClusterName === previous.ClusterName
        ? create({ ...next, ClusterName: name }, context)
        : create(next, context),
    delete: (name) => void run('DeleteCluster', { cluster: name }),
  };
}

function taskDefinitionType(run: Run): ResourceType<z.output<typeof taskDefinition>> {
  const create: ResourceType<z.output<typeof taskDefinition>>['create'] = (next, context) => {
    const containerDefinitions = next.ContainerDefinitions.map(({ Name, Image, HealthCheck }) => ({
      name: Name,
      image: Image,
      ...(HealthCheck && { healthCheck: { command: HealthCheck.Command } }),
    }));
    const family = next.Family ?? context.physicalName(255);
    const { taskDefinitionArn } = run('RegisterTaskDefinition', {
      family,
      containerDefinitions,
    }).taskDefinition;
    return { physicalId: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } };
  };
  return {
    type: 'AWS::ECS::TaskDefinition',
    properties: taskDefinition,
    create,
    // Every change is a new revision; CloudFormation takes the old one back.
    update: (_arn, next, _previous, context) => create(next, context),
    delete: (arn) => void run('DeregisterTaskDefinition', { taskDefinition: arn }),
  };
}

function serviceType(run: Run): ResourceType<z.output<typeof service>> {
  const described = ({ serviceArn, serviceName }: { serviceArn: string; serviceName: string }) => ({
    physicalId: serviceArn,
    attributes: { Name: serviceName, ServiceArn: serviceArn },
  });
  const create: ResourceType<z.output<typeof service>>['create'] = (next, context) => {
    const loadBalancers = (next.LoadBalancers ?? []).map(
      ({ ContainerName, ContainerPort, TargetGroupArn }) => ({
        containerName: ContainerName,
        containerPort: ContainerPort,
        targetGroupArn: TargetGroupArn,
      }),
    );
    return described(
      run('CreateService', {
        cluster: next.Cluster,
        serviceName: next.ServiceName ?? context.physicalName(255),
        taskDefinition: next.TaskDefinition,
        desiredCount: next.DesiredCount ?? 1,
        loadBalancers,
        healthCheckGracePeriodSeconds: next.HealthCheckGracePeriodSeconds,
        deploymentConfiguration: deploymentConfiguration(next),
      }).service,
    );
  };
  return {
    type: 'AWS::ECS::Service',
    properties: service,
    create,
    update: (arn, next, previous, context) => {
      if (next.ServiceName !== previous.ServiceName || next.Cluster !== previous.Cluster)
        return create(next, context);
      const { TaskDefinition, DesiredCount } = next;
      const input = {
        cluster: next.Cluster,
        service: arn,
        taskDefinition: TaskDefinition,
        desiredCount: DesiredCount,
        deploymentConfiguration: deploymentConfiguration(next),
      };
      return described(run('UpdateService', input).service);
    },
    delete: (arn, { Cluster }) => void run('DeleteService', { cluster: Cluster, service: arn, force: true }),
  };
}

function deploymentConfiguration({ DeploymentConfiguration = {} }: z.output<typeof service>): object {
  const { DeploymentCircuitBreaker: breaker } = DeploymentConfiguration;
  return breaker ? { deploymentCircuitBreaker: { enable: breaker.Enable, rollback: breaker.Rollback } } : {};
}
