import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { byCluster, type EcsService, ecsServiceOf, grantedServices } from '../shared/fleet/ecs.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { importedByPolicy } from '../shared/fleet/portions.ts';
import { accept, acceptWildcards } from './nag.ts';

/**
 * What functions may do with a fleet's services of ECS: by service, or by cluster where there are many of one. Tasks have no names to be granted by: `ListTasks` and `DescribeTasks` are granted by cluster. Application Auto Scaling's
 * describe calls take no resource.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function ecsPolicies(scope: Construct, fleet: Fleet) {
  const services = Object.values(fleet.groups).flatMap(({ ecs }) => ecs ?? []);
  if (services.length === 0) return { observe: [], act: [] };
  const places = [...byCluster(services).values()].map(([one]) => one!);
  const clusters = places.map((place) => ecsArn('cluster', place, place.cluster));
  const protection = places.map((place) => ecsArn('task', place, `${place.cluster}/*`));
  const observed = new iam.ManagedPolicy(scope, 'ObserveTasks', {
    description: `Tasks of the services of fleet ${fleet.name}, and who else scales them`,
    statements: [
      new iam.PolicyStatement({
        sid: 'Tasks',
        actions: ['ecs:DescribeTasks', 'ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': clusters } },
      }),
      new iam.PolicyStatement({
        sid: 'TaskProtection',
        actions: ['ecs:GetTaskProtection'],
        resources: protection,
      }),
      new iam.PolicyStatement({
        sid: 'WhoElseScales',
        actions: [
          'application-autoscaling:DescribeScalableTargets',
          'application-autoscaling:DescribeScalingPolicies',
          'application-autoscaling:DescribeScheduledActions',
        ],
        resources: ['*'],
      }),
    ],
  });
  const reason =
    'Tasks are granted by their cluster; what Application Auto Scaling describes takes no resource.';
  accept(observed, {
    'AwsSolutions-IAM5[Resource::*]': reason,
    'Serverless-LambdaStarPermissions[Resource::*]': reason,
  });
  acceptWildcards(observed, protection, 'Tasks come and go: they are granted by their cluster.');
  return {
    observe: [observed, ...named(scope, 'ObserveServices', services, ['ecs:DescribeServices'])],
    act: named(scope, 'ActOnServices', services, ['ecs:UpdateService']),
  };
}

function named(scope: Construct, id: string, services: readonly EcsService[], actions: string[]) {
  return importedByPolicy(grantedServices(services)).map((some, index) => {
    const resources = some.map((name) => {
      const granted = ecsServiceOf(name)!;
      return ecsArn('service', granted, `${granted.cluster}/${granted.service}`);
    });
    const policy = new iam.ManagedPolicy(scope, `${id}${index}`, {
      statements: [new iam.PolicyStatement({ actions, resources })],
    });
    const wild = resources.filter((arn) => arn.endsWith('/*'));
    acceptWildcards(
      policy,
      wild,
      'A role has no room for the names of so many services: they are granted by cluster.',
    );
    return policy;
  });
}

function ecsArn(
  kind: 'cluster' | 'service' | 'task',
  { region = Aws.REGION }: Pick<EcsService, 'region'>,
  name: string,
): string {
  return `arn:${Aws.PARTITION}:ecs:${region}:${Aws.ACCOUNT_ID}:${kind}/${name}`;
}
